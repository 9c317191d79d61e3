"""Who did what on these pages: an organisation reads what was done in its name, head office all of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, func, select
from starlette.responses import Response

from pos_client.sandbox.central.storage.portal_tables import portal_acts
from pos_client.sandbox.portal import sessions
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Paging, Visit

ACTS = (
    *("vouchers_made", "voucher_cancelled", "activated", "pin_made", "pin_unlocked", "password", "disputed"),
    *("driver_added", "member_added", "invited", "right_own", "right_organisation", "right_none", "left", "reinstated"),
    *("vehicle_added", "vehicle_back", "vehicle_given_up"),
    *("decided", "enrolment_code", "suspended", "station_saved", "manager_named", "manager_withdrawn"),
    *("price_announced", "price_withdrawn", "limit_set", "trap_placed"),
)
"""Every word that `Visit.note` is called with."""


def show_own(visit: Visit) -> Response:
    """What was done in the organisation's name, by itself and by its people; newest first."""
    return _show(visit, select(portal_acts).where(portal_acts.c.account == visit.account))


def show_all(visit: Visit) -> Response:
    """Everything anybody has done."""
    wanted = select(portal_acts)
    if account := "".join(letter for letter in visit.field("account") if letter.isdigit()):
        wanted = wanted.where(portal_acts.c.account == account[:9])
    return _show(visit, wanted)


def _show(visit: Visit, wanted: Select[Any]) -> Response:
    if (act := visit.field("act")) in ACTS:
        wanted = wanted.where(portal_acts.c.act == act)
    if actor := visit.field("actor"):
        wanted = wanted.where(portal_acts.c.actor.endswith(f":{actor}", autoescape=True))
    paging = Paging.of(visit, int(visit.book.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0))
    rows = visit.book.db.execute(
        wanted.order_by(portal_acts.c.id.desc()).limit(paging.size).offset(paging.offset)
    ).all()
    return visit.page("acts.html", rows=rows, names=_names(visit, rows), paging=paging, acts=ACTS)


def _names(visit: Visit, rows: Iterable[Row[Any]]) -> dict[str, str]:
    """What those who acted are called; whoever has left keeps the number he had."""
    found = {actor: sessions.person_of(visit.book, actor) for actor in {row.actor for row in rows}}
    return {actor: person.name for actor, person in found.items() if person is not None}


ROUTES = (get("/acts", show_own, "organisation"), get("/office/acts", show_all, "staff"))
