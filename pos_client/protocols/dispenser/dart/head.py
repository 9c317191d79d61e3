"""The controller's end of one head: which block is next, what became of it, which script runs, who waits.

The controller (`controller.py`) owns the wire and decides whose turn it is; this object decides what is said.

An `Ask` goes through `DRAINING` (if it wants to: poll until the head has nothing old to say), `SENDING` (the same
block, same number, until acknowledged), `PROVING` (poll until the proof or the deadline).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, IntEnum, auto

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import (
    AuthoriseHead,
    Command,
    ReadTotals,
    ResumeHead,
    SetPrices,
    StopHead,
)
from pos_client.protocols.dispenser.dart import scripts
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.dialogue import Ask, Fresh, Outcome, Script
from pos_client.protocols.dispenser.dart.frames import Data, Poll
from pos_client.protocols.dispenser.dart.knowledge import Knowledge
from pos_client.protocols.dispenser.dart.states import Delivery
from pos_client.protocols.dispenser.dart.transactions import PumpTransaction
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered
from pos_client.protocols.dispenser.waiting import WaitingCommands


class Job(IntEnum):
    """What may have to be done, most urgent first."""

    STOP = auto()
    STATUS = auto()
    PRICES = auto()
    CLOSE = auto()
    TOTALS = auto()
    COMMAND = auto()


class Step(Enum):
    """How far the running `Ask` is."""

    DRAINING = auto()
    SENDING = auto()
    PROVING = auto()


class HeadDialogue:
    """One head as the master of the line talks to it."""

    def __init__(self, setup: HeadSetup, misses_until_offline: int, tell: Callable[[Event], None]) -> None:
        self.address = setup.address
        self.due_at = 0
        """when this head wants the line again"""
        self._known = Knowledge(setup.address, setup.prices, tell)
        self._tell = tell
        self._misses_max = misses_until_offline
        self._misses = 0
        self._found: bool | None = None
        self._number = 0
        self._last_received: int | None = None
        self._script: Script | None = None
        self._job = Job.STATUS
        self._waiting = WaitingCommands(setup.address, tell)
        self._ask: Ask | None = None
        self._step = Step.SENDING
        self._sending = 0
        self._sent: Data | None = None
        self._tries = 0
        self._drain_polls = 0
        self._deadline = 0
        self._status_asked_at: int | None = None
        self._not_before: dict[Job, int] = {}

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────────

    def submit(self, command: Command, now_ms: int) -> None:
        """Take a command; one for a head that does not answer is unanswered at once, nothing is kept for later."""
        if not self._found:
            self._waiting.end(command, Unanswered())
            return
        if isinstance(command, StopHead) and self._script is not None and self._job is not Job.STOP:
            self._waiting.put_back()
            self._drop_script()
        self._waiting.add(command)
        self.due_at = min(self.due_at, now_ms)

    # ── the line's side ────────────────────────────────────────────────────────────────────────────────────────────

    def next_frame(self, now_ms: int) -> Poll | Data:
        """What to say to this head now."""
        self._check_deadline(now_ms)
        if self._found and self._script is None:
            self._choose(now_ms)
        if self._ask is None or self._step is not Step.SENDING:
            return Poll(self.address)
        tlvs = tuple(transaction.to_tlv() for transaction in self._ask.transactions)
        self._sent = Data(self.address, self._sending, tlvs)
        return self._sent

    def on_eot(self, now_ms: int) -> None:
        """The head has nothing to say."""
        self._heard()
        if self._ask is not None and self._step is Step.DRAINING:
            self._begin_sending()
        self._check_deadline(now_ms)
        self._pace(now_ms)

    def on_block(self, number: int, transactions: Iterable[PumpTransaction], now_ms: int) -> None:
        """The head sent a block. A repetition is acknowledged by the controller like any other, but not applied."""
        self._heard()
        repeated = s.is_repetition(number, self._last_received)
        self._last_received = number
        if not repeated and self._known.apply(transactions):
            self._number = 0
            self._drop_script()
            self._waiting.finish(Refused("restarted"))
        if self._ask is not None and self._step is Step.DRAINING:
            self._drain_polls += 1
            if self._drain_polls >= s.DRAIN_POLLS:
                self._begin_sending()
        self._check_proof(now_ms)
        self._pace(now_ms, more=True)

    def on_ack(self, number: int, now_ms: int) -> None:
        """Our block was taken. A wrong number means that the counters disagree: section 3.2, counter recovery."""
        self._heard()
        if self._sent is not None and self._ask is not None:
            if self._sending in (number, 0):
                self._sent = None
                self._step = Step.PROVING
                self._deadline = now_ms + self._ask.within_ms
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
        """No valid answer came in time."""
        self._misses += 1
        if self._misses >= self._misses_max and self._found is not False:
            self._lose()
        elif self._sent is not None:
            self._count_try(now_ms)
        self.due_at = now_ms + (s.POLL_LOST_MS if self._found is False else 0)

    def on_line_lost(self, now_ms: int) -> None:
        """The port is gone. What was seen of a delivery is kept: the head may still be there, with the same figures."""
        if self._found is not False:
            self._lose()
        self.due_at = now_ms

    def _heard(self) -> None:
        self._misses = 0
        if self._found:
            return
        self._found = True
        self._number = 0
        self._last_received = None
        self._known.found()
        self._not_before.clear()
        self._tell(e.HeadFound(self.address))

    def _lose(self) -> None:
        self._found = False
        self._tell(e.HeadLost(self.address))
        self._drop_script()
        self._waiting.give_up()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _choose(self, now_ms: int) -> None:
        """Begin the most urgent job there is."""
        known = self._known
        unsure = known.phase is Delivery.ENDED and known.nozzle_out is None
        if now_ms >= (self._status_asked_at or 0) + (s.RETRY_MS if unsure else s.STATUS_REFRESH_MS):
            known.status_wanted = True
        at_rest = known.phase is Delivery.NONE
        wanted = {
            Job.STOP: self._waiting.stop_waits,
            Job.STATUS: known.status_wanted,
            Job.PRICES: known.prices_wanted and bool(known.prices) and at_rest and known.status in scripts.PRICEABLE,
            Job.CLOSE: known.phase is Delivery.ENDED and known.nozzle_out is False,
            Job.TOTALS: known.totals_wanted and (at_rest or known.phase is Delivery.ARMED),
            Job.COMMAND: self._waiting.other_waits,
        }
        for job, is_wanted in wanted.items():
            if is_wanted and now_ms >= self._not_before.get(job, 0):
                self._start(job, now_ms)
                return

    def _start(self, job: Job, now_ms: int) -> None:
        known = self._known
        self._job = job
        match job:
            case Job.STOP:
                self._waiting.take_stop()
                self._script = scripts.stop(known)
            case Job.STATUS:
                self._status_asked_at = now_ms
                self._script = scripts.ask_status(known)
            case Job.PRICES:
                self._script = scripts.send_prices(known)
            case Job.CLOSE:
                self._script = scripts.close_delivery(known)
            case Job.TOTALS:
                self._script = scripts.read_totals(known)
            case Job.COMMAND:
                self._script = self._script_for(self._waiting.take())
        self._advance(None, now_ms)

    def _script_for(self, command: Command) -> Script:
        match command:
            case AuthoriseHead():
                return scripts.authorise(self._known, command)
            case StopHead():
                return scripts.stop(self._known)
            case ResumeHead():
                return scripts.refuse("cannot_resume")
            case ReadTotals():
                return scripts.read_totals(self._known)
            case SetPrices(prices=prices):
                return scripts.set_prices(self._known, prices)

    def _advance(self, outcome: Outcome | None, now_ms: int) -> None:
        """Let the script go on to its next `Ask`, or to its end."""
        if self._script is None:
            return
        self._sent = None
        try:
            ask = next(self._script) if outcome is None else self._script.send(outcome)
        except StopIteration as end:
            self._drop_script()
            if not self._waiting.finish(end.value) and not isinstance(end.value, Done):
                self._not_before[self._job] = now_ms + s.RETRY_MS
            self._choose(now_ms)
            return
        self._ask = ask
        self._known.fresh = Fresh()
        self._drain_polls = 0
        if ask.drained:
            self._step = Step.DRAINING
        else:
            self._begin_sending()

    def _begin_sending(self) -> None:
        self._step = Step.SENDING
        self._tries = 0
        self._sending = self._number
        self._number = s.next_number(self._number)
        self._known.fresh = Fresh()

    def _send_as_zero(self, now_ms: int) -> None:
        self._sending, self._number = 0, 1
        self._count_try(now_ms)

    def _count_try(self, now_ms: int) -> None:
        self._tries += 1
        if self._tries >= s.DATA_TRIES:
            self._advance(Outcome.UNANSWERED, now_ms)

    def _check_proof(self, now_ms: int) -> None:
        if self._ask is not None and self._step is Step.PROVING and self._ask.proof(self._known.fresh):
            self._advance(Outcome.PROVED, now_ms)

    def _check_deadline(self, now_ms: int) -> None:
        if self._ask is not None and self._step is Step.PROVING and now_ms >= self._deadline:
            self._advance(Outcome.UNPROVED, now_ms)

    def _drop_script(self) -> None:
        if self._script is not None:
            self._script.close()
        self._script = self._ask = self._sent = None

    def _pace(self, now_ms: int, more: bool = False) -> None:
        """When to come back: at once in a dialogue or while the head has more to say, else at its resting pace."""
        if self._ask is not None or self._waiting:
            self.due_at = now_ms
        elif self._known.phase in (Delivery.ARMED, Delivery.RUNNING):
            self.due_at = now_ms + s.POLL_MOVING_MS
        else:
            self.due_at = now_ms + (0 if more else s.POLL_RESTING_MS)
