"""The cashier's window under real key and mouse events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import Notice, PointsPhase, Severity
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def _click(till: Till, name: str) -> None:
    widget = till.cashier.findChild(QWidget, name)
    assert widget is not None, name
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(widget.width() // 2, widget.height() // 2))


def _field(till: Till, name: str) -> QLineEdit:
    field = till.cashier.findChild(QLineEdit, name)
    assert field is not None
    return field


def test_a_whole_anonymous_sale_is_two_keys(till: Till) -> None:
    """Flow 1: pump digit, tender key."""
    till.show(x.terminal())
    till.key(K.Key_5)
    till.show(x.selling(customer=None, points_panel=None))
    till.key(K.Key_F9)
    assert till.sent == [m.SelectPoint(PointId(5)), m.TakeTender(TenderKind.CASH)]


def test_touch_does_what_keys_do(till: Till) -> None:
    till.show(x.selling())
    for name in ("tile-5", "tile-4", "tender-qr", "stop-all"):
        _click(till, name)
    assert till.sent == [
        m.SelectPoint(PointId(5)),
        m.AuthorisePoint(PointId(4)),
        m.TakeTender(TenderKind.QR),
        m.StopAll(),
    ]


def test_with_a_permit_in_hand_a_touched_calling_tile_is_armed_not_authorised(till: Till) -> None:
    till.show(x.terminal(customer=x.CUSTOMER, points_panel=x.PANELS["permit"]))
    _click(till, "tile-4")
    assert till.sent == [m.SelectPoint(PointId(4))]


def test_stop_all_acts_on_press_and_pause_works_everywhere(till: Till) -> None:
    stop = found(till.cashier, QAbstractButton, "stop-all")
    QTest.mousePress(stop, LEFT)
    assert till.sent == [m.StopAll()]
    QTest.mouseRelease(stop, LEFT)
    till.show(x.terminal(ready=False, points=()))
    till.key(K.Key_Pause)
    till.show(x.terminal())
    till.key(K.Key_F2)
    QTest.keyClick(_field(till, "identify-field"), K.Key_Pause)
    till.key(K.Key_Escape, K.Key_F12)
    QTest.keyClick(found(till.cashier, QLineEdit), K.Key_Pause)
    assert till.sent == [m.StopAll()] * 4


def test_no_button_takes_the_focus_from_the_keyboard(till: Till) -> None:
    till.show(x.selling())
    page = till.cashier.sales
    takers = [
        w.objectName() or type(w).__name__
        for w in page.findChildren(QAbstractButton)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert takers == []
    _click(till, "tender-cash")
    till.key(K.Key_Tab, K.Key_Space)
    assert till.sent == [m.TakeTender(TenderKind.CASH), m.SelectOldest()]


def test_f2_opens_an_inline_field_and_enter_identifies(till: Till) -> None:
    till.show(x.selling(customer=None, points_panel=None))
    till.key(K.Key_F2)
    field = _field(till, "identify-field")
    assert field.isVisible()
    QTest.keyClicks(field, "0912000001")
    till.now += 500
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.Identify("0912000001")]
    assert not field.isVisible()


def test_digits_typed_into_the_field_choose_no_pump(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F2)
    for char in "123":
        QTest.keyClicks(_field(till, "identify-field"), char)
        till.now += 300
        till.cashier.keys_waited()
    till.key(K.Key_Escape)
    assert till.sent == []


def test_escape_closes_the_field_before_it_releases_anything(till: Till) -> None:
    till.show(x.selling())
    till.key(K.Key_F2)
    QTest.keyClick(_field(till, "identify-field"), K.Key_Escape)
    assert till.sent == []
    till.key(K.Key_Escape)
    assert till.sent == [m.ReleaseSale()]


def test_a_scan_anywhere_is_a_customer(till: Till) -> None:
    till.show(x.selling())
    till.text("000100001", 4)
    QTest.keyClick(till.cashier, K.Key_Return)
    assert till.sent == [m.Scan("000100001")]


def test_a_scan_into_a_half_typed_field_is_the_scan_alone(till: Till) -> None:
    till.show(x.selling())
    till.key(K.Key_F2)
    field = _field(till, "identify-field")
    QTest.keyClicks(field, "09")
    till.now += 900
    for char in "P-00231":
        QTest.keyClicks(field, char)
        till.now += 3
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.Scan("P-00231")]


def test_slow_digits_after_f6_open_the_amount_field(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    till.key(K.Key_5)
    field = _field(till, "amount-field")
    assert field.isVisible()
    assert field.text() == "5"
    for char in "0000":
        QTest.keyClicks(field, char)
        till.now += 200
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.CancelRedemption(), m.StartRedemption(50_000)]
    assert not field.isVisible()


def test_an_amount_typed_by_a_quick_hand_is_no_scan(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    till.key(K.Key_7)
    field = _field(till, "amount-field")
    QTest.keyClicks(field, "500000")
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.CancelRedemption(), m.StartRedemption(7_500_000)]


def test_an_id_scanned_into_the_amount_field_is_no_amount(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    till.key(K.Key_7)
    till.now += 900
    field = _field(till, "amount-field")
    QTest.keyClicks(field, "000100001")
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.Scan("000100001")]


def test_the_amount_field_goes_when_its_moment_is_over(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    till.key(K.Key_5)
    till.show(x.selling(points_panel=x.PANELS["verifying"]))
    assert not _field(till, "amount-field").isVisible()
    till.key(K.Key_5)
    assert till.sent == [m.SelectPoint(PointId(5))]


def test_f3_authorises_with_a_limit(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F3)
    QTest.keyClicks(_field(till, "preset-field"), "200000")
    QTest.keyClick(_field(till, "preset-field"), K.Key_Return)
    assert till.sent == []
    till.key(K.Key_Return)
    assert till.sent == [m.AuthorisePoint(None, 200_000)]


def test_f4_takes_the_typed_part_with_the_next_tender_key(till: Till) -> None:
    """Flow A24, mixed tender."""
    till.show(x.selling())
    till.key(K.Key_F4)
    field = _field(till, "part-field")
    assert field.isVisible()
    till.key(K.Key_F9)
    assert till.sent == []
    QTest.keyClicks(field, "70000")
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == []
    QTest.keyClick(field, K.Key_F10)
    assert till.sent == [m.TakeTender(TenderKind.QR, 70_000)]
    assert not field.isVisible()


def test_f4_without_a_sale_opens_nothing(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F4)
    assert not _field(till, "part-field").isVisible()


def test_a_held_key_acts_once(till: Till) -> None:
    from PySide6.QtGui import QKeyEvent

    till.show(x.terminal())
    for repeat in (False, True, True):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, K.Key_F5, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(till.cashier, event)
    assert till.sent == [m.AuthorisePoint()]


def test_message_bar_speaks_and_is_dismissed(till: Till) -> None:
    till.show(x.terminal(notice=Notice("points_need_network", Severity.WARNING)))
    bar = till.cashier.findChild(QWidget, "message-bar")
    assert bar is not None
    assert "Mất mạng" in bar.accessibleName()
    till.key(K.Key_Return)
    _click(till, "message-bar")
    assert till.sent == [m.DismissMessage(), m.DismissMessage()]


def test_the_points_panel_has_its_keys_to_touch(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["unknown"]))
    panel = till.cashier.findChild(QWidget, "points-panel")
    assert panel is not None
    keys = [key for key in panel.findChildren(QAbstractButton) if key.isVisible()]
    assert [key.accessibleName() for key in keys] == ["Enter Thu đủ 350.000 đ, trả lại điểm"]
    QTest.mouseClick(keys[0], LEFT)
    assert till.sent == [m.CancelRedemption()]


def test_every_target_is_big_enough_to_touch(till: Till) -> None:
    till.cashier.resize(1280, 720)
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    smallest = 44 * till.cashier.look.scale_percent // 100
    small = [
        (w.objectName() or w.accessibleName(), w.width(), w.height())
        for w in till.cashier.findChildren(QAbstractButton)
        if w.isVisible() and (w.height() < smallest or w.width() < smallest)
    ]
    assert small == []


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("count", [0, 1, 4, 6, 12, 32])
def test_nothing_overlaps_and_all_tiles_fit(till: Till, size: tuple[int, int], count: int) -> None:
    till.cashier.resize(*size)
    till.show(x.selling(points=x.crowd(count)))
    grid = till.cashier.sales.grid
    rects = [grid.tile(number).geometry() for number in range(1, count + 1)]  # type: ignore[union-attr]
    for index, rect in enumerate(rects):
        assert grid.rect().contains(rect)
        assert not any(rect.intersects(other) for other in rects[index + 1 :])
    sale = till.cashier.findChild(QWidget, "sale-panel")
    assert sale is not None
    children = [w for w in sale.children() if isinstance(w, QWidget) and w.isVisible()]
    for index, child in enumerate(children):
        assert sale.rect().contains(child.geometry())
        assert not any(child.geometry().intersects(other.geometry()) for other in children[index + 1 :])


def test_the_same_snapshot_is_not_drawn_again(till: Till) -> None:
    till.show(x.terminal())
    tile = till.cashier.sales.grid.tile(3)
    assert tile is not None
    drawn = tile.drawn
    till.show(x.terminal())
    till.cashier.refresh()
    assert tile.drawn == drawn


def test_only_the_tile_that_changed_is_drawn(till: Till) -> None:
    till.show(x.terminal())
    before = {n: till.cashier.sales.grid.tile(n).drawn for n in range(1, 7)}  # type: ignore[union-attr]
    till.now += 1000
    till.cashier.refresh()
    after = {n: till.cashier.sales.grid.tile(n).drawn for n in range(1, 7)}  # type: ignore[union-attr]
    assert {n for n in before if before[n] != after[n]} == {4, 5, 6}


def test_points_that_come_and_go_leave_no_tile_behind(till: Till) -> None:
    for count in (6, 32, 2, 0, 4):
        till.show(x.terminal(points=x.crowd(count)))
        shown = [n for n in range(1, 40) if till.cashier.sales.grid.tile(n) is not None]
        assert shown == list(range(1, count + 1))


def test_every_phase_can_follow_every_other(till: Till) -> None:
    """No state leaves keys or fields of another one behind."""
    panel = till.cashier.sales.sale.points
    for first in PointsPhase:
        for second in (PointsPhase.OFFER, PointsPhase.UNKNOWN, PointsPhase.WAITING_SECRET):
            till.cashier.show_snapshot(x.selling(points_panel=x.panel(first)))
            till.cashier.show_snapshot(x.selling(points_panel=x.panel(second)))
            visible = sum(key.isVisible() for key in panel.findChildren(QAbstractButton))
            assert visible == len(panel.view.actions)
