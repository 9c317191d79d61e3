"""Store and forward: outbox items go out one at a time, oldest due first, each lane in order, until central answers.

An item in flight is remembered in memory alone. After a restart every waiting item is sent again with its frozen key
and bytes, which is harmless by contract; so claiming costs no disk write, and a crash between send and answer is
nothing special.
"""

from __future__ import annotations

from dataclasses import field, replace

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import AccrualId, IdempotencyKey, RedemptionId, ReversalId, ShiftId
from pos_client.domain.known_time import TimeQuality, ms_of
from pos_client.domain.moment import aware_time
from pos_client.domain.outbox import (
    UNKNOWN_HOLD,
    WAITING,
    DeliveryState,
    ItemKind,
    OutboxItem,
    Outcome,
    about_ms,
    is_lost_for_good,
    is_overdue,
    next_attempt,
)
from pos_client.domain.redemption import FINAL, RedemptionState
from pos_client.domain.shift import Verdict
from pos_client.ports import central as c
from pos_client.ports.errors import Unavailable
from pos_client.services.clock_keeper import ClockKeeper
from pos_client.services.conditions import Conditions
from pos_client.services.desk import Desk
from pos_client.services.journal_stream import JournalStream
from pos_client.services.snapshots import Severity
from pos_client.services.standing import StandingWithCentral, asked_to_wait_ms
from pos_client.value import dataclass

LOST_AFTER_MS = 60_000
"""An item in flight whose outcome never came back (a lane that died) is due again."""

SEND_EVERY_MS = 200
"""Five requests a second on the forwarding lane, a batch counting as one; five at once after a second's rest."""
LOOK_MS = 1_000

TERMINAL_PROBLEMS = frozenset(
    {
        *("device-auth-failed", "terminal-suspended", "terminal-quarantined", "station-mismatch"),
        *("stale-session", "signature-expired"),
    }
)
"""Problems of this terminal, not of the record: the record stays in the queue."""


FINISHING = (
    *(f.AccrualPosted, f.AccrualUnderReview, f.Captured, f.ShortfallRecorded),
    *(f.Voided, f.ReversalPosted),
)
"""Facts after which nothing is owed any more; what a shift is compared to is asked for on and on."""


def classify(result: object) -> tuple[Outcome, str | None, int]:
    """Outcome, problem code and the pause central asks for (ms)."""
    match result:
        case c.NoAnswer():
            return (Outcome.UNKNOWN if result.sent else Outcome.RETRY), result.reason, 0
        case c.Problem() if result.retry is c.Retry.SAME_KEY or result.code in TERMINAL_PROBLEMS:
            return Outcome.RETRY, result.code, asked_to_wait_ms(result)
        case c.Problem():
            return Outcome.REFUSED, result.code, 0
        case _:
            return Outcome.ACCEPTED, None, 0


def age_ms(desk: Desk, item: OutboxItem) -> int:
    """How long ago a record was made, restarts in between or not; 0 while nobody knows what time it is."""
    reading, made = desk.state.time.reading(desk.now), aware_time(item.created_at)
    if made is None or reading.quality is TimeQuality.UNTRUSTED:
        return 0
    return max(0, reading.at_ms - ms_of(made))


@dataclass(slots=True)
class StoreAndForward:
    """Empties the outbox."""

    desk: Desk
    _in_flight: dict[IdempotencyKey, int] = field(default_factory=dict)
    """key -> when it was sent; one record, or the claims for points of one batch"""
    _most: int = c.MOST_IN_A_BATCH
    """so many claims travel together: fewer when central did not answer so many in time, more again when it did"""
    _paced_ms: int = 0
    """up to when the pace is used up"""
    _quiet: tuple[int, int] | None = None
    """until when nothing is due, in a queue of how many; None: look"""
    _alarmed: set[IdempotencyKey] = field(default_factory=set)
    _not_before: dict[IdempotencyKey, int] = field(default_factory=dict)
    """records central asked not to be sent again before then, whatever else would hurry them"""

    def on_tick(self) -> None:
        """Send what is due when the way is free: one record, or claims for points together, at the pace."""
        now, outbox = self.desk.now.ticks_ms, self.desk.state.outbox
        if not outbox or any(now - sent_ms < LOST_AFTER_MS for sent_ms in self._in_flight.values()):
            return
        if self._quiet is not None and now < self._quiet[0] and len(outbox) == self._quiet[1]:
            return
        paced_ms = max(self._paced_ms, now - 1_000) + SEND_EVERY_MS
        if paced_ms > now:
            return
        due = self._due(now)
        if not due:
            next_ms = min((item.due_ms for item in outbox.values() if item.state in WAITING), default=now + LOOK_MS)
            self._quiet = (max(next_ms, now + SEND_EVERY_MS), len(outbox))
            return
        self._paced_ms, self._quiet = paced_ms, None
        self._in_flight = {item.key: now for item in due}
        calls = tuple(c.EncodedCall(item.key, item.method, item.path, item.body) for item in due)
        if len(calls) == 1:
            self.desk.central.forward(calls[0])
        else:
            self.desk.central.forward_batch(calls)

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """What became of a send; False when the key is none of ours."""
        item = self.desk.state.outbox.get(answer.key)
        if item is None:
            return False
        self._in_flight.pop(answer.key, None)
        self._not_before.pop(answer.key, None)
        self._quiet = None
        self._take(item, answer)
        self.desk.marks.done(answer.key, answered=not isinstance(answer.result, c.NoAnswer))
        return True

    def _take(self, item: OutboxItem, answer: c.CentralAnswered) -> None:
        waited_ms = self.desk.now.ticks_ms - self.desk.state.queued_since_ms.get(answer.key, self.desk.now.ticks_ms)
        outcome, problem, pause_ms = classify(answer.result)
        if is_lost_for_good(item, problem, age_ms(self.desk, item)):
            outcome = Outcome.REFUSED
        after = next_attempt(
            item,
            outcome,
            self.desk.now.ticks_ms,
            spread=self.desk.dice.spread(),
            problem=problem,
            retry_after_ms=pause_ms,
            waited_ms=waited_ms,
        )
        if after.state in WAITING:
            if problem == c.READ_TIMEOUT and not self._in_flight:
                self._most = max(1, self._most // 2)
            self.desk.state.outbox[item.key] = after
            if pause_ms:
                self._not_before[item.key] = self.desk.now.ticks_ms + pause_ms
            self._alarm(after, waited_ms)
            return
        if not self._in_flight:
            self._most = min(self._most * 2, c.MOST_IN_A_BATCH)
        try:
            self._settle(after, answer.result)
        except Unavailable as error:
            self.desk.trouble_with_store(error)
            again = next_attempt(item, Outcome.UNKNOWN, self.desk.now.ticks_ms, spread=1.0, problem=error.code)
            self.desk.state.outbox[item.key] = again

    def is_idle(self) -> bool:
        """Nothing is on its way, and nothing is due."""
        now = self.desk.now.ticks_ms
        return not any(now - sent_ms < LOST_AFTER_MS for sent_ms in self._in_flight.values()) and not self._due(now)

    def hurry(self) -> None:
        """Central answers again: nothing waits for its back-off any longer, unless central asked for the wait."""
        self._quiet = None
        for key, item in self.desk.state.outbox.items():
            if item.state in WAITING:
                self.desk.state.outbox[key] = replace(item, due_ms=self._not_before.get(key, 0))

    def _alarm(self, item: OutboxItem, waited_ms: int) -> None:
        """Say once that a debit does not get through; it is asked for on and on."""
        if item.key not in self._alarmed and is_overdue(item, waited_ms):
            self._alarmed.add(item.key)
            self.desk.notify("capture_overdue", Severity.WARNING, attempts=item.attempts)

    def _due(self, now_ms: int) -> list[OutboxItem]:
        """The oldest due item that is first in its lane; with it, if it is a claim for points, others like it. One the
        program has died on goes alone, so that the next death says which it was."""
        due: list[OutboxItem] = []
        suspected = self.desk.marks.deaths()
        lanes: set[str] = set()
        for item in self.desk.state.outbox.values():
            if item.lane in lanes or item.state not in WAITING:
                continue
            lanes.add(item.lane)
            alone = item.kind is not ItemKind.ACCRUAL or item.key in suspected
            if item.due_ms <= now_ms and not (due and alone):
                due.append(item)
                if alone or len(due) >= self._most:
                    break
        return due

    def _settle(self, item: OutboxItem, result: object) -> None:
        fact = self._fact(item, result)
        finished = isinstance(fact, FINISHING)
        closed = (item.subject,) if finished else ()
        facts = () if fact is None or self._already_told(item) else (fact,)
        self.desk.record(*facts, items=(item,), closed=closed)
        if isinstance(fact, f.ShortfallRecorded) and item.kind is ItemKind.OFFLINE:
            self.desk.notify("offline_shortfall", Severity.WARNING, reason=fact.code)
        if isinstance(fact, f.AccrualUnderReview):
            self.desk.notify("accrual_under_review", Severity.INFO, code=fact.code)
        if isinstance(fact, f.ShiftCompared) and fact.result == Verdict.MISMATCH:
            self.desk.notify("shift_mismatch", Severity.WARNING, count=len(fact.differences))
        if isinstance(fact, f.ReversalPosted):
            self._tell_reversed(fact)
        if item.state is DeliveryState.PARKED and item.last_problem == UNKNOWN_HOLD:
            self._tell_lost(item)
        elif item.state is DeliveryState.PARKED:
            self.desk.notify(f"parked_{item.kind.value}", Severity.WARNING, code=item.last_problem or "")

    def _tell_lost(self, item: OutboxItem) -> None:
        """What fuel it was, and that nobody's points have paid for it."""
        redemption = self.desk.state.redemptions.get(RedemptionId(item.subject))
        amount, points = (0, 0) if redemption is None else (redemption.dispensed_vnd, redemption.points)
        self.desk.notify("capture_lost", Severity.ERROR, amount=amount, points=min(amount, points))

    def _tell_reversed(self, fact: f.ReversalPosted) -> None:
        """The customer has been told by head office; the counter is told here."""
        points = fact.points_returned or fact.points_taken_back
        code = "reversal_uncovered" if fact.points_uncovered else "reversal_done"
        severity = Severity.WARNING if fact.points_uncovered else Severity.DONE
        self.desk.notify(code, severity, points=points, uncovered=fact.points_uncovered, balance=fact.balance_after)

    def _already_told(self, item: OutboxItem) -> bool:
        """Whether the journal says already how this ended: what central lost and hears again ends no second time."""
        if self.desk.store.delivered(item.key) is not None:
            return True
        redemption = self.desk.state.redemptions.get(RedemptionId(item.subject))
        return redemption is not None and redemption.state in FINAL

    def _given_back(self, item: OutboxItem) -> bool:
        """Whether it was stated that nothing flowed."""
        redemption = self.desk.state.redemptions.get(RedemptionId(item.subject))
        return redemption is not None and redemption.state is RedemptionState.VOIDING

    def _fact(self, item: OutboxItem, result: object) -> f.Fact | None:
        """The fact that follows from central's final word on an item."""
        match result:
            case c.AccrualBooked():
                return f.AccrualPosted(
                    AccrualId(item.subject),
                    result.points,
                    result.balance_before,
                    result.balance_after,
                    result.formula_vi,
                    result.formula_en,
                )
            case c.AccrualUnderReview():
                return f.AccrualUnderReview(AccrualId(item.subject), result.code)
            case c.RedemptionCaptured() if result.shortfall_code is not None:
                return f.ShortfallRecorded(RedemptionId(item.subject), result.shortfall_code)
            case c.RedemptionCaptured():
                return f.Captured(
                    RedemptionId(item.subject), result.points_debited, result.points_released, result.balance_after
                )
            case c.OfflineSpendBooked() if result.shortfall_code is not None:
                return f.ShortfallRecorded(RedemptionId(item.subject), result.shortfall_code)
            case c.OfflineSpendBooked() if self._given_back(item):
                return f.Voided(RedemptionId(item.subject))
            case c.OfflineSpendBooked():
                return f.Captured(
                    RedemptionId(item.subject), result.points_debited, result.points_released, result.balance_after
                )
            case c.RedemptionVoided():
                return f.Voided(RedemptionId(item.subject))
            case c.ShiftStated():
                return f.ShiftCompared(
                    ShiftId(item.subject),
                    result.result,
                    result.differences,
                    result.points_credited,
                    result.points_debited,
                )
            case c.OperationReversed():
                return f.ReversalPosted(
                    ReversalId(item.subject),
                    result.points_returned,
                    result.points_taken_back,
                    result.points_uncovered,
                    result.balance_after,
                )
            case c.Problem() if item.kind is ItemKind.REVERSAL:
                return f.ReversalRefused(ReversalId(item.subject), result.code)
            case c.Problem() if item.kind is ItemKind.SHIFT_CLOSE:
                return None
            case c.Problem() if item.kind is ItemKind.ACCRUAL:
                return f.AccrualRefused(AccrualId(item.subject), result.code)
            case c.Problem():
                return f.ReviewNeeded(RedemptionId(item.subject), result.code)
            case _:
                return None


@dataclass(slots=True)
class CentralLink:
    """Whether head office answers: one session a start (a newer one elsewhere fences this one off and is not fought
    over), then a question for the time now and then, with patience in between."""

    desk: Desk
    forward: StoreAndForward
    stream: JournalStream
    clock: ClockKeeper
    conditions: Conditions

    HEARTBEAT_MS = 5_000
    FIRST_RETRY_MS = 1_000
    LONGEST_RETRY_MS = 10_000

    def on_tick(self) -> None:
        """Open a session, or knock again after a failure (or when nothing was ever heard of the last knock)."""
        track, now = self.desk.state.central, self.desk.now.ticks_ms
        waiting = track.session_key is not None and now - track.asked_ms < LOST_AFTER_MS
        if waiting or now < max(track.next_try_ms, track.not_before_ms):
            return
        request = self.desk.dice.new_id()
        call = self.desk.wire.encode(self._opening(request) if track.session is None else self._question(request))
        track.session_key, track.asked_ms = call.key, now
        self.desk.send(call)

    def _question(self, request: str) -> c.AskTime | c.StateCondition:
        """Does head office answer? Now and then it hears in the same breath how this till is."""
        condition = self.conditions.to_tell()
        return c.AskTime(request) if condition is None else c.StateCondition(request, condition)

    def _opening(self, request: str) -> c.OpenSession:
        end = self.desk.store.journal_end()
        return c.OpenSession(request, self.conditions.version, end.seq, end.mac)

    def on_any_answer(self, answer: c.CentralAnswered) -> bool:
        """Every answer tells about the link; those to our own knocking are consumed here."""
        track, now = self.desk.state.central, self.desk.now.ticks_ms
        heard = not isinstance(answer.result, c.NoAnswer) or answer.result.reason == c.IMPOSSIBLE
        before = track.link
        if heard:
            knocked_in_vain, track.tries = track.tries > 0, 0
            if before is not LinkState.UP:
                track.link, track.since_ms = LinkState.UP, now
                if knocked_in_vain:  # else only that one answer was lost, and its record keeps its own pace
                    self.forward.hurry()
        elif before is not LinkState.DOWN:
            track.link, track.since_ms = LinkState.DOWN, now
            track.next_try_ms = min(track.next_try_ms, now + self.FIRST_RETRY_MS)
        if isinstance(answer.result, c.Problem) and answer.result.code == "stale-session":
            self.desk.state.blockers["central_stale-session"] = None
        StandingWithCentral(self.desk).on_answer(answer.result, own=answer.key == track.session_key)
        if answer.key != track.session_key:
            return False
        track.session_key = None
        if isinstance(answer.result, c.SessionStarted | c.TimeTold):
            self.clock.heard(answer.result.server_time, now - track.asked_ms)
            if isinstance(answer.result, c.SessionStarted):
                self._started(answer.result)
            track.next_try_ms = now + about_ms(self.HEARTBEAT_MS, self.desk.dice.spread())
        else:
            self.stream.on_refused_session(answer.result)
            track.tries += 1
            pause_ms = min(self.LONGEST_RETRY_MS, self.FIRST_RETRY_MS * 2 ** min(track.tries, 10))
            track.next_try_ms = now + about_ms(pause_ms, self.desk.dice.spread())
            track.not_before_ms = now + asked_to_wait_ms(answer.result)
        return True

    def _started(self, started: c.SessionStarted) -> None:
        track = self.desk.state.central
        if track.session is None:
            terminal = self.desk.settings.station.terminal
            try:
                self.desk.record(f.SessionOpened(terminal, started.session, started.server_time), closed=(terminal,))
            except Unavailable as error:
                self.desk.trouble_with_store(error)
        track.session = started.session
        self.stream.begin(started.acknowledged)
