"""Unit prices: under which ones this till sells, and since when each pump shows them."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import NozzleId, PointId, PriceSetId
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class PricesAdopted(Fact):
    """From here on these prices are in force, đồng a litre by grade.

    `since`: the latest instant of the list that has come (ISO 8601; empty: none). `listed`: the whole list they were
    taken from, with what is still to come: grade, price, from when (empty: ever since).
    """

    price_set: PriceSetId
    since: str
    prices: tuple[tuple[str, VndPerLitre], ...]
    listed: tuple[tuple[str, VndPerLitre, str], ...]


@dataclass(frozen=True, slots=True)
class PumpPriced(Fact):
    """A fuelling point was seen to show the prices of a set, nozzle by nozzle, with all its litres in the books."""

    price_set: PriceSetId
    point: PointId
    shown: tuple[tuple[NozzleId, VndPerLitre], ...]
