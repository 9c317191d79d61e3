"""What meters and fuellings have come to since the last shift was closed: one fold of the journal, for every nozzle and
every tender, whether a shift is open or not.

It is bounded: a line a nozzle, a line a tender, and a line a fuelling something is still expected of. What a meter
moved is followed from reading to reading, so a counter that begins anew, even twice, is no trouble; what the fuellings
came to is added up beside it, and `domain/shift.py` compares the two.

It begins with the first shift that was ever opened; before, nobody asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, field, replace
from typing import TypeVar

from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId, ShiftId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.sale_type import SaleType
from pos_client.domain.totalizer import Meter, Rose, Same, WentDown, Wrapped
from pos_client.value import dataclass

Place = tuple[PointId, NozzleId]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class NozzleSums:
    """One nozzle since the last close. `opening_ml` None: its totalizer was never read."""

    opening_ml: Millilitres | None = None
    last_ml: Millilitres | None = None
    metered_ml: Millilitres = 0
    """what the meter moved, from reading to reading"""
    told_ml: Millilitres = 0
    """what its fuellings add up to: sold, given, tested, recovered, driven off and not yet paid alike"""
    between_ml: Millilitres = 0
    """of `told_ml`: before the shift was opened"""
    test_ml: Millilitres = 0
    recovered_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    """what its fuellings cost; a test costs nothing"""
    fuellings: int = 0
    wrapped: bool = False
    went_down: bool = False

    def read(self, meter: Meter, reading_ml: Millilitres, told_ml: Millilitres = 0) -> NozzleSums:
        """After another reading, before which the pump told a delivery of `told_ml`."""
        if self.last_ml is None:
            begin = meter.on_from(reading_ml, -told_ml)
            return replace(self, opening_ml=begin, last_ml=reading_ml, metered_ml=self.metered_ml + told_ml)
        moved = replace(self, last_ml=reading_ml)
        match meter.advance(self.last_ml, reading_ml, told_ml):
            case Same():
                return self
            case Rose(by_ml=by):
                return replace(moved, metered_ml=self.metered_ml + by)
            case Wrapped(by_ml=by):
                return replace(moved, metered_ml=self.metered_ml + by, wrapped=True)
            case WentDown():
                return replace(moved, went_down=True)


@dataclass(frozen=True, slots=True)
class Story:
    """A fuelling something is still expected of. `earlier`: it is told in a shift closed before."""

    place: Place
    volume_ml: Millilitres
    amount_vnd: Vnd
    earlier: bool = False
    driven_off: bool = False
    """in this shift"""


@dataclass(frozen=True, slots=True)
class ShiftSums:
    """All of it. `meters`: what each point's totalizers can show. `folded`: facts since the sums were last written."""

    meters: Mapping[PointId, Meter] = field(default_factory=dict)
    summed_id: str | None = None
    """the newest `ShiftSummed`; None: there never was a shift"""
    last_shift: ShiftId | None = None
    """the shift closed last"""
    nozzles: Mapping[Place, NozzleSums] = field(default_factory=dict)
    tenders: Mapping[str, tuple[int, Vnd]] = field(default_factory=dict)
    sales: int = 0
    """paid"""
    volume_ml: Millilitres = 0
    """of the sales paid"""
    amount_vnd: Vnd = 0
    """of the sales paid"""
    drive_offs: int = 0
    drive_offs_vnd: Vnd = 0
    stories: Mapping[FuellingId, Story] = field(default_factory=dict)
    open_sales: Mapping[SaleId, FuellingId] = field(default_factory=dict)
    folded: int = 0

    def apply(self, fact: f.Fact) -> ShiftSums:
        """The sums after one more fact. Facts of stories they do not hold change nothing."""
        if isinstance(fact, f.ShiftSummed):
            return self._resumed(fact)
        if self.summed_id is None:
            return self
        return replace(self._folded(fact), folded=self.folded + 1)

    def _folded(self, fact: f.Fact) -> ShiftSums:
        match fact:
            case f.FuellingCompleted():
                return self._completed(fact)
            case f.TotalizerNoted():
                return self._read((fact.point, fact.nozzle), fact.totalizer_ml)
            case f.MetersRead():
                after = self
                for point, nozzle, reading in fact.readings:
                    after = after._read((point, nozzle), reading)
                return after
            case f.PumpTestMarked():
                return self._tested(fact.fuelling_id)
            case f.FuellingPriced():
                return self._priced(fact)
            case f.DroveOff():
                return self._drove_off(fact.fuelling_id, away=True)
            case f.DriveOffReturned():
                return self._drove_off(fact.fuelling_id, away=False)
            case f.FuellingTakenOver():
                return replace(self, stories=_without(self.stories, fact.fuelling_id))
            case f.SaleOpened():
                return replace(self, open_sales={**self.open_sales, fact.sale_id: fact.fuelling_id})
            case f.SaleReleased():
                return replace(self, open_sales=_without(self.open_sales, fact.sale_id))
            case f.TenderTaken():
                times, amount = self.tenders.get(fact.kind, (0, 0))
                return replace(self, tenders={**self.tenders, fact.kind: (times + 1, amount + fact.amount_vnd)})
            case f.SalePaid():
                return self._paid(fact)
            case f.ShiftOpened():
                opened = {place: replace(sums, between_ml=sums.told_ml) for place, sums in self.nozzles.items()}
                return replace(self, nozzles=opened)
            case f.ShiftClosed():
                return self._closed(fact)
            case _:
                return self

    def _completed(self, fact: f.FuellingCompleted) -> ShiftSums:
        place = (fact.point, fact.nozzle)
        tested = fact.sale_type == SaleType.PUMP_TEST
        before = self.nozzles.get(place, NozzleSums()).read(self._meter(place), fact.end_totalizer_ml, fact.volume_ml)
        after = replace(
            before,
            told_ml=before.told_ml + fact.volume_ml,
            test_ml=before.test_ml + (fact.volume_ml if tested else 0),
            recovered_ml=before.recovered_ml + (fact.volume_ml if fact.recovered else 0),
            amount_vnd=before.amount_vnd + (0 if tested else fact.amount_vnd),
            fuellings=before.fuellings + 1,
        )
        sums = replace(self, nozzles={**self.nozzles, place: after})
        if tested:
            return sums
        story = Story(place, fact.volume_ml, fact.amount_vnd)
        return replace(sums, stories={**self.stories, fact.fuelling_id: story})

    def _tested(self, fuelling_id: FuellingId) -> ShiftSums:
        story = self.stories.get(fuelling_id)
        if story is None:
            return self
        sums = self._amended(story, test_ml=story.volume_ml, amount_vnd=-story.amount_vnd)
        return replace(sums, stories=_without(self.stories, fuelling_id))

    def _priced(self, fact: f.FuellingPriced) -> ShiftSums:
        story = self.stories.get(fact.fuelling_id)
        if story is None:
            return self
        sums = self._amended(story, amount_vnd=fact.amount_vnd - story.amount_vnd)
        priced = replace(story, amount_vnd=fact.amount_vnd)
        return replace(sums, stories={**self.stories, fact.fuelling_id: priced})

    def _drove_off(self, fuelling_id: FuellingId, *, away: bool) -> ShiftSums:
        """One who comes back in a later shift is no drive-off of that shift, neither more nor less."""
        story = self.stories.get(fuelling_id)
        if story is None or story.driven_off is away:
            return self
        sign = 1 if away else -1
        return replace(
            self,
            drive_offs=self.drive_offs + sign,
            drive_offs_vnd=self.drive_offs_vnd + sign * story.amount_vnd,
            stories={**self.stories, fuelling_id: replace(story, driven_off=away)},
        )

    def _amended(self, story: Story, *, test_ml: Millilitres = 0, amount_vnd: Vnd = 0) -> ShiftSums:
        """What a fuelling turned out to be; those of an earlier shift stay as they were told there."""
        if story.earlier:
            return self
        sums = self.nozzles[story.place]
        after = replace(sums, test_ml=sums.test_ml + test_ml, amount_vnd=sums.amount_vnd + amount_vnd)
        return replace(self, nozzles={**self.nozzles, story.place: after})

    def _read(self, place: Place, reading_ml: Millilitres) -> ShiftSums:
        after = self.nozzles.get(place, NozzleSums()).read(self._meter(place), reading_ml)
        return replace(self, nozzles={**self.nozzles, place: after})

    def _paid(self, fact: f.SalePaid) -> ShiftSums:
        fuelling_id = self.open_sales.get(fact.sale_id)
        story = self.stories.get(fuelling_id) if fuelling_id else None
        if fuelling_id is None or story is None:
            return self
        return replace(
            self,
            sales=self.sales + 1,
            volume_ml=self.volume_ml + story.volume_ml,
            amount_vnd=self.amount_vnd + story.amount_vnd,
            stories=_without(self.stories, fuelling_id),
            open_sales=_without(self.open_sales, fact.sale_id),
        )

    def _closed(self, fact: f.ShiftClosed) -> ShiftSums:
        """Everything begins anew, at the readings there are; what stands open stays open."""
        return ShiftSums(
            meters=self.meters,
            summed_id=self.summed_id,
            last_shift=fact.shift_id,
            nozzles={place: NozzleSums(sums.last_ml, sums.last_ml) for place, sums in self.nozzles.items()},
            stories={key: replace(each, earlier=True, driven_off=False) for key, each in self.stories.items()},
            open_sales=self.open_sales,
        )

    def _meter(self, place: Place) -> Meter:
        return self.meters.get(place[0]) or Meter()

    # as a fact

    def summed(self, summed_id: str) -> f.ShiftSummed:
        """These sums to be written down."""
        return f.ShiftSummed(
            summed_id=summed_id,
            last_shift=self.last_shift,
            nozzles=tuple((*place, *astuple(sums)) for place, sums in sorted(self.nozzles.items())),
            tenders=tuple((kind, times, amount) for kind, (times, amount) in sorted(self.tenders.items())),
            sales=self.sales,
            volume_ml=self.volume_ml,
            amount_vnd=self.amount_vnd,
            drive_offs=self.drive_offs,
            drive_offs_vnd=self.drive_offs_vnd,
            stories=tuple(
                (key, *each.place, each.volume_ml, each.amount_vnd, each.earlier, each.driven_off)
                for key, each in sorted(self.stories.items())
            ),
            open_sales=tuple(sorted(self.open_sales.items())),
        )

    def _resumed(self, fact: f.ShiftSummed) -> ShiftSums:
        return ShiftSums(
            meters=self.meters,
            summed_id=fact.summed_id,
            last_shift=fact.last_shift,
            nozzles={line[:2]: NozzleSums(*line[2:]) for line in fact.nozzles},
            tenders={line[0]: line[1:] for line in fact.tenders},
            sales=fact.sales,
            volume_ml=fact.volume_ml,
            amount_vnd=fact.amount_vnd,
            drive_offs=fact.drive_offs,
            drive_offs_vnd=fact.drive_offs_vnd,
            stories={line[0]: Story(line[1:3], *line[3:]) for line in fact.stories},
            open_sales=dict(fact.open_sales),
        )


def _without(mapping: Mapping[_Key, _Value], key: _Key) -> dict[_Key, _Value]:
    return {name: value for name, value in mapping.items() if name != key}
