"""A cashier's shift: its steps, and the sums it is made of. Volumes in millilitres, money in đồng."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId, ShiftId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.value import dataclass

Reading = tuple[PointId, NozzleId, Millilitres]
"""A totalizer as it was read."""
MeterLine = tuple[
    PointId,
    NozzleId,
    str,
    Millilitres | None,
    Millilitres | None,
    Millilitres | None,
    Millilitres,
    Millilitres,
    Millilitres,
    Millilitres,
    Vnd,
    int,
    str,
]
"""A nozzle of a closed shift: point, nozzle, grade, opening, closing, metered, told, between shifts, tested, recovered,
money, fuellings, what meter and fuellings say of each other (`domain.shift.MeterState`)."""
TenderLine = tuple[str, int, Vnd]
"""Tender, how often, how much."""
NozzleLine = tuple[
    PointId,
    NozzleId,
    Millilitres | None,
    Millilitres | None,
    Millilitres,
    Millilitres,
    Millilitres,
    Millilitres,
    Millilitres,
    Vnd,
    int,
    bool,
    bool,
]
"""A nozzle's sums so far (`domain.shift_sums.NozzleSums`): point, nozzle, opening, last, metered, told, between,
tested, recovered, money, fuellings, wrapped, went down."""
StoryLine = tuple[FuellingId, PointId, NozzleId, Millilitres, Vnd, bool, bool]
"""A fuelling something is still expected of: id, point, nozzle, volume, money, from an earlier shift, driven off."""


@dataclass(frozen=True, slots=True)
class ShiftOpened(Fact):
    """A cashier's stretch begins. `previous`: the shift closed last, whose closing readings it begins with."""

    shift_id: ShiftId
    cashier: str
    opened_at: str
    previous: ShiftId | None = None


@dataclass(frozen=True, slots=True)
class MetersRead(Fact):
    """All totalizers were asked for, at opening or closing. `unread`: points that did not tell theirs in time."""

    shift_id: ShiftId
    readings: tuple[Reading, ...]
    unread: tuple[PointId, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftClosing(Fact):
    """The cashier wants to close: totalizers are read, then cash is counted."""

    shift_id: ShiftId


@dataclass(frozen=True, slots=True)
class ShiftKept(Fact):
    """Not closed after all; it goes on."""

    shift_id: ShiftId


@dataclass(frozen=True, slots=True)
class ShiftClosed(Fact):
    """The cash was counted; this is what the shift came to.

    What still stood open is named, not moved: `unpaid` fuellings, drive-offs, `waiting_records` central has not heard.
    """

    shift_id: ShiftId
    closed_at: str
    meters: tuple[MeterLine, ...]
    tenders: tuple[TenderLine, ...]
    sales: int
    volume_ml: Millilitres
    amount_vnd: Vnd
    unpaid: tuple[FuellingId, ...]
    unpaid_vnd: Vnd
    drive_offs: int
    drive_offs_vnd: Vnd
    waiting_records: int
    unread: tuple[PointId, ...]
    cash_expected_vnd: Vnd
    cash_counted_vnd: Vnd


@dataclass(frozen=True, slots=True)
class ShiftCompared(Fact):
    """Central has held a closed shift to the journal and its ledger. `result` is its word (`domain.shift.Verdict`);
    `differences`: what it names, as the till stated it, as central found it. Nothing here is changed by it."""

    shift_id: ShiftId
    result: str
    differences: tuple[tuple[str, int, int], ...]
    points_credited: int
    points_debited: int


@dataclass(frozen=True, slots=True)
class ShiftSummed(Fact):
    """The sums so far, as the facts before it make them: a restart reads on from here instead of from the beginning.

    Written when the first shift opens, when one closes, and every so many facts; only the newest is ever read.
    """

    summed_id: str
    last_shift: ShiftId | None
    nozzles: tuple[NozzleLine, ...]
    tenders: tuple[TenderLine, ...]
    sales: int
    volume_ml: Millilitres
    amount_vnd: Vnd
    drive_offs: int
    drive_offs_vnd: Vnd
    stories: tuple[StoryLine, ...]
    open_sales: tuple[tuple[SaleId, FuellingId], ...]
