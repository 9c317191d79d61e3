"""Single bits of book, log and mirror: each is noticed or harmless (F05; I11). A million by `fault_runs.py flips`."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite.connection import know_sums
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, item, opened
from tests.faults.sqlite.flips import FILES, Flipper

IN_MEMORY, ON_DISK = 400, 30
NAMED = {"verify", "harmless", "store_corrupt", "store_newer"}

pytestmark = pytest.mark.log_expected("a damaged book that is mended from its mirror is said in the log")


@pytest.fixture(scope="module")
def flipper(tmp_path_factory: pytest.TempPathFactory) -> Flipper:
    return Flipper(tmp_path_factory.mktemp("flips"))


@pytest.mark.timeout(180)
def test_no_bit_of_a_book_turns_silently(flipper: Flipper):
    dice = random.Random(1)
    seen = Counter(flipper.in_memory(dice.randrange(len(flipper.raw)), dice.randrange(8)) for _ in range(IN_MEMORY))
    assert set(seen) <= NAMED, seen
    assert seen["verify"] > IN_MEMORY // 10


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", FILES)
def test_no_bit_of_what_a_till_left_turns_silently(flipper: Flipper, name: str):
    dice = random.Random(2)
    seen = Counter(
        flipper.on_disk(name, dice.randrange(flipper.sizes[name]), dice.randrange(8)) for _ in range(ON_DISK // 3)
    )
    assert set(seen) <= NAMED | {"mended"}, seen


@pytest.mark.parametrize(
    "turned",
    [
        "UPDATE outbox SET body = x'00'",
        "UPDATE outbox SET attempts = attempts + 1",
        "UPDATE outbox SET lane = 'somebody else''s'",
        "UPDATE totalizer SET totalizer_ml = totalizer_ml + 1",
        "UPDATE subject SET sum = sum + 1 WHERE is_open = 1",
        "UPDATE journal SET at = CAST(x'ff' AS TEXT) WHERE seq = 2",
    ],
)
def test_a_row_that_a_restart_goes_by_and_that_is_not_what_was_written_is_refused(tmp_path: Path, turned: str):
    """The journal's chain guards none of these but the last, which is no text any more."""
    book = tmp_path / "journal.db"
    store = open_store(book)
    store.commit(Change((opened(1), opened(2)), (item(1),), ((1, 1, 5, 0),)), AT)  # type: ignore[arg-type]
    store.close()
    hand = apsw.Connection(str(book))
    know_sums(hand)
    hand.execute("DROP TRIGGER outbox_bytes_are_frozen; DROP TRIGGER journal_is_never_changed")
    hand.execute(turned)
    hand.close()
    with pytest.raises(Unavailable) as refused:
        open_store(book)
    assert refused.value.code == "store_corrupt"


def test_a_schema_that_is_not_ours_any_more_is_refused(tmp_path: Path):
    book = tmp_path / "journal.db"
    open_store(book).close()
    hand = apsw.Connection(str(book))
    hand.execute("ALTER TABLE outbox RENAME COLUMN lane TO lame")
    hand.close()
    with pytest.raises(Unavailable, match="outbox") as refused:
        open_store(book)
    assert refused.value.code == "store_corrupt"


@pytest.mark.parametrize("letter", ["$/activation", "$.activatioo"])
def test_an_index_that_reads_something_else_is_refused_though_it_compiles(tmp_path: Path, letter: str):
    """Found by turning bits: a path that is none fails only when a row is written, another path never."""
    book = tmp_path / "journal.db"
    open_store(book).close()
    raw = book.read_bytes()
    assert raw.count(b"$.activation") == 1
    book.write_bytes(raw.replace(b"$.activation", letter.encode()))
    with pytest.raises(Unavailable) as refused:
        open_store(book)
    assert refused.value.code == "store_corrupt"
    with open_reader(book) as reader:
        assert reader.verify().broken_at == 1
