"""The power goes: writes that were not synced are kept, dropped or torn in any order (F02; I14).

The production store works on the simulator's disk, which keeps what was synced and any part of the rest; the mirror is
a file whose end is cut anywhere behind its last sync. What was confirmed is there; and the same test finds a book that
does not wait for the disk, and a mirror that is not synced although it is to stand in for a lost book.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from pos_client.adapters.sqlite import mirror as mirror_module
from pos_client.adapters.sqlite.connection import PRAGMAS
from pos_client.adapters.sqlite.mirror import Mirror
from pos_client.adapters.sqlite.rebuild import rebuild
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.simulate.disk import simulated_disk
from pos_client.domain.facts import Fact
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, item, opened
from tests.faults.process.kills import FAST

KEY = b"k" * 32
CUTS = 40
LAST_OPERATIONS = 9


class Platter(Mirror):
    """A mirror that knows how much of it is safe."""

    safe = 0

    def append(self, record: mirror_module.Record) -> None:
        super().append(record)
        if self._sync and self._file is not None:
            self.safe = self._file.tell()

    def lose_power(self, dice: Random) -> None:
        """What was synced stays; of the rest a part, and rubbish behind it."""
        self.close()
        for segment in mirror_module.segments(self._folder)[-1:]:
            raw = segment.read_bytes()
            kept = raw[: dice.randrange(self.safe, len(raw) + 1)]
            segment.write_bytes(kept + dice.choice((b"", bytes(40), dice.randbytes(40))))


def changes(dice: Random) -> Iterator[Change]:
    n = 0
    while True:
        facts = tuple(opened(n + more) for more in range(dice.choice((1, 1, 2, 5))))
        yield Change(facts, (item(n),) if dice.random() < 0.5 else ())
        n += len(facts)


def confirmed_but_not_there(seed: int, *, apart: bool, lost: bool) -> list[Fact]:
    """One power cut. `apart`: the mirror is on another disk, so it is synced; `lost`: the book's own disk is gone."""
    dice = Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=FAST if Path(FAST).is_dir() else None)))
        book, platter = folder / "journal.db", Platter(folder / "mirror", sync=apart)
        confirmed: list[Fact] = []
        with simulated_disk() as disk:
            store = open_store(book, chain_key=KEY, mirror=platter)
            todo = changes(dice)
            for _ in range(dice.randrange(1, 8)):
                change = next(todo)
                store.commit(change, AT)
                confirmed += change.facts
            disk.power_cut_at = disk.operations + dice.randrange(1, LAST_OPERATIONS)
            last = next(todo)
            try:
                store.commit(last, AT)
                confirmed += last.facts
            except Unavailable:
                disk.power_cut_at = disk.operations
            disk.power_cut_at = disk.operations
            try:
                store.close()
            except Unavailable:
                assert disk.dark
            disk.lose_power(dice)
            platter.lose_power(dice)
            if not lost:
                again = open_store(book, chain_key=KEY, mirror=Mirror(folder / "mirror", sync=apart))
                found = [entry.fact for entry in again.entries_after(0)]
                again.close()
        if lost or not apart:
            rebuild(book, folder / "mirror")  # what a till would do next, on a disk that is well
            made = open_store(book, chain_key=KEY)
            rebuilt = [entry.fact for entry in made.entries_after(0)]
            made.close()
            found = rebuilt if lost else found
            assert rebuilt == found, "the mirror did not catch up with its book"
        assert found[len(confirmed) :] in ([], list(last.facts)), "more is there than was under way"
        return [] if found[: len(confirmed)] == confirmed else confirmed


@pytest.mark.parametrize(("apart", "lost"), [(False, False), (True, False), (True, True)])
def test_a_power_cut_loses_nothing_confirmed(apart: bool, lost: bool):
    for seed in range(CUTS):
        assert confirmed_but_not_there(seed, apart=apart, lost=lost) == [], f"seed {seed}"


def test_a_book_that_does_not_wait_for_the_disk_is_caught(monkeypatch: pytest.MonkeyPatch):
    lazy = tuple(("synchronous", "NORMAL", 1) if each[0] == "synchronous" else each for each in PRAGMAS)
    monkeypatch.setattr("pos_client.adapters.sqlite.connection.PRAGMAS", lazy)
    caught = 0
    for seed in range(CUTS):
        try:
            caught += confirmed_but_not_there(seed, apart=True, lost=False) != []
        except Unavailable as behind:
            assert behind.code == "store_behind"  # noqa: PT017  # the mirror knows better: that too is being caught
            caught += 1
    assert caught > 0


def test_a_mirror_that_is_not_synced_is_caught_when_it_is_all_there_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    monkeypatch.setattr(Platter, "append", Mirror.append)  # nothing of it is ever safe
    caught = 0
    for seed in range(CUTS):
        try:
            caught += confirmed_but_not_there(seed, apart=True, lost=True) != []
        except Unavailable as empty:
            assert empty.code == "store_corrupt"  # noqa: PT017  # nothing of it was on the platter
            caught += 1
    assert caught > 0
