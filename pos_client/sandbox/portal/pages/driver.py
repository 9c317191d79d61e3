"""The driver's pages: his vouchers and where they can be spent."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from pos_client.sandbox.central.ledger import pins, voucher_desk
from pos_client.sandbox.central.storage.tables import vouchers
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Visit

MOST_SHOWN = 100


def show(visit: Visit) -> Response:
    """His vouchers, first to die first; those that are over at the end."""
    rows = visit.book.db.execute(
        select(vouchers)
        .where(vouchers.c.driver == visit.person.id, vouchers.c.account == visit.account)
        .order_by(vouchers.c.status != "active", vouchers.c.expires_on, vouchers.c.code)
        .limit(MOST_SHOWN)
    ).all()
    return visit.page(
        "mine.html",
        faces=[voucher_desk.face_of(visit.book, row) for row in rows],
        has_pin=pins.is_set(visit.book, visit.person.subject),
        pin_locked=pins.is_locked(visit.book, visit.person.subject),
    )


ROUTES = (get("/mine", show, "driver"),)
