"""What tills wrote into their journals in a stretch of time, row by row, each with the cashier who was at work.

By when central received it: a till that was away is told of when it is back. A journal that was sent twice, under two
epochs, is told twice; who counts things that have names counts names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import select

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.value import dataclass

SHIFT_OPENED = "ShiftOpened"
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Told:
    """One row; `cashier` is empty where no shift was open."""

    terminal: str
    cashier: str
    kind: str
    body: dict[str, Any]


def rows(book: Book, begins_ms: int, ends_ms: int, kinds: tuple[str, ...]) -> Iterator[Told]:
    """Rows of these kinds that came in that time; one nobody can read is left out."""
    c, end = journal_rows.c, journal_watermarks.c
    found = book.db.execute(
        select(c.terminal, c.epoch, c.seq, c.kind, c.body)
        .join(journal_watermarks, (end.terminal == c.terminal) & (end.epoch == c.epoch))
        .where(end.at_ms >= begins_ms, c.kind.in_(kinds))
        .where(c.received_ms >= begins_ms, c.received_ms < ends_ms)
        .order_by(c.terminal, c.epoch, c.seq)
        .limit(MOST_ROWS)
    ).all()
    shifts = _shifts(book, {row.terminal for row in found})
    for row in found:
        body = _read(row.body)
        if body is not None:
            yield Told(row.terminal, _cashier(shifts.get((row.terminal, row.epoch), []), row.seq), row.kind, body)


def _shifts(book: Book, terminals: set[str]) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """(terminal, epoch) -> from which row on who was at work."""
    c = journal_rows.c
    opened = select(c.terminal, c.epoch, c.seq, c.body).where(c.kind == SHIFT_OPENED, c.terminal.in_(terminals))
    found: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for row in book.db.execute(opened.order_by(c.seq)):
        body = _read(row.body)
        found[row.terminal, row.epoch].append((row.seq, "" if body is None else str(body.get("cashier", ""))))
    return found


def _cashier(shifts: list[tuple[int, str]], seq: int) -> str:
    at = bisect_right(shifts, seq, key=lambda shift: shift[0])
    return shifts[at - 1][1] if at else ""


def _read(body: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
