"""What people intended with a pump, written down before the pump is told."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.domain.quantities import Millilitres
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class PumpTestIntended(Fact):
    """The next delivery at this point is a pump test. The totalizers at that moment say later whether any came."""

    test: str
    point: PointId
    nozzle_totals: tuple[tuple[NozzleId, Millilitres], ...]


@dataclass(frozen=True, slots=True)
class PumpTestEnded(Fact):
    """The test is over: with the fuelling it came to, or without one and why."""

    test: str
    fuelling_id: FuellingId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RestartIntended(Fact):
    """Stopped points are about to be let go on, and why that may be."""

    restart: str
    points: tuple[PointId, ...]
    reason: str
