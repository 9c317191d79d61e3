"""Letting stopped points go on: why, in the journal, before the first of them is told.

Not every pump can go on with a delivery that was stopped. One that cannot is ended by hanging up its nozzle, and is
paid as it is.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import SUSPENDED, FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import ResumePoint
from pos_client.services.desk import Desk
from pos_client.services.messages import RestartReason
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

CANNOT_RESUME = "cannot_resume"
"""Why a line refuses for a pump that has no such thing."""


@dataclass(slots=True)
class Restarting:
    """The cashier's "go on", for one point or for all that were stopped."""

    desk: Desk
    _asked: dict[str, PointId] = field(default_factory=dict)
    _cannot: set[PointId] = field(default_factory=set)
    _unheard: set[PointId] = field(default_factory=set)

    def restart(self, point: PointId | None, reason: RestartReason) -> None:
        """Let a point go on whose delivery is held still; None: every point this till has stopped."""
        tracks = self.desk.state.points.values()
        if point is None:
            points = tuple(track.point for track in tracks if track.stopped)
        else:
            points = tuple(t.point for t in tracks if t.point == point and (t.stopped or t.state in SUSPENDED))
        if not points:
            self.desk.notify("nothing_stopped", Severity.INFO)
            return
        restart = self.desk.dice.new_id()
        self.desk.record(f.RestartIntended(restart, points, reason.value), closed=(restart,))
        self._cannot.clear()
        self._unheard.clear()
        for each in points:
            command_id = self.desk.dice.new_id()
            self._asked[command_id] = each
            self.desk.dispensers.send(ResumePoint(command_id, each))

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of a restart; False for any other command."""
        point = self._asked.pop(report.command_id, None)
        if point is None:
            return False
        track = self.desk.state.track(point)
        if report.outcome is r.CommandOutcome.DONE:
            track.stopped = False
        elif report.detail == CANNOT_RESUME:
            self._say("cannot_resume", self._cannot, point)
        elif track.state is not FuellingPointState.FUELLING:
            self._say("restart_unconfirmed", self._unheard, point)
        return True

    def _say(self, code: str, points: set[PointId], point: PointId) -> None:
        points.add(point)
        names = ", ".join(str(each) for each in sorted(points))
        self.desk.notify(code, Severity.WARNING, points=names)
