"""What a ledger keeps of one fund: its sums, its lots in spending order, and what is held.

The heap of lots is read in order without being changed, so a redemption costs as much as the lots it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from heapq import heappop, heappush

from pos_client.domain.programme.entries import EntryKind
from pos_client.domain.programme.lots import Lot
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

_K = EntryKind
Key = tuple[date, datetime, int]
"""Place of a lot in the order of spending: last day, credit, number (B04)."""


@dataclass(slots=True)
class Fund:
    """Sums and order of one fund."""

    credits: Points = 0
    debits: Points = 0
    held: Points = 0
    pending: Points = 0
    available: Points = 0
    order: list[Key] = field(default_factory=list)
    """heap of usable lots; emptied ones are dropped when they come to the front"""
    waiting: list[tuple[datetime, int]] = field(default_factory=list)
    """heap of lots that are not credited yet (B08)"""


@dataclass(slots=True)
class Hold:
    """What a hold still holds, first to die first, and since when."""

    fund: str
    parts: dict[int, Points]
    since: datetime


EFFECTS: Mapping[EntryKind, tuple[int, int]] = {
    _K.CREDIT: (0, 0),
    _K.MOVED_IN: (0, 0),
    _K.HOLD: (-1, +1),
    _K.CAPTURE: (0, -1),
    _K.RELEASE: (+1, -1),
    _K.EXPIRY: (-1, 0),
    _K.EXTENSION: (-1, 0),
    _K.MOVED_OUT: (-1, 0),
    _K.CREDIT_REVERSED: (-1, 0),
    _K.CAPTURE_REVERSED: (+1, 0),
}
"""What an entry's parts do: to the lots, and to what is held."""


def in_spending_order(heap: Sequence[Key], lots: Mapping[int, Lot]) -> Iterator[Lot]:
    """Usable lots, first to be spent first: the smallest of the places reached so far, again and again."""
    reached: list[tuple[Key, int]] = [(heap[0], 0)] if heap else []
    while reached:
        key, place = heappop(reached)
        lot = lots[key[2]]
        if lot.points_left:
            yield lot
        for child in (2 * place + 1, 2 * place + 2):
            if child < len(heap):
                heappush(reached, (heap[child], child))
