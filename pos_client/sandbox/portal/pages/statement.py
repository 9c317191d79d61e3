"""The statement: every entry of a customer's fund and of its vouchers, filtered, and taken along as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, Subquery, func, select, union_all
from starlette.responses import Response, StreamingResponse

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.ledger import pools
from pos_client.sandbox.central.ledger.moment import day_of, to_ms
from pos_client.sandbox.central.storage.ledger_tables import HOLD, RELEASE, transfers
from pos_client.sandbox.central.storage.tables import accruals, redemptions, stations, vouchers
from pos_client.sandbox.portal import spreadsheet
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.spool import Spool
from pos_client.sandbox.portal.typed import read_day
from pos_client.sandbox.portal.visit import Paging, Visit

KINDS = (
    "opening", "accrual", "accrual_reversed", "redemption", "redemption_reversed", "moved", "moved_back", "joined",
    "shared", "expiry", "conversion", "extension",
)  # fmt: skip
MOST_EXPORTED = 1_000_000
"""What a sheet holds, and a little less."""
MOST_CHOICES = 500
"""Vouchers that can be chosen from a list; any other is found by the page of the voucher."""


class Line(Struct, frozen=True, array_like=True):
    """One entry as it is told; without a fund: the customer's own."""

    day: date
    kind: str
    fund: str
    place: str
    points: int
    reference: str


def show(visit: Visit) -> Response:
    """One page of it, newest first, with its sums."""
    wanted = entries_of(visit)
    count, came, went = visit.book.db.execute(
        select(
            func.count(),
            func.sum(wanted.c.points).filter(wanted.c.points > 0),
            func.sum(wanted.c.points).filter(wanted.c.points < 0),
        ).select_from(wanted)
    ).one()
    paging = Paging.of(visit, int(count))
    rows = visit.book.db.execute(page_of(wanted, paging.size, paging.offset)).all()
    codes = visit.book.db.scalars(
        select(vouchers.c.code).where(vouchers.c.account == visit.account).order_by(vouchers.c.code).limit(MOST_CHOICES)
    )
    return visit.page(
        "statement.html",
        rows=rows,
        paging=paging,
        came=int(came or 0),
        went=int(went or 0),
        kinds=KINDS,
        codes=list(codes),
        own=pools.fund_of(visit.book, visit.account),
    )


def export(visit: Visit) -> Response:
    """The same as a file, oldest first; told piece by piece, when the ledger has long been let go."""
    own, wanted = pools.fund_of(visit.book, visit.account), entries_of(visit)
    rows = visit.book.db.execute(
        with_places(wanted).order_by(wanted.c.id).limit(MOST_EXPORTED).execution_options(yield_per=1_000)
    )
    copied = Spool((_line(row, own) for row in rows), Line)
    say, is_xlsx = visit.say, visit.named("form") == "xlsx"

    def lines() -> Iterator[Sequence[spreadsheet.Cell]]:
        yield [say(f"statement.{name}") for name in ("day", "kind", "fund", "place", "points", "reference")]
        for line in copied:
            fund = line.fund or say("statement.own_fund")
            yield [line.day, say(f"entry.{line.kind}"), fund, line.place, line.points, line.reference]

    return StreamingResponse(
        spreadsheet.xlsx_of(say("statement.title"), lines()) if is_xlsx else spreadsheet.csv_of(lines()),
        media_type=spreadsheet.XLSX if is_xlsx else spreadsheet.CSV,
        headers={"Content-Disposition": f'attachment; filename="sao-ke.{"xlsx" if is_xlsx else "csv"}"'},
    )


def _line(row: Row[Any], own: str) -> Line:
    fund = "" if row.fund == own else row.fund
    return Line(day_of(row.at_ms), row.kind, fund, row.place or "", int(row.points), row.reference)


def entries_of(visit: Visit) -> Subquery:
    """The entries that are asked for: both sides of the own fund's transfers, and of its vouchers'. Each of the four is
    read by its index; together, as an account's statement is declared, a database reads every transfer there is."""
    moved, own, fund = transfers.c, pools.fund_of(visit.book, visit.account), visit.field("fund")
    narrowed = [moved.kind.not_in((HOLD, RELEASE)), *_narrowed(visit)]
    sides = []
    for place, points in ((moved.target, moved.points), (moved.source, -moved.points)):
        side = select(
            moved.id, place.label("fund"), moved.kind, points.label("points"), moved.reference, moved.at_ms
        ).where(*narrowed)
        if fund in ("", "own"):
            sides.append(side.where(place == own))
        if fund != "own":
            theirs = side.join(vouchers, vouchers.c.code == place).where(vouchers.c.account == visit.account)
            sides.append(theirs.where(place == fund) if fund else theirs)
    return union_all(*sides).subquery()


def _narrowed(visit: Visit) -> Iterator[ColumnElement[bool]]:
    since, until = _day(visit, "since"), _day(visit, "until")
    if since is not None:
        yield transfers.c.at_ms >= _start_of(since)
    if until is not None:
        yield transfers.c.at_ms < _start_of(until + timedelta(days=1))
    if (kind := visit.field("kind")) in KINDS:
        yield transfers.c.kind == kind


def page_of(wanted: Subquery, size: int, offset: int = 0) -> Select[Any]:
    """So many of them, newest first: which rows they are is found without carrying all that stands in them."""
    order = (wanted.c.id.desc(), wanted.c.points.desc())
    bare = select(wanted.c.id, wanted.c.fund, wanted.c.points).order_by(*order)
    some = bare.limit(size).offset(offset).subquery()
    moved = transfers.c
    whole = select(some, moved.kind, moved.reference, moved.at_ms).join(transfers, moved.id == some.c.id).subquery()
    return with_places(whole).order_by(whole.c.id.desc(), whole.c.points.desc())


def with_places(wanted: Subquery) -> Select[Any]:
    """The same with the station where fuel flowed."""
    return (
        select(wanted, func.coalesce(stations.c.name, redemptions.c.station, accruals.c.station).label("place"))
        .outerjoin(redemptions, redemptions.c.id == wanted.c.reference)
        .outerjoin(accruals, accruals.c.id == wanted.c.reference)
        .outerjoin(stations, stations.c.code == func.coalesce(redemptions.c.station, accruals.c.station))
    )


def _day(visit: Visit, name: str) -> date | None:
    if not (text := visit.field(name)):
        return None
    day = read_day(text)
    if day is None:
        visit.fault(RuleViolation("day_unreadable", field=name))
    return day


def _start_of(day: date) -> int:
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=VIETNAM))


ROUTES = (
    get("/statement", show, "organisation", "individual"),
    get("/statement.{form}", export, "organisation", "individual"),
)
