"""The prices in force, as the journal has them: one set after the other, and which of them each pump showed last.

When a price comes into force the wall clock says, and the wall clock can be wrong (F17). Forward it is always followed:
a computer that wakes up with an old clock and is set right must sell at today's price. Backward never: the latest
change that was taken is a floor, kept in the journal, so that a clock that jumps does not flip prices to and fro on
pumps and signs, and nobody gets yesterday's cheaper price by setting a clock (I17). What has come into force goes out
of force when a person edits the list; with another list the clock decides anew. That is also the way back when a clock
that ran ahead has brought tomorrow's price: take the entry out, and put it in again when the clock is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from types import MappingProxyType

from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId, PriceSetId
from pos_client.domain.prices import GradePrices, PriceEntry, PriceList
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass

KEPT_SETS = 20
"""Sets remembered for pumps that have not shown a later one; a pump that was silent for longer has forgotten too."""


@dataclass(frozen=True, slots=True)
class PriceSet:
    """The prices in force from one moment on: what each sale is held against.

    `since` is the latest instant of the list that has been taken (None: none yet), below which the clock is not
    believed.
    """

    price_set: PriceSetId
    since: datetime | None
    prices: GradePrices
    listed: PriceList
    _by_grade: dict[str, VndPerLitre] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_grade", dict(self.prices))

    def price(self, grade: str) -> VndPerLitre:
        """The price in force; 0: not for sale."""
        return self._by_grade.get(grade, 0)

    def instant(self, wall: datetime) -> datetime:
        """The instant that counts for prices when the clock says `wall`."""
        return wall if self.since is None or wall > self.since else self.since


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The set in force, the earlier ones that some pump may still have, and what each point showed last."""

    sets: tuple[PriceSet, ...] = ()
    """oldest first; the last one is in force"""
    shown: Mapping[PointId, f.PumpPriced] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def held(self) -> PriceSet | None:
        """The set in force; None: none was ever adopted."""
        return self.sets[-1] if self.sets else None

    def apply(self, fact: f.PricesAdopted | f.PumpPriced) -> PriceBook:
        """The book after one more fact; sets no pump can have any more fall out of it."""
        match fact:
            case f.PricesAdopted():
                return replace(self, sets=(*self.sets, _adopted(fact)))._without_outdated()
            case f.PumpPriced():
                return replace(self, shown=MappingProxyType({**self.shown, fact.point: fact}))._without_outdated()

    def closed_by(self, fact: f.PricesAdopted | f.PumpPriced) -> tuple[PriceSetId, ...]:
        """The sets that fall out with a fact: nothing more is expected of them."""
        kept = {each.price_set for each in self.apply(fact).sets}
        return tuple(each.price_set for each in self.sets if each.price_set not in kept)

    def shown_by(self, point: PointId) -> PriceSet | None:
        """The set a point showed last; None: nobody has seen it show any."""
        shown = self.shown.get(point)
        return next((each for each in self.sets if shown is not None and each.price_set == shown.price_set), None)

    def may_have_held(self, grade: str, point: PointId) -> frozenset[VndPerLitre]:
        """The prices a point may have charged for fuel nobody watched while this was all that is written down: any from
        the set it showed last on."""
        shown = self.shown_by(point)
        first = self.sets.index(shown) if shown is not None else 0
        return frozenset(each.price(grade) for each in self.sets[first:]) - {0}

    def _without_outdated(self) -> PriceBook:
        named = {fact.price_set for fact in self.shown.values()}
        shown = [n for n, each in enumerate(self.sets) if each.price_set in named]
        first = max(min(shown, default=len(self.sets) - 1), len(self.sets) - KEPT_SETS)
        return replace(self, sets=self.sets[first:])


def _adopted(fact: f.PricesAdopted) -> PriceSet:
    return PriceSet(
        price_set=fact.price_set,
        since=_read(fact.since),
        prices=fact.prices,
        listed=PriceList(tuple(PriceEntry(grade, price, _read(at)) for grade, price, at in fact.listed)),
    )


def adoption(held: PriceSet | None, listed: PriceList, wall: datetime, name: PriceSetId) -> f.PricesAdopted | None:
    """The set that has to be put in force under a new name, or None when the one held is right.

    `listed` is the list of today's settings. Another list than the one held is a person's decision: the clock counts
    as it stands, and what the old list had brought may go back.
    """
    same_list = held is not None and set(held.listed.entries) == set(listed.entries)
    at = held.instant(wall) if held is not None and same_list else wall
    prices, since = listed.prices(at), listed.last_change(at)
    if held is not None and same_list and (held.prices, held.since) == (prices, since):
        return None
    entries = tuple((e.grade, e.unit_price, _written(e.effective_from)) for e in listed.entries)
    return f.PricesAdopted(name, _written(since), prices, entries)


def _written(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
