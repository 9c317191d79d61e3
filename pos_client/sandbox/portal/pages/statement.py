"""The statement: every entry of a customer's fund and of its vouchers, filtered, and taken along as a file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.ledger import pools
from pos_client.sandbox.central.ledger.moment import day_of, to_ms
from pos_client.sandbox.central.storage.ledger_tables import entries
from pos_client.sandbox.central.storage.tables import accruals, redemptions, stations, vouchers
from pos_client.sandbox.portal import spreadsheet
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.typed import read_day
from pos_client.sandbox.portal.visit import Paging, Visit

KINDS = (
    "opening", "accrual", "accrual_reversed", "redemption", "redemption_reversed", "moved", "moved_back", "joined",
    "shared", "expiry", "conversion", "extension",
)  # fmt: skip
MOST_EXPORTED = 50_000


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
    rows = visit.book.db.execute(
        select(wanted).order_by(wanted.c.id.desc()).limit(paging.size).offset(paging.offset)
    ).all()
    codes = visit.book.db.execute(
        select(vouchers.c.code).where(vouchers.c.account == visit.account).order_by(vouchers.c.code).limit(500)
    )
    return visit.page(
        "statement.html",
        rows=rows,
        paging=paging,
        came=int(came or 0),
        went=int(went or 0),
        kinds=KINDS,
        codes=[row.code for row in codes],
    )


def export(visit: Visit) -> Response:
    """The same as a file, oldest first."""
    wanted = entries_of(visit)
    rows = visit.book.db.execute(select(wanted).order_by(wanted.c.id).limit(MOST_EXPORTED))
    codes = set(visit.book.db.scalars(select(vouchers.c.code).where(vouchers.c.account == visit.account)))
    lines: list[list[spreadsheet.Cell]] = [
        [visit.say(f"statement.{name}") for name in ("day", "kind", "fund", "place", "points", "reference")]
    ]
    for row in rows:
        own = row.fund not in codes
        lines.append(
            [
                day_of(row.at_ms),
                visit.say(f"entry.{row.kind}"),
                visit.say("statement.own_fund") if own else row.fund,
                row.place or "",
                int(row.points),
                row.reference,
            ]
        )
    is_xlsx = visit.named("form") == "xlsx"
    content = spreadsheet.write_xlsx(visit.say("statement.title"), lines) if is_xlsx else spreadsheet.write_csv(lines)
    return Response(
        content,
        media_type=spreadsheet.XLSX if is_xlsx else spreadsheet.CSV,
        headers={"Content-Disposition": f'attachment; filename="sao-ke.{"xlsx" if is_xlsx else "csv"}"'},
    )


def entries_of(visit: Visit) -> Any:
    """The entries that are asked for, with the station where fuel flowed."""
    own = pools.fund_of(visit.book, visit.account)
    theirs = select(vouchers.c.code).where(vouchers.c.account == visit.account)
    found: Select[Any] = (
        select(entries, func.coalesce(stations.c.name, redemptions.c.station, accruals.c.station).label("place"))
        .outerjoin(redemptions, redemptions.c.id == entries.c.reference)
        .outerjoin(accruals, accruals.c.id == entries.c.reference)
        .outerjoin(stations, stations.c.code == func.coalesce(redemptions.c.station, accruals.c.station))
        .where(or_(entries.c.fund == own, entries.c.fund.in_(theirs)))
    )
    since, until = _day(visit, "since"), _day(visit, "until")
    if since is not None:
        found = found.where(entries.c.at_ms >= _start_of(since))
    if until is not None:
        found = found.where(entries.c.at_ms < _start_of(until + timedelta(days=1)))
    if (kind := visit.field("kind")) in KINDS:
        found = found.where(entries.c.kind == kind)
    if fund := visit.field("fund"):
        found = found.where(entries.c.fund == (own if fund == "own" else fund))
    return found.subquery()


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
