"""Unit prices: under which ones this till sells, and since when each pump shows them."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import PointId, PriceSetId
from pos_client.domain.quantities import VndPerLitre


@dataclass(frozen=True, slots=True)
class PricesAdopted(Fact):
    """From here on these prices are in force, đồng a litre by grade; `before` are those they replaced.

    `since`: the latest instant of the list that has come (ISO 8601; empty: none). `listed`: the whole list they were
    taken from, with what is still to come: grade, price, from when (empty: ever since). `pumps`: points that show these
    prices already, because only the list was edited.
    """

    price_set: PriceSetId
    since: str
    prices: tuple[tuple[str, VndPerLitre], ...]
    before: tuple[tuple[str, VndPerLitre], ...]
    listed: tuple[tuple[str, VndPerLitre, str], ...]
    pumps: tuple[PointId, ...] = ()


@dataclass(frozen=True, slots=True)
class PumpPriced(Fact):
    """A fuelling point was seen to show the prices of a set on all its nozzles."""

    price_set: PriceSetId
    point: PointId
