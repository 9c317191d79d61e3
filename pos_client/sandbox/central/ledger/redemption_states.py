"""Where a redemption stands at central, and what moves it: the table.

    (none) ──enough──► HELD ──secret right──► AUTHORISED ──fuel stated──► CAPTURED
      │ │               │                         │
      │ └─refused─► DECLINED (sticky)             │
      └──void──► VOIDED ◄──void───────────────────┘     HELD ──its time is up──► EXPIRED

Only HELD has a short timer: once a permit is out fuel may be flowing, and only evidence ends the hold. ACTIVATED is the
hold behind a signed voucher (`voucher_activations`): it has no terminal yet, is spent by an offline statement, and its
time is up only when no such statement can be under way any more. States are stored by name; a rename is a migration.

    (none) ──PIN right──► ACTIVATED ──fuel stated──► CAPTURED
                              ├──used online, or nothing flowed──► VOIDED
                              └──its time is up──► EXPIRED
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a redemption stands at central."""

    HELD = "HELD"
    AUTHORISED = "AUTHORISED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"
    DECLINED = "DECLINED"
    ACTIVATED = "ACTIVATED"


class Event(StrEnum):
    """What can happen to a redemption that exists."""

    CONSENT = "consent"
    CAPTURE = "capture"
    VOID = "void"
    TIME_UP = "time up"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.HELD, Event.CONSENT): State.AUTHORISED,
    (State.HELD, Event.VOID): State.VOIDED,
    (State.HELD, Event.TIME_UP): State.EXPIRED,
    (State.AUTHORISED, Event.CAPTURE): State.CAPTURED,
    (State.AUTHORISED, Event.VOID): State.VOIDED,
    (State.ACTIVATED, Event.CAPTURE): State.CAPTURED,
    (State.ACTIVATED, Event.VOID): State.VOIDED,
    (State.ACTIVATED, Event.TIME_UP): State.EXPIRED,
}
"""What is absent does not change the state."""

LIVE = frozenset({State.HELD, State.AUTHORISED, State.ACTIVATED})
