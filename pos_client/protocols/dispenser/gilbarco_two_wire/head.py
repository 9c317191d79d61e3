"""The controller's end of one pump: which script runs, what it says next, who waits, when the pump counts as lost.

The controller (`controller.py`) owns the wire and decides whose turn it is; this object decides what is said.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command, StopHead
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Ask, Expect, Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import word
from pos_client.protocols.dispenser.gilbarco_two_wire.jobs import Job, Jobs
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.turns import Urgency
from pos_client.protocols.dispenser.verdicts import Done, Unanswered
from pos_client.protocols.dispenser.waiting import WaitingCommands


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
        self._urgency = Urgency.TALKING
        self.known = Knowledge(setup, options, tell)
        self._tell = tell
        self._misses_max = misses_until_offline
        self._misses = 0
        self._found: bool | None = None
        self._script: Script | None = None
        self._job = Job.COMMAND
        self._ask: Ask | None = None
        self._waiting = WaitingCommands(setup.address, tell)
        self._jobs = Jobs(self.known, self._waiting, may_change_prices)
        self._resume_at: int | None = None

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
        self._urgency = Urgency.TALKING

    @property
    def found(self) -> bool:
        """Whether it answers."""
        return bool(self._found)

    @property
    def stop_waits(self) -> bool:
        """Whether somebody wants this pump stopped and nothing was said of it yet."""
        return self._waiting.stop_waits and self._script is None and not self._jobs.stop_said

    @property
    def urgency(self) -> Urgency:
        """Why it wants the line."""
        return Urgency.STOP if self.stop_waits else self._urgency

    @property
    def is_stopping(self) -> bool:
        """Whether it is being stopped, or waits for that."""
        return self._waiting.stop_waits or (self._script is not None and self._job is Job.STOP)

    @property
    def holds_line(self) -> bool:
        """Whether a block of ours has to follow before anybody else may speak."""
        return self._ask is not None and self._ask.held

    def on_all_stopped(self) -> None:
        """The word to all pumps went out."""
        self._jobs.stop_said = True

    # ── the line's side ────────────────────────────────────────────────────────────────────────────────────────────

    def next_ask(self, now_ms: int) -> Ask | None:
        """What to say to this pump now; None while its script pauses."""
        if self._pauses(now_ms):
            return None
        job = self._jobs.next(now_ms) if self._found and self._script is None else None
        if job is not None:
            self._start(job, now_ms)
            if self._pauses(now_ms):
                return None
        if self._ask is not None:
            return self._ask
        self._jobs.polled = True
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
        self._jobs.found()
        self.known.found()
        self._tell(e.HeadFound(self.address))

    def _lose(self) -> None:
        self._found = False
        self._tell(e.HeadLost(self.address))
        self._drop_script()
        self._waiting.give_up()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, job: Job, now_ms: int) -> None:
        self._job = job
        self._script = self._jobs.script(job)
        self._advance(None, now_ms, begin=True)

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
                self._jobs.failed(self._job, now_ms)
            return
        if isinstance(step, Pause):
            self._resume_at = now_ms + step.ms
        else:
            self._ask = step

    def _drop_script(self) -> None:
        if self._script is not None:
            self._script.close()
        self._script = self._ask = self._resume_at = None

    def _pace(self, now_ms: int) -> None:
        """When to come back: at once in a dialogue or until sure, else at the pace of what it does."""
        talks = self._ask is not None or self._resume_at is not None or self._waiting
        if self._found is False:
            self._urgency = Urgency.LOST
        elif talks or not self.known.settled or self._jobs.is_urgent():
            self._urgency = Urgency.TALKING
        else:
            self._urgency = Urgency.RESTING if self.known.is_at_rest() else Urgency.MOVING
        self.due_at = now_ms + s.POLL_MS.get(self._urgency, 0) if self._resume_at is None else self._resume_at
