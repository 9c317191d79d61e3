"""Where a redemption stands at central, and what moves it: the table.

    (none) ──enough──► HELD ──secret right──► AUTHORISED ──fuel stated──► CAPTURED
      │ │               │                      │  │                          ▲
      │ └─refused─► DECLINED (sticky)          │  └─a day without news─► SUSPENSE ──two more, or evidence──► RELEASED
      └──void──► VOIDED ◄──void────────────────┴──────────void─────────────┘
                                                        HELD ──its time is up──► EXPIRED

Once a permit is out fuel may be flowing: time alone does not end the hold, it moves it aside and alarms the station.
Three days after consent the customer has his points back; fuel that is stated later is the station's loss, for it kept
silent. ACTIVATED is the hold behind a signed voucher (`voucher_activations`): it has no terminal yet, is spent by an
offline statement, and its time is up only when no such statement can be under way any more. States are stored by name;
a rename is a migration.

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
    SUSPENSE = "SUSPENSE"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"
    RELEASED = "RELEASED"
    DECLINED = "DECLINED"
    ACTIVATED = "ACTIVATED"


class Event(StrEnum):
    """What can happen to a redemption that exists."""

    CONSENT = "consent"
    CAPTURE = "capture"
    VOID = "void"
    TIME_UP = "time up"
    EVIDENCE = "evidence"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.HELD, Event.CONSENT): State.AUTHORISED,
    (State.HELD, Event.VOID): State.VOIDED,
    (State.HELD, Event.TIME_UP): State.EXPIRED,
    (State.AUTHORISED, Event.CAPTURE): State.CAPTURED,
    (State.AUTHORISED, Event.VOID): State.VOIDED,
    (State.AUTHORISED, Event.TIME_UP): State.SUSPENSE,
    (State.SUSPENSE, Event.CAPTURE): State.CAPTURED,
    (State.SUSPENSE, Event.VOID): State.VOIDED,
    (State.SUSPENSE, Event.TIME_UP): State.RELEASED,
    (State.SUSPENSE, Event.EVIDENCE): State.RELEASED,
    (State.ACTIVATED, Event.CAPTURE): State.CAPTURED,
    (State.ACTIVATED, Event.VOID): State.VOIDED,
    (State.ACTIVATED, Event.TIME_UP): State.EXPIRED,
}
"""What is absent does not change the state."""

LIVE = frozenset({State.HELD, State.AUTHORISED, State.SUSPENSE, State.ACTIVATED})
"""Points are set aside."""

NO_DEBIT = {State.VOIDED: "hold-voided", State.EXPIRED: "hold-expired", State.RELEASED: "hold-released"}
"""Ended without a debit; what a later statement of fuel, or of consent, is told."""
