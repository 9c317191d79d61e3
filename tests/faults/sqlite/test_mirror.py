"""The second copy: whatever happens to the book, what was confirmed is there again, and nothing is silently changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from random import Random

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.adapters.sqlite import mirror
from pos_client.adapters.sqlite.mirror import Damage, Mirror, Record, open_mirror
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.rebuild import rebuild
from pos_client.adapters.sqlite.store import SqliteStore, open_store
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.outbox import DeliveryState
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Books, Change
from tests.contracts.store_contract import AT, fuelled, item, opened
from tests.fakes.disk import faulty_disk

KEY = b"k" * 32


def opened_store(folder: Path) -> SqliteStore:
    book = folder / "journal.db"
    return open_store(book, chain_key=KEY, mirror=open_mirror(folder / "mirror", book))


def change(n: int) -> Change:
    """A sale a number; every third is closed and its record delivered."""
    closed = (f"sale-{n}",) if n % 3 == 0 else ()
    items = (item(n),) if n % 3 else (item(n - 1, DeliveryState.DELIVERED),)
    return Change((opened(n),), items, ((PointId(1), NozzleId(1), n % 7, n // 7 * 7),), closed)


def filled(folder: Path, count: int) -> Books:
    store = opened_store(folder)
    for n in range(1, count + 1):
        store.commit(change(n), AT)
    books = store.open_books()
    store.close()
    return books


def sizes(folder: Path) -> Sequence[int]:
    return [segment.stat().st_size for segment in mirror.segments(folder / "mirror")]


def test_a_book_is_made_anew_from_its_mirror(tmp_path: Path):
    before = filled(tmp_path, 40)
    book = tmp_path / "journal.db"
    book.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    with pytest.raises(Unavailable, match="store_corrupt"):
        opened_store(tmp_path)
    rebuilt = rebuild(book, tmp_path / "mirror")
    assert (rebuilt.rows, rebuilt.damaged) == (40, 0)
    assert rebuilt.aside.read_bytes().startswith(b"SQLite format 3")
    store = opened_store(tmp_path)
    assert store.open_books() == before
    store.commit(change(41), AT)
    store.close()
    with open_reader(book) as reader:
        verdict = reader.verify({1: KEY})
        assert (verdict.entries, verdict.broken_at, verdict.unchecked) == (41, None, 0)


def test_a_second_damaged_book_gets_a_name_of_its_own(tmp_path: Path):
    filled(tmp_path, 3)
    book = tmp_path / "journal.db"
    first, second = rebuild(book, tmp_path / "mirror"), rebuild(book, tmp_path / "mirror")
    assert first.aside != second.aside
    assert first.aside.exists()


def test_a_book_put_back_from_an_old_copy_is_noticed_and_brought_forward(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(tmp_path, 5)
    old = book.read_bytes()
    store = opened_store(tmp_path)
    for n in range(6, 12):
        store.commit(change(n), AT)
    now = store.open_books()
    store.close()
    book.write_bytes(old)
    with pytest.raises(Unavailable) as refused:
        opened_store(tmp_path)
    assert refused.value.code == "store_behind"
    assert rebuild(book, tmp_path / "mirror").rows == 11
    store = opened_store(tmp_path)
    assert store.open_books() == now
    store.close()


def test_a_mirror_that_is_new_or_was_away_catches_up(tmp_path: Path):
    book = tmp_path / "journal.db"
    store = open_store(book, chain_key=KEY)
    for n in range(1, 8):
        store.commit(change(n), AT)
    store.close()
    before = filled_more(tmp_path, 8, 12)
    rebuild(book, tmp_path / "mirror")
    store = opened_store(tmp_path)
    assert store.open_books() == before
    store.close()


def filled_more(folder: Path, first: int, last: int) -> Books:
    store = opened_store(folder)
    for n in range(first, last + 1):
        store.commit(change(n), AT)
    books = store.open_books()
    store.close()
    return books


def test_a_mirror_that_cannot_be_written_stops_nothing(tmp_path: Path):
    store = opened_store(tmp_path)
    store.commit(change(1), AT)
    assert store._copying is not None
    store._copying.close()
    store._copying._mirror = Mirror(tmp_path / "journal.db" / "not a folder", sync=False)
    store.commit(change(2), AT)
    assert "mirror_failed" in str(store.mirror_trouble)
    assert len(store.entries_of("sale-2")) == 1
    store.close()
    again = opened_store(tmp_path)
    assert again.mirror_trouble is None
    again.close()
    assert rebuild(tmp_path / "journal.db", tmp_path / "mirror").rows == 2


def test_what_the_book_refused_is_not_in_the_mirror(tmp_path: Path):
    with faulty_disk() as disk:
        store = opened_store(tmp_path)
        store.commit(change(1), AT)
        for at in range(1, 9):
            disk.fail(apsw.FullError, at)
            try:
                store.commit(change(2), AT)
            except Unavailable:
                disk.mend()
                continue
            break
        disk.mend()
        seen = [entry.fact for entry in store.recent(10)]
        books = store.open_books()
        store.close()
        rebuild(tmp_path / "journal.db", tmp_path / "mirror")
        again = opened_store(tmp_path)
        assert [entry.fact for entry in again.recent(10)] == seen
        assert again.open_books() == books
        again.close()


def test_a_record_the_book_had_no_time_to_take_is_taken_at_the_next_start(tmp_path: Path):
    """Killed between mirror and book: it was meant, and a restart recovers from it like from any other."""
    store = opened_store(tmp_path)
    store.commit(change(1), AT)
    store.commit(change(2), AT)
    store.close()
    before = (tmp_path / "journal.db").read_bytes()
    store = opened_store(tmp_path)
    store.commit(change(3), AT)
    now = store.open_books()
    store.close()
    (tmp_path / "journal.db").write_bytes(before)
    again = opened_store(tmp_path)
    assert again.open_books() == now
    again.commit(change(4), AT)
    again.close()
    with open_reader(tmp_path / "journal.db") as reader:
        assert (reader.verify({1: KEY}).entries, reader.verify({1: KEY}).broken_at) == (4, None)


def test_segments_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mirror, "SEGMENT_BYTES", 2000)
    before = filled(tmp_path, 60)
    assert len(sizes(tmp_path)) > 5
    rebuild(tmp_path / "journal.db", tmp_path / "mirror")
    store = opened_store(tmp_path)
    assert store.open_books() == before
    store.close()


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_torn_end_is_cut_off_and_written_over(seed: int):
    dice = Random(seed)
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, 6)
        segment = mirror.segments(folder / "mirror")[-1]
        raw = segment.read_bytes()
        segment.write_bytes(raw + dice.randbytes(dice.randrange(1, 200)))
        books = filled_more(folder, 7, 9)
        assert rebuild(folder / "journal.db", folder / "mirror").rows == 9
        store = opened_store(folder)
        assert store.open_books() == books
        store.close()


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_a_flipped_bit_is_seen_or_does_no_harm(seed: int):
    """Records that cannot be read are named; those that can are the ones that were written."""
    dice = Random(seed)
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, 12)
        written = [record for record in mirror.records(folder / "mirror") if not isinstance(record, Damage)]
        segment = mirror.segments(folder / "mirror")[-1]
        raw = bytearray(segment.read_bytes())
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        segment.write_bytes(raw)
        read = list(mirror.records(folder / "mirror"))
        assert any(isinstance(record, Damage) for record in read)
        assert all(record in written for record in read if not isinstance(record, Damage))


def test_a_mirror_that_holds_nothing_makes_no_book(tmp_path: Path):
    book = tmp_path / "journal.db"
    book.write_bytes(b"rubbish")
    with pytest.raises(Unavailable, match="store_corrupt"):
        rebuild(book, tmp_path / "mirror")
    assert book.read_bytes() == b"rubbish"


def test_records_from_before_turns_were_counted_repeat_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A counter that stands lower than a fuelling ended: what it counts from now on stands above it."""
    append = Mirror.append

    def as_before(self: Mirror, record: Record) -> None:
        append(self, record | {"totalizers": [reading[:3] for reading in record.get("totalizers", [])]})

    facts = (fuelled(1, 1, 90_000), fuelled(1, 1, 7_000), fuelled(1, 2, 3_000))
    with monkeypatch.context() as earlier:
        earlier.setattr(Mirror, "append", as_before)
        store = opened_store(tmp_path)
        for fact in facts:
            standing = (fact.point, fact.nozzle, fact.end_totalizer_ml, 0)
            store.commit(Change((fact,), totalizers=(standing,)), AT)
        store.commit(Change((opened(1),), totalizers=((PointId(2), NozzleId(1), 500, 0),)), AT)
        store.close()
    rebuild(tmp_path / "journal.db", tmp_path / "mirror")
    store = opened_store(tmp_path)
    books = store.open_books()
    assert books.totalizers == {(1, 1): 7_000, (1, 2): 3_000, (2, 1): 500}
    assert books.turned == {(1, 1): 83_000, (1, 2): 0, (2, 1): 0}
    store.close()


def refused_and_not_taken_back(folder: Path, refused: Change) -> SqliteStore:
    """A book whose disk, full or failing, took a change into the mirror, refused it to the book, and refused to take it
    back as well; the till goes on without its mirror."""
    store = opened_store(folder)
    store.commit(change(1), AT)
    store.commit(change(2), AT)
    store.close()
    with faulty_disk() as disk:
        store = opened_store(folder)
        copying = store._copying
        assert copying is not None
        whole = copying._mirror.append

        def append(record: Record) -> None:
            if record.get("taken_back"):
                raise Unavailable("mirror_failed", "switched on by the test")
            whole(record)

        copying._mirror.append = append  # type: ignore[method-assign]
        disk.fail(apsw.IOError)
        with pytest.raises(Unavailable, match="store_failed"):
            store.commit(refused, AT)
        disk.mend()
        store.commit(Change((opened(3),), (item(3),)), AT)
    assert store.mirror_trouble is not None
    return store


def test_a_refused_change_left_in_the_mirror_does_not_cost_what_was_confirmed_after_it(tmp_path: Path):
    """Of two rows, where the book then took one: the mirror looks as if it were ahead, and is not."""
    store = refused_and_not_taken_back(tmp_path, Change((opened(8), opened(9)), closed=("sale-1",)))
    books = store.open_books()
    store.close()
    again = opened_store(tmp_path)
    assert again.open_books() == books
    again.close()


@pytest.mark.parametrize("refused", [(8,), (8, 9)])
def test_a_mirror_that_kept_a_refused_change_still_gives_the_book(tmp_path: Path, refused: tuple[int, ...]):
    facts = tuple(opened(n) for n in refused)
    store = refused_and_not_taken_back(tmp_path, Change(facts, (item(8),), closed=("sale-1",)))
    store.close()
    again = opened_store(tmp_path)
    again.commit(change(4), AT)
    books = again.open_books()
    again.close()
    rebuild(tmp_path / "journal.db", tmp_path / "mirror")
    made = opened_store(tmp_path)
    assert made.open_books() == books
    made.close()
    with open_reader(tmp_path / "journal.db") as reader:
        assert reader.verify({1: KEY}).broken_at is None
