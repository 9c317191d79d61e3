"""The books in memory: `ports.store.Store` as a plain model, with faults switched by attribute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from pos_client.adapters.sqlite import chain
from pos_client.domain.acknowledgement import Acknowledgement, JournalEnd, JournalRow
from pos_client.domain.facts import Fact, FuellingCompleted, HoldIntended, OfflineSpendIntended, SaleOpened, subject_of
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, VoucherId
from pos_client.domain.journal import JournalEntry, decode, encode
from pos_client.domain.outbox import DeliveryState, OutboxItem
from pos_client.domain.quantities import Millilitres
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import KEPT_FOR, Books, Change


class MemoryStore:
    """What SqliteStore promises, without a disk. `copy.deepcopy` of it is what a power cut leaves."""

    def __init__(self) -> None:
        self.fault: str | None = None
        """Code of `Unavailable` for every commit: disk_full, store_locked, store_failed."""
        self.fail_after: int | None = None
        """So many commits still succeed, then `fault` (or store_failed) strikes."""
        self.journal: list[JournalEntry] = []
        self.rows: list[JournalRow] = []
        self._end = JournalEnd(0, chain.START)
        self.acknowledged: Acknowledgement | None = None
        self._subjects: dict[str, bool] = {}
        self._items: dict[str, OutboxItem] = {}
        self._delivered: dict[IdempotencyKey, tuple[OutboxItem, int, datetime]] = {}
        self._totalizers: dict[tuple[PointId, NozzleId], tuple[Millilitres, Millilitres]] = {}

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        """All of a change, or `Unavailable` with nothing of it."""
        if self.fail_after is not None:
            if self.fail_after == 0:
                raise Unavailable(self.fault or "store_failed", "switched on by the test")
            self.fail_after -= 1
        elif self.fault is not None:
            raise Unavailable(self.fault, "switched on by the test")
        for item in change.items:
            known = self._items.get(item.key)
            if known is not None and item.state is not DeliveryState.DELIVERED:
                assert (item.method, item.path, item.body) == (known.method, known.path, known.body), "bytes are frozen"
        taken = [fact.voucher_id for fact in change.facts if isinstance(fact, OfflineSpendIntended)]
        if any(self.is_spent(voucher) for voucher in taken):
            raise Unavailable("store_failed", "the book takes a voucher once")
        # through the codec, so that a fact the journal cannot hold fails here as it would on disk
        entries = [self._row(len(self.journal) + n, at, fact) for n, fact in enumerate(change.facts, start=1)]
        self.journal.extend(entries)
        for entry in entries:
            self._subjects.setdefault(subject_of(entry.fact), True)
        for item in change.items:
            if item.state is DeliveryState.DELIVERED:
                self._items.pop(item.key, None)
                self._hear(item, len(self.journal) + (not change.facts), at)
            else:
                self._items[item.key] = item
        for point, nozzle, totalizer_ml, turned_ml in change.totalizers:
            self._totalizers[point, nozzle] = (totalizer_ml, turned_ml)
        for subject in change.closed:
            self._subjects[subject] = False
        self.acknowledged = change.acknowledged or self.acknowledged
        return tuple(entries)

    def _hear(self, item: OutboxItem, seq: int, at: datetime) -> None:
        kept = self._delivered.get(item.key, (item,))[0]
        sent = replace(kept, state=DeliveryState.DELIVERED, attempts=0, due_ms=0, last_problem=None)
        self._delivered[item.key] = (sent, seq, at)
        acknowledged = self.acknowledged.seq if self.acknowledged else 0
        for key, (_, row, when) in list(self._delivered.items()):
            if when < at - KEPT_FOR and row <= acknowledged:
                del self._delivered[key]

    def _row(self, seq: int, at: datetime, fact: Fact) -> JournalEntry:
        kind, body = encode(fact)
        stamp = at.isoformat()
        mac = chain.mac_of(b"", self._end.mac, seq, stamp, kind, body)
        self.rows.append(JournalRow(seq, stamp, kind, body, mac, chain.NO_KEY))
        self._end = JournalEnd(seq, mac)
        return JournalEntry(seq, at, _read_back(kind, body))

    def open_books(self) -> Books:
        """What was left open."""
        return Books(
            entries=tuple(entry for entry in self.journal if self._subjects[entry.subject]),
            items=tuple(self._items.values()),
            totalizers={place: reading for place, (reading, _) in self._totalizers.items()},
            turned={place: turned for place, (_, turned) in self._totalizers.items()},
            receipt_counter=sum(isinstance(entry.fact, SaleOpened) for entry in self.journal),
            acknowledged=self.acknowledged,
        )

    def entries_of(self, subject: str) -> Sequence[JournalEntry]:
        """All facts of one subject, in order."""
        return tuple(entry for entry in self.journal if entry.subject == subject)

    def entries_after(self, seq: int) -> Sequence[JournalEntry]:
        """All facts behind a number."""
        return tuple(self.journal[seq:])

    def journal_end(self) -> JournalEnd:
        """The last row."""
        return self._end

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        """Rows from a number on."""
        return self.rows[max(0, seq - 1) : max(0, seq - 1) + limit]

    def stories_at(
        self, point: PointId, nozzle: NozzleId, after: int, until: int | None, kinds: Collection[type[Fact]]
    ) -> Sequence[JournalEntry]:
        """Fuellings of a nozzle in a stretch of the journal, with their sales."""
        stretch = [entry.fact for entry in self.journal[after:until]]
        here = [fact for fact in stretch if isinstance(fact, FuellingCompleted)]
        subjects = {str(fact.fuelling_id) for fact in here if (fact.point, fact.nozzle) == (point, nozzle)}
        opened = [entry.fact for entry in self.journal if isinstance(entry.fact, SaleOpened)]
        subjects |= {str(fact.sale_id) for fact in opened if fact.fuelling_id in subjects}
        return tuple(e for e in self.journal if e.subject in subjects and isinstance(e.fact, tuple(kinds)))

    def last_of(self, subject: str) -> JournalEntry | None:
        """The newest fact of one subject."""
        return next((entry for entry in reversed(self.journal) if entry.subject == subject), None)

    def delivered_in(self, first: int, last: int) -> Sequence[IdempotencyKey]:
        """Which records these rows say central has heard."""
        return [key for key, (_, seq, _) in self._delivered.items() if first <= seq <= last]

    def delivered(self, key: IdempotencyKey) -> OutboxItem | None:
        """A record central has heard, as it was sent."""
        heard = self._delivered.get(key)
        return heard[0] if heard else None

    def is_spent(self, voucher_id: VoucherId) -> bool:
        """Whether a voucher was ever taken here."""
        return any(_takes(entry.fact) == voucher_id for entry in self.journal)

    def recent(self, limit: int) -> Iterable[JournalEntry]:
        """The last entries, newest first."""
        return tuple(reversed(self.journal[-limit:])) if limit > 0 else ()

    def waiting_items(self) -> Sequence[OutboxItem]:
        """What central has not confirmed."""
        return list(self._items.values())

    def close(self) -> None:
        """Nothing to give back."""


@lru_cache(maxsize=4096)
def _read_back(kind: str, body: bytes) -> Fact:
    """Facts are frozen, and every history's morning is the same."""
    return decode(kind, body)


def _takes(fact: Fact) -> str | None:
    if isinstance(fact, OfflineSpendIntended):
        return fact.voucher_id
    return fact.activation if isinstance(fact, HoldIntended) else None


class Crash(BaseException):
    """The power switch; passes every handler the program has."""


class WatchedStore(MemoryStore):
    """The books, and a power switch at a chosen commit: after it is durable, before anybody learns of it."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.crash_after: int | None = None

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        """Write, then perhaps lose the power."""
        entries = super().commit(change, at)
        self.commits += 1
        if self.crash_after is not None and self.commits >= self.crash_after:
            self.crash_after = None
            raise Crash
        return entries

    def power_cut(self) -> None:
        """What is written stays."""
