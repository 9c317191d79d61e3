"""What the cashier permits: the next delivery at a point, with or without a limit."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling_point import CAN_AUTHORISE, FuellingPointState, LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.quantities import Vnd
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity

MOST_PRESET_VND = 99_999_999
"""Eight digits: what a dispenser's counter of money holds."""


@dataclass(slots=True)
class Authorising:
    """Permits deliveries."""

    desk: Desk

    def authorise(self, point: PointId | None, preset_vnd: Vnd | None) -> None:
        """Permit the next delivery; without a point, the one that has been calling longest.

        Raises `RuleViolation` for a limit no pump can be given.
        """
        if point is None:
            calling = [t for t in self.desk.state.points.values() if t.state is FuellingPointState.CALLING]
            if not calling:
                self.desk.notify("nobody_calls", Severity.INFO)
                return
            point = min(calling, key=lambda t: t.since_ms).point
        track = self.desk.state.track(point)
        armed = self.desk.state.gift_at(point) is not None
        if armed or track.link is not LinkState.UP or track.state not in CAN_AUTHORISE:
            self.desk.notify("point_not_ready", Severity.WARNING, point=point)
            return
        if preset_vnd is not None and not 0 < preset_vnd <= MOST_PRESET_VND:
            raise RuleViolation("preset_out_of_range", amount=preset_vnd, most=MOST_PRESET_VND)
        track.preset_vnd = preset_vnd
        self.desk.dispensers.send(Authorise(self.desk.dice.new_id(), point, preset_vnd))

    def on_command(self, report: r.CommandFinished) -> None:
        """What became of a command nobody else asked for."""
        if report.outcome is not r.CommandOutcome.DONE:
            track = self.desk.state.track(report.point)
            if track.state in CAN_AUTHORISE:
                track.preset_vnd = None
            self.desk.notify(f"command_{report.outcome.value}", Severity.WARNING, point=report.point)
