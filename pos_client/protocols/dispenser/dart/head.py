"""The controller's end of one head: which block is next, what became of it, which script runs.

The controller (`controller.py`) owns the wire and decides whose turn it is; this object decides what is said.

An `Ask` goes through `DRAINING` (if it wants to: poll until the head has nothing old to say), `SENDING` (the same
block, same number, until acknowledged), `PROVING` (poll until the proof or the deadline).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto

from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.dialogue import Ask, Fresh, Outcome, Script
from pos_client.protocols.dispenser.dart.frames import Data, Poll
from pos_client.protocols.dispenser.dart.jobs import WAITED_FOR, Job, Jobs
from pos_client.protocols.dispenser.dart.knowledge import Knowledge
from pos_client.protocols.dispenser.dart.states import Delivery
from pos_client.protocols.dispenser.dart.transactions import PumpTransaction
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.scripted_head import ScriptedHead
from pos_client.protocols.dispenser.turns import Urgency
from pos_client.protocols.dispenser.verdicts import Refused


class Step(Enum):
    """How far the running `Ask` is."""

    DRAINING = auto()
    SENDING = auto()
    PROVING = auto()


class HeadDialogue(ScriptedHead[Job, Ask, Outcome]):
    """One head as the master of the line talks to it. `may_change_prices`: whether nobody uses its cabinet."""

    def __init__(
        self,
        known: Knowledge,
        misses_until_offline: int,
        tell: Callable[[Event], None],
        may_change_prices: Callable[[int], bool],
    ) -> None:
        super().__init__(known.address, Job.STOP, misses_until_offline, tell)
        self.known = known
        self._options = known.options
        self._jobs = Jobs(known, self._waiting, may_change_prices)
        self._number = 0
        self._last_received: int | None = None
        self._ask: Ask | None = None
        self._step = Step.SENDING
        self._sending = 0
        self._sent: Data | None = None
        self._tries = 0
        self._drain_polls = 0
        self._deadline = 0
        self._proof_polls = 0
        self._quiet = 0
        """POLLs in a row that it was allowed to leave unanswered"""
        self._changed_at: int | None = None
        self._missed_some = False

    @property
    def urgency(self) -> Urgency:
        """Why it wants the line. To stop one that rests is a dialogue: where fuel may flow comes first."""
        if self._found is False:
            return Urgency.LOST
        if self._waiting.stop_waits or (self._script is not None and self._job is Job.STOP):
            return Urgency.STOP if self.known.is_moving() else Urgency.TALKING
        if self._waiting or (self._script is not None and self._job in WAITED_FOR):
            return Urgency.TALKING
        return Urgency.MOVING if self.known.is_moving() else Urgency.RESTING

    # ── the line's side ────────────────────────────────────────────────────────────────────────────────────────────

    def next_frame(self, now_ms: int) -> Poll | Data:
        """What to say to this head now."""
        self._check_deadline(now_ms)
        self._choose(now_ms)
        if self._ask is None or self._step is not Step.SENDING:
            return Poll(self.address)
        tlvs = tuple(transaction.to_tlv() for transaction in self._ask.transactions)
        self._sent = Data(self.address, self._sending, tlvs)
        return self._sent

    def on_eot(self, now_ms: int) -> None:
        """The head has nothing to say."""
        self._heard()
        self._jobs.disturbed = self._jobs.disturbed or self._missed_some
        self._missed_some = False
        self._proof_polls += 1
        if self._ask is not None and self._step is Step.DRAINING:
            self._begin_sending()
        self._check_deadline(now_ms)
        self._pace(now_ms)

    def on_block(self, number: int, transactions: Iterable[PumpTransaction], now_ms: int) -> None:
        """The head sent a block. A repetition is acknowledged by the controller like any other, but not applied."""
        self._heard()
        repeated = s.is_repetition(number, self._last_received)
        self._last_received = number
        self._proof_polls += 1
        if not repeated:
            self._apply(transactions, now_ms)
        if self._ask is not None and self._step is Step.DRAINING:
            self._drain_polls += 1
            if self._drain_polls >= s.DRAIN_POLLS:
                self._begin_sending()
        self._check_proof(now_ms)
        self._pace(now_ms, more=True)

    def _apply(self, transactions: Iterable[PumpTransaction], now_ms: int) -> None:
        before = self.known.status
        restarted = self.known.apply(transactions)
        if self.known.status is not before:
            self._changed_at = now_ms
        if restarted:
            self._number = 0
            self._drop_script()
            self._waiting.finish(Refused("restarted"))
        if self.known.stop_wanted and self._job is not Job.STOP:
            self._drop_script()
            self._waiting.finish(Refused("emergency_stop"))
            self._waiting.refuse_authorisations("emergency_stop")

    def on_ack(self, number: int, now_ms: int) -> None:
        """Our block was taken. A wrong number means that the counters disagree: section 3.2, counter recovery."""
        self._heard()
        if self._sent is not None and self._ask is not None:
            if self._sending in (number, 0) or self._options.ack_match == "lenient":
                self._sent = None
                self._step = Step.PROVING
                self._deadline = now_ms + self._ask.within_ms
                self._proof_polls = 0
                self._check_proof(now_ms)
                self._check_deadline(now_ms)
            else:
                self._send_as_zero(now_ms)
        self._pace(now_ms)

    def on_nak(self, now_ms: int) -> None:
        """Our block was damaged, or its number out of order."""
        self._heard()
        if self._sent is not None:
            self._send_as_zero(now_ms)
        self._pace(now_ms)

    def on_miss(self, now_ms: int) -> None:
        """No valid answer came in time. What the head still has it repeats; what it has not may be lost."""
        self._missed_some = True
        self.due_at = now_ms
        if self._may_be_quiet(now_ms):
            self._quiet += 1
            return
        lost = self._missed()
        if not lost and self._sent is not None:
            self._count_try(now_ms)
        if self._found is False:
            self.due_at = now_ms + s.POLL_LOST_MS

    def _may_be_quiet(self, now_ms: int) -> bool:
        """While it changes state a head may leave a POLL unanswered (section 3.1)."""
        if self._sent is not None or self._quiet >= self._options.quiet_polls:
            return False
        changing = self._changed_at is not None and now_ms - self._changed_at < s.CHANGE_MS
        return changing or (self._ask is not None and self._step is Step.PROVING)

    def _heard(self) -> None:
        self._quiet = 0
        super()._heard()

    def _on_found(self) -> None:
        self._number = 0
        self._last_received = None
        self.known.found()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _wanted(self, now_ms: int) -> Mapping[Job, bool]:
        return self._jobs.wanted(now_ms)

    def _script_of(self, job: Job, now_ms: int) -> Script:
        return self._jobs.script(job, now_ms)

    def _begin(self, step: Ask, now_ms: int) -> None:
        self._ask = step
        self.known.fresh = Fresh()
        self._drain_polls = 0
        if step.drained:
            self._step = Step.DRAINING
        else:
            self._begin_sending()

    def _forget(self) -> None:
        self._ask = self._sent = None

    def _begin_sending(self) -> None:
        self._step = Step.SENDING
        self._tries = 0
        self._sending = self._number
        self._number = s.next_number(self._number, self._options.wrap)
        self.known.fresh = Fresh()

    def _send_as_zero(self, now_ms: int) -> None:
        self._sending, self._number = 0, 1
        self._count_try(now_ms)

    def _count_try(self, now_ms: int) -> None:
        self._tries += 1
        if self._tries >= self._options.data_tries:
            self._advance(Outcome.UNANSWERED, now_ms)

    def _check_proof(self, now_ms: int) -> None:
        if self._ask is not None and self._step is Step.PROVING and self._ask.proof(self.known.fresh):
            self._advance(Outcome.PROVED, now_ms)

    def _check_deadline(self, now_ms: int) -> None:
        """On a full line the head's next turn may be later than the deadline: it is always asked some times."""
        if self._ask is None or self._step is not Step.PROVING or now_ms < self._deadline:
            return
        if self._proof_polls >= s.PROOF_POLLS or self._ask.within_ms == 0:
            self._advance(Outcome.UNPROVED, now_ms)

    def _pace(self, now_ms: int, more: bool = False) -> None:
        """When to come back: at once in a dialogue or while the head has more to say, else at its own pace."""
        self._choose(now_ms)
        if self._ask is not None or self._waiting:
            self.due_at = now_ms
        elif self.known.phase in (Delivery.ARMED, Delivery.RUNNING):
            self.due_at = now_ms + s.POLL_MOVING_MS
        elif more:
            self.due_at = now_ms
        else:
            self.due_at = now_ms + (s.POLL_MOVING_MS if self.known.is_moving() else s.POLL_RESTING_MS)
