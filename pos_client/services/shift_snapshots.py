"""The shift as screens show it: meters against sales, tender by tender, and what still stands open."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre
from pos_client.domain.sale_type import SaleType
from pos_client.domain.shift import MeterState, ShiftPhase
from pos_client.domain.tender import TenderKind
from pos_client.value import dataclass

__all__ = ["MeterState", "NozzleFuelling", "NozzleRow", "ShiftPhase", "ShiftSnapshot", "TenderTotal"]


@dataclass(frozen=True, slots=True)
class NozzleRow:
    """One nozzle of the shift. `metered_ml` = last reading - opening reading, None while one of them is missing.

    `told_ml` is what its fuellings add up to: sold, given, tested, recovered, driven off and not yet paid alike.
    `variance_ml` = metered - told.
    """

    point: PointId
    nozzle: NozzleId
    grade_name: str
    opening_ml: Millilitres | None
    last_ml: Millilitres | None
    metered_ml: Millilitres | None
    told_ml: Millilitres
    test_ml: Millilitres
    recovered_ml: Millilitres
    amount_vnd: Vnd
    fuellings: int
    variance_ml: Millilitres | None
    state: MeterState
    between_ml: Millilitres = 0
    """of `told_ml`: sold after the shift before was closed and before this one was opened"""


@dataclass(frozen=True, slots=True)
class NozzleFuelling:
    """One fuelling behind a row."""

    fuelling_id: FuellingId
    finished_at: datetime
    volume_ml: Millilitres
    unit_price: VndPerLitre
    amount_vnd: Vnd
    end_totalizer_ml: Millilitres
    sale_type: SaleType
    outcome: str
    """"paid", "unpaid", "test", "drive_off", "gift"; "other_till": it sells it"""
    recovered: bool
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """What one tender came to."""

    kind: TenderKind
    count: int
    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class ShiftSnapshot:
    """The shift in hand, or the one just closed. Rows by point and nozzle."""

    shift_id: str
    cashier: str
    phase: ShiftPhase
    opened_at: datetime
    closed_at: datetime | None = None
    rows: tuple[NozzleRow, ...] = ()
    tenders: tuple[TenderTotal, ...] = ()
    sales: int = 0
    volume_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    unread_points: tuple[PointId, ...] = ()
    """points whose totalizers could not be read; the shift can be closed all the same, and says so"""
    unpaid: int = 0
    unpaid_vnd: Vnd = 0
    drive_offs: int = 0
    drive_offs_vnd: Vnd = 0
    waiting_records: int = 0
    """what central has not acknowledged; closing shows it, never moves it silently"""
    cash_expected_vnd: Vnd = 0
    cash_counted_vnd: Vnd | None = None
    deadline_ticks_ms: int | None = None
    """of READING: when closing goes on without the points that do not answer"""
    drill: tuple[PointId, NozzleId] | None = None
    drill_fuellings: tuple[NozzleFuelling, ...] = ()
