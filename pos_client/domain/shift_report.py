"""The report of a closed shift: a view of journal facts. It decides nothing."""

from __future__ import annotations

from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.shift import MeterState
from pos_client.domain.tender import TenderKind
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class MeterOnPaper:
    """One nozzle: meter against fuellings."""

    point: int
    nozzle: int
    grade_name: str
    opening_ml: Millilitres | None
    closing_ml: Millilitres | None
    metered_ml: Millilitres | None
    told_ml: Millilitres
    between_ml: Millilitres
    test_ml: Millilitres
    recovered_ml: Millilitres
    variance_ml: Millilitres | None
    state: MeterState


@dataclass(frozen=True, slots=True)
class GradeTotal:
    """What one grade came to; tests are not sold."""

    grade_name: str
    volume_ml: Millilitres
    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class OpenFuelling:
    """A fuelling nobody has paid for."""

    point: int
    volume_ml: Millilitres
    due_vnd: Vnd


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """All a shift's report says. Times are UTC+7, ISO 8601."""

    shift_id: str
    station: str
    station_name: str
    terminal: str
    cashier: str
    opened_at: str
    closed_at: str
    grades: tuple[GradeTotal, ...]
    tenders: tuple[tuple[TenderKind, int, Vnd], ...]
    """tender, how often, how much"""
    sales: int
    amount_vnd: Vnd
    meters: tuple[MeterOnPaper, ...]
    unread_points: tuple[int, ...]
    unpaid: tuple[OpenFuelling, ...]
    unpaid_vnd: Vnd
    drive_offs: int
    drive_offs_vnd: Vnd
    waiting_records: int
    cash_expected_vnd: Vnd
    cash_counted_vnd: Vnd

    @property
    def cash_difference_vnd(self) -> Vnd:
        """Counted less expected."""
        return self.cash_counted_vnd - self.cash_expected_vnd
