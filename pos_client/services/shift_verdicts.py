"""What head office makes of the shifts this till has closed: asked for until the comparison is final.

A shift is stated when it is closed, mostly before the journal has reached head office; the answer is then that records
are awaited. So the till asks again, behind everything else, until head office agrees or names what differs. Nothing
waits for it: the next shift is opened, sold in and closed meanwhile.
"""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import IdempotencyKey, ShiftId
from pos_client.domain.outbox import about_ms
from pos_client.domain.shift import StatedShift, Verdict
from pos_client.ports import central as c
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

SOON_MS = 15_000
"""Rows reach head office within seconds; whoever stands at the till learns of it before he goes home."""
PATIENT_MS = 600_000
TRIES_SOON = 20
LOST_AFTER_MS = 60_000


@dataclass(slots=True)
class ShiftVerdicts:
    """Asks, one shift at a time, the oldest first."""

    desk: Desk
    _asked: tuple[IdempotencyKey, ShiftId, int] | None = None
    """the question under way, whose it is, and when it was sent"""
    _due_ms: int = 0
    _tries: int = 0

    def on_tick(self) -> None:
        """Ask when a shift head office has heard of is not compared yet."""
        now = self.desk.now.ticks_ms
        under_way = self._asked is not None and now - self._asked[2] < LOST_AFTER_MS
        if under_way or now < self._due_ms or self.desk.state.central.link is not LinkState.UP:
            return
        waiting = [one for one in self.desk.state.stated.values() if one.verdict == Verdict.AWAITED]
        if not waiting:
            return
        call = self.desk.wire.encode(c.AskShift(self.desk.dice.new_id(), waiting[0].shift_id))
        self._asked = (call.key, waiting[0].shift_id, now)
        self.desk.central.stream(call)

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """What came of asking; False when the answer is somebody else's."""
        if self._asked is None or answer.key != self._asked[0]:
            return False
        shift_id, self._asked = self._asked[1], None
        self._tries += 1
        pause = SOON_MS if self._tries <= TRIES_SOON else PATIENT_MS
        self._due_ms = self.desk.now.ticks_ms + about_ms(pause, self.desk.dice.spread())
        if isinstance(answer.result, c.ShiftStated) and answer.result.result != Verdict.AWAITED:
            self._settle(shift_id, answer.result)
        return True

    def newest(self) -> StatedShift | None:
        """The shift closed last."""
        return next(reversed(self.desk.state.stated.values()), None)

    def _settle(self, shift_id: ShiftId, said: c.ShiftStated) -> None:
        compared = f.ShiftCompared(shift_id, said.result, said.differences, said.points_credited, said.points_debited)
        self.desk.record(compared)
        self._tries = 0
        if said.result == Verdict.MISMATCH:
            self.desk.notify("shift_mismatch", Severity.WARNING, count=len(said.differences))
