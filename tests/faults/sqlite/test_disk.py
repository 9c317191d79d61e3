"""Full, failing, locked, damaged, newer: the store says which, and what it had said before stays true."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import CHECKED_AT_START, SqliteStore, open_store
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, item, opened
from tests.fakes.disk import FaultyDisk, faulty_disk
from tests.waiting import eventually

KEY = b"k" * 32
ROOT = Path(__file__).parents[3]


@pytest.fixture
def disk() -> Iterator[FaultyDisk]:
    with faulty_disk() as disk:
        yield disk


def change(n: int) -> Change:
    return Change(
        facts=(opened(n), opened(n + 1)), items=(item(n),), totalizers=((PointId(1), NozzleId(1), n, n // 2),)
    )


@pytest.mark.parametrize(
    ("fault", "code"), [(apsw.FullError, "disk_full"), (apsw.IOError, "store_failed")], ids=["full", "failing"]
)
@pytest.mark.parametrize("at", range(1, 9))
def test_a_commit_that_fails_anywhere_writes_nothing_and_the_next_one_works(tmp_path: Path, disk, fault, code, at):
    store = open_store(tmp_path / "journal.db", chain_key=KEY)
    store.commit(change(1), AT)
    before = store.open_books()
    disk.fail(fault, at)
    refused = None
    try:
        store.commit(change(3), AT)
    except Unavailable as error:
        refused = error.code
    struck = disk.operations >= at
    disk.mend()
    assert refused == (code if struck else None)
    if struck:
        assert store.open_books() == before
        assert [entry.seq for entry in store.commit(change(3), AT)] == [3, 4]
    after = store.open_books()
    store.close()
    again = open_store(tmp_path / "journal.db", chain_key=KEY)
    assert again.open_books() == after
    again.close()


def test_a_full_disk_stays_full_until_there_is_room(tmp_path: Path, disk: FaultyDisk):
    store = open_store(tmp_path / "journal.db")
    disk.fail(apsw.FullError)
    for _ in range(3):
        with pytest.raises(Unavailable, match="disk_full"):
            store.commit(change(1), AT)
    disk.mend()
    assert [entry.seq for entry in store.commit(change(1), AT)] == [1, 2]
    store.close()


def test_a_file_that_may_not_grow_is_refused_by_the_real_system(tmp_path: Path):
    """The operating system's own refusal (a limit on file size), not one of ours."""
    code = f"""
import resource, sys
from pathlib import Path
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, opened
store = open_store(Path({str(tmp_path / "journal.db")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
done = 0
try:
    while True:
        done = store.commit(Change(facts=(opened(done + 1),)), AT)[-1].seq
except Unavailable as refused:
    print(done, refused.code)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30, cwd=ROOT
    )
    done, refused = result.stdout.split()
    assert refused in ("disk_full", "store_failed")
    store = open_store(tmp_path / "journal.db")
    assert len(store.open_books().entries) == int(done) > 0
    store.close()


def test_another_writer_in_the_way_is_named(tmp_path: Path):
    store = open_store(tmp_path / "journal.db")
    other = apsw.Connection(str(tmp_path / "journal.db"))
    other.execute("BEGIN IMMEDIATE")
    store._connection.set_busy_timeout(20)
    with pytest.raises(Unavailable, match="store_locked"):
        store.commit(change(1), AT)
    other.execute("ROLLBACK")
    other.close()
    assert [entry.seq for entry in store.commit(change(1), AT)] == [1, 2]
    store.close()


def filled(path: Path, entries: int) -> None:
    store = open_store(path, chain_key=KEY)
    for n in range(1, entries + 1):
        store.commit(Change(facts=(opened(n),)), AT)
    store.close()


def refusal(path: Path, key: bytes = KEY) -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        open_store(path, chain_key=key)
    return refused.value


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    (tmp_path / "journal.db").write_bytes(b"not a database, and long enough to be read as one" * 100)
    assert refusal(tmp_path / "journal.db").code == "store_corrupt"


def test_somebody_elses_database_is_refused(tmp_path: Path):
    with apsw.Connection(str(tmp_path / "journal.db")) as other:
        other.execute("CREATE TABLE customers (name)")
    assert refusal(tmp_path / "journal.db").code == "store_corrupt"


def test_a_damaged_header_is_refused(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, 3)
    book.write_bytes(bytes(100) + book.read_bytes()[100:])
    assert refusal(book).code == "store_corrupt"


def test_one_flipped_bit_in_a_fact_is_found_at_start(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, CHECKED_AT_START + 50)
    raw = bytearray(book.read_bytes())
    place = raw.rindex(f"T1-{CHECKED_AT_START + 40:06d}".encode())
    raw[place] ^= 1
    book.write_bytes(raw)
    assert f"entry {CHECKED_AT_START + 40} " in refusal(book).detail


def test_an_old_fact_changed_by_hand_is_found_by_verify(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, CHECKED_AT_START + 50)
    with apsw.Connection(str(book)) as hand:
        hand.execute("DROP TRIGGER journal_is_never_changed")
        hand.execute(
            "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), '000007', '000008') AS BLOB) WHERE seq = 7"
        )
    hand.close()
    with open_reader(book) as reader:
        assert reader.verify({1: KEY}).broken_at == 7
        assert reader.verify({1: b"another key"}).broken_at == 1


def test_a_fact_taken_out_by_hand_is_found(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, 9)
    with apsw.Connection(str(book)) as hand:
        ((guard,),) = hand.execute("SELECT sql FROM sqlite_schema WHERE name = 'journal_is_never_removed'").fetchall()
        hand.execute("DROP TRIGGER journal_is_never_removed")
        hand.execute("DELETE FROM journal WHERE seq = 4")
    assert refusal(book).detail.endswith("journal_is_never_removed")
    hand.execute(str(guard))  # who covers his traces
    hand.close()
    assert "entry 4 " in refusal(book).detail
    with open_reader(book) as reader:
        assert reader.verify().broken_at == 4


def test_the_journal_itself_refuses_change_removal_and_gaps(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, 2)
    hand = apsw.Connection(str(book))
    for sql in (
        "UPDATE journal SET kind = 'SalePaid'",
        "DELETE FROM journal",
        "INSERT INTO journal VALUES (4, '', '', '', x'', x'', 0)",
    ):
        with pytest.raises(apsw.ConstraintError):
            hand.execute(sql)
    hand.close()


def test_a_book_of_a_later_program_is_left_alone(tmp_path: Path):
    book = tmp_path / "journal.db"
    filled(book, 2)
    with apsw.Connection(str(book)) as later:
        later.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    later.close()
    before = book.read_bytes()
    assert refusal(book).code == "store_newer"
    assert book.read_bytes() == before


def test_a_fact_of_an_unknown_kind_is_not_skipped(tmp_path: Path):
    book = tmp_path / "journal.db"
    store = open_store(book)
    store._query(
        "append_entry", seq=1, at=AT.isoformat(), kind="Guessed", subject="s", body=b"{}", mac=bytes(32), key=0
    )
    store._query("open_subject", subject="s")
    with pytest.raises(Unavailable, match="Guessed") as refused:
        store.open_books()
    assert refused.value.code == "store_corrupt"
    store.close()


CHILD = """
import sys
from pathlib import Path
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, item, opened
store = open_store(Path(sys.argv[1]), chain_key=b"k" * 32)
n = len(store.open_books().entries)
while True:
    n += 1
    store.commit(Change(facts=(opened(n),), items=(item(n),)), AT)
    print(n, flush=True)
"""


def acknowledged_then_killed(book: Path, at_least: int) -> int:
    """Run a writer, kill it without warning once it has acknowledged `at_least`; what it acknowledged last."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(book)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    try:
        for line in child.stdout:
            if int(line) >= at_least:
                break
    finally:
        child.kill()
    rest = child.stdout.read().split("\n")
    child.stdout.close()
    eventually(lambda: child.poll() is not None, what="the killed writer is gone")
    return max([at_least, *(int(said) for said in rest[:-1] if said)])


def test_killed_while_committing_nothing_acknowledged_is_missing(tmp_path: Path):
    book = tmp_path / "journal.db"
    acknowledged = 0
    for more in (1, 17, 60, 5, 133):
        acknowledged = acknowledged_then_killed(book, acknowledged + more)
        store: SqliteStore = open_store(book, chain_key=KEY)
        numbers = [entry.seq for entry in store.open_books().entries]
        assert numbers == list(range(1, len(numbers) + 1))
        assert acknowledged <= len(numbers) <= acknowledged + 1
        assert len(store.waiting_items()) == len(numbers)
        store.close()
        acknowledged = len(numbers)
    with open_reader(book) as reader:
        assert reader.verify({1: KEY}).broken_at is None
