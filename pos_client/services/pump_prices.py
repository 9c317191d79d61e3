"""What is known of one pump's prices, live: it will say them again after a restart."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from pos_client.domain.forecourt import Grade
from pos_client.domain.identifiers import NozzleId, PointId, PriceSetId
from pos_client.domain.price_mark import Lift
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A nozzle whose pump does not have the list's price."""

    point: PointId
    nozzle: NozzleId
    grade: Grade
    shown: VndPerLitre
    wanted: VndPerLitre

    def words(self) -> dict[str, int | str]:
        """What a notice says of it."""
        return {
            "point": self.point,
            "nozzle": self.nozzle,
            "grade": self.grade.name,
            "pump_price": self.shown,
            "list_price": self.wanted,
        }


@dataclass(slots=True)
class PumpPrices:
    """What one pump has said of its prices."""

    shown: dict[NozzleId, VndPerLitre] = field(default_factory=dict)
    heard: set[NozzleId] = field(default_factory=set)
    """nozzles whose price was said since the pump was last heard anew"""
    settled: PriceSetId | None = None
    """the set it was found to show, every nozzle of it; None: look again"""
    written: PriceSetId | None = None
    """the set that the books know it to show"""
    said: set[NozzleId] = field(default_factory=set)
    """nozzles whose price was said since it was last told new ones"""
    being_told: bool = False
    rested: bool = False
    """so heard since it was last heard anew"""
    hung_at: datetime | None = None
    """when it was last heard with all nozzles hung"""
    lift: Lift | None = None
    proved: dict[NozzleId, datetime] = field(default_factory=dict)
    """when it was last certain that nothing had flowed beside the books"""
    complained: Difference | None = None
    """what was said aloud, until it is well again"""
