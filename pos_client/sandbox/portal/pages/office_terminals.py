"""Terminals as head office holds them: codes that bring them in, suspended, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import enrolment, terminals
from pos_client.sandbox.central.storage.device_tables import enrolment_codes
from pos_client.sandbox.central.storage.device_tables import terminals as devices
from pos_client.sandbox.central.storage.journal_tables import journal_watermarks
from pos_client.sandbox.central.storage.tables import sessions, stations
from pos_client.sandbox.portal.finding import holds
from pos_client.sandbox.portal.qr_code import path_of
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Paging, Visit

LONGEST_REASON = 200
CODES_SHOWN = 50
WEEK_MS = 7 * 86_400_000


def show(visit: Visit) -> Response:
    """All of them; those that are not in good standing first."""
    return _list(visit)


def make_code(visit: Visit) -> Response:
    """A code for a new till, or for a new key of an old one; shown this once."""
    station, till = visit.field("station").upper(), visit.field("till").upper()
    try:
        code = enrolment.make_code(visit.book, station, till)
    except LookupError:
        visit.fault(RuleViolation("station_unknown", field="station"))
        return _list(visit)
    except ValueError:
        visit.fault(RuleViolation("till_name", field="till"))
        return _list(visit)
    visit.note("enrolment_code", enrolment.terminal_name(station, till))
    return _list(visit, enrolment.terminal_name(station, till), code)


def suspend(visit: Visit) -> Response:
    """Out of points until it is taken back; what it states as a fact is still taken."""
    name, reason = visit.named("name"), visit.field("reason")
    try:
        if not 0 < len(reason) <= LONGEST_REASON:
            raise RuleViolation("note_missing", most=LONGEST_REASON)
        terminals.suspend(visit.book, name, reason)
    except (RuleViolation, LookupError) as error:
        visit.fault(RuleViolation(error.code, **error.params) if isinstance(error, RuleViolation) else _UNKNOWN)
        return _list(visit)
    visit.note("suspended", name)
    return visit.go("/office/terminals", "terminal_suspended")


def reinstate(visit: Visit) -> Response:
    """Taken back into points."""
    name = visit.named("name")
    try:
        terminals.reinstate(visit.book, name)
    except LookupError:
        visit.fault(_UNKNOWN)
        return _list(visit)
    visit.note("reinstated", name)
    return visit.go("/office/terminals", "terminal_reinstated")


_UNKNOWN = RuleViolation("terminal_unknown")


def _list(visit: Visit, invited: str = "", code: str = "") -> Response:
    wanted = select(devices, stations.c.name.label("place")).join(stations, stations.c.code == devices.c.station)
    if looked_for := visit.field("find"):
        wanted = wanted.where(holds(looked_for, devices.c.name, stations.c.name))
    paging = Paging.of(visit, int(visit.book.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0))
    rows = visit.book.db.execute(
        wanted.order_by(devices.c.state == terminals.Standing.ENROLLED, devices.c.name)
        .limit(paging.size)
        .offset(paging.offset)
    ).all()
    return visit.page(
        "office_terminals.html",
        rows=rows,
        lives={row.name: _life(visit, row.name) for row in rows},
        paging=paging,
        invited=invited,
        code=code,
        qr=path_of(scanned(visit.request.app.state.reached_at.get("contract", ""), code)) if code else None,
        codes=_codes(visit),
        now_ms=visit.book.now_ms,
    )


def scanned(address: str, code: str) -> str:
    """What the QR code holds: head office's address, where it is known, and the code; a till's first start reads both,
    so that the technician types neither."""
    return f"{address} {code}".strip()


def _life(visit: Visit, name: str) -> dict[str, Any]:
    """The version it started with last and when, and when its journal was last held. What waits at the till and how
    its clock goes it does not tell head office; its own check-up does."""
    db = visit.book.db
    started = db.execute(
        select(sessions.c.version, sessions.c.at_ms)
        .where(sessions.c.terminal == name)
        .order_by(sessions.c.number.desc())
        .limit(1)
    ).one_or_none()
    newest = select(func.max(journal_watermarks.c.at_ms)).where(journal_watermarks.c.terminal == name)
    return {"started": started, "held_ms": db.scalar(newest)}


def _codes(visit: Visit) -> Sequence[Any]:
    """Those nobody has used: good still, or dead for less than a week."""
    return visit.book.db.execute(
        select(enrolment_codes.c.station, enrolment_codes.c.till, enrolment_codes.c.expires_ms)
        .where(enrolment_codes.c.used_ms.is_(None), enrolment_codes.c.expires_ms > visit.book.now_ms - WEEK_MS)
        .order_by(enrolment_codes.c.expires_ms.desc())
        .limit(CODES_SHOWN)
    ).all()


ROUTES = (
    get("/office/terminals", show, "staff"),
    post("/office/terminals", make_code, "staff"),
    post("/office/terminals/{name}/suspend", suspend, "staff"),
    post("/office/terminals/{name}/reinstate", reinstate, "staff"),
)
