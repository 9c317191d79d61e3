"""Asks every point for its totalizers, for the opening or closing of a shift, and does not wait for ever.

A rise that comes to light is litres nobody saw: `metering.py` looks twice and recovers them, and only then the point
counts as read. A point that delivers cannot be read; its last sale told a reading, and the books go on with that one.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.facts.shift import Reading
from pos_client.domain.forecourt import FuellingPoint
from pos_client.domain.fuelling_point import DELIVERING, LinkState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import ReadTotalizers
from pos_client.services.desk import Desk
from pos_client.value import dataclass

READ_WITHIN_MS = 20_000
"""Thirty-two points of four nozzles at 9600 baud tell their totalizers in about half of that."""
ASK_AGAIN_MS = 2_000


@dataclass(slots=True)
class MeterRound:
    """One round over the forecourt at a time."""

    desk: Desk
    deadline_ms: int | None = None
    """when it ends at the latest; None: nobody wants to know"""
    _asked: dict[str, PointId] = field(default_factory=dict)
    _answered: set[PointId] = field(default_factory=set)
    _read: set[PointId] = field(default_factory=set)
    """a sale that begins after its point was read does not unread it: its end will be a reading again"""
    _ask_again_ms: dict[PointId, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Ask anew."""
        self.deadline_ms = self.desk.now.ticks_ms + READ_WITHIN_MS
        self._asked.clear()
        self._answered.clear()
        self._read.clear()
        self._ask_again_ms.clear()
        self.on_tick()

    def end(self) -> None:
        """Nobody wants to know any more."""
        self.deadline_ms = None

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of a question; False when it was somebody else's."""
        point = self._asked.pop(report.command_id, None)
        if point is None:
            return False
        if report.outcome is r.CommandOutcome.DONE:
            self._answered.add(point)
        return True

    def on_tick(self) -> None:
        """Ask every point that can answer and has not."""
        if self.deadline_ms is None:
            return
        self._read |= {each.point for each in self.desk.forecourt.points if self._tells(each)}
        now = self.desk.now.ticks_ms
        for point in self._unread():
            track = self.desk.state.track(point)
            heard = track.link is LinkState.UP and track.state not in DELIVERING
            if heard and point not in self._answered and now >= self._ask_again_ms.get(point, 0):
                self._ask_again_ms[point] = now + ASK_AGAIN_MS
                command_id = self.desk.dice.new_id()
                self._asked[command_id] = point
                self.desk.dispensers.send(ReadTotalizers(command_id, point))

    def is_over(self) -> bool:
        """Every point that is heard has told its totalizers, or time is up."""
        if self.deadline_ms is None:
            return False
        silent = all(self.desk.state.track(point).link is LinkState.DOWN for point in self._unread())
        return silent or self.desk.now.ticks_ms >= self.deadline_ms

    def found(self) -> tuple[tuple[Reading, ...], tuple[PointId, ...]]:
        """The readings there are, and the points without."""
        unread = self._unread()
        readings: list[Reading] = []
        for point in self.desk.forecourt.points:
            if point.point in unread:
                continue
            noted = self.desk.state.track(point.point).noted
            for nozzle in point.nozzles:
                known = self.desk.state.totalizers[point.point, nozzle.nozzle]
                readings.append((point.point, nozzle.nozzle, noted.get(nozzle.nozzle, known)))
        return tuple(readings), tuple(unread)

    def _unread(self) -> list[PointId]:
        return [point.point for point in self.desk.forecourt.points if point.point not in self._read]

    def _tells(self, point: FuellingPoint) -> bool:
        """It answered, and every totalizer agreed with the books, or was read twice alike and noted."""
        track = self.desk.state.track(point.point)
        settled = track.compared | set(track.noted)
        return point.point in self._answered and {each.nozzle for each in point.nozzles} <= settled
