"""Holds a book against its mirror, row by row, without touching either."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pos_client.adapters.sqlite import mirror
from pos_client.adapters.sqlite.content import Content
from pos_client.domain.acknowledgement import JournalRow
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class MirrorVerdict:
    """What the mirror says of the book. `differs_at`: the first row that stands otherwise in it; None: none does."""

    compared: int
    missing: int = 0
    """rows of the book it does not hold: it was away, or begun later"""
    beyond: int = 0
    """rows it holds behind the book's end: the book is an old copy, or has lost its end"""
    damaged: int = 0
    """places of it that cannot be read"""
    differs_at: int | None = None


def hold_against(folder: Path, rows: Iterable[JournalRow]) -> MirrorVerdict | None:
    """The book's rows beside the mirror in a folder; None when there is no mirror there. Raises `OSError`."""
    if not mirror.segments(folder):
        return None
    content, damaged = Content(), 0
    for record in mirror.standing(folder):
        if isinstance(record, mirror.Damage):
            damaged += 1
        else:
            content.take(record)
    compared = missing = last = 0
    differs: int | None = None
    for row in rows:
        last = row.seq
        kept = content.rows.get(row.seq)
        if kept is None:
            missing += 1
            continue
        compared += 1
        _, at, kind, _, body, mac, key = kept
        same = (at, kind, body.encode(), mac, key) == (row.at, row.kind, row.body, row.mac.hex(), row.key)
        if not same and differs is None:
            differs = row.seq
    beyond = sum(seq > last for seq in content.rows)
    return MirrorVerdict(compared, missing, beyond, damaged, differs)
