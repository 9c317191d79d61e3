"""The scenario of a cashier's shift."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.hardware import litres_nobody_saw
from pos_client.bootstrap.demo.parts import open_sale, pay
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import TerminalSnapshot

_Key = Qt.Key


def shift(stage: Stage) -> None:
    """A shift: two sales, a pump test, litres a totalizer found again; closed by meters and a count of cash."""
    stage.more(_Key.Key_O)
    stage.name_cashier("Lan")
    stage.until(lambda s: _phase(s) is ShiftPhase.OPEN, "all totalizers are read and the shift is open")
    stage.step("shift opened")
    stage.key(_Key.Key_Escape)
    stage.fuel(1, 95_400)
    open_sale(stage, _Key.Key_1)
    pay(stage, _Key.Key_F9)
    stage.fuel(5, 120_000, nozzle=2)
    open_sale(stage, _Key.Key_5)
    pay(stage, _Key.Key_F10)
    stage.fuel(3, 50_000)
    open_sale(stage, _Key.Key_3)
    stage.more(_Key.Key_T)
    stage.key(_Key.Key_Return)
    stage.until(lambda s: s.sale is None and not stage.point(3).unpaid, "the test is no sale")
    stage.step("pump 3 tested")
    litres_nobody_saw(stage)
    stage.more(_Key.Key_C)
    stage.until(lambda s: _phase(s) is ShiftPhase.COUNTING, "all totalizers are read again", 40.0)
    stage.picture("2-counting")
    stage.count_cash(95_400)
    closed = stage.until(lambda s: _phase(s) is ShiftPhase.CLOSED, "the shift is closed").shift
    assert closed is not None  # what its phase was read of
    stage.step("cash counted, shift closed")
    stage.picture("3-closed")
    if closed.cash_expected_vnd != 95_400 or any(row.variance_ml != 0 for row in closed.rows):
        raise ScenarioFailed(f"meters or cash differ: {closed}")
    if (closed.sales, closed.unpaid, sum(row.test_ml > 0 for row in closed.rows)) != (2, 1, 1):
        raise ScenarioFailed(f"two sales, one unpaid and one test were made: {closed}")


def _phase(snapshot: TerminalSnapshot) -> ShiftPhase | None:
    return snapshot.shift.phase if snapshot.shift is not None else None
