"""What a till has said is durable, as a plain model; what it finds on its disk when it starts is held against it.

Nothing acknowledged may be missing, no bytes of an outbox item changed; nothing else may be there but one change, and
that one whole: the one that was under way when the till died, or one that a failing disk refused at the end (it may
have reached the mirror or the platter all the same; `store.py` says so).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_client.adapters.sqlite import chain
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.journal import JournalEntry
from pos_client.ports.store import Books, Change

CHAIN_KEY = b"k" * 32


class AcknowledgedBooks(MemoryStore):
    """What the till said was durable. `under_way`: what it has begun to write since, or was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.crash_after: int | None = None
        self.under_way: list[tuple[Change, datetime]] = []
        self.refusals: list[str] = []

    def power_cut(self) -> None:
        """Nothing here is lost."""

    def written(self) -> None:
        MemoryStore.commit(self, *self.under_way[-1])
        self.commits += 1
        self.under_way = []

    def found(self, entries: tuple[JournalEntry, ...], books: Books) -> None:
        """What a till found on the disk must be what was acknowledged, or that and all of the change under way."""
        for change in (None, *self.under_way):
            told = self._with(change)
            if told._is(entries, books):
                self.__dict__.update(told._content())
                self.under_way = []
                return
        raise Violation("I14", self._difference(entries, books))

    def _with(self, change: tuple[Change, datetime] | None) -> AcknowledgedBooks:
        told = AcknowledgedBooks()
        told.__dict__.update(self._content())
        if change is not None:
            MemoryStore.commit(told, *change)
        return told

    def _content(self) -> dict[str, Any]:
        return {name: copy(self.__dict__[name]) for name in vars(MemoryStore())}

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        """As they stand in the book, chained with the till's key."""
        mac, rows = chain.START, []
        for row in self.rows:
            mac = chain.mac_of(CHAIN_KEY, mac, row.seq, row.at, row.kind, row.body)
            rows.append(replace(row, mac=mac, key=1))
        return rows[seq - 1 : seq - 1 + limit]

    def stands_in(self, book: Path) -> None:
        """A book that was closed holds just what was acknowledged, and its chain is whole."""
        with open_reader(book) as reader:
            verdict, entries = reader.verify({1: CHAIN_KEY}), list(reader.everything())
        hold(verdict.broken_at is None and not verdict.unchecked, "I11", f"the chain is broken: {verdict}")
        hold(entries == self.journal, "I14", "the book is not what was acknowledged")

    def _is(self, entries: tuple[JournalEntry, ...], books: Books) -> bool:
        return list(entries) == self.journal and _plain(books) == _plain(MemoryStore.open_books(self))

    def _difference(self, entries: tuple[JournalEntry, ...], books: Books) -> str:
        mine, theirs = _plain(MemoryStore.open_books(self)), _plain(books)
        parts = [name for name, value in mine.items() if theirs[name] != value]
        return f"{len(entries)} rows found, {len(self.journal)} acknowledged; other: {parts}"


def _plain(books: Books) -> dict[str, Any]:
    return {
        "entries": books.entries,
        "items": sorted(books.items, key=lambda item: item.key),
        "totalizers": books.totalizers,
        "turned": books.turned,
        "receipt_counter": books.receipt_counter,
        "acknowledged": books.acknowledged,
    }
