"""Commands down to the forecourt, in the trade's words. Whatever line, protocol or address stands behind a point.

Commands are asked for, never waited for: what became of one comes back as a report with its `command_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import Vnd


@dataclass(frozen=True, slots=True)
class Authorise:
    """Permit the next delivery. `preset_vnd` None: no limit. `nozzles` empty: all of the point."""

    command_id: str
    point: PointId
    preset_vnd: Vnd | None = None
    nozzles: tuple[NozzleId, ...] = ()


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


DispenserCommand = Authorise | StopPoint | ReadTotalizers


class Dispensers(Protocol):
    """The way down to every line."""

    def send(self, command: DispenserCommand) -> None:
        """Hand a command to the line that serves its point. Never blocks, never raises for an absent device."""
