"""The one redemption people at the counter wait for, shared by those who carry it on."""

from __future__ import annotations

from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.redemption import Redemption
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
