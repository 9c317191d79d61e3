"""Unit prices: the dated list, the set in force, and what a fuelling says about its own price.

A station's prices change at an instant that is known beforehand, as a rule at 15:00 in Vietnam, now and then at
midnight. The price in force is the last entry of the list whose instant has come.

Which instant it is, the wall clock says, and the wall clock can be wrong (F17). Forward it is always followed: a
computer that wakes up with an old clock and is set right must sell at today's price. Backward never: the latest change
that was taken is a floor, kept in the journal, so that a clock that jumps does not flip prices to and fro on pumps and
signs, and nobody gets yesterday's cheaper price by setting a clock (I17). What has come into force goes out of force
when a person edits the list; with another list the clock decides anew. That is also the way back when a clock that ran
ahead has brought tomorrow's price: take the entry out, and put it in again when the clock is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId, PriceSetId
from pos_client.domain.quantities import VndPerLitre

GradePrices = tuple[tuple[str, VndPerLitre], ...]
"""Grade code and unit price, in the order of the settings."""


class PriceMark(StrEnum):
    """What is to be said about a fuelling's unit price before it is invoiced; stored by name."""

    NONE = ""
    CROSSED = "crossed"
    """a price change came into force while fuel was flowing; the pump's price is charged"""
    MISMATCH = "mismatch"
    """the pump's price is not the list's"""


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A grade's price from an aware instant on; None: since before this list."""

    grade: str
    unit_price: VndPerLitre
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """All prices that are known, past and coming, in any order. Of two entries for one instant the later one counts."""

    entries: tuple[PriceEntry, ...] = ()

    def in_force(self, grade: str, at: datetime) -> PriceEntry | None:
        """The entry of a grade that holds at an instant; None: the grade has no price yet."""
        latest = None
        for entry in self._of(grade):
            if entry.effective_from is None or entry.effective_from <= at:
                latest = entry
        return latest

    def prices(self, at: datetime) -> GradePrices:
        """The price of every grade that has one at an instant."""
        held = ((grade, self.in_force(grade, at)) for grade in self.grades())
        return tuple((grade, entry.unit_price) for grade, entry in held if entry is not None)

    def grades(self) -> tuple[str, ...]:
        """The grades of the list, in the order in which they first appear."""
        return tuple(dict.fromkeys(entry.grade for entry in self.entries))

    def next_entry(self, grade: str, at: datetime) -> PriceEntry | None:
        """The next entry that changes the price of a grade; one that repeats the price in force changes nothing."""
        held = self.in_force(grade, at)
        price = held.unit_price if held else None
        return next((e for e in self._of(grade) if _after(e, at) and e.unit_price != price), None)

    def next_change(self, at: datetime) -> datetime | None:
        """When the next entry of any grade comes into force; None: the list ends."""
        coming = (e.effective_from for e in self.entries if e.effective_from is not None and e.effective_from > at)
        return min(coming, default=None)

    def last_change(self, at: datetime) -> datetime | None:
        """When the last entry that has come came into force; None: none has."""
        past = (e.effective_from for e in self.entries if e.effective_from is not None and e.effective_from <= at)
        return max(past, default=None)

    def held_between(self, grade: str, start: datetime, end: datetime) -> frozenset[VndPerLitre]:
        """Every price a grade had at some instant from `start` to `end`, both included."""
        first = self.in_force(grade, start)
        held = {first.unit_price} if first else set()
        held.update(e.unit_price for e in self._of(grade) if _after(e, start) and not _after(e, end))
        return frozenset(held)

    def crossed(self, grade: str, start: datetime, end: datetime) -> bool:
        """Whether another price of a grade came into force after `start`, at the latest at `end`."""
        return len(self.held_between(grade, start, end)) > 1

    def _of(self, grade: str) -> Iterator[PriceEntry]:
        """The entries of a grade, oldest first; of those for one instant only the one that counts."""
        by_instant = {entry.effective_from: entry for entry in self.entries if entry.grade == grade}
        undated = by_instant.pop(None, None)
        if undated is not None:
            yield undated
        yield from sorted(by_instant.values(), key=_instant)


def _instant(entry: PriceEntry) -> datetime:
    assert entry.effective_from is not None
    return entry.effective_from


def _after(entry: PriceEntry, at: datetime) -> bool:
    return entry.effective_from is not None and entry.effective_from > at


# ── the set in force ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PriceSet:
    """The prices in force, as the journal has them: what each sale is held against.

    `since` is the latest instant of the list that has been taken (None: none yet), below which the clock is not
    believed. `before` are the prices that were replaced, `pumps` the points that have shown these ones since.
    """

    price_set: PriceSetId
    since: datetime | None
    prices: GradePrices
    before: GradePrices
    listed: PriceList
    pumps: frozenset[PointId] = frozenset()

    def price(self, grade: str) -> VndPerLitre:
        """The price in force; 0: not for sale."""
        return dict(self.prices).get(grade, 0)

    def price_before(self, grade: str) -> VndPerLitre:
        """The price this set replaced; 0: none."""
        return dict(self.before).get(grade, 0)

    def may_have_held(self, grade: str, point: PointId) -> frozenset[VndPerLitre]:
        """The prices a point may have fuelled at that nobody watched while this set was the last one written down."""
        before = frozenset() if point in self.pumps else frozenset({self.price_before(grade)})
        return (before | {self.price(grade)}) - {0}

    def instant(self, wall: datetime) -> datetime:
        """The instant that counts for prices when the clock says `wall`."""
        return wall if self.since is None or wall > self.since else self.since

    def priced(self, point: PointId) -> PriceSet:
        """The set after a point has shown its prices."""
        return replace(self, pumps=self.pumps | {point})


def adopted(fact: f.PricesAdopted) -> PriceSet:
    """The set a journal entry put in force."""
    return PriceSet(
        price_set=fact.price_set,
        since=_read(fact.since),
        prices=fact.prices,
        before=fact.before,
        listed=PriceList(tuple(PriceEntry(grade, price, _read(at)) for grade, price, at in fact.listed)),
        pumps=frozenset(fact.pumps),
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
    unchanged = held is not None and held.prices == prices
    before = () if held is None else held.before if unchanged else held.prices
    return f.PricesAdopted(
        price_set=name,
        since=_written(since),
        prices=prices,
        before=before,
        listed=tuple((e.grade, e.unit_price, _written(e.effective_from)) for e in listed.entries),
        pumps=tuple(sorted(held.pumps)) if held is not None and unchanged else (),
    )


def _written(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# ── what a fuelling says ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list said of a fuelling's price: under which set, which price, and what is to be said about it."""

    price_set: PriceSetId
    listed_price: VndPerLitre
    mark: PriceMark = PriceMark.NONE


@dataclass(frozen=True, slots=True)
class Lift:
    """The moment from which a delivery's price could no longer change: its nozzle was out, under this set.

    `seen` False: the nozzle was out already when the point was heard again, so it was lifted at some time before.
    """

    at: datetime
    held: PriceSet
    seen: bool = True


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
