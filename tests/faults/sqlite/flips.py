"""One bit of a book, its log or its mirror turned: noticed, mended from the other copy, or of no effect; never a silent
change.

`in_memory` is the fast way, over the book alone: `verify` finds it, or all rows are what they were. `on_disk` opens
what lies there as a till does: it refuses, mends, or has all it had.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from pos_client.adapters.sqlite.connection import know_sums
from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.reader import JournalReader, open_reader
from pos_client.bootstrap.books import ChainKeyFound, open_books, take_chain_key
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from tests.fakes.acknowledged_books import CHAIN_KEY
from tests.fakes.storage_calls import StorageCalls
from tests.fakes.till_in_place import station_in_place
from tests.unit.services.plays import PLAYS

TABLES = ("journal", "subject", "outbox", "totalizer")
KEYS = {1: CHAIN_KEY}
FILES = ("journal.db", "journal.db-wal", "mirror/mirror-000001.seg")


class Flipper:
    """Books of a short day, with items still waiting: closed, and as a till that died left them (with a log)."""

    def __init__(self, folder: Path) -> None:
        self._left, self._work = folder / "left", folder / "work"
        site = folder / "till"
        site.mkdir()
        with station_in_place(site, StorageCalls()) as rig:
            rig.play(PLAYS["gift-while-selling"])
            rig.central.down = True
            rig.play((*PLAYS["accrue-cash"], *PLAYS["shift"][:4]))
            shutil.copytree(site, self._left)
            rig.store.close()
        connection = apsw.Connection(str(site / "journal.db"))
        connection.pragma("journal_mode", "delete")  # a database in memory knows no log
        connection.close()
        self.raw = (site / "journal.db").read_bytes()
        self._good = self._rows_of(self.raw)[1]
        self.sizes = {name: (self._left / name).stat().st_size for name in FILES}

    def in_memory(self, at: int, bit: int) -> str:
        """What became of one bit of the closed book; "SILENT" is the one answer that must never come."""
        raw = bytearray(self.raw)
        raw[at] ^= 1 << bit
        try:
            verdict, rows = self._rows_of(bytes(raw))
        except Unavailable as trouble:
            return trouble.code
        except apsw.Error as error:
            return type(error).__name__
        if verdict is not None:
            return "verify"
        return "harmless" if rows == self._good else "SILENT"

    def on_disk(self, name: str, at: int, bit: int) -> str:
        """What became of one bit of a file that a till which died has left, when the next one opens it."""
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._left, self._work)
        file = self._work / name
        raw = bytearray(file.read_bytes())
        raw[at] ^= 1 << bit
        file.write_bytes(raw)
        try:
            opened = open_books(Site(self._work), str(self._work / "mirror"))
        except Unavailable as trouble:
            return trouble.code
        trouble_with_key = take_chain_key(opened.store, ChainKeyFound(CHAIN_KEY, fresh=False)).trouble
        opened.store.close()
        if trouble_with_key is not None:
            return trouble_with_key
        with open_reader(self._work / "journal.db") as reader:
            broken = reader.verify(KEYS).broken_at
        if broken is not None:
            return "verify"
        same = self._rows_of((self._work / "journal.db").read_bytes(), wal=True)[1] == self._good
        if not same:
            return "SILENT"
        return "harmless" if opened.rebuilt is None else "mended"

    def _rows_of(self, raw: bytes, *, wal: bool = False) -> tuple[int | None, Sequence[Any]]:
        connection = apsw.Connection(":memory:")
        try:
            know_sums(connection)
            connection.deserialize("main", raw[:18] + b"\1\1" + raw[20:] if wal else raw)
            with translated():
                broken = JournalReader(connection, frozenset({*TABLES, "acknowledgement"})).verify(KEYS).broken_at
                return broken, [connection.execute(f"SELECT * FROM {each} ORDER BY 1, 2").fetchall() for each in TABLES]
        finally:
            connection.close(force=True)
