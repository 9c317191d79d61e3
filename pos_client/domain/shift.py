"""A shift: a cashier's stretch between two readings of all totalizers and a count of cash. A fold of its facts.

    opening ──meters read──► open ──closing──► reading ──meters read──► counting ──cash counted──► closed
                              ▲───────kept───────┘────────────kept────────┘

Nothing here ever stands in the way of a sale. What is sold while no shift is open belongs to the next one, which begins
with the closing readings of the one before: no litre and no đồng is outside of all shifts once there was a first.

States are stored by name; a rename is a migration.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.errors import IllegalTransition
from pos_client.domain.identifiers import PointId, ShiftId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.shift_sums import NozzleSums
from pos_client.domain.totalizer import Meter
from pos_client.value import dataclass


class ShiftPhase(StrEnum):
    """Where a shift stands."""

    OPENING = "opening"
    """totalizers are being read"""
    OPEN = "open"
    READING = "reading"
    """closing: totalizers are being read"""
    COUNTING = "counting"
    """closing: the cash is being counted"""
    CLOSED = "closed"


_P = ShiftPhase

TRANSITIONS: dict[tuple[ShiftPhase, type[f.Fact]], ShiftPhase] = {
    (_P.OPENING, f.MetersRead): _P.OPEN,
    (_P.OPEN, f.ShiftClosing): _P.READING,
    (_P.READING, f.MetersRead): _P.COUNTING,
    (_P.READING, f.ShiftKept): _P.OPEN,
    (_P.COUNTING, f.ShiftKept): _P.OPEN,
    (_P.COUNTING, f.ShiftClosed): _P.CLOSED,
    (_P.CLOSED, f.ShiftCompared): _P.CLOSED,
}
"""What is absent is illegal."""

READS_METERS = frozenset({_P.OPENING, _P.READING})
"""Phases in which totalizers are asked for."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift. `unread`: points whose totalizers were not told when they were asked for last."""

    shift_id: ShiftId
    cashier: str
    opened_at: str
    previous: ShiftId | None = None
    phase: ShiftPhase = ShiftPhase.OPENING
    unread: tuple[PointId, ...] = ()
    closed_at: str | None = None
    cash_counted_vnd: Vnd | None = None

    def apply(self, fact: f.Fact) -> Shift:
        """The shift after one more fact. Raises `IllegalTransition` for a fact the table does not hold."""
        after = TRANSITIONS.get((self.phase, type(fact)))
        if after is None:
            raise IllegalTransition("shift", self.phase, type(fact).__name__)
        shift = replace(self, phase=after)
        match fact:
            case f.MetersRead():
                return replace(shift, unread=fact.unread)
            case f.ShiftClosed():
                return replace(
                    shift, closed_at=fact.closed_at, unread=fact.unread, cash_counted_vnd=fact.cash_counted_vnd
                )
            case _:
                return shift


def begin(fact: f.ShiftOpened) -> Shift:
    """The shift an opening begins."""
    return Shift(fact.shift_id, fact.cashier, fact.opened_at, fact.previous)


@dataclass(frozen=True, slots=True)
class StatedShift:
    """A closed shift, and what head office has said of it by now: `verdict` is its word (`Verdict`, or one it learnt
    later; None: it has not heard of the shift), `differences` what it names, as the till has it, as head office has."""

    shift_id: ShiftId
    cashier: str
    opened_at: str
    closed_at: str
    verdict: str | None = None
    differences: tuple[tuple[str, int, int], ...] = ()

    @property
    def is_final(self) -> bool:
        """Head office has compared it."""
        return self.verdict not in (None, Verdict.AWAITED)


class Verdict(StrEnum):
    """What head office says of a closed shift. Stored by name; a word it learns later is shown as not known here."""

    MATCHED = "matched"
    MISMATCH = "mismatch"
    AWAITED = "records-awaited"
    """the journal, or a record it names, has not reached it yet; it compares when they come"""


class MeterState(StrEnum):
    """What a nozzle's meter and its fuellings say of each other."""

    AGREES = "agrees"
    VARIANCE = "variance"
    WENT_DOWN = "went_down"
    WRAPPED = "wrapped"
    """the counter passed its end and began at 0; taken into account"""
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Compared:
    """Meter against fuellings at a nozzle. Without both readings, or when a meter went down, there is no variance."""

    state: MeterState
    metered_ml: Millilitres | None = None
    variance_ml: Millilitres | None = None


def compare(sums: NozzleSums, meter: Meter, *, read: bool) -> Compared:
    """Compare a nozzle's meter with its fuellings. `read`: its totalizer was read when it was last asked for.

    They may differ by the meter's resolution for each reading that went into them: two, and one a fuelling, whose
    volume is cut off like a totalizer is. Not by a share of what was sold: a busy nozzle hides no litres.
    """
    if sums.went_down:
        return Compared(MeterState.WENT_DOWN)
    if sums.opening_ml is None or not read:
        return Compared(MeterState.NOT_READ)
    variance = sums.metered_ml - sums.told_ml
    if abs(variance) > meter.resolution_ml * (2 + sums.fuellings):
        state = MeterState.VARIANCE
    else:
        state = MeterState.WRAPPED if sums.wrapped else MeterState.AGREES
    return Compared(state, sums.metered_ml, variance)
