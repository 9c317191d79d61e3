"""The organisation's vouchers: the list with its filters, one of them with its story, taking one back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.customer import IdentifierKind, parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import rights, voucher_desk
from pos_client.sandbox.central.storage.ledger_tables import entries
from pos_client.sandbox.central.storage.tables import drivers, redemptions, vouchers
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Paging, Visit

MANAGERS = ("organisation", "member", "driver")
STORED_STATES = ("active", "expired", "cancelled")


def show(visit: Visit) -> Response:
    """The list, newest last day first."""
    wanted = select(vouchers).where(vouchers.c.account == visit.account)
    if (state := visit.field("state")) in STORED_STATES:
        wanted = wanted.where(vouchers.c.status == state)
    if plate := "".join(letter for letter in visit.field("plate").upper() if letter.isalnum()):
        wanted = wanted.where(vouchers.c.plate.contains(plate, autoescape=True))
    if driver := visit.field("driver"):
        wanted = wanted.where(vouchers.c.driver == driver)
    if code := visit.field("code").upper():
        wanted = wanted.where(vouchers.c.code.contains(code, autoescape=True))
    count = int(visit.book.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0)
    paging = Paging.of(visit, count)
    rows = visit.book.db.execute(
        wanted.order_by(vouchers.c.status, vouchers.c.expires_on, vouchers.c.code)
        .limit(paging.size)
        .offset(paging.offset)
    ).all()
    return visit.page(
        "vouchers.html",
        faces=[voucher_desk.face_of(visit.book, row) for row in rows],
        names=names_of_drivers(visit),
        paging=paging,
        states=STORED_STATES,
    )


def show_one(visit: Visit) -> Response:
    """A voucher with everything that happened to it."""
    row = seen_by(visit)
    story = visit.book.db.execute(
        select(entries, redemptions.c.station)
        .outerjoin(redemptions, redemptions.c.id == entries.c.reference)
        .where(entries.c.fund == row.code)
        .order_by(entries.c.id)
    ).all()
    return visit.page(
        "voucher.html",
        face=voucher_desk.face_of(visit.book, row),
        names=names_of_drivers(visit),
        story=story,
        may_cancel=visit.scope is rights.Scope.ORGANISATION,
    )


def cancel(visit: Visit) -> Response:
    """Take it back; its points are in the fund again."""
    row = seen_by(visit)
    try:
        points = voucher_desk.cancel(visit.book, row.code)
    except RuleViolation as rule:
        visit.fault(RuleViolation(rule.code))
        return show_one(visit)
    if points:
        visit.note("voucher_cancelled", row.code)
    return visit.go(f"/vouchers/{row.code}", "voucher_cancelled")


def seen_by(visit: Visit) -> Row[Any]:
    """The voucher in the path, when this person may see it; anything else is not there."""
    try:
        identifier = parse_identifier(visit.named("code"))
    except RuleViolation:
        raise HTTPException(404) from None
    row = visit.book.db.execute(select(vouchers).where(vouchers.c.code == identifier.text)).one_or_none()
    is_there = row is not None and identifier.kind is IdentifierKind.VOUCHER and row.account == visit.account
    if row is None or not is_there:
        raise HTTPException(404)
    if visit.scope is not rights.Scope.ORGANISATION and visit.person.subject != f"driver:{row.driver}":
        raise HTTPException(404)
    return row


def names_of_drivers(visit: Visit) -> dict[str, str]:
    """The organisation's drivers by id, those who have left among them."""
    rows = visit.book.db.execute(select(drivers).where(drivers.c.account == visit.account).order_by(drivers.c.name))
    return {row.id: row.name for row in rows}


ROUTES = (
    get("/vouchers", show, *MANAGERS, manages=True),
    get("/vouchers/{code}", show_one, *MANAGERS),
    post("/vouchers/{code}/cancel", cancel, *MANAGERS, manages=True),
)
