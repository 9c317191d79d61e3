"""The organisation's vehicles, by plate."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.customer import read_plate
from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.storage.tables import vehicles, vouchers
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Paging, Visit


def show(visit: Visit) -> Response:
    """All of them, those given up at the end."""
    count = int(
        visit.book.db.scalar(select(func.count()).select_from(vehicles).where(vehicles.c.account == visit.account)) or 0
    )
    paging = Paging.of(visit, count)
    alive = (
        select(vouchers.c.plate, func.count().label("living"))
        .where(vouchers.c.account == visit.account, vouchers.c.status == "active")
        .group_by(vouchers.c.plate)
        .subquery()
    )
    rows = visit.book.db.execute(
        select(vehicles, alive.c.living)
        .outerjoin(alive, alive.c.plate == vehicles.c.plate)
        .where(vehicles.c.account == visit.account)
        .order_by(vehicles.c.active.desc(), vehicles.c.plate)
        .limit(paging.size)
        .offset(paging.offset)
    ).all()
    return visit.page("vehicles.html", rows=rows, paging=paging)


def add(visit: Visit) -> Response:
    """A vehicle by its plate. Another organisation's is refused in words that do not say whose it is."""
    try:
        identifier = read_plate(visit.field("plate"))
        if identifier is None:
            raise RuleViolation("plate_unreadable")
        there = visit.book.db.execute(select(vehicles).where(vehicles.c.plate == identifier.text)).one_or_none()
        if there is not None and there.account != visit.account:
            raise RuleViolation("plate_taken")
    except RuleViolation as rule:
        visit.fault(RuleViolation(rule.code, field="plate"))
        return show(visit)
    if there is None:
        visit.book.db.execute(insert(vehicles).values(plate=identifier.text, account=visit.account, active=True))
    else:
        visit.book.db.execute(update(vehicles).where(vehicles.c.plate == identifier.text).values(active=True))
    visit.note("vehicle_added", identifier.text)
    return visit.go("/vehicles", "vehicle_added")


def set_active(visit: Visit) -> Response:
    """Give a vehicle up, or take it back; vouchers it has stay as they are."""
    plate = visit.named("plate")
    row = visit.book.db.execute(select(vehicles).where(vehicles.c.plate == plate)).one_or_none()
    if row is None or row.account != visit.account:
        raise HTTPException(404)
    active = visit.field("active") == "yes"
    visit.book.db.execute(update(vehicles).where(vehicles.c.plate == plate).values(active=active))
    visit.note("vehicle_back" if active else "vehicle_given_up", plate)
    return visit.go("/vehicles", "vehicle_added" if active else "vehicle_given_up")


ROUTES = (
    get("/vehicles", show, "organisation"),
    post("/vehicles", add, "organisation"),
    post("/vehicles/{plate}/active", set_active, "organisation"),
)
