"""The technician's test of one point: ask it for everything that changes nothing, and show what it said."""

from __future__ import annotations

from dataclasses import replace

from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import Millilitres
from pos_client.ports import reports as r
from pos_client.ports.dispensers import ReadTotalizers
from pos_client.services.desk import Desk
from pos_client.services.prices import Prices
from pos_client.services.snapshots import PointTest
from pos_client.value import dataclass

ANSWER_WITHIN_MS = 15_000
"""A point that was not heard of for so long has not answered."""


@dataclass(slots=True)
class PointTester:
    """Asks for totalizers; the state and the prices it has said last come with them."""

    desk: Desk
    prices: Prices
    result: PointTest | None = None
    _command_id: str = ""

    def test(self, point: PointId) -> None:
        """Ask one point; an earlier test is forgotten. A point nobody configured is asked nothing."""
        if self.desk.forecourt.point(point) is None:
            return
        self.result = PointTest(point, self.desk.now.ticks_ms)
        self._command_id = self.desk.dice.new_id()
        self.desk.dispensers.send(ReadTotalizers(self._command_id, point))

    def on_totalizer(self, report: r.TotalizerRead) -> None:
        """A reading for the point under test."""
        if self.result is not None and self.result.outcome is None and report.point == self.result.point:
            read: dict[NozzleId, Millilitres] = dict(self.result.totalizers)
            read[report.nozzle] = report.totalizer_ml
            self.result = replace(self.result, totalizers=tuple(sorted(read.items())))

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of the question; False for any other command."""
        if self.result is None or report.command_id != self._command_id:
            return False
        self._end(report.outcome.value)
        return True

    def on_tick(self) -> None:
        """Nobody waits for ever."""
        waits = self.result is not None and self.result.outcome is None
        if waits and self.result and self.desk.now.ticks_ms - self.result.since_ticks_ms >= ANSWER_WITHIN_MS:
            self._end(r.CommandOutcome.NO_ANSWER.value)

    def _end(self, outcome: str) -> None:
        assert self.result is not None
        track = self.desk.state.track(self.result.point)
        answered = outcome != r.CommandOutcome.NO_ANSWER.value
        self.result = replace(
            self.result,
            outcome=outcome,
            state=track.state if answered else None,
            prices=tuple(sorted(self.prices.pump(self.result.point).shown.items())) if answered else (),
            round_trip_ms=self.desk.now.ticks_ms - self.result.since_ticks_ms if answered else None,
        )
        self._command_id = ""
