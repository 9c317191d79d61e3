"""What head office has against this till: no points until that has ended, sales as ever (I16).

Said once when it begins; over when head office answers this till's own question again, because each of these is refused
to every question. A newer session elsewhere is not among them: whose place was taken does not fight for it.
"""

from __future__ import annotations

from pos_client.domain.outbox import LONGEST_RETRY_AFTER_MS
from pos_client.ports import central as c
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

OF_THIS_TILL = frozenset({"device-auth-failed", "signature-expired", "terminal-suspended", "terminal-quarantined"})
"""Meant for the till, whatever it had asked."""
TO_ITS_OWN_QUESTION = OF_THIS_TILL | {"station-mismatch"}
"""To a question about a customer's points this one may mean the points."""


def asked_to_wait_ms(result: object) -> int:
    """How long central asks not to be asked again (Retry-After), ten minutes at the most; 0: it does not say (F14)."""
    return min(result.retry_after_s * 1000, LONGEST_RETRY_AFTER_MS) if isinstance(result, c.Problem) else 0


@dataclass(slots=True)
class StandingWithCentral:
    """Blocks points while head office will not have this till speak of them."""

    desk: Desk

    def on_answer(self, result: object, *, own: bool) -> None:
        """Any answer. `own`: to a question of this till's for itself, a session or the time."""
        blockers = self.desk.state.blockers
        if isinstance(result, c.Problem) and result.code in (TO_ITS_OWN_QUESTION if own else OF_THIS_TILL):
            blocker = f"central_{result.code}"
            if blocker not in blockers:
                blockers[blocker] = None
                self.desk.notify(blocker, Severity.ERROR)
        elif own and isinstance(result, c.SessionStarted | c.TimeTold):
            for code in TO_ITS_OWN_QUESTION:
                blockers.pop(f"central_{code}", None)
