"""A driver's PIN, or an organisation's: made, and changed by whoever knows the one before (A10, A15). An organisation
that makes one has chosen to use points without a voucher as well (A09)."""

from __future__ import annotations

from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import customers, pins
from pos_client.sandbox.portal.pages.login import HOME
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Visit

WITH_PIN = ("driver", "organisation")


def show(visit: Visit) -> Response:
    """A PIN to make, or to change."""
    subject = visit.person.subject
    return visit.page(
        "pin.html", has_pin=pins.is_set(visit.book, subject), pin_locked=pins.is_locked(visit.book, subject)
    )


def save(visit: Visit) -> Response:
    """The old one is asked for when there is one; a wrong one counts."""
    subject, pin = visit.person.subject, visit.secret("pin")
    try:
        pins.check(pin)
        if pin != visit.secret("again"):
            raise RuleViolation("pin_differs", field="again")
        if pins.is_set(visit.book, subject):
            pins.prove(visit.book, subject, visit.secret("old"))
        pins.make(visit.book, subject, pin)
        if visit.person.role == "organisation":
            customers.allow_pin(visit.book, visit.account)
    except RuleViolation as rule:
        visit.fault(rule)
        return show(visit)
    visit.note("pin_made", visit.person.id)
    return visit.go(HOME[visit.person.role], "pin_made")


ROUTES = (get("/pin", show, *WITH_PIN), post("/pin", save, *WITH_PIN))
