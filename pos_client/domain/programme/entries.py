"""What a points ledger is made of: entries that are written once and never changed.

A correction is another entry. `points` is what an entry does to the fund's balance (credits less debits); `parts` are
the lots it touches, by the number of the entry that credited them. A hold, its release and a longer life change no
balance: they move points between available and held, or between lots.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pos_client.domain.quantities import Points
from pos_client.value import dataclass

Parts = tuple[tuple[int, Points], ...]


class EntryKind(StrEnum):
    """Stored by name; a rename is a migration."""

    CREDIT = "credit"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRY = "expiry"
    EXTENSION = "extension"
    """points that came back after their last day get another one (`given_back_until`)"""
    MOVED_OUT = "moved_out"
    MOVED_IN = "moved_in"
    CREDIT_REVERSED = "credit_reversed"
    CAPTURE_REVERSED = "capture_reversed"


NEW_LOT = frozenset({EntryKind.CREDIT, EntryKind.MOVED_IN, EntryKind.EXTENSION})
"""Kinds whose entry is a lot: its number names the lot from then on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a fund."""

    number: int
    fund: str
    kind: EntryKind
    points: Points
    at: datetime
    parts: Parts = ()
    reference: str = ""
    """the hold of HOLD, CAPTURE and RELEASE; what the points are for, of the others"""
    reverses: int | None = None
    """the entry a reversal undoes"""
    credited_at: datetime | None = None
    """of a new lot: when its points can be used, and its age in spending order"""
    expires_on: date | None = None
    """of a new lot: its last day"""
    earned_by: str = ""
    """who of a pool earned it (B03)"""
    uncovered: Points = 0
    """of a reversed credit: points that were spent already and could not be taken back; for head office"""


@dataclass(frozen=True, slots=True)
class Balance:
    """A fund at one time. credits - debits - held - pending = available, always."""

    credits: Points
    debits: Points
    held: Points
    pending: Points
    available: Points
