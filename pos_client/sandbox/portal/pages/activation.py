"""A driver makes his voucher spendable at one station while central is away: his PIN now, a signed QR code there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import activated, limits, pins, voucher_desk
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.voucher_activations import Wanted, activate
from pos_client.sandbox.central.storage.tables import stations
from pos_client.sandbox.portal.finding import holds
from pos_client.sandbox.portal.pages.vouchers import seen_by
from pos_client.sandbox.portal.qr_code import path_of
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.typed import read_number
from pos_client.sandbox.portal.visit import Visit

MOST_STATIONS = 50
_FIELD_OF = {
    "credential-wrong": "pin",
    "credential-locked": "pin",
    "station-mismatch": "station",
    "above-offline-limit": "points",
    "insufficient-points": "points",
    "below-minimum": "points",
}


def show(visit: Visit) -> Response:
    """For which station, how many points? Or the QR code, when it is activated already."""
    row = _his_own(visit)
    live = activated.live_of(visit.book, row.code)
    if live is not None:
        size, path = path_of(live.text)
        station = visit.book.db.scalar(select(stations.c.name).where(stations.c.code == live.station))
        return visit.page(
            "activated.html",
            face=voucher_desk.face_of(visit.book, row),
            live=live,
            station=station or live.station,
            over=live.not_after_ms <= visit.book.now_ms,
            size=size,
            qr=path,
        )
    return _form(visit, row)


def ask(visit: Visit) -> Response:
    """His PIN is checked, the points held, the voucher signed; the form's own id makes a second press harmless."""
    row = _his_own(visit)
    points = read_number(visit.field("points"))
    pin = visit.secret("pin")
    try:
        if not pins.is_set(visit.book, visit.person.subject):
            raise RuleViolation("pin_missing", field="pin")
        if points is None:
            raise RuleViolation("points_unreadable", field="points")
        if not 0 < len(pin.encode()) <= pins.LONGEST:
            raise RuleViolation("pin_shape", field="pin", least=pins.SHORTEST, most=pins.LONGEST)
    except RuleViolation as rule:
        visit.fault(rule)
        return _form(visit, row)
    wanted = Wanted(
        activation_id=visit.field("activation")[:40] or visit.book.new_reference(),
        code=row.code,
        station=visit.field("station"),
        points=points,
        asked_by=f"portal:{visit.person.id}",
    )
    outcome = activate(visit.book, wanted, pin.encode())
    if isinstance(outcome, Refusal):
        visit.fault(_in_words(outcome))
        return _form(visit, row)
    visit.note("activated", f"{row.code} {wanted.station}")
    return visit.go(f"/vouchers/{row.code}/activation", "activated")


def _form(visit: Visit, row: Row[Any]) -> Response:
    wanted = select(stations).order_by(stations.c.name).limit(MOST_STATIONS)
    if looked_for := visit.field("find"):
        wanted = wanted.where(holds(looked_for, stations.c.name, stations.c.code))
    face = voucher_desk.face_of(visit.book, row)
    policy = limits.policy(visit.book)
    return visit.page(
        "activation.html",
        face=face,
        places=visit.book.db.execute(wanted).all(),
        most=min(face.left, policy.voucher_most_vnd),
        hours=policy.voucher_lives_s // 3600,
        activation=visit.book.new_reference(),
        has_pin=pins.is_set(visit.book, visit.person.subject),
    )


def _his_own(visit: Visit) -> Row[Any]:
    """The voucher in the path, when it is made out to this driver."""
    row = seen_by(visit)
    if visit.person.subject != f"driver:{row.driver}":
        raise HTTPException(404)
    return row


def _in_words(refusal: Refusal) -> RuleViolation:
    """Central's no as a fault of the form."""
    if refusal.code == "credential-wrong":
        return RuleViolation("pin_wrong", field="pin", left=refusal.attempts_left or 0)
    if refusal.code == "credential-locked":
        return RuleViolation("pin_locked", field="pin")
    name = refusal.code.replace("-", "_")
    return RuleViolation(name, field=_FIELD_OF.get(refusal.code, ""), limit=refusal.limit or 0)


ROUTES = (
    get("/vouchers/{code}/activation", show, "driver"),
    post("/vouchers/{code}/activation", ask, "driver"),
)
