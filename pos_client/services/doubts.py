"""Answers nobody believes: held against what was asked, kept as evidence, and treated as never seen.

The journal keeps what an impossible answer said, in numbers and without names, and the digest of all of it. The cashier
is told once a question what it means for the customer's money; the question goes on as after a time-out: the same
bytes under the same key, or the hold is given back. So a central that lies costs time, never points (I1, I4, I16).
"""

from __future__ import annotations

import hashlib
from dataclasses import field, fields
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.identifiers import AccrualId, IdempotencyKey, RedemptionId
from pos_client.domain.moment import aware_time
from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.domain.redemption import RedemptionState
from pos_client.ports import central as c
from pos_client.services import plausibility
from pos_client.services.desk import Desk
from pos_client.services.redemption import Redemptions
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

_S = RedemptionState
WRONG_KIND = "wrong_kind"
KEPT = 200
"""So many impossible answers of one run are written down; a central that only lies cannot fill the disk."""
_KIND: dict[ItemKind, type | tuple[type, ...]] = {
    ItemKind.CAPTURE: c.RedemptionCaptured,
    ItemKind.VOID: c.RedemptionVoided,
    ItemKind.ACCRUAL: (c.AccrualBooked, c.AccrualUnderReview),
    ItemKind.REVERSAL: c.OperationReversed,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked (read, hold, consent, capture, void, accrual), and what is impossible about its answer."""

    asked: str
    why: str | None


@dataclass(slots=True)
class Doubts:
    """Stands before everybody who takes an answer."""

    desk: Desk
    redemptions: Redemptions
    _told: set[IdempotencyKey] = field(default_factory=set)
    _written: int = 0
    _heard: tuple[datetime, int] | None = None
    """central's clock as it was told last, and this run's ticks then"""
    _highest: int | None = None
    """the highest fencing number this till was ever given"""

    def judge(self, answer: c.CentralAnswered) -> c.CentralAnswered:
        """The answer, or that there was none worth the name. Raises `Unavailable` when the books cannot be read."""
        result = answer.result
        if isinstance(result, c.Problem | c.NoAnswer):
            return answer
        verdict = self._verdict(answer.key, result)
        why = result.why if isinstance(result, c.Impossible) else verdict.why if verdict else None
        if why is None:
            return answer
        self._keep(answer.key, verdict.asked if verdict else "read", why, result)
        return c.CentralAnswered(answer.key, c.NoAnswer(c.IMPOSSIBLE))

    def _verdict(self, key: IdempotencyKey, result: c.CentralAnswer | c.Impossible) -> Verdict | None:
        """None: nobody waits for an answer under this key."""
        state = self.desk.state
        item = state.outbox.get(key)
        if item is not None:
            return Verdict(item.kind.value, self._of_item(item, result))
        if key == state.central.session_key:
            return Verdict("read", self._of_clock(result))
        if state.present is not None and key == state.present.request:
            return Verdict("read", plausibility.customer(result) if isinstance(result, c.CustomerFound) else WRONG_KIND)
        waiting = self.redemptions.attempt.waiting_for if self.redemptions.attempt else None
        return self._of_redemption(result) if waiting is not None and waiting.key == key else None

    def _of_item(self, item: OutboxItem, result: object) -> str | None:
        if not isinstance(result, _KIND.get(item.kind, object)):
            return WRONG_KIND
        state = self.desk.state
        match result:
            case c.RedemptionCaptured():
                redemption = state.redemptions.get(RedemptionId(item.subject))
                if redemption is None:
                    return None
                return plausibility.capture(result, redemption.points, redemption.dispensed_vnd)
            case c.AccrualBooked():
                stated = state.accruals.get(AccrualId(item.subject))
                sale = state.sales.get(stated.sale_id) if stated else None
                return plausibility.accrual(result, sale.fuelling.amount_vnd if sale else None)
            case c.OperationReversed():
                return plausibility.reversal(result)
            case _:
                return None

    def _of_clock(self, result: object) -> str | None:
        if not isinstance(result, c.SessionStarted | c.TimeTold):
            return WRONG_KIND
        now_ms = self.desk.now.ticks_ms
        last, then_ms = self._heard or (None, now_ms)
        why = plausibility.told_time(result.server_time, last, now_ms - then_ms)
        if why is None and isinstance(result, c.SessionStarted):
            why = plausibility.session(result, self._session_before())
        if why is None:
            at = aware_time(result.server_time)
            self._heard = (at, now_ms) if at is not None else None
        return why

    def _session_before(self) -> int:
        if self._highest is None:
            entries = self.desk.store.entries_of(self.desk.settings.station.terminal)
            opened = [entry.fact.session for entry in entries if isinstance(entry.fact, f.SessionOpened)]
            self._highest = max(opened, default=0)
        return max(self._highest, self.desk.state.central.session or 0)

    def _of_redemption(self, result: object) -> Verdict:
        attempt = self.redemptions.attempt
        assert attempt is not None  # whose key it is was asked before
        redemption = self.desk.state.redemptions.get(attempt.redemption_id) if attempt.redemption_id else None
        if redemption is None:
            return Verdict("read", plausibility.quote(result) if isinstance(result, c.QuoteGiven) else WRONG_KIND)
        if redemption.state is _S.VERIFYING:
            if not isinstance(result, c.ConsentVerified):
                return Verdict("consent", WRONG_KIND)
            return Verdict("consent", plausibility.consent(result, redemption.points))
        if not isinstance(result, c.HoldPlaced):
            return Verdict("hold", WRONG_KIND)
        return Verdict("hold", plausibility.hold(result, redemption.points))

    def _keep(self, key: IdempotencyKey, asked: str, why: str, result: c.CentralAnswer | c.Impossible) -> None:
        if key not in self._told:
            self._told.add(key)
            self.desk.notify(f"impossible_answer_{asked}", Severity.WARNING, why=why)
        if self._written >= KEPT:
            return
        self._written += 1
        numbers, digest = evidence_of(result)
        name = self.desk.dice.new_id()
        self.desk.record(f.AnswerDoubted(name, key, asked, why, numbers, digest), closed=(name,))


def evidence_of(result: c.CentralAnswer | c.Impossible) -> tuple[tuple[tuple[str, int], ...], str]:
    """The numbers an answer gave, by name (never a name, a phone or a permit: I19), and the digest of all it said."""
    if isinstance(result, c.Impossible):
        return result.numbers, result.sha256
    told = result.customer if isinstance(result, c.CustomerFound) else result
    values = {each.name: getattr(told, each.name) for each in fields(told)}
    numbers = [(name, value) for name, value in values.items() if type(value) is int]
    return ((type(result).__name__, len(numbers)), *numbers), hashlib.sha256(repr(result).encode()).hexdigest()
