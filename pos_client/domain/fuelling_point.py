"""The fuelling point: its states in the public words of the IFSF dispenser standard, and how they follow each other.

Two things that vary apart are two machines: what the *hose* is doing (here) and whether we can *hear* it
(`LinkState`). A lost line never invents a fuelling state.

States are stored and logged by name; a rename is a migration.
"""

from __future__ import annotations

from enum import StrEnum


class FuellingPointState(StrEnum):
    """What a fuelling point is doing."""

    INOPERATIVE = "inoperative"
    CLOSED = "closed"
    IDLE = "idle"
    CALLING = "calling"
    AUTHORISED = "authorised"
    STARTED = "started"
    SUSPENDED_STARTED = "suspended_started"
    FUELLING = "fuelling"
    SUSPENDED_FUELLING = "suspended_fuelling"


class LinkState(StrEnum):
    """Whether we hear a device. `PROBING` until its first answer."""

    PROBING = "probing"
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


_S = FuellingPointState

EXPECTED: dict[FuellingPointState, frozenset[FuellingPointState]] = {
    _S.INOPERATIVE: frozenset({_S.IDLE, _S.CALLING, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.IDLE, _S.INOPERATIVE}),
    _S.IDLE: frozenset({_S.CALLING, _S.AUTHORISED, _S.CLOSED, _S.INOPERATIVE}),
    _S.CALLING: frozenset({_S.IDLE, _S.STARTED, _S.AUTHORISED, _S.INOPERATIVE}),
    _S.AUTHORISED: frozenset({_S.IDLE, _S.STARTED, _S.FUELLING, _S.CALLING, _S.INOPERATIVE}),
    _S.STARTED: frozenset({_S.FUELLING, _S.IDLE, _S.SUSPENDED_STARTED, _S.CALLING, _S.INOPERATIVE}),
    _S.SUSPENDED_STARTED: frozenset({_S.STARTED, _S.IDLE, _S.INOPERATIVE}),
    _S.FUELLING: frozenset({_S.SUSPENDED_FUELLING, _S.IDLE, _S.CALLING, _S.INOPERATIVE}),
    _S.SUSPENDED_FUELLING: frozenset({_S.FUELLING, _S.IDLE, _S.CALLING, _S.INOPERATIVE}),
}
"""From each state, the states a healthy pump goes to next.

The pump is the truth: a step outside this table is taken over all the same (we missed something), and reported as a
resynchronisation. What is *derived* from a state, money above all, never rests on the state alone but on totalizers."""

DELIVERING = frozenset({_S.STARTED, _S.SUSPENDED_STARTED, _S.FUELLING, _S.SUSPENDED_FUELLING})
"""A nozzle is out under an authorisation: litres may be flowing."""

SUSPENDED = frozenset({_S.SUSPENDED_STARTED, _S.SUSPENDED_FUELLING})
"""A delivery that has not ended, held still."""

CAN_AUTHORISE = frozenset({_S.IDLE, _S.CALLING})
"""States in which the next delivery may be permitted."""


def is_expected(before: FuellingPointState, after: FuellingPointState) -> bool:
    """Whether a healthy pump goes from `before` to `after` (staying is always expected)."""
    return before == after or after in EXPECTED[before]
