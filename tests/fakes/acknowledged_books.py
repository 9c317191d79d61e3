"""What a till has said is durable, as a plain model; what it finds on its disk when it starts is held against it.

Nothing acknowledged may be missing, no bytes of an outbox item changed; nothing else may be there but the one change
that was under way, and that one whole.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.bootstrap.simulate.violation import hold
from pos_client.domain.journal import JournalEntry
from pos_client.ports.store import Books, Change

CHAIN_KEY = b"k" * 32


class AcknowledgedBooks(MemoryStore):
    """What the till said was durable. `writing`: what it is about to write, or was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.crash_after: int | None = None
        self.writing: tuple[Change, datetime] | None = None
        self.refusals: list[str] = []

    def power_cut(self) -> None:
        """Nothing here is lost."""

    def written(self) -> None:
        assert self.writing is not None
        MemoryStore.commit(self, *self.writing)
        self.commits += 1
        self.writing = None

    def found(self, entries: tuple[JournalEntry, ...], books: Books) -> None:
        """What a till found on the disk must be what was acknowledged, or that and all of the change under way."""
        if not self._is(entries, books):
            hold(self.writing is not None, "I14", self._difference(entries, books))
            self.written()
            hold(self._is(entries, books), "I14", self._difference(entries, books))
        self.writing = None

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
    }
