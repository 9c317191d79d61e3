"""The rows of lots, read in spending order and only as far as they are needed.

A fund may hold ten thousand live lots, and a redemption takes from the first few: an index keeps what is alive in the
order in which it is spent, and a reader stops where the amount is covered. Which of them give how much is decided by
`domain/programme`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from pos_client.domain.programme import Lot
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import from_ms, to_ms
from pos_client.sandbox.central.storage.ledger_tables import hold_lots, lots

FIRST_WINDOW = 16
_ORDER = (lots.c.expires_on, lots.c.credited_at_ms, lots.c.entry_id)
_USABLE = (
    select(lots)
    .where(lots.c.fund == bindparam("fund"), lots.c.points_left > 0, lots.c.expires_on >= bindparam("today"))
    .order_by(*_ORDER)
    .limit(bindparam("window", type_=Integer))
)
_NEW = insert(lots)
_ADD = (
    update(lots)
    .where(lots.c.entry_id == bindparam("lot"))
    .values(points_left=lots.c.points_left + bindparam("more", type_=BigInteger))
)
_HELD = (
    select(hold_lots.c.points, lots)
    .join(lots, lots.c.entry_id == hold_lots.c.entry_id)
    .where(hold_lots.c.redemption_id == bindparam("redemption"))
    .order_by(*_ORDER)
)


def everything(book: Book, fund: str) -> list[Lot]:
    """Lots with something left in them; dead ones among them until the sweep."""
    return [of_row(row) for row in book.db.execute(_alive(fund))]


def covering(book: Book, fund: str, points: int) -> list[Lot]:
    """The first usable lots in spending order that give so much together; all of them when they do not."""
    asked = {"fund": fund, "today": book.today.isoformat()}
    found: list[Lot] = []
    window, covered = FIRST_WINDOW, 0
    after: Row[Any] | None = None
    while covered < points:
        query = _USABLE
        if after is not None:
            query = query.where(tuple_(*_ORDER) > (after.expires_on, after.credited_at_ms, after.entry_id))
        rows = book.db.execute(query, asked | {"window": window}).all()
        found += map(of_row, rows)
        covered += sum(row.points_left for row in rows)
        if len(rows) < window:
            break
        after, window = rows[-1], window * 4
    return found


def next_to_die(book: Book, fund: str) -> list[Lot]:
    """Usable lots that share the nearest last day."""
    nearest = (
        select(func.min(lots.c.expires_on))
        .where(lots.c.fund == fund, lots.c.points_left > 0, lots.c.expires_on >= book.today.isoformat())
        .scalar_subquery()
    )
    return [of_row(row) for row in book.db.execute(_alive(fund).where(lots.c.expires_on == nearest))]


def dead_points(book: Book, fund: str) -> int:
    """Points whose day has passed and that no sweep has met yet."""
    return int(book.db.scalar(dead_points_of(literal(fund), literal(book.today.isoformat()))) or 0)


def dead_points_of(fund: ColumnElement[str], today: ColumnElement[str]) -> Select[tuple[int]]:
    """The question how many points' day has passed, that no sweep has met yet."""
    return select(func.sum(lots.c.points_left)).where(
        lots.c.fund == fund, lots.c.points_left > 0, lots.c.expires_on < today
    )


def dead(book: Book, at_most: int) -> list[tuple[str, Lot]]:
    """The first of all dead lots, each with its fund."""
    rows = book.db.execute(
        select(lots)
        .where(lots.c.expires_on < book.today.isoformat(), lots.c.points_left > 0)
        .order_by(lots.c.expires_on)
        .limit(at_most)
    )
    return [(str(row.fund), of_row(row)) for row in rows]


def held_by(book: Book, redemption_id: str) -> list[Lot]:
    """What a hold holds of each lot, first to die first."""
    rows = book.db.execute(_HELD, {"redemption": redemption_id})
    return [replace(of_row(row), points_left=row.points) for row in rows]


def twin(book: Book, fund: str, lot: Lot) -> int | None:
    """The first lot of a fund with this one's age and last day."""
    same = select(func.min(lots.c.entry_id)).where(
        lots.c.fund == fund,
        lots.c.expires_on == lot.expires_on.isoformat(),
        lots.c.credited_at_ms == to_ms(lot.credited_at),
    )
    found = book.db.scalar(same)
    return None if found is None else int(found)


def change(book: Book, changes: Iterable[tuple[int, int]]) -> None:
    """Add points to lots, or take them out: (lot, points)."""
    rows = [{"lot": entry_id, "more": points} for entry_id, points in changes if points]
    if rows:
        book.db.execute(_ADD, rows)


def add(book: Book, entry_id: int, fund: str, points: int, expires_on: date, credited_at_ms: int) -> None:
    """A new lot, credited by this transfer."""
    row = {"entry_id": entry_id, "fund": fund, "points_left": points, "credited_at_ms": credited_at_ms}
    book.db.execute(_NEW, row | {"expires_on": expires_on.isoformat()})


def _alive(fund: str) -> Select[Any]:
    return select(lots).where(lots.c.fund == fund, lots.c.points_left > 0)


def of_row(row: Row[Any]) -> Lot:
    """A row of the table as the engine knows it."""
    return Lot(row.entry_id, row.points_left, from_ms(row.credited_at_ms), date.fromisoformat(row.expires_on))
