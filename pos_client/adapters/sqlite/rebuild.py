"""A new book out of its mirror, when the book cannot be read or is older than what was already confirmed.

Nothing is repaired in place: the damaged file, its log and its index are moved aside and stay for whoever looks into
it. The rows are chained as they were, so a mirror somebody edited gives a book that says so itself.
"""

from __future__ import annotations

import os
from pathlib import Path

from pos_client.adapters.sqlite import mirror
from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.content import Content
from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.migrate import bring_up
from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass

BESIDE = ("-wal", "-shm", "")
"""What belongs to a book; itself last."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. `damaged`: places of the mirror that could not be read; rows behind the first may lack."""

    rows: int
    aside: Path
    damaged: int


def rebuild(path: Path, folder: Path, *, training: bool = False) -> Rebuilt:
    """Move the book aside and make a new one from the mirror.

    Raises `Unavailable("store_corrupt")` when the mirror holds nothing, or the disk's reason; the book stays then.
    """
    with translated():
        content, damaged = _read(folder)
        if not content.rows_after(0):
            raise Unavailable("store_corrupt", "the book is damaged and its mirror holds nothing")
        unfinished = path.with_name(f"{path.name}.rebuilding")
        for end in BESIDE:
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
        connection = connect(unfinished)
        try:
            bring_up(connection, unfinished, training=training)
            rows = content.write(connection, 0)
            connection.pragma("wal_checkpoint", "TRUNCATE")
        finally:
            connection.close(force=True)
        aside = _move_aside(path)
        os.replace(unfinished, path)
    return Rebuilt(rows, aside, damaged)


def _read(folder: Path) -> tuple[Content, int]:
    content, damaged = Content(), 0
    for record in mirror.standing(folder):
        if isinstance(record, mirror.Damage):
            damaged += 1
        else:
            content.take(record)
    return content, damaged


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
