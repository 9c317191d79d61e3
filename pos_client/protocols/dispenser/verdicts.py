"""How a dialogue with a head may end, whatever the protocol; outside it is a `CommandEnded`."""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """It reached its aim."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not, and will not by itself. `reason` is a short stable word."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows."""


Verdict = Done | Refused | Unanswered
