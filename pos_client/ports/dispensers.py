"""Commands down to the forecourt, in the trade's words. Whatever line, protocol or address stands behind a point.

Commands are asked for, never waited for: what became of one comes back as a report with its `command_id`.
"""

from __future__ import annotations

from typing import Protocol

from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Authorise:
    """Permit the next delivery, up to an amount or a volume (not both; None: no limit). `nozzles` empty: all."""

    command_id: str
    point: PointId
    preset_vnd: Vnd | None = None
    nozzles: tuple[NozzleId, ...] = ()
    preset_ml: Millilitres | None = None


@dataclass(frozen=True, slots=True)
class StopPoint:
    """Freeze a delivery, or take back an authorisation that nobody has used."""

    command_id: str
    point: PointId


@dataclass(frozen=True, slots=True)
class ReadTotalizers:
    """Ask for the totalizers of all nozzles of a point; answers are `TotalizerRead`, then `CommandDone`."""

    command_id: str
    point: PointId


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Let a stopped delivery go on. Refused (`cannot_resume`) by pumps that can only end it."""

    command_id: str
    point: PointId


@dataclass(frozen=True, slots=True)
class SetPrices:
    """New unit prices for all nozzles of a point, nozzle and price. Done means read back: the pump shows them."""

    command_id: str
    point: PointId
    prices: tuple[tuple[NozzleId, VndPerLitre], ...]


DispenserCommand = Authorise | StopPoint | ResumePoint | ReadTotalizers | SetPrices


class Dispensers(Protocol):
    """The way down to every line."""

    def restart_line(self, line: str) -> None:
        """Close one line's port and open it anew, from the start of its protocol. Other lines do not notice; an
        unknown line is ignored."""

    def send(self, command: DispenserCommand) -> None:
        """Hand a command to the line that serves its point. Never blocks, never raises for an absent device."""
