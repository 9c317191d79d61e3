"""What a person decides a case by: the story as the till wrote it down, the fuelling with its pump's readings, the
price list in force, the customer's and the cashier's history.

Nothing is stored for it. The till's journal is signed and chained; what is read here is what central holds of it, and
what it does not hold is said to be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

import msgspec
from sqlalchemy import Row, String, and_, cast, func, or_, select

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import ms_of_text
from pos_client.sandbox.central.ledger.review_desk import CaseKind, DeskCase
from pos_client.sandbox.central.storage.journal_tables import journal_rows
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import accruals, redemptions
from pos_client.value import dataclass

MOST_LINES = 60
LATEST = 10
WEEK_MS = 7 * 86_400_000
SHIFT_OPENED, COMPLETED, PRICED = "ShiftOpened", "FuellingCompleted", "FuellingPriced"
_IDS = ("sale_id", "fuelling_id", "redemption_id", "accrual_id")
"""Fields of facts that lead from one to the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a till's journal that belongs to the case."""

    seq: int
    at: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """An account in the last seven days: sales that earned, how much, at how many stations; its latest sales."""

    account: str
    sales: int
    amount_vnd: int
    stations: int
    latest: tuple[Row[Any], ...]


@dataclass(frozen=True, slots=True)
class Cashier:
    """Who was at the till, and in how many of its sales of that shift points were earned; the most by one ID."""

    name: str
    since: str
    sales: int
    most_of_one: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All there is. `price` and `price_in_force`: of the fuelling and of the list of the zone at that moment, đồng a
    litre; None: not known here."""

    terminal: str = ""
    sale: Row[Any] | None = None
    redemption: Row[Any] | None = None
    fuelling: Mapping[str, Any] = field(default_factory=dict)
    price: int | None = None
    price_in_force: int | None = None
    lines: tuple[Line, ...] = ()
    customer: Customer | None = None
    cashier: Cashier | None = None


def of(book: Book, case: DeskCase) -> Evidence:
    """Everything about this case."""
    subject = case.words.rpartition(":")[0] if case.kind is CaseKind.DUPLICATE else case.who
    sale = book.db.execute(select(accruals).where(accruals.c.id == subject)).one_or_none()
    redemption = book.db.execute(select(redemptions).where(redemptions.c.id == subject)).one_or_none()
    known = sale if sale is not None else redemption
    terminal = case.place if case.kind is CaseKind.DUPLICATE else "" if known is None else str(known.terminal)
    account = case.who if case.kind is CaseKind.DISPUTED else None if known is None else known.account
    lines = _story(book, terminal, subject) if terminal and subject else ()
    fuelling = next((line.body for line in lines if line.kind == COMPLETED), {})
    priced = next((line.body for line in lines if line.kind == PRICED), fuelling)
    at_ms = ms_of_text(str(fuelling.get("finished_at", ""))) or (sale and ms_of_text(sale.fuelled_at)) or case.at_ms
    grade = str(priced.get("grade_code", "") or (sale.grade_code if sale is not None else ""))
    station = terminal.rpartition("-")[0]
    return Evidence(
        terminal,
        sale,
        redemption,
        fuelling,
        _whole(priced.get("unit_price")),
        price_in_force(book, station, grade, at_ms),
        lines,
        _customer(book, account) if account else None,
        _cashier(book, terminal, lines),
    )


def price_in_force(book: Book, station: str, grade: str, at_ms: int) -> int | None:
    """The list's price of a grade where this station lies, at a moment; None where no list says one."""
    found = (
        select(zone_prices.c.unit_price)
        .join(station_places, zone_prices.c.zone == cast(station_places.c.zone, String))
        .where(station_places.c.station == station, zone_prices.c.grade == grade, zone_prices.c.from_ms <= at_ms)
        .order_by(zone_prices.c.from_ms.desc())
        .limit(1)
    )
    return book.db.scalar(found)


def body_of(row: Row[Any]) -> dict[str, Any]:
    """What a row of a journal says; empty for one that cannot be read."""
    try:
        return msgspec.json.decode(row.body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def _story(book: Book, terminal: str, subject: str) -> tuple[Line, ...]:
    """Rows that name the case, then those that name what these name: sale and fuelling."""
    first = _naming(book, terminal, {subject})
    ids = {str(line.body[name]) for line in first for name in _IDS if line.body.get(name)}
    wider = _naming(book, terminal, ids) if ids - {subject} else []
    fuellings = {str(line.body["fuelling_id"]) for line in wider if line.body.get("fuelling_id")}
    more = _naming(book, terminal, fuellings) if fuellings - ids else []
    found = {(line.seq, line.kind): line for line in (*first, *wider, *more)}
    return tuple(sorted(found.values(), key=lambda line: line.seq)[:MOST_LINES])


def _naming(book: Book, terminal: str, names: Iterable[str]) -> list[Line]:
    c = journal_rows.c
    holds = or_(*(c.body.contains(f'"{name}"', autoescape=True) for name in names))
    rows = book.db.execute(
        select(journal_rows).where(c.terminal == terminal, holds).order_by(c.epoch.desc(), c.seq).limit(MOST_LINES)
    )
    return [Line(int(row.seq), str(row.at), str(row.kind), body_of(row)) for row in rows]


def _customer(book: Book, account: str) -> Customer:
    since = book.now_ms - WEEK_MS
    mine = and_(accruals.c.account == account, accruals.c.at_ms > since)
    sales, amount, places = book.db.execute(
        select(func.count(), func.sum(accruals.c.amount_vnd), func.count(accruals.c.station.distinct())).where(mine)
    ).one()
    latest = select(accruals).where(accruals.c.account == account).order_by(accruals.c.at_ms.desc()).limit(LATEST)
    return Customer(account, int(sales), int(amount or 0), int(places), tuple(book.db.execute(latest).all()))


def _cashier(book: Book, terminal: str, lines: tuple[Line, ...]) -> Cashier | None:
    """By the shift that stood open where the story begins."""
    if not lines:
        return None
    c = journal_rows.c
    shifts = select(journal_rows).where(c.terminal == terminal, c.kind == SHIFT_OPENED).order_by(c.epoch, c.seq)
    opened = [row for row in book.db.execute(shifts) if row.seq <= lines[0].seq]
    if not opened:
        return None
    begun, body = opened[-1], body_of(opened[-1])
    after = select(c.seq).where(
        c.terminal == terminal, c.epoch == begun.epoch, c.kind == SHIFT_OPENED, c.seq > begun.seq
    )
    end = book.db.scalar(after.order_by(c.seq).limit(1))
    stated = select(journal_rows).where(
        c.terminal == terminal, c.epoch == begun.epoch, c.kind == "AccrualStated", c.seq > begun.seq
    )
    if end is not None:
        stated = stated.where(c.seq < end)
    ids = [str(body_of(row).get("accrual_id", "")) for row in book.db.execute(stated)]
    of_one = select(func.count()).where(accruals.c.id.in_(ids)).group_by(accruals.c.account)
    most = max((int(number) for number in book.db.scalars(of_one)), default=0)
    return Cashier(str(body.get("cashier", "")), str(body.get("opened_at", "")), len(ids), most)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
