"""The one redemption people at the counter wait for, shared by those who carry it on."""

from __future__ import annotations

from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.outbox import backoff_ms
from pos_client.domain.redemption import Redemption
from pos_client.ports import central as c
from pos_client.services.attempt import Attempt
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Notice, PointsPhase, Severity
from pos_client.value import dataclass


@dataclass(slots=True)
class Conversation:
    """Holds the attempt that is going on, or the one that was just over."""

    desk: Desk
    attempt: Attempt | None = None

    def redemption(self) -> Redemption | None:
        """Its durable side, once there is one."""
        attempt = self.attempt
        return self.desk.state.redemptions.get(attempt.redemption_id) if attempt and attempt.redemption_id else None

    def refuse(self, attempt: Attempt, code: str, /, **params: int | str) -> None:
        """End it with the reason why not."""
        severity = Severity.WARNING if self.desk.state.central.link is LinkState.UP else Severity.UNKNOWN
        attempt.reason = Notice(code, severity, tuple(params.items()), self.desk.now.ticks_ms)
        attempt.phase, attempt.since_ms = PointsPhase.REFUSED, self.desk.now.ticks_ms
        attempt.waiting_for, attempt.deadline_ms = None, None

    def ask(self, attempt: Attempt, call: c.EncodedCall, *, at_once: bool = True) -> None:
        """Send a call somebody waits for, or have the next tick send it; its time begins now."""
        now = self.desk.now.ticks_ms
        attempt.waiting_for, attempt.tries, attempt.resend_ms = call, 0, None
        attempt.since_ms = now
        attempt.deadline_ms = None
        attempt.give_up_ms = now + self.desk.settings.central.operation_timeout_ms
        if at_once:
            self.desk.send(call)
        else:
            attempt.resend_ms = now

    def ask_again(self, attempt: Attempt, call: c.EncodedCall, pause_ms: int = 0) -> None:
        """The same bytes, a little later."""
        attempt.tries += 1
        attempt.waiting_for = call
        pause = max(pause_ms, min(3_000, backoff_ms(attempt.tries, self.desk.dice.spread())))
        attempt.resend_ms = self.desk.now.ticks_ms + pause
