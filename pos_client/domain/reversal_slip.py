"""What a customer takes home of points that were undone, as lines of paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pos_client.domain import formatting
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.paper import GAP, RULE, Line, Style, centred, fitted
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class ReversalSlip:
    """Printed once head office has undone it. `points`: of the operation, as the customer felt it: earned +, used -."""

    station: str
    station_name: str
    cashier: str
    approved_by: str
    at: str
    operation: str
    points: Points
    receipt_number: str
    masked_customer: str
    reason: str
    points_returned: Points
    points_taken_back: Points
    points_uncovered: Points
    balance_after: Points
    hotline: str = "1900 2828"


def layout(slip: ReversalSlip, catalogue: Catalogue, columns: int) -> tuple[Line, ...]:
    """The lines of a slip, each at the most `columns` (24 or more) characters wide."""
    return fitted(_lines(slip, catalogue), columns)


def _lines(slip: ReversalSlip, words: Catalogue) -> Iterator[Line]:
    yield from centred(slip.station_name or slip.station, Style.STRONG)
    yield from centred(words.say("receipt.undone.title"), Style.LARGE)
    yield Line(words.say("receipt.time"), formatting.timestamp(datetime.fromisoformat(slip.at)))
    yield Line(words.say("receipt.undone.of"), slip.receipt_number)
    yield Line(words.say("receipt.customer"), slip.masked_customer)
    yield RULE
    yield Line(words.say(f"receipt.undone.{slip.operation}"), _signed(slip.points, words))
    yield Line(words.say("receipt.undone.reason"), words.say(f"more.undo_{slip.reason}"))
    change = slip.points_returned - slip.points_taken_back
    yield Line(words.say("receipt.undone.change"), _signed(change, words), style=Style.STRONG)
    if slip.points_uncovered:
        yield Line(words.say("receipt.undone.uncovered"), _signed(slip.points_uncovered, words).lstrip("+"))
    yield Line(words.say("receipt.balance_after"), _signed(slip.balance_after, words).lstrip("+"), style=Style.STRONG)
    yield RULE
    yield Line(words.say("receipt.cashier"), slip.cashier)
    yield Line(words.say("receipt.undone.approved_by"), slip.approved_by)
    yield GAP
    yield from centred(words.say("receipt.hotline", hotline=slip.hotline))


def _signed(points: Points, words: Catalogue) -> str:
    sign = "+" if points > 0 else "-" if points < 0 else ""
    return sign + words.say("receipt.points", points=formatting.points(abs(points)))
