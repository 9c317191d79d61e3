"""What a fuelling says about its own unit price before it is invoiced."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pos_client.domain.identifiers import PriceSetId
from pos_client.domain.price_book import PriceSet
from pos_client.domain.prices import PriceList
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass


class PriceMark(StrEnum):
    """What is to be said about a fuelling's unit price before it is invoiced; stored by name."""

    NONE = ""
    CROSSED = "crossed"
    """a price change came into force while fuel was flowing; the pump's price is charged"""
    MISMATCH = "mismatch"
    """the pump's price is not the list's"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list said of a fuelling's price: under which set, which price, and what is to be said about it."""

    price_set: PriceSetId
    listed_price: VndPerLitre
    mark: PriceMark = PriceMark.NONE


@dataclass(frozen=True, slots=True)
class Lift:
    """The moment from which a delivery's price could no longer change: its nozzle was out, under this set.

    `seen` False: the nozzle was out already when the point was heard again, so it was lifted at some time after
    `hung_at`, when it was last known to hang (None: not since the program began).
    """

    at: datetime
    held: PriceSet
    seen: bool = True
    hung_at: datetime | None = None


def listing(
    grade: str,
    pump_price: VndPerLitre,
    lift: Lift,
    ended: datetime,
    listed: PriceList,
    possible: frozenset[VndPerLitre],
) -> Listing:
    """Hold a pump's price against the list in force when its nozzle was lifted.

    A lift nobody saw may have been earlier: `possible` are the prices that may have held then. The pump's price is the
    best witness of when it was, so one of those is no mismatch.
    """
    held = lift.held
    if pump_price == held.price(grade):
        crossed = listed.crossed(grade, lift.at, ended)
        return Listing(held.price_set, pump_price, PriceMark.CROSSED if crossed else PriceMark.NONE)
    if not lift.seen and pump_price in possible:
        return Listing(held.price_set, pump_price, PriceMark.CROSSED)
    return Listing(held.price_set, held.price(grade), PriceMark.MISMATCH)


def recovered_listing(grade: str, held: PriceSet, possible: frozenset[VndPerLitre]) -> Listing:
    """Litres nobody saw flow cost the price in force now; that another one may have held when they flowed is marked."""
    price = held.price(grade)
    return Listing(held.price_set, price, PriceMark.CROSSED if possible - {price} else PriceMark.NONE)
