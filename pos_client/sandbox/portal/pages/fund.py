"""The organisation's points fund: what is there, what dies when, what lies on vouchers."""

from __future__ import annotations

from sqlalchemy import func, select
from starlette.responses import Response

from pos_client.sandbox.central.ledger import funds, pins, pools
from pos_client.sandbox.central.storage.ledger_tables import lots
from pos_client.sandbox.central.storage.tables import vouchers
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Visit


def show(visit: Visit) -> Response:
    """The fund with its lots, first to die first."""
    book = visit.book
    fund = pools.fund_of(book, visit.account)
    living = sorted((lot for lot in funds.lots_of(book, fund) if lot.usable(book.today)), key=lambda lot: lot.key)
    on_vouchers = book.db.execute(
        select(func.count(func.distinct(vouchers.c.code)), func.sum(lots.c.points_left))
        .join(lots, lots.c.fund == vouchers.c.code)
        .where(vouchers.c.account == visit.account, vouchers.c.status == "active", lots.c.points_left > 0)
    ).one()
    subject = f"account:{visit.account}"
    return visit.page(
        "fund.html",
        available=sum(lot.points_left for lot in living),
        held=funds.held_points(book, fund),
        living=living,
        next_to_die=funds.expiring_points(book, fund),
        voucher_count=int(on_vouchers[0]),
        voucher_points=int(on_vouchers[1] or 0),
        has_pin=pins.is_set(book, subject),
        pin_locked=pins.is_locked(book, subject),
    )


ROUTES = (get("/fund", show, "organisation"),)
