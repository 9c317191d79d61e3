"""Whose turn it is on a line that cannot serve everybody as often as he would like.

Every head says when it wants the line again (`due_at`) and why (`urgency`). While there is room, that is all. On a full
line the heads are served in rounds, the one served longest ago first; and those for whom something happens get turns
between, as long as they have had less of the line than their share:

- a dialogue (a command, a delivery to be proved) half of it, so that an authorisation takes every second turn;
- heads that call, are armed or deliver three tenths: one car alone is shown three times a second, and when so many
  deliver that plain rounds give them more, the rounds stand;
- heads that do not answer a twentieth, because each of them costs a whole time-out; they are in no round, except once
  when another head has come back: then the cable may be in again for all of them.

What is left, three twentieths at the least, is the rounds': a resting head is heard after `heads x longest turn / 0.15`
at the latest. A stop goes before everything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from enum import IntEnum, auto
from typing import Generic, Protocol, TypeVar


class Urgency(IntEnum):
    """Why a head wants the line, most urgent first."""

    STOP = auto()
    TALKING = auto()
    MOVING = auto()
    RESTING = auto()
    LOST = auto()


class Waiting(Protocol):
    """A head, as far as turns are concerned."""

    due_at: int

    @property
    def urgency(self) -> Urgency:
        """Why it wants the line."""


Head = TypeVar("Head", bound=Waiting)
_PERCENT = {Urgency.TALKING: 50, Urgency.MOVING: 30, Urgency.LOST: 5}
"""Share of the line each may have before the rounds; what plain rounds give beyond that is not taken away."""
_HOPE_MS = 10_000
"""One head that comes and goes does not make us try all the others every time; a line that comes and goes does."""
_CREDIT_MAX = 300 * 100
"""Milliseconds, in hundredths: how much of an unused share is kept, and of an overdrawn one remembered."""


class Turns(Generic[Head]):
    """All heads of a line, the one served longest ago first."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._heads = deque(heads)
        self._credit = dict.fromkeys(_PERCENT, _CREDIT_MAX)
        self._accounted_at = 0
        self._given: tuple[Urgency, int] | None = None
        self._hopeful: list[Head] = []
        self._hoped_at: int | None = None

    def __iter__(self) -> Iterator[Head]:
        return iter(self._heads)

    def give(self, now_ms: int, free_at: int) -> Head | None:
        """The head that is to be served now; None while nobody is due. `free_at`: when the turn before was over."""
        self._account(now_ms, free_at)
        head = self._pick([head for head in self._heads if head.due_at <= now_ms])
        if head is not None:
            self._heads.remove(head)
            self._heads.append(head)
            self._hopeful = [each for each in self._hopeful if each is not head]
            self._given = head.urgency, now_ms
        return head

    def try_lost_again(self, now_ms: int) -> None:
        """A lost head answers: the others that are lost get an ordinary turn each, soon."""
        lost = [head for head in self._heads if head.urgency is Urgency.LOST]
        recently = self._hoped_at is not None and now_ms - self._hoped_at < _HOPE_MS
        if not lost or (recently and len(lost) < len(self._heads)):
            return
        self._hoped_at, self._hopeful = now_ms, lost
        for head in lost:
            head.due_at = min(head.due_at, now_ms)

    def next_due(self) -> int | None:
        """When somebody wants the line; None when there is nobody."""
        lost_from = self._accounted_at
        if self._credit[Urgency.LOST] <= 0 and not self._all_lost():
            lost_from += -self._credit[Urgency.LOST] // _PERCENT[Urgency.LOST] + 1
        due = (max(head.due_at, lost_from) if self._is_out(head) else head.due_at for head in self._heads)
        return min(due, default=None)

    def _account(self, now_ms: int, free_at: int) -> None:
        passed, self._accounted_at = now_ms - self._accounted_at, now_ms
        for urgency, percent in _PERCENT.items():
            self._credit[urgency] = min(self._credit[urgency] + percent * passed, _CREDIT_MAX)
        if self._given is not None and self._given[0] in self._credit:
            urgency, began = self._given
            self._credit[urgency] = max(self._credit[urgency] - 100 * max(free_at - began, 0), -_CREDIT_MAX)
        self._given = None

    def _pick(self, due: list[Head]) -> Head | None:
        first: dict[Urgency, Head] = {}
        for head in due:
            first.setdefault(head.urgency, head)
        if Urgency.STOP in first:
            return first[Urgency.STOP]
        for urgency, credit in self._credit.items():
            if urgency in first and credit > 0:
                return first[urgency]
        answering = next((head for head in due if not self._is_out(head)), None)
        if answering is None and self._all_lost():
            return first.get(Urgency.LOST)
        return answering

    def _is_out(self, head: Head) -> bool:
        """Whether it is in no round."""
        return head.urgency is Urgency.LOST and head not in self._hopeful

    def _all_lost(self) -> bool:
        return all(head.urgency is Urgency.LOST for head in self._heads)
