"""What the tables of the shift's page say of rows and fuellings."""

from __future__ import annotations

from datetime import datetime

import pytest

from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.sale_type import SaleType
from pos_client.services.shift_snapshots import (
    MeterState,
    NozzleFuelling,
    NozzleRow,
    ShiftPhase,
    ShiftSnapshot,
)
from pos_client.ui.shift.tables import fuellings, rows_title
from tests.words import words

VI = words("vi", "screens")
AT = datetime(2026, 11, 23, 6, 0, tzinfo=VIETNAM)
P1, N1 = PointId(1), NozzleId(1)


def shift(between_ml: int = 0, outcome: str = "paid") -> ShiftSnapshot:
    row = NozzleRow(P1, N1, "E10", 0, 7_000, 7_000, 7_000, 0, 0, 0, 2, 0, MeterState.AGREES, between_ml)
    told = NozzleFuelling(FuellingId("x"), AT, 7_000, 27_080, 1, 7_000, SaleType.SALE, outcome, False, "R-1")
    return ShiftSnapshot("s", "Lan", ShiftPhase.OPEN, AT, rows=(row,), drill_fuellings=(told,))


def test_litres_sold_between_shifts_are_said():
    assert "5,00 lít bán ngoài ca" in rows_title(VI, shift(between_ml=5_000))[1]
    assert "ngoài ca" not in rows_title(VI, shift())[1]


@pytest.mark.parametrize("outcome", ["paid", "unpaid", "test", "drive_off", "gift", "other_till"])
def test_every_outcome_has_its_word(outcome: str):
    (row,) = fuellings(VI, shift(outcome=outcome)).rows
    assert outcome not in [cell.text for cell in row.cells]
