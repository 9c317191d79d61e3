"""Stopping pumps, and never letting a stop that was not heard look like one that was.

"All told to stop" is no news that they have stopped. A pump that does not answer may still be fuelling: it is named,
all such pumps in one message, until somebody reads it. A point counts as stopped when it has confirmed that while a
delivery was running; an authorisation that was taken back unused leaves nothing to go on with.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.fuelling_point import DELIVERING
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import StopPoint
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass


@dataclass(slots=True)
class Stopping:
    """The cashier's stop, for one point or for all."""

    desk: Desk
    _asked: dict[str, PointId] = field(default_factory=dict)
    _unheard: set[PointId] = field(default_factory=set)

    def stop(self, point: PointId) -> None:
        """Stop one point."""
        self._unheard.discard(point)
        command_id = self.desk.dice.new_id()
        self._asked[command_id] = point
        self.desk.dispensers.send(StopPoint(command_id, point))

    def stop_all(self) -> None:
        """Stop every point, no question asked."""
        self._unheard.clear()
        for point in self.desk.state.points:
            self.stop(point)
        self.desk.notify("stopped_all", Severity.WARNING)

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of a stop; False for any other command."""
        point = self._asked.pop(report.command_id, None)
        if point is None:
            return False
        delivering = self.desk.state.track(point).state in DELIVERING
        if report.outcome is r.CommandOutcome.DONE:
            self.desk.state.track(point).stopped = delivering
        elif delivering or report.outcome is r.CommandOutcome.NO_ANSWER:
            self._unheard.add(point)
            names = ", ".join(str(each) for each in sorted(self._unheard))
            self.desk.notify("stop_unconfirmed", Severity.ERROR, points=names)
        return True
