"""Reads a journal for `pos-client journal list|show|verify|export` without touching a byte of it.

Three cases, because opening a book that has a write-ahead log is itself a write:

- a terminal works on it now (its lock is held): read beside it, as SQLite allows;
- nobody does, and a log was left behind (power cut): a copy in a temporary folder is read; recovery stays with the
  terminal, and the evidence stays as it was;
- nobody does, and there is no log: the file is opened as immutable.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw

from pos_client.adapters.sqlite import chain
from pos_client.adapters.sqlite.connection import damage_of_schema, know_sums
from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.instance_lock import is_held
from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION
from pos_client.adapters.sqlite.queries import queries
from pos_client.adapters.sqlite.rows import acknowledged_of, entry_of
from pos_client.domain.acknowledgement import Acknowledgement, JournalRow
from pos_client.domain.journal import JournalEntry
from pos_client.domain.outbox import DeliveryState
from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `broken_at`: first entry that is missing, changed or unreadable; None: all in order."""

    entries: int
    broken_at: int | None
    reason: str = ""
    unchecked: int = 0
    """rows whose key was not at hand: of them only numbers, encoding and pages were looked at"""
    unkeyed_later: int = 0
    """rows without a key behind rows with one: written while the key store could not be reached, or by somebody else"""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of a kind, from the first to the last (ISO times)."""

    kind: str
    count: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many outbox items of a kind in a state, the oldest, and the most often tried one's tries."""

    kind: str
    state: str
    count: int
    oldest: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What can be said of a book without a word of what stands in it."""

    entries: tuple[Counted, ...]
    waiting: tuple[Waiting, ...]
    open_stories: int


_SUMMED = ("damaged_work", "damaged_subjects", "damaged_deliveries")
"""Queries that name a row which is not what was written."""


class JournalReader:
    """A book opened for reading. Made by `open_reader`."""

    def __init__(self, connection: apsw.Connection, tables: frozenset[str]) -> None:
        self._connection = connection
        self._tables = tables
        """an older program's book lacks some; it is read as it is"""
        self._sql = queries()

    def newest(self, limit: int) -> list[JournalEntry]:
        """The last entries, newest first."""
        return [entry_of(*row) for row in self._rows("recent_entries", limit=limit)]

    def entries_of(self, subject: str) -> list[JournalEntry]:
        """All facts of one subject, in order."""
        return [entry_of(*row) for row in self._rows("entries_of", subject=subject)]

    def everything(self) -> Iterator[JournalEntry]:
        """All entries, oldest first."""
        for row in self._rows("chain_from", seq=1):
            yield entry_of(*row[:4])

    def rows(self) -> Iterator[JournalRow]:
        """All rows as they are kept, oldest first."""
        for row in self._rows("chain_from", seq=1):
            yield JournalRow(*row)

    def mac_of(self, seq: int) -> bytes | None:
        """The mac of a row; None: there is no such row."""
        row = next(self._rows("rows_from", seq=seq, limit=1), None)
        return row[5] if row is not None and row[0] == seq else None

    def newest_key(self) -> int:
        """The number of the newest key a row was chained with; 0: none was."""
        return int(next(self._rows("newest_key"))[0])

    def acknowledgements(self) -> list[Acknowledgement]:
        """What central acknowledged, the last of each day, oldest first."""
        known = "acknowledgement" in self._tables
        return [acknowledged_of(*row) for row in self._rows("acknowledgements")] if known else []

    def newest_acknowledgement(self) -> Acknowledgement | None:
        """The furthest of them."""
        return max(self.acknowledgements(), key=lambda given: (given.epoch, given.seq), default=None)

    def waiting(self) -> tuple[int, int, int]:
        """How many records wait to be sent, are in doubt, are parked."""
        counted = Counter[DeliveryState]()
        for row in self._rows("items_by_state"):
            counted[DeliveryState(row[1])] += int(row[2])
        waiting = counted[DeliveryState.PENDING] + counted[DeliveryState.CLAIMED]
        return waiting, counted[DeliveryState.IN_DOUBT], counted[DeliveryState.PARKED]

    def statistics(self) -> Statistics:
        """Counts and times."""
        return Statistics(
            entries=tuple(Counted(*row) for row in self._rows("entries_by_kind")),
            waiting=tuple(Waiting(*row) for row in self._rows("items_by_state")),
            open_stories=next(self._rows("subjects_open"))[0],
        )

    def verify(self, keys: chain.Keys | None = None) -> Verdict:
        """Whether numbers have no gaps, every fact can be read, pages are whole, and the chain holds.

        Rows that were written without a key are always recomputed; those with one as far as `keys` has it.
        """
        with translated():
            ours = int(self._connection.pragma("user_version")) == SCHEMA_VERSION
            damage = damage_of_schema(self._connection, guards=False) if ours else None
        try:
            found = self._rows_follow(keys or {})
        except apsw.SQLError:  # ours, unless the tables are not
            if damage is None:
                raise
            found = Verdict(0, None)
        if found.broken_at is not None:
            return found
        behind = found.entries + 1
        if damage is not None:
            return replace(found, broken_at=behind, reason=f"the schema is not what was written: {damage}")
        with translated():
            pages = str(self._connection.pragma("integrity_check"))
        damaged = None if pages == "ok" else behind
        for name in _SUMMED if ours else ():  # an older program wrote no sums
            for (row,) in self._rows(name):
                damaged, pages = behind, f"{row} is not what was written"
        return replace(found, broken_at=damaged, reason="" if damaged is None else pages)

    def _rows_follow(self, keys: chain.Keys) -> Verdict:
        before, seq, unchecked, unkeyed, keyed = chain.START, 0, 0, 0, False
        for link in self._rows("chain_from", seq=1):
            number = link[5]
            if link[0] != seq + 1:
                return Verdict(seq, seq + 1, "missing")
            if chain.first_break(keys, before, seq, [link]) is not None:
                return Verdict(seq, seq + 1, "does not follow from the entry before it")
            try:
                entry_of(*link[:4])
            except Unavailable as error:
                return Verdict(seq, link[0], error.detail)
            unchecked += number != chain.NO_KEY and number not in keys
            unkeyed += keyed and number == chain.NO_KEY
            keyed = keyed or number != chain.NO_KEY
            seq, before = link[0], link[4]
        return Verdict(seq, None, "", unchecked, unkeyed)

    def found(self, name: str, **values: int | str) -> list[tuple[Any, ...]]:
        """The rows of a named query of `queries.sql`."""
        return list(self._rows(name, **values))

    def _rows(self, name: str, **values: int | str) -> Iterator[tuple[Any, ...]]:
        with translated():
            yield from self._connection.execute(self._sql[name], values)


@contextmanager
def open_reader(path: Path) -> Iterator[JournalReader]:
    """A reader for the time of a `with`. Raises `Unavailable`: `store_failed` (no such file), `store_corrupt`."""
    if not path.is_file():
        raise Unavailable("store_failed", f"no such file: {path}")
    log = path.with_name(f"{path.name}-wal")
    with TemporaryDirectory(prefix="pos-client-journal-") as folder:
        options = ""
        if not is_held(path):
            if log.is_file() and log.stat().st_size:
                copy = Path(folder) / "journal.db"
                shutil.copyfile(path, copy)
                shutil.copyfile(log, copy.with_name("journal.db-wal"))
                path = copy
            else:
                options = "?immutable=1"
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        with translated():
            connection = apsw.Connection(path.resolve().as_uri() + options, flags=flags)
            know_sums(connection)
        try:
            with translated():
                connection.set_busy_timeout(5000)
                tables = connection.execute("SELECT name FROM sqlite_schema").fetchall()  # a damaged file is said here
            if ("journal",) not in tables:
                raise Unavailable("store_corrupt", "no journal in it")
            yield JournalReader(connection, frozenset(str(name) for (name,) in tables))
        finally:
            connection.close(force=True)


def as_json(entry: JournalEntry) -> dict[str, Any]:
    """An entry as the command line prints it: `seq`, `at`, `kind`, `subject`, and the fact's own fields."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "kind": type(entry.fact).__name__,
        "subject": entry.subject,
        "fact": asdict(entry.fact),
    }
