"""How the controller talks something through with one pump: say, hear or wait, go on.

A *script* is a generator: it yields an `Ask` or a `Pause` and is given what was understood of the answer, or None. So
an order of several words reads from top to bottom, as section 7 of the protocol notes tells it, while echo, time-outs,
misses and turns stay in `controller.py` and `head.py`. Most commands have no answer at all: what they did is polled.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum, auto

from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import Totals, Transaction
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import NozzleAnswer
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status
from pos_client.protocols.dispenser.verdicts import Verdict
from pos_client.value import dataclass


class Expect(Enum):
    """What answers a word or block."""

    NOTHING = auto()
    STATUS = auto()
    TRANSACTION = auto()
    TOTALS = auto()
    MONEY = auto()
    NOZZLE = auto()


@dataclass(frozen=True, slots=True)
class Ask:
    """Something said, and what is expected of it. `held`: it follows `Dp` at once, nobody else may speak between."""

    raw: bytes
    expect: Expect
    held: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing to this pump for so long; others may be served."""

    ms: int


Answer = Status | Transaction | Totals | NozzleAnswer | int
Step = Ask | Pause
Script = Generator[Step, Answer | None, Verdict]
