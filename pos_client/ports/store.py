"""What the terminal writes down. One writer; every transaction is durable when it returns, or it raises."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol

from pos_client.domain.acknowledgement import Acknowledgement, JournalEnd, JournalRow
from pos_client.domain.facts import Fact
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, VoucherId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.quantities import Millilitres
from pos_client.value import dataclass

KEPT_FOR = timedelta(days=90)
"""So long, and until the journal is acknowledged up to there, a record central has heard is kept as it was sent."""

Standing = tuple[PointId, NozzleId, Millilitres, Millilitres]
"""Where a nozzle's counter stands: its last reading, and what was counted before it stood at 0."""


@dataclass(frozen=True, slots=True)
class Change:
    """All that one decision writes, in one transaction.

    `facts` are appended in order. `items` are inserted, or replaced by key. `totalizers` are the last known readings.
    `closed` names subjects nothing more is expected of: a restart does not read their facts again.
    """

    facts: tuple[Fact, ...] = ()
    items: tuple[OutboxItem, ...] = ()
    totalizers: tuple[Standing, ...] = ()
    closed: tuple[str, ...] = ()
    acknowledged: Acknowledgement | None = None
    """what central says it holds of the journal"""
    urgent: bool = False
    """fuel has flowed or money was taken: it is written even on a full disk, from the room that is kept for it"""


@dataclass(frozen=True, slots=True)
class Books:
    """What a restart needs: facts of all open subjects in order, waiting items, last totalizers."""

    entries: tuple[JournalEntry, ...] = ()
    items: tuple[OutboxItem, ...] = ()
    totalizers: dict[tuple[PointId, NozzleId], Millilitres] = field(default_factory=dict)
    turned: dict[tuple[PointId, NozzleId], Millilitres] = field(default_factory=dict)
    """what was counted before those counters stood at 0"""
    receipt_counter: int = 0
    acknowledged: Acknowledgement | None = None
    """the newest there is"""


class Store(Protocol):
    """The journal, the outbox and the totalizers."""

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        """Write a change durably. Raises `Unavailable` (`disk_full`, `store_locked`, `store_failed`): nothing of it
        was written then, and the caller's state stays as it was."""

    def open_books(self) -> Books:
        """What was left open by earlier runs."""

    def entries_of(self, subject: str) -> Sequence[JournalEntry]:
        """All facts of one subject, in order; also of closed ones (reprint)."""

    def entries_after(self, seq: int) -> Sequence[JournalEntry]:
        """All facts behind a number, in order."""

    def journal_end(self) -> JournalEnd:
        """The last row."""

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        """At the most so many rows from a number on, in order, as they are kept."""

    def stories_at(
        self, point: PointId, nozzle: NozzleId, after: int, until: int | None, kinds: Collection[type[Fact]]
    ) -> Sequence[JournalEntry]:
        """The fuellings of one nozzle written behind the number `after` and up to `until` (None: to the end), and
        whatever was written of them and of their sales, at any time: facts of these kinds, in order."""

    def last_of(self, subject: str) -> JournalEntry | None:
        """The newest fact of one subject, closed or not."""

    def delivered_in(self, first: int, last: int) -> Sequence[IdempotencyKey]:
        """Which records these rows of the journal say central has heard; kept for `KEPT_FOR`."""

    def delivered(self, key: IdempotencyKey) -> OutboxItem | None:
        """A record central has heard, with the very bytes that were sent; None: it is not kept (any more)."""

    def is_spent(self, voucher_id: VoucherId) -> bool:
        """Whether this signed voucher was ever taken here: spent offline, or in hand when points were held online."""

    def recent(self, limit: int) -> Iterable[JournalEntry]:
        """The last entries, newest first."""

    def waiting_items(self) -> Sequence[OutboxItem]:
        """Outbox items not delivered: waiting, in doubt, parked; oldest first."""
