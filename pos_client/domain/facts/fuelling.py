"""Fuelling: the pump's side of the truth."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre


@dataclass(frozen=True, slots=True)
class FuellingCompleted(Fact):
    """Litres left a nozzle. `start_totalizer_ml` is None when no earlier reading is known.

    `recovered`: nobody saw this delivery end; litres come from the totalizer's gap, money from litres x price.
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


@dataclass(frozen=True, slots=True)
class TotalizerNoted(Fact):
    """First reading of a nozzle's totalizer, or a reading nobody could explain (`gap_ml` tells)."""

    reading: str
    point: PointId
    nozzle: NozzleId
    totalizer_ml: Millilitres
    gap_ml: Millilitres = 0
