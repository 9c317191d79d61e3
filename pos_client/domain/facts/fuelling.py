"""Fuelling: the pump's side of the truth."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, TerminalId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class FuellingCompleted(Fact):
    """Litres left a nozzle. `start_totalizer_ml` is None when no earlier reading is known.

    `recovered`: nobody saw this delivery end; litres come from the totalizer's gap, money from litres x price.
    `sale_type`: a `domain.sale_type.SaleType`; a pump test is never sold and earns nothing.
    `unit_price` is the pump's, `listed_price` the list's at nozzle lift under `price_set` (0 and empty: nobody compared
    them yet), `price_mark` a `PriceMark`.
    `turned_ml`: what was counted before the counter that shows the end stood at 0 (`domain.totalizer`).
    `time_quality`: how sure `finished_at` is (`domain.known_time.TimeQuality`; empty: an older program did not say).
    """

    fuelling_id: FuellingId
    point: PointId
    nozzle: NozzleId
    grade_code: str
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    start_totalizer_ml: Millilitres | None
    end_totalizer_ml: Millilitres
    finished_at: str
    recovered: bool = False
    redemption_id: RedemptionId | None = None
    sale_type: str = "sale"
    listed_price: VndPerLitre = 0
    price_mark: str = ""
    price_set: str = ""
    turned_ml: Millilitres = 0
    time_quality: str = ""

    @property
    def end_odometer_ml(self) -> Millilitres:
        """Where it ended on an odometer that never begins anew: no other fuelling of this nozzle ends there."""
        return self.end_totalizer_ml + self.turned_ml

    @property
    def start_odometer_ml(self) -> Millilitres | None:
        """Where it began; None as its reading."""
        return None if self.start_totalizer_ml is None else max(0, self.end_odometer_ml - self.volume_ml)


@dataclass(frozen=True, slots=True)
class TotalizerNoted(Fact):
    """First reading of a nozzle's totalizer, or a reading nobody could explain (`gap_ml` tells)."""

    reading: str
    point: PointId
    nozzle: NozzleId
    totalizer_ml: Millilitres
    gap_ml: Millilitres = 0


@dataclass(frozen=True, slots=True)
class FuellingPriced(Fact):
    """Litres recovered at a nozzle nobody had configured got their grade and price: they can be sold now."""

    fuelling_id: FuellingId
    grade_code: str
    grade_name: str
    unit_price: VndPerLitre
    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class FuellingHandedOver(Fact):
    """Another till may sell this fuelling, for as long as its claim lives."""

    fuelling_id: FuellingId
    till: TerminalId


@dataclass(frozen=True, slots=True)
class HandOverLapsed(Fact):
    """The other till's claim ran out and nobody had sold it: it waits here again."""

    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class FuellingTakenOver(Fact):
    """Another till has made its claim firm: it takes the money, and nothing is left to do here."""

    fuelling_id: FuellingId
    till: TerminalId


@dataclass(frozen=True, slots=True)
class PumpTestMarked(Fact):
    """These litres went through the meter and back into the tank: not sold, and still counted."""

    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class DroveOff(Fact):
    """The customer left without paying. The plate is sealed to head office; empty: nobody saw it, or no key to seal
    it with."""

    fuelling_id: FuellingId
    noted_at: str
    sealed_plate: str
    masked_plate: str


@dataclass(frozen=True, slots=True)
class DriveOffReturned(Fact):
    """He came back to pay: the fuelling waits to be sold again."""

    fuelling_id: FuellingId
