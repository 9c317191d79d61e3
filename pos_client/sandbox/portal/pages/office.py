"""Head office at a glance: what lies on the desk, what was earned and spent, the rules in force."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from starlette.responses import Response

from pos_client.domain import formatting
from pos_client.sandbox.central.ledger import review_desk, signals
from pos_client.sandbox.central.ledger.moment import day_of
from pos_client.sandbox.central.storage.ledger_tables import lots
from pos_client.sandbox.central.storage.tables import accounts, accruals, redemptions, stations
from pos_client.sandbox.portal import plots
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Visit

DAYS = 14


def show(visit: Visit) -> Response:
    """The first page."""
    db, now_ms = visit.book.db, visit.book.now_ms
    alive = select(func.sum(lots.c.points_left)).where(lots.c.expires_on >= visit.book.today.isoformat())
    return visit.page(
        "office.html",
        undecided=sum(case.is_open for case in review_desk.cases(visit.book)),
        seen=len(signals.of_week(visit.book, now_ms - signals.WEEK_MS)),
        outstanding=int(db.scalar(alive) or 0),
        held=int(db.scalar(select(func.count()).where(redemptions.c.state.in_(("HELD", "AUTHORISED")))) or 0),
        stations=int(db.scalar(select(func.count()).select_from(stations)) or 0),
        accounts=int(db.scalar(select(func.count()).select_from(accounts)) or 0),
        days=_by_day(visit),
    )


def plot(visit: Visit) -> Response:
    """Points earned and spent, day by day."""
    days = _by_day(visit)
    drawn = plots.bars(
        [name for name, _, _ in days],
        {
            visit.say("office.earned"): [earned for _, earned, _ in days],
            visit.say("office.spent"): [spent for _, _, spent in days],
        },
    )
    return Response(drawn, media_type="image/svg+xml", headers={"Content-Security-Policy": plots.POLICY})


def programme(visit: Visit) -> Response:
    """Every rule of the programme in force, with the source's words and our reading."""
    return visit.page("office_programme.html", profile=visit.book.profile)


def _by_day(visit: Visit) -> list[tuple[str, int, int]]:
    """(day, earned, spent) of the last fortnight."""
    first = visit.book.today - timedelta(days=DAYS - 1)
    since = visit.book.now_ms - DAYS * 86_400_000
    earned: dict[object, int] = {}
    spent: dict[object, int] = {}
    for row in visit.book.db.execute(select(accruals.c.at_ms, accruals.c.points).where(accruals.c.at_ms > since)):
        earned[day_of(row.at_ms)] = earned.get(day_of(row.at_ms), 0) + row.points
    for row in visit.book.db.execute(
        select(redemptions.c.created_ms, redemptions.c.points_debited).where(redemptions.c.created_ms > since)
    ):
        spent[day_of(row.created_ms)] = spent.get(day_of(row.created_ms), 0) + row.points_debited
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [(formatting.day(day)[:5], earned.get(day, 0), spent.get(day, 0)) for day in days]


ROUTES = (
    get("/office", show, "staff"),
    get("/office/points.svg", plot, "staff"),
    get("/office/programme", programme, "staff"),
)
