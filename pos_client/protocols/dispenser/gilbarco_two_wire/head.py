"""The controller's end of one pump: what is said next, and how soon.

The controller (`controller.py`) owns the wire and decides whose turn it is; this object decides what is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Ask, Expect, Pause, Script, Step
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import word
from pos_client.protocols.dispenser.gilbarco_two_wire.jobs import Job, Jobs
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.scripted_head import ScriptedHead
from pos_client.protocols.dispenser.turns import Urgency


class PumpDialogue(ScriptedHead[Job, Step, Answer | None]):
    """One pump as the master of the line talks to it. `may_change_prices`: whether its whole cabinet hangs."""

    def __init__(
        self,
        known: Knowledge,
        misses_until_offline: int,
        tell: Callable[[Event], None],
        may_change_prices: Callable[[int], bool],
    ) -> None:
        super().__init__(known.address, Job.STOP, misses_until_offline, tell)
        self.known = known
        self._jobs = Jobs(known, self._waiting, may_change_prices)
        self._ask: Ask | None = None
        self._resume_at: int | None = None
        self._presses = False
        """somebody waits for what is to be done, and it may be begun"""

    @property
    def stop_waits(self) -> bool:
        """Whether somebody wants this pump stopped and nothing was said of it yet."""
        return self._waiting.stop_waits and self._script is None and not self._jobs.stop_said

    @property
    def is_stopping(self) -> bool:
        """Whether it is being stopped, or waits for that."""
        return self._waiting.stop_waits or (self._script is not None and self._job is Job.STOP)

    @property
    def holds_line(self) -> bool:
        """Whether a block of ours has to follow before anybody else may speak."""
        return self._ask is not None and self._ask.held

    @property
    def urgency(self) -> Urgency:
        """Why it wants the line. To stop one that rests is a dialogue: where fuel may flow comes first."""
        if self._found is False:
            return Urgency.LOST
        if self.is_stopping:
            return Urgency.STOP if self.known.is_moving() else Urgency.TALKING
        if self._talks() or not self.known.settled or self._presses:
            return Urgency.TALKING
        return Urgency.MOVING if self.known.is_moving() else Urgency.RESTING

    def on_all_stopped(self) -> None:
        """The word to all pumps went out."""
        self._jobs.stop_said = True

    # ── the line's side ────────────────────────────────────────────────────────────────────────────────────────────

    def next_ask(self, now_ms: int) -> Ask | None:
        """What to say to this pump now; None while its script pauses."""
        if self._pauses(now_ms):
            return None
        if self._script is None:
            self._choose(now_ms)
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
        if counts:
            self._missed()
        self._advance(None, now_ms)
        self._pace(now_ms)

    def _on_found(self) -> None:
        self._jobs.found()
        self.known.found()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _wanted(self, now_ms: int) -> Mapping[Job, bool]:
        return self._jobs.wanted(now_ms)

    def _script_of(self, job: Job, now_ms: int) -> Script:
        return self._jobs.script(job)

    def _begin(self, step: Step, now_ms: int) -> None:
        if isinstance(step, Pause):
            self._resume_at = now_ms + step.ms
        else:
            self._ask = step

    def _forget(self) -> None:
        self._ask = self._resume_at = None

    def _talks(self) -> bool:
        """Whether a dialogue runs, or somebody waits for one."""
        return self._ask is not None or self._resume_at is not None or bool(self._waiting)

    def _pace(self, now_ms: int) -> None:
        """When to come back: at once in a dialogue or until sure, else at the pace of what it does."""
        job = self._jobs.pressing()
        self._presses = job is not None and now_ms >= self._not_before.get(job, 0)
        self.due_at = now_ms + s.POLL_MS.get(self.urgency, 0) if self._resume_at is None else self._resume_at
