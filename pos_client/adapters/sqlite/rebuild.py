"""A new book out of its mirror, when the book cannot be read or is older than what was already confirmed.

Nothing is repaired in place: the damaged file, its log and its index are moved aside and stay for whoever looks into
it. The rows are chained as they were, so a mirror somebody edited gives a book that says so itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from pos_client.adapters.sqlite import mirror
from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.migrate import bring_up
from pos_client.adapters.sqlite.queries import queries
from pos_client.ports.errors import Unavailable

BESIDE = ("-wal", "-shm", "")
"""What belongs to a book; itself last."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. `damaged`: places of the mirror that could not be read; rows behind the first may lack."""

    rows: int
    aside: Path
    damaged: int


@dataclass(slots=True)
class _Content:
    """What the mirror holds, folded."""

    rows: dict[int, list[Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    totalizers: dict[tuple[int, int], int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def take(self, record: mirror.Record) -> None:
        if record.get("everything"):
            self.items.clear()
            self.totalizers.clear()
        for row in record.get("rows", ()):
            self.rows[row[0]] = row
        for item in record.get("items", ()):
            if item.pop("delivered", False):
                self.items.pop(item["key"], None)
            else:
                self.items[item["key"]] = item
        self.totalizers |= {(point, nozzle): total for point, nozzle, total in record.get("totalizers", ())}
        self.closed |= set(record.get("closed", ()))


def rebuild(path: Path, folder: Path) -> Rebuilt:
    """Move the book aside and make a new one from the mirror.

    Raises `Unavailable("store_corrupt")` when the mirror holds nothing, or the disk's reason; the book stays then.
    """
    content, damaged = _read(folder)
    rows = _gapless(content)
    if not rows:
        raise Unavailable("store_corrupt", "the book is damaged and its mirror holds nothing")
    unfinished = path.with_name(f"{path.name}.rebuilding")
    for end in BESIDE:
        unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
    connection = connect(unfinished)
    try:
        bring_up(connection, unfinished)
        with translated():
            _write(connection, content, rows)
            connection.pragma("wal_checkpoint", "TRUNCATE")
    finally:
        connection.close(force=True)
    aside = _move_aside(path)
    os.replace(unfinished, path)
    return Rebuilt(len(rows), aside, damaged)


def _read(folder: Path) -> tuple[_Content, int]:
    content, damaged = _Content(), 0
    before: mirror.Record | None = None
    for record in mirror.records(folder):
        if isinstance(record, mirror.Damage):
            damaged += 1
        elif record.get("taken_back"):
            before = None
        else:
            if before is not None:
                content.take(before)
            before = record
    if before is not None:
        content.take(before)
    return content, damaged


def _gapless(content: _Content) -> list[list[Any]]:
    """The rows from 1 on without a gap: what stands behind one cannot be chained to anything."""
    rows: list[list[Any]] = []
    while (row := content.rows.get(len(rows) + 1)) is not None:
        rows.append(row)
    return rows


def _write(connection: apsw.Connection, content: _Content, rows: list[list[Any]]) -> None:
    sql = queries()
    with connection:
        for seq, at, kind, subject, body, mac, key in rows:
            values = {"seq": seq, "at": at, "kind": kind, "subject": subject, "key": key}
            connection.execute(sql["append_entry"], values | {"body": body.encode(), "mac": bytes.fromhex(mac)})
            connection.execute(sql["open_subject"], {"subject": subject})
        for subject in sorted(content.closed):
            connection.execute(sql["close_subject"], {"subject": subject})
        for item in content.items.values():
            connection.execute(sql["put_item"], item | {"body": bytes.fromhex(item["body"])})
        for (point, nozzle), total in content.totalizers.items():
            connection.execute(sql["put_totalizer"], {"point": point, "nozzle": nozzle, "totalizer_ml": total})


def _move_aside(path: Path) -> Path:
    """The damaged book under another name, with what belongs to it."""
    number = 1
    while path.with_name(f"{path.name}.damaged-{number}").exists():
        number += 1
    aside = path.with_name(f"{path.name}.damaged-{number}")
    for end in BESIDE:
        part = path.with_name(path.name + end)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + end))
    return aside
