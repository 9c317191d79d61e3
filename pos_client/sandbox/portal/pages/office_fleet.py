"""All tills as they told of themselves last: which need a hand, what runs where, how far a release has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from starlette.responses import Response

from pos_client.sandbox.central.ledger import conditions
from pos_client.sandbox.central.ledger.conditions import FleetTill, Worry
from pos_client.sandbox.portal.finding import is_in
from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Paging, Visit

NEVER = 1 << 62
"""Sorts behind every time and number there is."""


def _number(of: Callable[[Any], int | None]) -> Callable[[FleetTill], Any]:
    """Orders by something of what a till told, the smallest first, those who told nothing behind."""

    def key(till: FleetTill) -> Any:
        value = None if till.told is None else of(till.told)
        return NEVER if value is None else value

    return key


ORDERS: Mapping[str, Callable[[FleetTill], Any]] = MappingProxyType(
    {
        "worries": lambda till: (min(map(list(Worry).index, till.worries), default=NEVER), -len(till.worries)),
        "name": lambda till: till.name,
        "seen": lambda till: till.seen_ms or 0,
        "version": lambda till: conditions.version_order(till.version),
        "waiting": _number(lambda told: -told.waiting),
        "oldest": _number(lambda told: told.oldest_ms),
        "clock": _number(lambda told: -abs(told.clock_off_s or 0)),
        "certificate": _number(lambda told: told.certificate_ends_ms),
        "disk": _number(lambda told: told.disk_free_mb),
    }
)
"""What the list can be sorted by, worst first."""


def show(visit: Visit) -> Response:
    """Sums of all of them, versions, and the list, sorted and searched."""
    everybody = conditions.fleet(visit.book)
    asked, only, looked_for = visit.field("sort"), visit.field("only"), visit.field("find")
    order = asked if asked in ORDERS else "worries"
    found = [till for till in everybody if _is_wanted(till, only, looked_for)]
    found.sort(key=lambda till: (ORDERS[order](till), till.name))
    paging = Paging.of(visit, len(found))
    return visit.page(
        "office_fleet.html",
        tills=found[paging.offset : paging.offset + paging.size],
        paging=paging,
        everybody=len(everybody),
        well=sum(not till.worries for till in everybody),
        counts=conditions.counts(everybody),
        rollouts=conditions.rollouts(everybody),
        orders=tuple(ORDERS),
        order=order,
        worries=tuple(Worry),
        age=lambda ms: _age(visit, ms),
        trouble=lambda code: _trouble(visit, code),
    )


def _is_wanted(till: FleetTill, only: str, looked_for: str) -> bool:
    """`only`: a worry, or `any`."""
    if only and not (till.worries if only == "any" else only in till.worries):
        return False
    return not looked_for or is_in(looked_for, till.name, till.place, till.version)


def _age(visit: Visit, ms: int) -> str:
    """How long ago, in the largest unit that says it."""
    seconds = max(0, visit.book.now_ms - ms) // 1000
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length:
            return visit.say(f"age.{unit}", count=seconds // length)
    return visit.say("age.seconds", count=seconds)


def _trouble(visit: Visit, code: str) -> str:
    """A till's code in words; a newer till may say one that is not known here."""
    for key in (f"trouble.{code}", f"trouble.{code.partition('_')[0]}"):
        if visit.words.knows(key):
            return visit.say(key)
    return code


ROUTES = (get("/office/fleet", show, "staff"),)
