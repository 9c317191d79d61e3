"""Which records the program was working on when it died (F33)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import field
from typing import Protocol

from pos_client.value import dataclass

SET_ASIDE_AFTER = 2
"""Deaths in a row, each while working on the same record: the next start sets it aside."""


class CrashMarks(Protocol):
    """Marks that outlive the process, not the computer: they cost no sync, and a power cut is nobody's poison.

    A record is *worked on* while bytes of it or of its answer are in our hands; waiting for the network is not work, so
    a till that is switched off twice during an outage sets nothing aside.
    """

    def put(self, keys: Collection[str]) -> None:
        """These records are worked on from now on, instead of any others."""

    def waiting(self) -> AbstractContextManager[None]:
        """While it is somebody else's turn nothing is worked on; afterwards the same records are again."""

    def done(self, key: str, *, answered: bool = True) -> None:
        """A record was worked on and the program lives. What is held against it is forgotten when it was `answered`:
        where no answer came, there was nothing yet to die of."""

    def deaths(self) -> Mapping[str, int]:
        """How often in a row the program died while it worked on a record; records it never died on are absent."""


@dataclass(slots=True)
class NoMarks:
    """Of a till whose records are worked on elsewhere: nothing is held against any but what it is told at first."""

    held: dict[str, int] = field(default_factory=dict)

    def put(self, keys: Collection[str]) -> None:
        """Not kept."""

    def waiting(self) -> AbstractContextManager[None]:
        """Nothing to lift."""
        return nullcontext()

    def done(self, key: str, *, answered: bool = True) -> None:
        """Forget what was held against a record, if it was answered."""
        if answered:
            self.held.pop(key, None)

    def deaths(self) -> Mapping[str, int]:
        """What it was told at first."""
        return self.held
