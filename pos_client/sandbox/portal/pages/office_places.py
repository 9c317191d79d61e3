"""Stations, prices by zone with their hour, and the limits of what is spent while central is away."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.ledger import limits, managers
from pos_client.sandbox.central.ledger.moment import from_ms, to_ms
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import grades, stations
from pos_client.sandbox.portal import plots
from pos_client.sandbox.portal.finding import holds
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.typed import read_moment, read_number
from pos_client.sandbox.portal.visit import Paging, Visit

ZONES = ("1", "2")
LEAST_PRICE, MOST_PRICE = 1_000, 200_000
_CODE = re.compile(r"[A-Z0-9-]{3,20}", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}([.,]\d{1,6})?", re.ASCII)
THURSDAY, HOUR = 3, 15


def show_stations(visit: Visit) -> Response:
    """All of them, looked for by name, code or province."""
    wanted = select(stations, station_places.c.zone, station_places.c.province, station_places.c.latitude_e6).outerjoin(
        station_places, station_places.c.station == stations.c.code
    )
    if looked_for := visit.field("find"):
        wanted = wanted.where(holds(looked_for, stations.c.name, stations.c.code, station_places.c.province))
    paging = Paging.of(visit, int(visit.book.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0))
    rows = visit.book.db.execute(wanted.order_by(stations.c.code).limit(paging.size).offset(paging.offset)).all()
    return visit.page("office_stations.html", rows=rows, paging=paging, zones=ZONES)


def save_station(visit: Visit) -> Response:
    """A new station, or other words for one that is there."""
    db, code, name = visit.book.db, visit.field("code").upper(), " ".join(visit.field("name").split())
    zone, where = visit.field("zone"), [_degrees(visit, axis) for axis in ("latitude", "longitude")]
    if not _CODE.fullmatch(code):
        visit.fault(RuleViolation("station_code", field="code"))
    if not 0 < len(name) <= 80:
        visit.fault(RuleViolation("name_missing", field="name", most=80))
    if zone not in ZONES:
        visit.fault(RuleViolation("choice_missing", field="zone"))
    if visit.errors:
        return show_stations(visit)
    if db.scalar(select(stations.c.code).where(stations.c.code == code)) is None:
        db.execute(insert(stations).values(code=code, name=name, sms_name=name[:40]))
    else:
        db.execute(update(stations).where(stations.c.code == code).values(name=name))
    db.execute(delete(station_places).where(station_places.c.station == code))
    db.execute(
        insert(station_places).values(
            station=code,
            zone=int(zone),
            province=visit.field("province")[:80],
            latitude_e6=where[0],
            longitude_e6=where[1],
        )
    )
    visit.note("station_saved", code)
    return visit.go("/office/stations", "station_saved")


def show_station(visit: Visit) -> Response:
    """One station, and who may approve there that points are undone."""
    code = _station(visit)
    station = visit.book.db.execute(select(stations).where(stations.c.code == code)).one()
    return visit.page("office_station.html", station=station, managers=managers.of_station(visit.book, code))


def name_manager(visit: Visit) -> Response:
    """Somebody more who may approve."""
    code, name = _station(visit), visit.field("name")
    try:
        managers.name(visit.book, code, name)
    except RuleViolation as rule:
        visit.fault(rule)
        return show_station(visit)
    visit.note("manager_named", f"{code} {name}")
    return visit.go(f"/office/stations/{code}", "manager_named")


def withdraw_manager(visit: Visit) -> Response:
    """Somebody who may no longer."""
    code, name = _station(visit), visit.field("name")
    managers.withdraw(visit.book, code, name)
    visit.note("manager_withdrawn", f"{code} {name}")
    return visit.go(f"/office/stations/{code}", "manager_withdrawn")


def _station(visit: Visit) -> str:
    code = visit.named("code")
    if visit.book.db.scalar(select(stations.c.code).where(stations.c.code == code)) is None:
        raise HTTPException(404)
    return code


def show_prices(visit: Visit) -> Response:
    """In force and announced, by zone and grade."""
    now_ms = visit.book.now_ms
    rows = visit.book.db.execute(
        select(zone_prices, grades.c.name)
        .outerjoin(grades, grades.c.code == zone_prices.c.grade)
        .order_by(zone_prices.c.zone, zone_prices.c.grade, zone_prices.c.from_ms.desc())
    ).all()
    in_force: dict[tuple[str, str], Row[Any]] = {}
    for row in rows:
        if row.from_ms <= now_ms:
            in_force.setdefault((row.zone, row.grade), row)
    return visit.page(
        "office_prices.html",
        in_force=list(in_force.values()),
        announced=[row for row in rows if row.from_ms > now_ms],
        grades=visit.book.db.execute(select(grades).order_by(grades.c.code)).all(),
        zones=ZONES,
        usual=f"{_next_change(from_ms(now_ms)):%d/%m/%Y %H:%M}",
    )


def announce(visit: Visit) -> Response:
    """A price from a time on; the same zone, grade and time announced again is that price changed."""
    price, begins = read_number(visit.field("price")), read_moment(visit.field("begins"))
    zone, grade = visit.field("zone"), visit.field("grade")
    if price is None or not LEAST_PRICE <= price <= MOST_PRICE:
        visit.fault(RuleViolation("price_range", field="price", least=LEAST_PRICE, most=MOST_PRICE))
    if begins is None:
        visit.fault(RuleViolation("moment_unreadable", field="begins"))
    elif to_ms(begins) <= visit.book.now_ms:
        visit.fault(RuleViolation("moment_past", field="begins"))
    if zone not in ZONES:
        visit.fault(RuleViolation("choice_missing", field="zone"))
    if visit.book.db.scalar(select(grades.c.code).where(grades.c.code == grade)) is None:
        visit.fault(RuleViolation("choice_missing", field="grade"))
    if visit.errors or begins is None:
        return show_prices(visit)
    _remove(visit, zone, grade, to_ms(begins))
    visit.book.db.execute(insert(zone_prices).values(zone=zone, grade=grade, from_ms=to_ms(begins), unit_price=price))
    visit.note("price_announced", f"{zone} {grade} {price} {begins.isoformat()}")
    return visit.go("/office/prices", "price_announced")


def withdraw(visit: Visit) -> Response:
    """Take back what was announced and is not in force yet."""
    begins = read_number(visit.field("from_ms"))
    if begins is None or begins <= visit.book.now_ms:
        raise HTTPException(400)
    _remove(visit, visit.field("zone"), visit.field("grade"), begins)
    visit.note("price_withdrawn", f"{visit.field('zone')} {visit.field('grade')} {begins}")
    return visit.go("/office/prices", "price_withdrawn")


def plot(visit: Visit) -> Response:
    """Prices as steps, one line a grade and zone."""
    rows = visit.book.db.execute(select(zone_prices).order_by(zone_prices.c.from_ms)).all()
    times = sorted({row.from_ms for row in rows})
    series: dict[str, list[int | None]] = {}
    for row in rows:
        line = series.setdefault(f"{row.grade} · {visit.say('price.zone')} {row.zone}", [None] * len(times))
        first = times.index(row.from_ms)
        line[first:] = [int(row.unit_price)] * (len(times) - first)
    drawn = plots.lines([f"{from_ms(at):%d/%m %H:%M}" for at in times], series)
    return Response(drawn, media_type="image/svg+xml", headers={"Content-Security-Policy": plots.POLICY})


def show_limits(visit: Visit) -> Response:
    """How much, and how long, without central."""
    return visit.page("office_limits.html", policy=asdict(limits.policy(visit.book)))


def save_limits(visit: Visit) -> Response:
    """All of them together, or none."""
    before = asdict(limits.policy(visit.book))
    wanted = {name: read_number(visit.field(name)) for name in before}
    for name, value in wanted.items():
        if value is None:
            visit.fault(RuleViolation("points_unreadable", field=name))
    if visit.errors:
        return show_limits(visit)
    for name, value in wanted.items():
        if value is not None and value != before[name]:
            limits.set_limit(visit.book, name, value)
            visit.note("limit_set", f"{name} {value}")
    return visit.go("/office/limits", "limits_saved")


def _remove(visit: Visit, zone: str, grade: str, begins_ms: int) -> None:
    visit.book.db.execute(
        delete(zone_prices).where(
            zone_prices.c.zone == zone, zone_prices.c.grade == grade, zone_prices.c.from_ms == begins_ms
        )
    )


def _next_change(now: datetime) -> datetime:
    """The next Thursday, 15:00: when prices change as a rule."""
    day = now.astimezone(VIETNAM).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    return day if day > now else day + timedelta(days=7)


def _degrees(visit: Visit, axis: str) -> int | None:
    text = visit.field(axis)
    if not text:
        return None
    if not _DEGREES.fullmatch(text):
        visit.fault(RuleViolation("degrees_unreadable", field=axis))
        return None
    whole, _, part = text.replace(",", ".").partition(".")
    size = abs(int(whole)) * 1_000_000 + int(part.ljust(6, "0") or 0)
    return -size if whole.startswith("-") else size


ROUTES = (
    get("/office/stations", show_stations, "staff"),
    post("/office/stations", save_station, "staff"),
    get("/office/stations/{code}", show_station, "staff"),
    post("/office/stations/{code}/managers", name_manager, "staff"),
    post("/office/stations/{code}/managers/withdraw", withdraw_manager, "staff"),
    get("/office/prices", show_prices, "staff"),
    get("/office/prices.svg", plot, "staff"),
    post("/office/prices", announce, "staff"),
    post("/office/prices/withdraw", withdraw, "staff"),
    get("/office/limits", show_limits, "staff"),
    post("/office/limits", save_limits, "staff"),
)
