"""A driver's PIN, or an organisation's: made, and changed by whoever knows the one before (A10, A15). An organisation
that makes one has chosen to use points without a voucher as well (A09)."""

from __future__ import annotations

from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import challenges, customers, passwords, pins
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


def unlock(visit: Visit) -> Response:
    """An organisation's own PIN that wrong tries have shut: opened by its password, and the failures are forgotten
    (reliability 3.9). A driver's is opened by his organisation."""
    if not passwords.is_right(visit.book, visit.person.subject, visit.secret("password")):
        visit.fault(RuleViolation("password_wrong", field="password"))
        return show(visit)
    challenges.unlock(visit.book, visit.person.subject)
    visit.note("pin_unlocked", visit.person.id)
    return visit.go("/pin", "pin_unlocked")


ROUTES = (get("/pin", show, *WITH_PIN), post("/pin", save, *WITH_PIN), post("/pin/unlock", unlock, "organisation"))
