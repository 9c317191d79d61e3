"""Pump tests: fuel through the meter and back into the tank. Not sold, no points, and still counted.

A test carries a meaning no pump knows, so its intent is written down before the pump is told; whatever the totalizers
prove afterwards at that point is the test, in normal work and after a restart alike. In doubt a test ends early: litres
that were a test can be marked one afterwards, litres a customer took must never become one by themselves.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import FuellingId, PointId
from pos_client.ports.errors import Unavailable
from pos_client.services.claiming import Claiming
from pos_client.services.desk import Desk
from pos_client.services.metering import Metering
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

AT_REST_MS = 3_000
"""A point that rests for so long after its authorisation was answered has no test's litres to tell any more."""


@dataclass(slots=True)
class PumpTests:
    """Tests that are intended, under way, or marked afterwards."""

    desk: Desk
    claiming: Claiming
    metering: Metering
    _quiet_since_ms: dict[str, int] = field(default_factory=dict)
    """since when a test's point is at rest with its command answered"""

    def intend(self, point: PointId) -> None:
        """The next delivery at this point is a test. Raises `RuleViolation` unless its litres can be proved now."""
        nozzles = self.metering.nozzles(point)
        totals = self.desk.state.totalizers
        track = self.desk.state.track(point)
        if not nozzles <= track.compared or not all((point, nozzle) in totals for nozzle in nozzles):
            self.metering.read(point)
            raise RuleViolation("point_not_metered", point=point)
        noted = tuple((nozzle, totals[point, nozzle]) for nozzle in sorted(nozzles))
        intent = f.PumpTestIntended(self.desk.dice.new_id(), point, noted)
        earlier, closed = self._superseded(point)
        self.desk.record(*earlier, intent, closed=closed)

    def supersede(self, point: PointId) -> None:
        """The point is about to be authorised for something else: whatever flows from here on is no test."""
        facts, closed = self._superseded(point)
        if facts:
            self.desk.record(*facts, closed=closed)
        elif any(isinstance(fact, f.PumpTestEnded) for change in self.desk.unwritten for fact in change.facts):
            self.desk.flush()  # or a restart would take the next customer's litres for a test's

    def mark(self, fuelling_id: FuellingId | None) -> None:
        """An unpaid fuelling, or (None) that of the open sale, was a test.

        Raises `RuleViolation`: nothing open, money or points taken for it.
        """
        taken = self.claiming.take_out(fuelling_id, "pump_test")
        fuelling = taken.fuelling
        try:
            self.desk.record(
                *taken.facts,
                f.PumpTestMarked(fuelling.fuelling_id),
                closed=(*taken.closed, fuelling.fuelling_id),
            )
        except Unavailable:
            self.claiming.put_back(fuelling.fuelling_id)
            raise
        self.claiming.clear_counter(taken)
        self.desk.notify("pump_test_marked", Severity.INFO, point=fuelling.point, litres_ml=fuelling.volume_ml)

    def on_tick(self) -> None:
        """A test whose point rests, with all totalizers as the books have them, came to nothing."""
        now_ms = self.desk.now.ticks_ms
        for test in list(self.desk.state.tests.values()):
            track = self.desk.state.track(test.point)
            answered = not track.is_being_permitted(now_ms)
            rests = track.is_at_rest() and self.metering.nozzles(test.point) <= track.compared
            if not (answered and rests):
                self._quiet_since_ms.pop(test.test, None)
            elif now_ms - self._quiet_since_ms.setdefault(test.test, now_ms) >= AT_REST_MS:
                self._quiet_since_ms[test.test] = now_ms
                self.desk.record(f.PumpTestEnded(test.test, None, "not_used"), closed=(test.test,))
                del self._quiet_since_ms[test.test]
                self.desk.notify("pump_test_not_used", Severity.INFO, point=test.point)

    def _superseded(self, point: PointId) -> tuple[tuple[f.PumpTestEnded, ...], tuple[str, ...]]:
        test = self.desk.state.test_at(point)
        return ((f.PumpTestEnded(test.test, None, "superseded"),), (test.test,)) if test else ((), ())
