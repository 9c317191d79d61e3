"""The strip under real keys and fingers, and the taps each flow costs the cashier."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.identifiers import PointId, SaleId, TerminalId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.more.strip import MoreStrip
from pos_client.ui.shell.stop_button import HOLD_MS, StopAllButton
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found
from tests.ui.gallery import SCENES
from tests.ui.pictures import SIZES

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton
OPEN = x.selling(customer=None, points_panel=None)
STOPPED = x.terminal(points=(x.point(1, stopped=True), x.point(2, State.FUELLING)))


def _strip(till: Till) -> MoreStrip:
    return found(till.cashier, MoreStrip)


def _cell(till: Till, cap: str) -> QAbstractButton:
    return found(_strip(till), QAbstractButton, f"more-{cap}")


def _field(till: Till, name: str) -> QLineEdit:
    return found(till.cashier, QLineEdit, name)


@dataclass
class Taps:
    """Counts what the cashier does; typed text counts apart, as flows.md counts it."""

    till: Till
    taps: int = field(default=0)

    def key(self, *keys: K) -> None:
        self.taps += len(keys)
        self.till.key(*keys)

    def into(self, name: str, text: str, end: K = K.Key_Return) -> None:
        target = _field(self.till, name)
        assert target.isVisible()
        assert target.hasFocus(), "the cursor is there without a tap"
        for char in text:
            QTest.keyClicks(target, char)
            self.till.now += 120
        QTest.keyClick(target, end)
        self.taps += 1


# ── budgets of the flows ────────────────────────────────────────────────────────────────────────────────────────────


def test_flow_13_a_sale_goes_to_another_till_in_three(till: Till) -> None:
    till.show(OPEN)
    hands = Taps(till)
    hands.key(K.Key_F12, K.Key_H, K.Key_2)
    assert till.sent == [m.HandOver(TerminalId("T2"))]
    assert hands.taps == 3


def test_flow_14_a_drive_off_is_four_and_the_plate(till: Till) -> None:
    till.show(x.terminal())
    hands = Taps(till)
    hands.key(K.Key_5)
    till.show(OPEN)
    hands.key(K.Key_F12, K.Key_D)
    hands.into("plate-field", "29C-123.45")
    assert till.sent == [m.SelectPoint(PointId(5)), m.DriveOff("29C-123.45")]
    assert hands.taps == 4
    assert not _strip(till).isVisible()


def test_flow_15_stopping_is_one_and_going_on_is_two(till: Till) -> None:
    till.show(x.terminal())
    hands = Taps(till)
    hands.key(K.Key_Pause)
    assert till.sent == [m.StopAll()]
    assert hands.taps == 1
    till.sent.clear()
    till.show(STOPPED)
    _hold(till, HOLD_MS)
    till.sent.clear()
    hands = Taps(till, 1)
    hands.key(K.Key_1)
    assert till.sent == [m.RestartFuelling(m.RestartReason.CHECKED_SAFE)]
    assert hands.taps == 2


def test_flow_18_a_shift_is_closed_in_three_and_the_count(till: Till) -> None:
    till.show(x.terminal())
    hands = Taps(till)
    hands.key(K.Key_F12, K.Key_C)
    assert till.sent == [m.CloseShift()]
    assert till.cashier.pages.shift.isVisible()
    till.show(x.terminal(shift=x.shift(ShiftPhase.READING, deadline_ticks_ms=till.now + 5000)))
    till.show(x.terminal(shift=x.shift(ShiftPhase.COUNTING)))
    hands.into("cash-field", "12350000")
    assert till.sent == [m.CloseShift(), m.CountCash(12_350_000)]
    assert hands.taps == 3


def test_a_limit_and_its_pump_are_three(till: Till) -> None:
    """Beats the eight of a prepay elsewhere."""
    till.show(x.terminal())
    hands = Taps(till)
    hands.key(K.Key_F3, K.Key_3, K.Key_4)
    assert till.sent == [m.AuthorisePoint(PointId(4), 200_000)]
    assert hands.taps == 3


# ── holding the red bar ─────────────────────────────────────────────────────────────────────────────────────────────


def _hold(till: Till, ms: int) -> StopAllButton:
    bar = found(till.cashier, StopAllButton)
    QTest.mousePress(bar, LEFT)
    for _ in range(10):
        till.now += ms // 10
        bar.look_at_hold()
    QTest.mouseRelease(bar, LEFT)
    return bar


def test_the_red_bar_stops_on_press_and_asks_when_it_was_held_for_its_time(till: Till) -> None:
    till.show(STOPPED)
    bar = found(till.cashier, StopAllButton)
    QTest.mousePress(bar, LEFT)
    assert till.sent == [m.StopAll()]
    till.now += HOLD_MS // 2
    bar.look_at_hold()
    assert bar.permille == 500
    assert not _strip(till).isVisible()
    till.now += HOLD_MS // 2
    bar.look_at_hold()
    assert bar.permille == 0
    assert _strip(till).isVisible()
    QTest.mouseRelease(bar, LEFT)
    assert till.sent == [m.StopAll()], "nothing restarts without a reason"


def test_let_go_too_early_nothing_is_asked(till: Till) -> None:
    till.show(STOPPED)
    bar = _hold(till, HOLD_MS - 10)
    assert bar.permille == 0
    till.now += HOLD_MS
    bar.look_at_hold()
    assert not _strip(till).isVisible()


def test_with_nothing_stopped_before_the_press_holding_only_stops(till: Till) -> None:
    """A hand that clings to the bar in a fright must not find a restart under it."""
    till.show(x.terminal())
    bar = found(till.cashier, StopAllButton)
    QTest.mousePress(bar, LEFT)
    till.show(STOPPED)
    till.now += HOLD_MS * 2
    bar.look_at_hold()
    QTest.mouseRelease(bar, LEFT)
    assert till.sent == [m.StopAll()]
    assert not _strip(till).isVisible()


def test_holding_works_from_every_page(till: Till) -> None:
    till.show(STOPPED)
    till.key(K.Key_F12, K.Key_S)
    assert till.cashier.pages.shift.isVisible()
    _hold(till, HOLD_MS)
    assert till.cashier.sales.isVisible()
    assert _strip(till).isVisible()


def test_the_keyboard_restarts_without_the_bar(till: Till) -> None:
    till.show(STOPPED)
    till.key(K.Key_F12, K.Key_R, K.Key_4)
    assert till.sent == [m.RestartFuelling(m.RestartReason.OTHER)]


# ── keys and fingers do the same ────────────────────────────────────────────────────────────────────────────────────


def test_touch_does_what_keys_do(till: Till) -> None:
    till.show(OPEN)
    till.key(K.Key_F12)
    QTest.mouseClick(_cell(till, "H"), LEFT)
    QTest.mouseClick(_cell(till, "3"), LEFT)
    till.key(K.Key_F12)
    QTest.mouseClick(_cell(till, "D"), LEFT)
    QTest.keyClicks(_field(till, "plate-field"), "30A12345")
    QTest.mouseClick(_cell(till, "Enter"), LEFT)
    till.key(K.Key_F3)
    QTest.mouseClick(_cell(till, "2"), LEFT)
    tile = till.cashier.sales.grid.tile(4)
    assert tile is not None
    QTest.mouseClick(tile, LEFT)
    assert till.sent == [
        m.HandOver(TerminalId("T3")),
        m.DriveOff("30A12345"),
        m.AuthorisePoint(PointId(4), 100_000),
    ]


def test_an_answer_that_cannot_be_given_does_nothing_under_the_finger(till: Till) -> None:
    till.show(x.terminal(points=(x.point(1),)))
    till.key(K.Key_F12)
    for cap in ("D", "H", "R", "A"):
        QTest.mouseClick(_cell(till, cap), LEFT)
    assert till.sent == []
    assert _strip(till).isVisible()


def test_escape_in_the_field_goes_back_and_gives_the_keyboard_back(till: Till) -> None:
    till.show(OPEN)
    till.key(K.Key_F12, K.Key_D)
    QTest.keyClick(_field(till, "plate-field"), K.Key_Escape)
    assert not _field(till, "plate-field").isVisible()
    assert _strip(till).isVisible()
    till.key(K.Key_Escape)
    assert not _strip(till).isVisible()
    till.key(K.Key_F9)
    assert till.sent == [m.TakeTender(TenderKind.CASH)]


def test_the_question_goes_with_its_sale_and_the_cursor_with_it(till: Till) -> None:
    till.show(OPEN)
    till.key(K.Key_F12, K.Key_D)
    QTest.keyClicks(_field(till, "plate-field"), "29C")
    till.show(replace(OPEN, sale=replace(x.SALE, sale_id=SaleId("another"))))
    assert not _strip(till).isVisible()
    till.key(K.Key_5)
    assert till.sent == [m.SelectPoint(PointId(5))]
    till.show(OPEN)
    till.key(K.Key_F12, K.Key_D)
    assert _field(till, "plate-field").text() == "", "nothing of the last plate is left"


def test_another_limit_is_typed_behind_the_nought(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F3, K.Key_0)
    field = _field(till, "preset-field")
    assert field.hasFocus()
    for char in "350000":
        QTest.keyClicks(field, char)
        till.now += 150
    QTest.keyClick(field, K.Key_Return)
    till.key(K.Key_4)
    assert till.sent == [m.AuthorisePoint(PointId(4), 350_000)]


def test_litres_by_one_key_even_from_inside_the_field(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F3, K.Key_0)
    QTest.keyClicks(_field(till, "preset-field"), "l")
    field = _field(till, "preset-field")
    assert field.text() == ""
    for char in "20,5":
        QTest.keyClicks(field, char)
        till.now += 150
    QTest.keyClick(field, K.Key_Return)
    till.key(K.Key_Return)
    assert till.sent == [m.AuthorisePoint(None, None, 20_500)]


def test_opening_the_strip_closes_another_field_and_f2_closes_the_strip(till: Till) -> None:
    till.show(OPEN)
    till.key(K.Key_F2)
    QTest.keyClick(_field(till, "identify-field"), K.Key_F12)
    assert not _field(till, "identify-field").isVisible()
    assert _strip(till).isVisible()
    till.key(K.Key_F2)
    assert not _strip(till).isVisible()
    assert _field(till, "identify-field").isVisible()


def test_the_technicians_page_is_two_keys_away_and_ctrl_t_one(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F12, K.Key_K)
    assert not till.cashier.sales.isVisible()
    till.key(K.Key_Escape)
    assert till.cashier.sales.isVisible()
    assert not _strip(till).isVisible()
    QTest.keyClick(till.cashier, K.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not till.cashier.sales.isVisible()


def test_a_touched_stopped_tile_asks_for_that_pump_alone(till: Till) -> None:
    till.show(STOPPED)
    tile = till.cashier.sales.grid.tile(1)
    assert tile is not None
    QTest.mouseClick(tile, LEFT)
    till.key(K.Key_3)
    assert till.sent == [m.RestartFuelling(m.RestartReason.CUSTOMER_READY, PointId(1))]


# ── how it stands ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES["cashier"])
def test_no_tile_is_covered_nothing_overlaps_and_all_can_be_touched(till: Till, size: tuple[int, int]) -> None:
    till.cashier.resize(*size)
    strip, page = _strip(till), till.cashier.sales
    touch = 44 * till.cashier.look.scale_percent // 100 - 1
    for name, scene in SCENES.items():
        if scene.step is None or scene.snapshot is None:
            continue
        till.show(scene.snapshot)
        till.cashier.ask(scene.step)
        assert strip.isVisible(), name
        assert page.rect().contains(strip.geometry())
        sells_on = scene.step.ask is not Ask.CLOSE_TILL  # what that means needs the room
        for point in scene.snapshot.points if sells_on else ():
            tile = page.grid.tile(int(point.point))
            assert tile is not None
            on_page = tile.rect().translated(tile.mapTo(page, QPoint(0, 0)))
            assert not on_page.intersects(strip.geometry()), (name, point.point)
        shown = [w for w in (*strip.findChildren(QAbstractButton), *strip.fields) if w.isVisible()]
        for index, widget in enumerate(shown):
            assert strip.rect().contains(widget.geometry()), (name, widget.objectName())
            assert widget.height() >= touch, (name, widget.objectName(), widget.height())
            assert not any(widget.geometry().intersects(other.geometry()) for other in shown[index + 1 :]), name


def test_the_strip_takes_no_focus_and_leaves_no_cell_behind(till: Till) -> None:
    till.show(OPEN)
    for ask in (Ask.MENU, Ask.TILL, Ask.MENU, Ask.PLATE, Ask.PRESET):
        till.cashier.ask(Step(ask, x.SALE.sale_id))
        strip = _strip(till)
        assert strip.view is not None
        cells = [c for c in strip.findChildren(QAbstractButton) if c.isVisible()]
        assert len(cells) == len(strip.view.cells)
        assert all(c.focusPolicy() == Qt.FocusPolicy.NoFocus for c in cells)


def test_the_same_question_is_not_drawn_again(till: Till) -> None:
    till.show(OPEN)
    till.key(K.Key_F12)
    drawn = _strip(till).drawn
    till.show(OPEN)
    till.cashier.refresh()
    assert _strip(till).drawn == drawn
