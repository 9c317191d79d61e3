"""How the controller talks something through with one head: ask, wait for proof, go on.

A *script* is a generator: it yields an `Ask` (one block and what would prove that it worked) and is given an `Outcome`.
So an order of several steps reads from top to bottom, as section 7.1 of the protocol notes tells it, while retries,
block numbers, polls and time-outs stay in one place (`head.py`). An acknowledgement is never a proof: the answer to a
question comes with later polls, and a head was recorded that acknowledged RESET and did nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import field
from enum import Enum, auto

from pos_client.protocols.dispenser.dart.states import STATE_WAIT_MS, Status
from pos_client.protocols.dispenser.dart.transactions import ControllerTransaction
from pos_client.protocols.dispenser.verdicts import Verdict
from pos_client.value import dataclass


@dataclass(slots=True)
class Fresh:
    """What the head said since the running `Ask` was first sent."""

    statuses: list[Status] = field(default_factory=list)
    filled: tuple[int, int] | None = None
    """volume, amount"""
    price_shown: bool = False
    totals: dict[int, int] = field(default_factory=dict)

    @property
    def status(self) -> Status | None:
        """The last status said."""
        return self.statuses[-1] if self.statuses else None


Proof = Callable[[Fresh], bool]


@dataclass(frozen=True, slots=True)
class Ask:
    """One block, what proves it, and how long after its acknowledgement the proof may take.

    `drained`: empty the head's queue of earlier blocks first, so that the answer cannot be an old one.
    """

    transactions: tuple[ControllerTransaction, ...]
    proof: Proof
    within_ms: int = STATE_WAIT_MS
    drained: bool = False


class Outcome(Enum):
    """What became of an `Ask`."""

    PROVED = auto()
    UNPROVED = auto()
    """acknowledged, but the proof did not come in time"""
    UNANSWERED = auto()


Script = Generator[Ask, Outcome, Verdict]
