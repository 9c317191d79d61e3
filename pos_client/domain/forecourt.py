"""What stands where: the site as the technician configured it."""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.identifiers import NozzleId, PointId, StationId
from pos_client.domain.quantities import Vnd
from pos_client.domain.totalizer import Meter
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Grade:
    """A product. `code` is what central knows it by; what it costs says the price list (`domain/prices.py`)."""

    code: str
    name: str
    earns: bool = True


@dataclass(frozen=True, slots=True)
class Nozzle:
    """Delivers one grade at one fuelling point."""

    nozzle: NozzleId
    grade: Grade


@dataclass(frozen=True, slots=True)
class FuellingPoint:
    """Where one vehicle is fuelled; the unit we authorise."""

    point: PointId
    nozzles: tuple[Nozzle, ...]
    meter: Meter = field(default_factory=Meter)
    """what the totalizers of its nozzles can show"""
    price_step: Vnd = 1
    """its dispenser shows prices in multiples of it"""

    numbers: frozenset[NozzleId] = field(init=False, repr=False, compare=False)
    """its nozzles; asked for with every message"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", frozenset(n.nozzle for n in self.nozzles))

    def grade_of(self, nozzle: NozzleId | None) -> Grade | None:
        """The grade at a nozzle; None for a nozzle nobody configured."""
        return next((n.grade for n in self.nozzles if n.nozzle == nozzle), None)


@dataclass(frozen=True, slots=True)
class Forecourt:
    """The site's fuelling points as one thing."""

    station: StationId
    points: tuple[FuellingPoint, ...]
    _by_number: dict[PointId, FuellingPoint] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_number", {p.point: p for p in self.points})

    def point(self, point: PointId) -> FuellingPoint | None:
        """The fuelling point of that number, or None."""
        return self._by_number.get(point)

    def meter(self, point: PointId) -> Meter:
        """What the totalizers of a point can show; of a point nobody configured nothing is known."""
        found = self.point(point)
        return found.meter if found else Meter()
