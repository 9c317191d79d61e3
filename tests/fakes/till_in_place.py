"""The simulator's station with its till in this process, over the production books in a real folder.

`photograph` plays on from what lies in the folder at a moment: a copy of it is what a process killed there would leave,
so a fork of the station, with pumps and head office as they are, starts its till over the copy and goes on to the
evening. One play is photographed at each of its storage calls, for the price of the recoveries alone.
"""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.bootstrap.books import Books as OpenedBooks
from pos_client.bootstrap.books import ChainKeyFound, open_books, take_chain_key
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.journal import JournalEntry
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change, Store
from tests.fakes.acknowledged_books import CHAIN_KEY, AcknowledgedBooks
from tests.fakes.storage_calls import Half, StorageCalls, put

QUESTIONS = [name for name in vars(Store) if not name.startswith("_") and name != "commit"]
"""What services ask of the books: answered by the real ones, not by the model."""
Play = Sequence[Callable[[Any], object]]


class BooksInPlace(AcknowledgedBooks):
    """The production books, and what they have acknowledged."""

    def __init__(self, folder: Path, calls: StorageCalls, *, chain: bool) -> None:
        super().__init__()
        self.folder, self.calls, self._chain = folder, calls, chain
        self._left: list[SqliteStore] = []
        """books of tills that died: nobody closes them"""
        self.only_pumps_were_refused = True
        self.rebuilt = 0
        self.silent: list[int] = []
        """storage calls that failed in a commit which was acknowledged all the same"""
        self.real: SqliteStore | None = None

    def open(self) -> None:
        """Raises `Unavailable` as the books do."""
        opened: OpenedBooks = open_books(Site(self.folder), str(self.folder / "mirror"))
        self.real = opened.store
        for name in QUESTIONS:
            setattr(self, name, getattr(opened.store, name))
        self.rebuilt += opened.rebuilt is not None
        if self._chain:
            trouble = take_chain_key(opened.store, ChainKeyFound(CHAIN_KEY, fresh=False)).trouble
            hold(trouble is None, "I11", f"the chain: {trouble}")
        self.found(tuple(opened.store.entries_after(0)), opened.store.open_books())

    def power_cut(self) -> None:
        """Whoever had the books is gone; a till that starts again opens them."""
        self.open()

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        self.under_way.append((change, at))
        struck = self.calls.struck_book
        try:
            entries = self._real.commit(change, at)
        except Unavailable as refused:
            self.refusals.append(refused.code)
            self.only_pumps_were_refused &= change.urgent
            raise
        if self.calls.struck_book > struck and not (change.urgent and self.calls.roomy):
            self.silent.append(self.calls.count)
        self.written()
        return entries

    def close(self) -> None:
        real, self.real = self._real, None
        real.close()

    def leave(self) -> None:
        """The till died: its folder is a copy of what lies there now."""
        copy = self.folder.with_name(f"{self.folder.name}-left")
        shutil.copytree(self.folder, copy)
        self.folder = copy
        self._left.append(self._real)
        self.real = None

    def give_up(self) -> None:
        """The till ended because its disk is bad."""
        if self.real is not None:
            with suppress(Unavailable, apsw.Error):
                self.close()

    def end(self) -> None:
        """The test is over."""
        self.give_up()
        for left in self._left:
            left.close()

    @property
    def _real(self) -> SqliteStore:
        assert self.real is not None
        return self.real


class RigInPlace(Rig):
    """A station over a folder. Made by `station_in_place`."""

    store: BooksInPlace  # type: ignore[assignment]

    def __init__(self, folder: Path, calls: StorageCalls, *, chain: bool) -> None:
        books = BooksInPlace(folder, calls, chain=chain)
        books.open()
        self.left: Play = ()
        """what of the play is still to come"""
        super().__init__(store=books)  # type: ignore[arg-type]

    def play(self, steps: Play) -> None:
        for at, step in enumerate(steps):
            self.left = steps[at + 1 :]
            step(self)
        self.left = ()

    def evening(self) -> None:
        self.settle()
        self.sell_everything()
        self.settle(30)
        self.check_ledgers()
        self.store.close()
        self.store.stands_in(self.store.folder / "journal.db")


@contextmanager
def station_in_place(folder: Path, calls: StorageCalls, *, chain: bool = True) -> Iterator[RigInPlace]:
    """With its storage calls counted for as long as the block runs. `chain`: with a key out of a key store."""
    with calls.installed():
        rig = RigInPlace(folder, calls, chain=chain)
        try:
            yield rig
        finally:
            calls.mend()
            rig.store.end()


def photograph(rig: RigInPlace, call: int, half: Half | None) -> str:
    """What became of a till that died at this call, with half of it made or not: "ok", or the promise it broke."""
    return told_by_a_fork(lambda: _developed(rig, call, half))


def told_by_a_fork(live_on: Callable[[], str]) -> str:
    """What a fork of this process has to say after it lived on; this one stays as it is."""
    told, tell = os.pipe()
    number = os.fork()
    if number == 0:
        try:
            os.close(told)
            os.write(tell, live_on().encode()[:4000])
        finally:
            os._exit(0)  # nothing of this process is closed: its books belong to the one that lives on
    os.close(tell)
    with os.fdopen(told, "rb") as read:
        outcome = read.read().decode()
    os.waitpid(number, 0)
    return outcome or "BROKEN the till died without a word"


def _developed(rig: RigInPlace, call: int, half: Half | None) -> str:
    copy = rig.store.folder.with_name(f"{rig.store.folder.name}-{call}")
    try:
        shutil.copytree(rig.store.folder, copy)
        if half is not None:
            put(copy / half[0].relative_to(rig.store.folder), *half[1:])
        rig.store.calls.mend()
        rig.store.folder = copy
        rig.restart(requests_arrive=call % 3 != 0)
        rig.run()
        if call % 2 == 0:
            rig.play(rig.left)
        rig.evening()
    except Violation as broken:
        return f"BROKEN {broken}"
    except Exception:  # noqa: BLE001  # whatever it is, it is told by the process that photographed
        return f"BROKEN {traceback.format_exc()[-3000:]}"
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    return "ok"
