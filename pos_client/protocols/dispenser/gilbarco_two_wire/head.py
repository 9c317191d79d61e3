"""The controller's end of one pump: which script runs, what it says next, who waits, when the pump counts as lost.

The controller (`controller.py`) owns the wire and decides whose turn it is; this object decides what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, auto

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import (
    AuthoriseHead,
    Command,
    ReadTotals,
    ResumeHead,
    SetPrices,
    StopHead,
)
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.gilbarco_two_wire import scripts
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Ask, Expect, Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import word
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status, Word
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.verdicts import Done, Unanswered
from pos_client.protocols.dispenser.waiting import WaitingCommands


class Job(IntEnum):
    """What may have to be done, most urgent first."""

    STOP = auto()
    CLOSE = auto()
    TOTALS = auto()
    REMEMBER = auto()
    PRICES = auto()
    QUERY = auto()
    COMMAND = auto()
    MONEY = auto()


class PumpDialogue:
    """One pump as the master of the line talks to it. `may_change_prices`: whether its whole cabinet hangs."""

    def __init__(
        self,
        setup: HeadSetup,
        options: LineOptions,
        misses_until_offline: int,
        tell: Callable[[Event], None],
        may_change_prices: Callable[[int], bool],
    ) -> None:
        self.address = setup.address
        self.due_at = 0
        """when this pump wants the line again"""
        self.known = Knowledge(setup, options, tell)
        self._tell = tell
        self._options = options
        self._misses_max = misses_until_offline
        self._may_change_prices = may_change_prices
        self._misses = 0
        self._found: bool | None = None
        self._script: Script | None = None
        self._job = Job.COMMAND
        self._ask: Ask | None = None
        self._waiting = WaitingCommands(setup.address, tell)
        self._resume_at: int | None = None
        self._not_before: dict[Job, int] = {}
        self._remember = True
        self._stop_said = False
        self._ending_since: int | None = None
        self._polled = False
        """since money was asked for: a pump that is no longer BUSY does not answer that, so its state comes first"""

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────────

    def submit(self, command: Command, now_ms: int) -> None:
        """Take a command; one for a pump that does not answer is unanswered at once, nothing is kept for later."""
        if not self._found:
            self._waiting.end(command, Unanswered())
            return
        if isinstance(command, StopHead) and self._script is not None and self._job is not Job.STOP:
            self._waiting.put_back()
            self._drop_script()
        self._waiting.add(command)
        self.due_at = min(self.due_at, now_ms)

    @property
    def found(self) -> bool:
        """Whether it answers."""
        return bool(self._found)

    @property
    def stop_waits(self) -> bool:
        """Whether somebody wants this pump stopped and nothing was said of it yet."""
        return self._waiting.stop_waits and self._script is None

    @property
    def holds_line(self) -> bool:
        """Whether a block of ours has to follow before anybody else may speak."""
        return self._ask is not None and self._ask.held

    @property
    def all_stop_said(self) -> bool:
        """Whether the word to all pumps went out for the stop that waits."""
        return self._stop_said

    def on_all_stopped(self) -> None:
        """The word to all pumps went out."""
        self._stop_said = True

    # ── the line's side ────────────────────────────────────────────────────────────────────────────────────────────

    def next_ask(self, now_ms: int) -> Ask | None:
        """What to say to this pump now; None while its script pauses."""
        if self._pauses(now_ms):
            return None
        if self._found and self._script is None:
            self._choose(now_ms)
            if self._pauses(now_ms):
                return None
        if self._ask is not None:
            return self._ask
        self._polled = True
        return Ask(word(self.known, Word.POLL), Expect.STATUS)

    def _pauses(self, now_ms: int) -> bool:
        """Whether the script still pauses; lets it go on when the pause is over."""
        if self._resume_at is None:
            return False
        if now_ms < self._resume_at:
            self.due_at = self._resume_at
            return True
        self._resume_at = None
        self._advance(None, now_ms)
        return False

    def on_said(self, now_ms: int) -> None:
        """It is said, and nothing answers it."""
        self._advance(None, now_ms)
        self._pace(now_ms)

    def on_answer(self, answer: Answer, now_ms: int) -> None:
        """A valid answer."""
        self._heard()
        if isinstance(answer, Status):
            self.known.take_status(answer)
        self._advance(answer, now_ms)
        self._pace(now_ms)

    def on_miss(self, counts: bool, now_ms: int) -> None:
        """No valid answer came in time. `counts`: this pump always answers what was asked, if it is there."""
        self._misses += counts
        if self._misses >= self._misses_max and self._found is not False:
            self._lose()
        self._advance(None, now_ms)
        self._pace(now_ms)

    def on_line_lost(self, now_ms: int) -> None:
        """The port is gone. What was seen of a sale is kept: the pump may still be there, with the same figures."""
        if self._found is not False:
            self._lose()
        self.due_at = now_ms

    def _heard(self) -> None:
        self._misses = 0
        if self._found:
            return
        self._found = True
        self._remember = True
        self._not_before.clear()
        self.known.found()
        self._tell(e.HeadFound(self.address))

    def _lose(self) -> None:
        self._found = False
        self._tell(e.HeadLost(self.address))
        self._drop_script()
        self._waiting.give_up()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _choose(self, now_ms: int) -> None:
        """Begin the most urgent job there is; none before the state is known."""
        known = self.known
        readable = known.settled and known.status in s.READABLE
        at_rest = readable and known.is_at_rest()
        hangs = at_rest and known.status is Status.OFF
        wanted = {
            Job.STOP: self._waiting.stop_waits or known.overrun,
            Job.CLOSE: readable and known.sale is Sale.ENDED and self._is_over(now_ms),
            Job.TOTALS: at_rest and known.totals_wanted,
            Job.REMEMBER: at_rest and self._remember and not known.totals_wanted,
            Job.PRICES: hangs and known.prices_wanted and self._may_change_prices(self.address),
            Job.QUERY: at_rest and known.status is Status.CALL and known.query_wanted and known.query_works,
            Job.COMMAND: known.settled and self._waiting.other_waits,
            Job.MONEY: self._polled and known.settled and known.status is Status.BUSY and known.format is not None,
        }
        if known.status is not Status.BUSY:
            self._not_before.pop(Job.MONEY, None)
        elif Job.MONEY not in self._not_before:
            self._not_before[Job.MONEY] = now_ms + self._options.money_after_ms
        for job, is_wanted in wanted.items():
            if is_wanted and now_ms >= self._not_before.get(job, 0):
                self._start(job, now_ms)
                return

    def _is_over(self, now_ms: int) -> bool:
        """Whether the nozzle is in, or the pump stays in its end state for so long that it may wait for us."""
        if self.known.status in s.RESTING:
            self._ending_since = None
            return True
        if self._ending_since is None:
            self._ending_since = now_ms
        return self.known.status in s.ENDED and now_ms - self._ending_since >= s.END_STATE_MS

    def _start(self, job: Job, now_ms: int) -> None:
        self._job = job
        if job is Job.MONEY:
            self._polled = False
        self._script = self._script_of(job)
        self._advance(None, now_ms, begin=True)

    def _script_of(self, job: Job) -> Script:
        known = self.known
        match job:
            case Job.STOP:
                if self._waiting.stop_waits:
                    self._waiting.take_stop()
                said, self._stop_said = self._stop_said, False
                return scripts.stop(known, said)
            case Job.CLOSE:
                return scripts.close_sale(known)
            case Job.TOTALS:
                return scripts.read_totals(known)
            case Job.REMEMBER:
                self._remember = False
                return scripts.remember(known)
            case Job.PRICES:
                return scripts.send_prices(known)
            case Job.QUERY:
                return scripts.ask_nozzle(known)
            case Job.MONEY:
                return scripts.read_money(known)
            case Job.COMMAND:
                return self._script_for(self._waiting.take())

    def _script_for(self, command: Command) -> Script:
        match command:
            case AuthoriseHead():
                return scripts.authorise(self.known, command)
            case StopHead():
                return scripts.stop(self.known)
            case ResumeHead():
                return scripts.refuse("cannot_resume")
            case ReadTotals():
                return scripts.read_totals(self.known)
            case SetPrices(prices=prices):
                if not self._may_change_prices(self.address):
                    return scripts.refuse("cabinet_busy")
                return scripts.set_prices(self.known, prices)

    def _advance(self, answer: Answer | None, now_ms: int, begin: bool = False) -> None:
        """Let the script go on to its next step, or to its end."""
        self._ask = None
        if self._script is None:
            return
        try:
            step = next(self._script) if begin else self._script.send(answer)
        except StopIteration as end:
            self._drop_script()
            if not self._waiting.finish(end.value) and not isinstance(end.value, Done):
                self._not_before[self._job] = now_ms + s.RETRY_MS
            return
        if isinstance(step, Pause):
            self._resume_at = now_ms + step.ms
        else:
            self._ask = step

    def _drop_script(self) -> None:
        if self._script is not None:
            self._script.close()
        self._script = self._ask = self._resume_at = None

    def _is_urgent(self) -> bool:
        """A sale to be proved, or a nozzle that nobody has named: somebody waits for it."""
        unnamed = self.known.status is Status.CALL and self.known.query_wanted and self.known.query_works
        return unnamed or (self.known.sale is Sale.ENDED and self.known.status in s.RESTING)

    def _pace(self, now_ms: int) -> None:
        """When to come back: at once in a dialogue or until sure, else at the pace of what it does."""
        if self._found is False:
            self.due_at = now_ms + s.POLL_LOST_MS
        elif self._resume_at is not None:
            self.due_at = self._resume_at
        elif self._ask is not None or self._waiting or not self.known.settled or self._is_urgent():
            self.due_at = now_ms
        else:
            self.due_at = now_ms + (s.POLL_RESTING_MS if self.known.is_at_rest() else s.POLL_MOVING_MS)
