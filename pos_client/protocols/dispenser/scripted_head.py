"""What our end of one head has in common, whatever the protocol: commands that wait, the dialogue that runs, and
whether the head is there at all.

A dialogue is a *script*, a generator that reads from top to bottom: it yields steps (a question, a pause) and is given
what became of them. How a step goes over the wire is the protocol's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from enum import IntEnum
from typing import Generic, TypeVar

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command, StopHead
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.verdicts import Done, Unanswered, Verdict
from pos_client.protocols.dispenser.waiting import WaitingCommands

RETRY_MS = 1000
"""Before something that was left open (a delivery to prove, totals) is tried again."""
Job = TypeVar("Job", bound=IntEnum)
Step = TypeVar("Step")
Reply = TypeVar("Reply")


class ScriptedHead(ABC, Generic[Job, Step, Reply]):
    """One head as the master of the line talks to it. A `Job` is a reason to begin a script, most urgent first."""

    def __init__(self, address: int, stop_job: Job, misses_until_offline: int, tell: Callable[[Event], None]) -> None:
        self.address = address
        self.due_at = 0
        """when this head wants the line again"""
        self._stop_job = stop_job
        self._job = stop_job
        self._misses_max = misses_until_offline
        self._tell = tell
        self._misses = 0
        self._found: bool | None = None
        self._script: Generator[Step, Reply, Verdict] | None = None
        self._waiting = WaitingCommands(address, tell)
        self._not_before: dict[Job, int] = {}

    # ── what each protocol says ────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def _wanted(self, now_ms: int) -> Mapping[Job, bool]:
        """Which jobs there are to do, most urgent first."""

    @abstractmethod
    def _script_of(self, job: Job, now_ms: int) -> Generator[Step, Reply, Verdict]:
        """The script of a job that begins now."""

    @abstractmethod
    def _begin(self, step: Step, now_ms: int) -> None:
        """A step of the script is to be done."""

    @abstractmethod
    def _forget(self) -> None:
        """The step that was being done is not any more."""

    @abstractmethod
    def _on_found(self) -> None:
        """The head answers (again): everything may have changed."""

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def found(self) -> bool:
        """Whether it answers."""
        return bool(self._found)

    def submit(self, command: Command, now_ms: int) -> None:
        """Take a command; one for a head that does not answer is unanswered at once, nothing is kept for later."""
        if not self._found:
            self._waiting.end(command, Unanswered())
            return
        if isinstance(command, StopHead):
            self._not_before.pop(self._stop_job, None)
            if self._script is not None and self._job is not self._stop_job:
                self._waiting.put_back()
                self._drop_script()
        self._waiting.add(command)
        self.due_at = min(self.due_at, now_ms)

    # ── there or not ───────────────────────────────────────────────────────────────────────────────────────────────

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
        self._not_before.clear()
        self._on_found()
        self._tell(e.HeadFound(self.address))

    def _missed(self) -> bool:
        """No valid answer, once more. True when that was one too many."""
        self._misses += 1
        if self._misses < self._misses_max or self._found is False:
            return False
        self._lose()
        return True

    def _lose(self) -> None:
        self._found = False
        self._tell(e.HeadLost(self.address))
        self._drop_script()
        self._waiting.give_up()

    # ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _choose(self, now_ms: int) -> None:
        """Begin the most urgent job there is, if no script runs."""
        if self._script is not None or not self._found:
            return
        for job, is_wanted in self._wanted(now_ms).items():
            if is_wanted and now_ms >= self._not_before.get(job, 0):
                self._job = job
                self._script = self._script_of(job, now_ms)
                self._take(next, now_ms)
                return

    def _advance(self, reply: Reply, now_ms: int) -> None:
        """What became of the running step: let the script go on."""
        self._forget()
        self._take(lambda script: script.send(reply), now_ms)

    def _take(self, resume: Callable[[Generator[Step, Reply, Verdict]], Step], now_ms: int) -> None:
        if self._script is None:
            return
        try:
            step = resume(self._script)
        except StopIteration as end:
            self._drop_script()
            if not self._waiting.finish(end.value) and not isinstance(end.value, Done):
                self._not_before[self._job] = now_ms + RETRY_MS
            return
        self._begin(step, now_ms)

    def _drop_script(self) -> None:
        if self._script is not None:
            self._script.close()
        self._script = None
        self._forget()
