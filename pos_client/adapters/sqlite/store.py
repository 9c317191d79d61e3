"""The terminal's books on disk: one writer, one transaction a decision (`ports.store.Store`).

A commit that raises has written nothing as far as this process is concerned. One corner remains that no program can
close: when the disk fails *while* the commit is synced, a power cut right after may keep it. Facts are written before
anything they lead to is done, so a restart then finds an intent and recovers from it like from any other.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from pos_client.adapters.sqlite import chain
from pos_client.adapters.sqlite.connection import connect, damage_of_schema
from pos_client.adapters.sqlite.content import Content
from pos_client.adapters.sqlite.copying import Copying, Row, ahead_of, missing_from
from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.instance_lock import InstanceLock
from pos_client.adapters.sqlite.migrate import bring_up
from pos_client.adapters.sqlite.mirror import Mirror, Record
from pos_client.adapters.sqlite.queries import queries
from pos_client.adapters.sqlite.reserve import Reserve
from pos_client.adapters.sqlite.rows import acknowledged_of, as_delivered, columns_of, delivered_of, entry_of, item_of
from pos_client.domain.acknowledgement import Acknowledgement, JournalEnd, JournalRow
from pos_client.domain.facts import Fact, subject_of
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, VoucherId
from pos_client.domain.journal import JournalEntry, encode
from pos_client.domain.outbox import DeliveryState, OutboxItem
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import KEPT_FOR, Books, Change

CHECKED_AT_START = 200
"""So many of the newest rows are checked against the chain when a book is opened: what a failing disk damages first,
in a few milliseconds. `pos-client journal verify` checks all."""
REMEMBERED_SUBJECTS = 1000
MIRRORED_AT_ONCE = 2000
"""So many rows are one record of the mirror, when it is brought to where the book is."""
_ENDLESS = 2**62
"""A number no journal reaches."""


def open_store(
    path: Path,
    *,
    chain_key: bytes = b"",
    mirror: Mirror | None = None,
    reserve: Reserve | None = None,
    training: bool = False,
) -> SqliteStore:
    """Open a terminal's book, make or migrate it if need be, and keep every other terminal off it until `close`.

    `training`: a book of practice, which no real till opens, nor training a real one.

    Raises `Unavailable`: `already_running`, `store_of_training`, `store_of_a_till`, `store_newer`, `store_corrupt`,
    `store_behind` (older than its mirror), `store_locked`, `disk_full`, `store_failed`.
    """
    lock = InstanceLock(path)
    try:
        connection = connect(path)
        try:
            bring_up(connection, path, training=training)
            store = SqliteStore(connection, lock, mirror, reserve)
            if chain_key:
                store.take_key(chain_key)
            store.check_tail()
            store.catch_up()
        except BaseException:
            connection.close(force=True)
            raise
    except BaseException:
        if mirror is not None:
            mirror.close()
        lock.release()
        raise
    if reserve is not None:
        reserve.keep()
    return store


class SqliteStore:
    """`ports.store.Store`. Made by `open_store`; used by one thread."""

    def __init__(
        self,
        connection: apsw.Connection,
        lock: InstanceLock,
        mirror: Mirror | None = None,
        reserve: Reserve | None = None,
    ) -> None:
        self._connection = connection
        self._lock = lock
        self._reserve = reserve
        self._copying = Copying(mirror) if mirror is not None else None
        self._keys: dict[int, bytes] = {}
        self._key = chain.NO_KEY
        self._sql = queries()
        self._last: tuple[int, bytes] | None = None
        """number and mac of the last row, once this writer has written one; nobody else writes"""
        self._opened: dict[str, None] = {}
        """subjects entered lately; entering one again would change nothing"""

    @property
    def mirror_trouble(self) -> str | None:
        """Why the mirror is not written any more; None: it is, or there is none."""
        return self._copying.trouble if self._copying else None

    def close(self) -> None:
        """Write the log back into the book and give the lock back."""
        try:
            if self._copying:
                self._copying.close()
            with translated():
                self._connection.close()
        finally:
            self._lock.release()

    def take_key(self, key: bytes) -> None:
        """Chain what is written from now on with this key: the newest one that was used, or the first."""
        self._key = self._newest_key() or 1
        self._keys[self._key] = key

    @property
    def has_keyed_rows(self) -> bool:
        """Whether a row was ever chained with a key."""
        return self._newest_key() > 0

    def begin_key(self, key: bytes) -> None:
        """Chain with a new key from now on; the rows of the one before can no longer be recomputed here."""
        self._key = self._newest_key() + 1
        self._keys[self._key] = key

    def use_key(self, key: bytes) -> None:
        """Take the key of the operating system's store, which may answer long after the book was opened.

        Raises `Unavailable("store_tampered")` when the newest rows that name this key were not made with it.
        """
        self.take_key(key)
        if self._tail_breaks() is not None:
            raise Unavailable("store_tampered", f"rows of key {self._key} were not made with it")

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        """Write a change durably, all or nothing. Raises `Unavailable` with nothing of it written."""
        try:
            return self._commit(change, at)
        except Unavailable as trouble:
            no_room = trouble.code == "disk_full" and change.urgent
            if not (no_room and self._reserve is not None and self._reserve.give_up()):
                raise
            return self._commit(change, at)

    def _commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        copied = False
        with translated():
            self._run("BEGIN IMMEDIATE")
            try:
                entries, rows = self._append(change.facts, at)
                row = self._end()[0] + (not change.facts)  # the one that says what was heard; without any, the next
                for item in change.items:
                    self._put(item, row, at)
                for point, nozzle, total, turned in change.totalizers:
                    self._query("put_totalizer", point=point, nozzle=nozzle, totalizer_ml=total, turned_ml=turned)
                for subject in change.closed:
                    self._query("close_subject", subject=subject)
                if change.acknowledged is not None:
                    self._query("put_acknowledgement", **columns_of(change.acknowledged))
                copied = self._copying is not None and self._copying.write(rows, change)
                self._run("COMMIT")
            except BaseException:
                self._last = None
                self._opened.clear()
                if copied and self._copying is not None:
                    self._copying.take_back()
                if self._connection.in_transaction:
                    self._run("ROLLBACK")
                raise
        while len(self._opened) > REMEMBERED_SUBJECTS:
            del self._opened[next(iter(self._opened))]
        return entries

    def open_books(self) -> Books:
        """What was left open by earlier runs. Raises `Unavailable`, `store_corrupt` for a fact nobody can read."""
        with translated():
            standings = self._query("totalizers")
            return Books(
                entries=self._entries("open_entries"),
                items=tuple(self.waiting_items()),
                totalizers={(PointId(p), NozzleId(n)): total for p, n, total, _ in standings},
                turned={(PointId(p), NozzleId(n)): turned for p, n, _, turned in standings},
                receipt_counter=self._query("sales_opened")[0][0],
                acknowledged=max(self._acknowledgements(), key=lambda given: (given.epoch, given.seq), default=None),
            )

    def entries_of(self, subject: str) -> Sequence[JournalEntry]:
        """All facts of one subject, in order; also of closed ones."""
        with translated():
            return self._entries("entries_of", subject=subject)

    def last_of(self, subject: str) -> JournalEntry | None:
        """The newest fact of one subject, closed or not."""
        with translated():
            return next(iter(self._entries("last_of", subject=subject)), None)

    def delivered_in(self, first: int, last: int) -> Sequence[IdempotencyKey]:
        """Which records these rows say central has heard."""
        with translated():
            return [IdempotencyKey(key) for (key,) in self._query("delivered_in", first=first, last=last)]

    def delivered(self, key: IdempotencyKey) -> OutboxItem | None:
        """A record central has heard, as it was sent."""
        with translated():
            return next((delivered_of(*row) for row in self._query("delivered", key=key)), None)

    def is_spent(self, voucher_id: VoucherId) -> bool:
        """Whether this signed voucher was ever taken here; the unique index of the book says the same of two writes."""
        with translated():
            return bool(self._query("voucher_taken", voucher_id=voucher_id))

    def entries_after(self, seq: int) -> Sequence[JournalEntry]:
        """All facts behind a number, in order."""
        with translated():
            return self._entries("entries_after", seq=seq)

    def journal_end(self) -> JournalEnd:
        """The last row."""
        with translated():
            return JournalEnd(*self._end())

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        """At the most so many rows from a number on."""
        with translated():
            rows = self._query("rows_from", seq=seq, limit=limit)
        return [JournalRow(number, at, kind, body, mac, key) for number, at, kind, _, body, mac, key in rows]

    def stories_at(
        self, point: PointId, nozzle: NozzleId, after: int, until: int | None, kinds: Collection[type[Fact]]
    ) -> Sequence[JournalEntry]:
        """Fuellings of a nozzle in a stretch of the journal, and what was written of them and their sales."""
        with translated():
            return self._entries(
                "stories_at",
                point=point,
                nozzle=nozzle,
                after=after,
                until=_ENDLESS if until is None else until,
                kinds=json.dumps([kind.__name__ for kind in kinds]),
            )

    def recent(self, limit: int) -> Iterable[JournalEntry]:
        """The last entries, newest first."""
        with translated():
            return self._entries("recent_entries", limit=limit)

    def waiting_items(self) -> Sequence[OutboxItem]:
        """Outbox items not delivered, oldest first."""
        with translated():
            return [item_of(*row) for row in self._query("waiting_items")]

    def check_tail(self) -> None:
        """Check the newest rows against the chain, what a restart goes by against its sums, and the schema against what
        is asked of it. Raises `Unavailable("store_corrupt")`."""
        with translated():
            if (damage := damage_of_schema(self._connection)) is not None:
                raise Unavailable("store_corrupt", f"the schema is not what was written: {damage}")
        if (broken := self._tail_breaks()) is not None:
            raise Unavailable("store_corrupt", f"journal entry {broken} does not follow from the one before it")
        with translated():
            for (row,) in self._query("damaged_work"):
                raise Unavailable("store_corrupt", f"{row} is not what was written")

    def catch_up(self) -> None:
        """Bring book and mirror to where the other one is. Raises `Unavailable("store_behind")` when the mirror holds
        more than one transaction the book does not: it was put back from an old copy, or has lost its end.

        A last record of the mirror that the book has refused, and that could not be taken back on the same bad disk, is
        not ahead of anything: the book has gone on without it, and the mirror is told what followed."""
        if self._copying is None:
            return
        with translated():
            last = self._end()[0]
            record = self._copying.last_record()
            if record is not None and (begins := self._refused(record)) is not None:
                missing: int | None = begins
            else:
                if (ahead := ahead_of(record, last)) is not None:
                    content = Content()
                    content.take(ahead)
                    last += content.write(self._connection, last)
                missing = missing_from(record, last)
            if missing is None or self._copying.trouble is not None:
                return
            while missing <= last:
                rows = self._query("rows_from", seq=missing, limit=MIRRORED_AT_ONCE)
                self._copying.write_rows(rows)
                missing += len(rows)
            closed = [row[0] for row in self._query("closed_subjects")]
            given = self._acknowledgements()
            heard = self._query("delivered_after", seq=max((each.seq for each in given), default=0))
            self._copying.write_all(self.waiting_items(), self._query("totalizers"), closed, given)
            self._copying.write_delivered([(delivered_of(*row[:8]), row[8], row[9]) for row in heard])

    def _acknowledgements(self) -> list[Acknowledgement]:
        return [acknowledged_of(*row) for row in self._query("acknowledgements")]

    def _refused(self, record: Record) -> int | None:
        """Where a record of the mirror begins, if the book has another row there; None: it has not."""
        seq, mac = record["rows"][0][0], record["rows"][0][5]
        rows = self._query("rows_from", seq=seq, limit=1)
        return seq if rows and rows[0][5].hex() != mac else None

    def _newest_key(self) -> int:
        """The number of the newest key a row was chained with; 0: none was."""
        with translated():
            return int(self._query("newest_key")[0][0])

    def _tail_breaks(self) -> int | None:
        with translated():
            first = max(1, self._end()[0] - CHECKED_AT_START)
            links = self._query("chain_from", seq=first)
        before, mac = (0, chain.START) if first == 1 else (links[0][0], links.pop(0)[4])
        return chain.first_break(self._keys, mac, before, links)

    def _append(self, facts: tuple[Fact, ...], at: datetime) -> tuple[tuple[JournalEntry, ...], list[Row]]:
        """The rows of some facts: as entries, and as the mirror keeps them."""
        seq, mac = self._end() if facts else (0, b"")
        entries, rows, stamp = [], [], at.isoformat()
        key = self._keys.get(self._key, b"")
        for fact in facts:
            seq += 1
            kind, body = encode(fact)
            subject = subject_of(fact)
            mac = chain.mac_of(key, mac, seq, stamp, kind, body)
            row: Row = (seq, stamp, kind, subject, body, mac, self._key)
            self._query(
                "append_entry", seq=seq, at=stamp, kind=kind, subject=subject, body=body, mac=mac, key=self._key
            )
            rows.append(row)
            if subject not in self._opened:
                self._query("open_subject", subject=subject)
                self._opened[subject] = None
            entries.append(JournalEntry(seq, at, fact))
        self._last = (seq, mac) if facts else self._last
        return tuple(entries), rows

    def _put(self, item: OutboxItem, seq: int, at: datetime) -> None:
        if item.state is DeliveryState.DELIVERED:
            self._query("remove_item", key=item.key)
            self._query("put_delivered", **as_delivered(asdict(item), seq, at.isoformat()))
            self._query("forget_delivered", before=(at - KEPT_FOR).isoformat())
        else:
            self._query("put_item", **asdict(item))

    def _end(self) -> tuple[int, bytes]:
        if self._last is not None:
            return self._last
        rows = self._query("last_link")
        return (rows[0][0], rows[0][1]) if rows else (0, chain.START)

    def _entries(self, name: str, **values: int | str) -> tuple[JournalEntry, ...]:
        return tuple(entry_of(*row) for row in self._query(name, **values))

    def _query(self, name: str, **values: int | str | bytes | None) -> list[tuple[Any, ...]]:
        """Rows of a named query. `Any`: the tables are STRICT, so SQLite has checked each column's type."""
        return self._connection.execute(self._sql[name], values).fetchall()

    def _run(self, sql: str) -> None:
        self._connection.execute(sql)
