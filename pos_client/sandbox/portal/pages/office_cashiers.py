"""Cashiers side by side, fuellings at another price than the list's, and customers nobody is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import cashiers, signals, traps
from pos_client.sandbox.central.ledger.cashiers import CashierRow
from pos_client.sandbox.portal.finding import is_in
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Paging, Visit

PERIODS = (7, 1, 30, 90)
"""Days that can be looked back on; the first is shown unasked."""
MOST_MISMATCHES = 200
DAY_MS = 86_400_000

ORDERS: Mapping[str, Callable[[CashierRow], tuple[int, ...]]] = MappingProxyType(
    {
        "one_id": lambda row: (-(row.one_id_percent or 0), -row.most_of_one),
        "voided": lambda row: (-(row.voided_percent or 0), -len(row.voids)),
        "accruals": lambda row: (-len(row.accruals),),
        "signs": lambda row: (-len(row.signs), -len(row.reprints)),
        "mismatches": lambda row: (-row.mismatches,),
    }
)
"""What the list can be sorted by, the most of it first."""


def show(visit: Visit) -> Response:
    """Everybody who was at work in the time that is looked at."""
    asked = visit.field("days")
    days = next((each for each in PERIODS if str(each) == asked), PERIODS[0])
    rows, wrong = cashiers.of_period(visit.book, visit.book.now_ms - days * DAY_MS, visit.book.now_ms + 1)
    looked_for, order = visit.field("find"), visit.field("sort")
    order = order if order in ORDERS else "one_id"
    found = [row for row in rows if not looked_for or is_in(looked_for, row.station, row.name)]
    found.sort(key=lambda row: (ORDERS[order](row), row.station, row.name))
    wrong = [each for each in wrong if not looked_for or is_in(looked_for, each.terminal, each.cashier)]
    wrong.sort(key=lambda each: each.at, reverse=True)
    paging = Paging.of(visit, len(found))
    return visit.page(
        "office_cashiers.html",
        rows=found[paging.offset : paging.offset + paging.size],
        paging=paging,
        days=days,
        periods=PERIODS,
        order=order,
        orders=tuple(ORDERS),
        wrong=wrong[:MOST_MISMATCHES],
        wrong_count=len(wrong),
        limits=signals.LIMITS,
        traps=traps.placed(visit.book),
    )


def place_trap(visit: Visit) -> Response:
    """One more customer nobody is."""
    number = visit.field("number")
    try:
        traps.place(visit.book, number)
    except RuleViolation as rule:
        visit.fault(rule)
        return show(visit)
    visit.note("trap_placed", number)
    return visit.go("/office/cashiers", "trap_placed")


ROUTES = (get("/office/cashiers", show, "staff"), post("/office/cashiers/traps", place_trap, "staff"))
