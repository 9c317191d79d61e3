"""The production store over the simulated disk: switches like those of the books in memory, and power cuts in a commit.

What a commit has confirmed must be there after any power cut, in order and unchanged (I14); one that was cut may be
there or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pos_client.adapters.sqlite.store import SqliteStore, open_store
from pos_client.bootstrap.simulate.books import Crash
from pos_client.bootstrap.simulate.disk import SimulatedDisk, simulated_disk
from pos_client.bootstrap.simulate.violation import hold
from pos_client.domain.acknowledgement import JournalEnd, JournalRow
from pos_client.domain.facts import Fact
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, VoucherId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.outbox import OutboxItem
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Books, Change

EVERYTHING = 1_000_000
MOST_OPERATIONS = 30
"""So many writes and syncs further on the power goes, when it goes inside a commit."""


class BooksOnDisk:
    """`ports.store.Store`, as `WatchedStore` is one. `journal` is what has been confirmed."""

    def __init__(self, path: Path, disk: SimulatedDisk, dice: Random) -> None:
        self.fault: str | None = None
        self.fail_after: int | None = None
        self.commits = 0
        self.crash_after: int | None = None
        self.journal: list[JournalEntry] = []
        self._path, self._disk, self._dice = path, disk, dice
        self._store: SqliteStore = open_store(path)

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        """Write through the real store, unless the disk is full or the power goes."""
        if self.fail_after is not None:
            self._disk.full = self.fail_after == 0
            self.fail_after = max(0, self.fail_after - 1)
        else:
            self._disk.full = self.fault is not None
        self.commits += 1
        last = self.crash_after is not None and self.commits >= self.crash_after
        if last:
            self.crash_after = None
            self._disk.power_cut_at = self._disk.operations + self._dice.randrange(1, MOST_OPERATIONS)
        try:
            entries = self._store.commit(change, at)
        except Unavailable:
            if last:
                raise Crash from None
            raise
        self.journal.extend(entries)
        if last:
            raise Crash
        return entries

    def power_cut(self) -> None:
        """The computer is switched off, and on again: what was confirmed is there."""
        self._disk.full = False
        self._disk.power_cut_at = self._disk.operations
        self._give_up()
        self._disk.lose_power(self._dice)
        self._store = open_store(self._path)
        found = list(reversed(list(self._store.recent(EVERYTHING))))
        hold(found[: len(self.journal)] == self.journal, "I14", "a record that was confirmed is not there any more")
        self.journal = found

    def open_books(self) -> Books:
        """What was left open."""
        return self._store.open_books()

    def entries_of(self, subject: str) -> Sequence[JournalEntry]:
        """All facts of one subject, in order."""
        return self._store.entries_of(subject)

    def last_of(self, subject: str) -> JournalEntry | None:
        """The newest fact of one subject."""
        return self._store.last_of(subject)

    def delivered_in(self, first: int, last: int) -> Sequence[IdempotencyKey]:
        """Which records these rows say central has heard."""
        return self._store.delivered_in(first, last)

    def delivered(self, key: IdempotencyKey) -> OutboxItem | None:
        """A record central has heard."""
        return self._store.delivered(key)

    def is_spent(self, voucher_id: VoucherId) -> bool:
        """Whether a voucher was ever taken here."""
        return self._store.is_spent(voucher_id)

    def entries_after(self, seq: int) -> Sequence[JournalEntry]:
        """All facts behind a number, in order."""
        return self._store.entries_after(seq)

    def journal_end(self) -> JournalEnd:
        """The last row."""
        return self._store.journal_end()

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        """Rows from a number on."""
        return self._store.rows_from(seq, limit)

    def stories_at(
        self, point: PointId, nozzle: NozzleId, after: int, until: int | None, kinds: Collection[type[Fact]]
    ) -> Sequence[JournalEntry]:
        """What was written of a nozzle's fuellings."""
        return self._store.stories_at(point, nozzle, after, until, kinds)

    def recent(self, limit: int) -> Iterable[JournalEntry]:
        """The last entries, newest first."""
        return self._store.recent(limit)

    def waiting_items(self) -> Sequence[OutboxItem]:
        """What central has not confirmed."""
        return self._store.waiting_items()

    def close(self) -> None:
        """The evening."""
        self._disk.full, self._disk.power_cut_at = False, None
        self._store.close()

    def _give_up(self) -> None:
        """The process is gone; its connection is only a leftover of this one."""
        try:
            self._store.close()
        except Unavailable:
            return


@contextmanager
def books_on_disk(seed: int) -> Iterator[BooksOnDisk]:
    """New books on a new disk, gone when the block ends."""
    with TemporaryDirectory() as folder, simulated_disk() as disk:
        books = BooksOnDisk(Path(folder) / "journal.sqlite", disk, Random(seed))
        yield books
        books.close()
