"""The power goes at every write and sync of a till's day, and the disk is left in every state its log of writes allows.

Between two syncs any of the promised writes may have been made. Enumerated, at each operation: all of them, none, each
one missing, each one alone, and the last one torn at each sector's edge. Over each state a fork of the station starts
its till anew and goes on to the evening: what was confirmed is there, and the three ledgers agree (I14, I1 to I8).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.simulate.books_on_disk import EVERYTHING, BooksOnDisk
from pos_client.bootstrap.simulate.disk import SECTOR, Platter, SimulatedDisk, Write, simulated_disk
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.bootstrap.simulate.world import Rig
from tests.fakes.till_in_place import told_by_a_fork
from tests.unit.services.plays import PLAYS

State = tuple[tuple[str, bytes], ...]


class BooksOverStates(BooksOnDisk):
    """Books whose disk came back in a given state, in another folder: the old writer is still in the middle of it."""

    def power_cut(self) -> None:
        """Open what is there; what was confirmed is among it."""
        self._store = open_store(self._path)
        found = list(reversed(list(self._store.recent(EVERYTHING))))
        hold(found[: len(self.journal)] == self.journal, "I14", "a record that was confirmed is not there any more")
        self.journal = found

    def come_back(self, disk: SimulatedDisk, state: Mapping[str, bytes], folder: Path) -> None:
        """The same files elsewhere, as they are after the power cut."""
        disk.files = {
            str(folder / Path(name).name): Platter(bytearray(content), bytearray(content))
            for name, content in state.items()
        }
        self._path = folder / self._path.name


def states(files: Mapping[str, Platter]) -> Iterator[State]:
    """Each state the disk may be in when the power goes now, once."""
    promised = [(name, write) for name, platter in files.items() for write in platter.promised]
    count = len(promised)
    choices = [promised, [], *([p for p in promised if p is not each] for each in promised), *([p] for p in promised)]
    if promised and promised[-1][1].raw is not None:
        name, last = promised[-1]
        for edge in range(SECTOR, len(last.raw or b""), SECTOR):
            torn = (name, Write(last.offset, (last.raw or b"")[:edge]))
            choices += [[*promised[: count - 1], torn], [torn]]
    seen: set[State] = set()
    for kept in choices:
        state = tuple(
            (name, bytes(platter.after(write for where, write in kept if where == name)))
            for name, platter in files.items()
        )
        if state not in seen:
            seen.add(state)
            yield state


class Replay:
    """One play. `wanted`: which states are lived on from, by number; `outcomes`: what came of those."""

    def __init__(self, play: str, wanted: Callable[[int], bool]) -> None:
        self.play, self.wanted = play, wanted
        self.states = 0
        self.outcomes: list[tuple[int, str]] = []

    @property
    def broken(self) -> list[tuple[int, str]]:
        """Those that did not end well."""
        return [each for each in self.outcomes if each[1] != "ok"]

    def run(self) -> None:
        """The play once; a fork at each wanted state."""
        with TemporaryDirectory() as folder, simulated_disk() as disk:
            books = BooksOverStates(Path(folder) / "journal.sqlite", disk, Random(0))
            rig = Rig(store=books)
            disk.watch = lambda: self._look(rig, disk)
            for step in PLAYS[self.play]:
                step(rig)
            disk.watch = nobody
            books.close()

    def _look(self, rig: Rig, disk: SimulatedDisk) -> None:
        for state in states(disk.files):
            self.states += 1
            if self.wanted(self.states):
                self.outcomes.append((self.states, told_by_a_fork(partial(_lived_on, rig, disk, state, self.states))))


def nobody() -> None:
    """Looks."""


def _lived_on(rig: Rig, disk: SimulatedDisk, state: State, number: int) -> str:
    with TemporaryDirectory() as folder:
        try:
            disk.watch = nobody
            books = rig.store
            assert isinstance(books, BooksOverStates)
            books.come_back(disk, dict(state), Path(folder))
            rig.restart(requests_arrive=number % 3 != 0)
            rig.run()
            rig.settle()
            rig.sell_everything()
            rig.settle(30)
            rig.check_ledgers()
        except Violation as broken:
            return f"BROKEN {broken}"
        except Exception:  # noqa: BLE001  # whatever it is, it is told by the process that goes on
            return f"BROKEN {traceback.format_exc()[-3000:]}"
    return "ok"
