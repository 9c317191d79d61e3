"""An individual's pages: points, what dies when, what happened, what he was told, and "this was not me"."""

from __future__ import annotations

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import disputes, funds, pools
from pos_client.sandbox.central.storage.tables import accounts, sms_outbox
from pos_client.sandbox.portal.pages.statement import entries_of, page_of, with_places
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Visit

LATEST, NOTICES = 10, 10


def show(visit: Visit) -> Response:
    """The balance, its lots, the latest of its history, the latest notices."""
    book = visit.book
    fund = pools.fund_of(book, visit.account)
    account = book.db.execute(select(accounts).where(accounts.c.number == visit.account)).one()
    living = sorted((lot for lot in funds.lots_of(book, fund) if lot.usable(book.today)), key=lambda lot: lot.key)
    wanted = entries_of(visit)
    notices = book.db.execute(
        select(sms_outbox)
        .where(sms_outbox.c.phone == account.phone, sms_outbox.c.kind == "notice")
        .order_by(sms_outbox.c.id.desc())
        .limit(NOTICES)
    ).all()
    return visit.page(
        "points.html",
        account=account,
        pooled=fund != visit.account,
        available=sum(lot.points_left for lot in living),
        held=funds.held_points(book, fund),
        living=living,
        next_to_die=funds.expiring_points(book, fund),
        rows=book.db.execute(page_of(wanted, LATEST)).all(),
        notices=notices,
    )


def show_dispute(visit: Visit) -> Response:
    """What is disputed, and why?"""
    return visit.page("dispute.html", entry=_entry(visit))


def dispute(visit: Visit) -> Response:
    """Handed to head office; a second one about the same entry is the same case."""
    entry = _entry(visit)
    try:
        disputes.open_case(visit.book, visit.account, int(entry.id), visit.field("words"))
    except RuleViolation as rule:
        visit.fault(rule)
        return visit.page("dispute.html", entry=entry)
    visit.note("disputed", str(entry.id))
    return visit.go("/disputes", "disputed")


def show_disputes(visit: Visit) -> Response:
    """Everything this customer has disputed, and what was decided."""
    return visit.page("disputes.html", cases=disputes.cases_of(visit.book, visit.account))


def _entry(visit: Visit) -> disputes.Disputable:
    """One entry of his own fund."""
    asked = visit.named("entry")
    wanted = entries_of(visit)
    row = None
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        row = visit.book.db.execute(with_places(wanted).where(wanted.c.id == int(asked))).one_or_none()
    if row is None:
        raise HTTPException(404)
    return disputes.Disputable(row.id, row.kind, row.points, row.at_ms, row.place or "")


ROUTES = (
    get("/points", show, "individual"),
    get("/disputes", show_disputes, "individual"),
    get("/disputes/new/{entry}", show_dispute, "individual"),
    post("/disputes/new/{entry}", dispute, "individual"),
)
