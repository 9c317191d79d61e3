"""The shift's page under real keys and fingers; its tables with a whole day in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import Notice, Severity, TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.parts.table import Table
from pos_client.ui.shift import tables
from pos_client.ui.shift.keys import Tab
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found
from tests.ui.gallery import SCENES
from tests.ui.pictures import SIZES

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton
P = ShiftPhase
DRILL = (PointId(1), NozzleId(2))


def _open(till: Till, snapshot: TerminalSnapshot, tab: Tab = Tab.SHIFT) -> None:
    till.show(snapshot)
    till.cashier.open_shift(tab)


def _in(shift: ShiftSnapshot | None) -> TerminalSnapshot:
    return x.terminal(shift=shift, drive_offs=x.DRIVE_OFFS)


def _table(till: Till, name: str) -> Table:
    return found(till.cashier, Table, name)


def _touch_row(table: Table, row: int) -> None:
    rect = table.visualRect(table.model().index(row, 0))
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, rect.center())


def _field(till: Till, name: str) -> QLineEdit:
    return found(till.cashier, QLineEdit, name)


def _type(till: Till, field: QLineEdit, text: str) -> None:
    for char in text:
        QTest.keyClicks(field, char)
        till.now += 120


# ── the life of a shift ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_shift_is_opened_with_the_name_that_stands_there(till: Till) -> None:
    till.show(_in(None))
    till.key(K.Key_F12, K.Key_O)
    field = _field(till, "cashier-field")
    assert field.hasFocus()
    assert field.text() == "Nguyễn Thị Ánh"
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.OpenShift("Nguyễn Thị Ánh")]
    till.show(_in(x.shift(P.OPENING)))
    assert not field.isVisible()
    till.key(K.Key_Escape)
    assert till.cashier.sales.isVisible()


def test_enter_struck_twice_at_the_end_opens_no_new_shift(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    cash = _field(till, "cash-field")
    _type(till, cash, "12350000")
    QTest.keyClick(cash, K.Key_Return)
    till.show(_in(x.shift(P.CLOSED, closed_at=x.WALL, cash_counted_vnd=12_350_000)))
    till.key(K.Key_Return, K.Key_Return)
    assert [sent for sent in till.sent if isinstance(sent, m.OpenShift)] == []


def test_the_cursor_waits_for_the_cash_when_the_reading_is_over(till: Till) -> None:
    _open(till, _in(x.shift(P.READING)))
    assert not _field(till, "cash-field").isVisible()
    till.show(_in(x.shift(P.COUNTING)))
    assert _field(till, "cash-field").hasFocus()


def test_the_difference_is_said_while_it_is_typed(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    said = found(till.cashier, QWidget, "cash-difference")
    assert said.accessibleName() == "Chưa gõ số tiền"
    _type(till, _field(till, "cash-field"), "12300000")
    assert said.accessibleName() == "Đếm được 12.300.000 đ: thiếu 50.000 đ"
    _type(till, _field(till, "cash-field"), "0")
    assert "thừa" in said.accessibleName()
    till.show(_in(x.shift(P.COUNTING, cash_expected_vnd=123_000_000)))
    assert said.accessibleName() == "Đếm được 123.000.000 đ: đủ", "what is due may still change"


def test_only_digits_are_a_count(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    field = _field(till, "cash-field")
    _type(till, field, "-12a3.5e")
    assert field.text() == "1235"


def test_a_customers_code_scanned_over_the_count_is_a_customer(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    field = _field(till, "cash-field")
    _type(till, field, "12")
    QTest.keyClicks(field, "000100001")
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.Scan("000100001")]


def test_closing_is_left_and_gone_on_with(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    QTest.keyClick(_field(till, "cash-field"), K.Key_Escape)
    assert till.cashier.sales.isVisible()
    assert till.sent == [], "nothing was given up"
    till.key(K.Key_F12, K.Key_C)
    assert till.sent == [], "and nothing is read twice"
    assert _field(till, "cash-field").hasFocus()
    QTest.keyClick(_field(till, "cash-field"), K.Key_F7)
    assert till.sent == [m.KeepShift()]


def test_touch_counts_too(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    _type(till, _field(till, "cash-field"), "5")
    enter = [
        key
        for key in till.cashier.pages.shift.findChildren(QAbstractButton)
        if key.isVisible() and key.accessibleName() == "Enter Chốt ca"
    ]
    QTest.mouseClick(enter[0], LEFT)
    assert till.sent == [m.CountCash(5)]


# ── looking behind a row ────────────────────────────────────────────────────────────────────────────────────────────


def test_enter_shows_the_fuellings_of_the_chosen_row_and_escape_goes_back(till: Till) -> None:
    _open(till, _in(x.shift()))
    till.key(K.Key_Down, K.Key_Return)
    assert till.sent == [m.ShowNozzle(*DRILL)]
    till.show(_in(x.shift(drill=DRILL, drill_fuellings=x.FUELLINGS)))
    assert _table(till, "shift-fuellings").isVisible()
    till.key(K.Key_Escape)
    assert till.sent[1:] == [m.ShowNozzle()]
    till.show(_in(x.shift()))
    meters = _table(till, "shift-meters")
    assert meters.isVisible()
    assert meters.chosen == (1, 2), "back where it was left"


def test_rows_that_are_the_same_are_put_into_words_once(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []
    inner = tables.fuellings

    def counted(words: Catalogue, shift: ShiftSnapshot | None) -> TableData:
        said.append(1)
        return inner(words, shift)

    monkeypatch.setattr(tables, "fuellings", counted)
    day = x.shift(drill=DRILL, drill_fuellings=x.FUELLINGS)
    _open(till, _in(day))
    till.show(_in(replace(day, sales=999)))
    till.cashier.refresh()
    assert len(said) == 1
    till.show(_in(replace(day, drill_fuellings=(*x.FUELLINGS, x.fuelling(99)))))
    assert len(said) == 2
    assert _table(till, "shift-fuellings").model().rowCount() == len(x.FUELLINGS) + 1


def test_another_nozzle_is_shown_even_with_the_same_rows(till: Till) -> None:
    """Two nozzles that sold nothing have the very same rows: the caption still changes."""
    _open(till, _in(x.shift(drill=DRILL)))
    caption = found(till.cashier, QWidget, "shift-fuellings").accessibleName()
    till.show(_in(x.shift(drill=(PointId(2), NozzleId(1)))))
    assert found(till.cashier, QWidget, "shift-fuellings").accessibleName() != caption


def test_a_touched_row_opens_and_while_counting_too(till: Till) -> None:
    _open(till, _in(x.shift(P.COUNTING)))
    _touch_row(_table(till, "shift-meters"), 2)
    assert till.sent == [m.ShowNozzle(PointId(2), NozzleId(1))]


def test_a_touched_drive_off_is_only_chosen_its_key_acts(till: Till) -> None:
    """Who came back is sold again by a key, not by a stray finger."""
    _open(till, _in(x.shift()), Tab.DRIVE_OFFS)
    _touch_row(_table(till, "drive-offs"), 1)
    assert till.sent == []
    till.key(K.Key_Return)
    assert till.sent == [m.ReturnDriveOff(FuellingId("CHXD018-5-1-77"))]
    assert till.cashier.sales.isVisible()


def test_came_back_is_three_keys_from_home(till: Till) -> None:
    till.show(_in(x.shift()))
    till.key(K.Key_F12, K.Key_B, K.Key_Return)
    assert till.sent == [m.ReturnDriveOff(FuellingId("CHXD018-2-1-78"))]


def test_what_the_services_say_is_said_here_too_and_read_by_key_or_touch(till: Till) -> None:
    notice = Notice("store_failed", Severity.ERROR)
    _open(till, replace(_in(x.shift()), notice=notice))
    line = found(till.cashier, QWidget, "shift-notice")
    assert "Không ghi được sổ" in line.accessibleName()
    till.key(K.Key_Delete)
    QTest.mouseClick(line, LEFT)
    assert till.sent == [m.DismissMessage(), m.DismissMessage()]
    till.show(_in(x.shift()))
    assert line.accessibleName() == ""
    QTest.mouseClick(line, LEFT)
    assert len(till.sent) == 2


def test_sides_are_turned_by_key_and_by_touch(till: Till) -> None:
    _open(till, _in(x.shift()))
    for key, name in ((K.Key_F3, "drive-offs"), (K.Key_F4, "prices-pumps"), (K.Key_F2, "shift-meters")):
        till.key(key)
        assert _table(till, name).isVisible()
    tabs = [key for key in till.cashier.pages.shift.findChildren(QAbstractButton) if key.isVisible()]
    QTest.mouseClick(next(key for key in tabs if key.accessibleName().startswith("F4")), LEFT)
    assert _table(till, "prices-pumps").isVisible()


def test_the_certificate_is_asked_for_turned_page_by_page_printed_and_closed(till: Till) -> None:
    day = x.WALL.date()
    before = day - timedelta(days=1)
    _open(till, x.terminal(certificate_page=x.certificate_page()))
    till.key(K.Key_F6)
    assert _table(till, "certificate").isVisible()
    till.key(K.Key_PageUp, K.Key_PageDown, K.Key_F7, K.Key_Escape)
    assert till.sent == [
        m.ShowCertificate(day),
        m.ShowCertificate(before),
        m.PrintCertificate(),
        m.ShowCertificate(),
    ]


def test_sales_keys_do_nothing_here(till: Till) -> None:
    _open(till, x.selling())
    till.key(K.Key_F9, K.Key_F10, K.Key_F11, K.Key_Space, K.Key_1, pause_ms=1000)
    assert till.sent == []
    till.key(K.Key_Pause)
    assert till.sent == [m.StopAll()]


def test_a_scan_here_is_a_customer(till: Till) -> None:
    _open(till, _in(x.shift()))
    till.text("000100001", 4)
    QTest.keyClick(till.cashier, K.Key_Return)
    assert till.sent == [m.Scan("000100001")]


def test_no_key_of_the_page_takes_the_focus(till: Till) -> None:
    _open(till, _in(x.shift()))
    page = till.cashier.pages.shift
    takers = [
        w.objectName() or type(w).__name__
        for w in page.findChildren(QWidget)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(w, QLineEdit) and w.isVisible()
    ]
    assert takers == []


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _day(rows: int) -> TableData:
    columns = (Column("a", 80), Column("b", 90, right=True), Column("c", 90, right=True, rank=1))
    return TableData(
        columns, tuple(TableRow(n, (CellText(f"{n}"), CellText("1,00"), CellText("2"))) for n in range(rows)), "none"
    )


@pytest.fixture
def table(till: Till) -> Table:
    made = Table(till.cashier.look, "tried", till.cashier)
    made.resize(400, 400)
    made.show()
    QApplication.processEvents()
    return made


def test_thousands_of_rows_are_no_thousands_of_widgets(table: Table) -> None:
    few = len(table.findChildren(QWidget))
    table.show_table(_day(5000))
    QApplication.processEvents()
    assert table.model().rowCount() == 5000
    assert len(table.findChildren(QWidget)) <= few + 2


def test_only_a_row_that_changed_is_announced_and_the_chosen_one_stays(table: Table) -> None:
    day = _day(500)
    table.show_table(day)
    table.move_by(250)
    assert (table.chosen, table.rows.announced) == (250, 0)
    table.show_table(day)
    changed = list(day.rows)
    changed[7] = TableRow(7, (CellText("seven"), CellText("1,00"), CellText("2")))
    table.show_table(replace(day, rows=tuple(changed)))
    assert (table.chosen, table.rows.announced) == (250, 1)
    table.show_table(replace(day, rows=(TableRow(-1, day.rows[0].cells), *day.rows)))
    assert (table.chosen, table.chosen_row) == (250, 251), "it follows its name"
    table.show_table(replace(day, rows=day.rows[:3]))
    assert _chosen(table) == 0, "gone: the first"
    table.show_table(_day(0))
    assert _chosen(table) is None
    table.move_by(1)
    assert _chosen(table) is None


def _chosen(table: Table) -> object:
    return table.chosen


def test_moving_stops_at_both_ends_and_keeps_the_row_in_sight(table: Table) -> None:
    table.show_table(_day(300))
    table.move_by(10_000_000)
    assert _chosen(table) == 299
    assert table.viewport().rect().contains(table.visualRect(table.model().index(299, 0)).center())
    table.move_by(-10_000_000)
    assert _chosen(table) == 0
    table.move_by(table.page())
    assert 0 < table.page() < 12


def test_held_arrows_run_and_other_held_keys_do_not(till: Till) -> None:
    _open(till, _in(x.shift(rows=x.nozzle_rows(32))))
    for key in (K.Key_Down, K.Key_Return, K.Key_F7):
        for _ in range(5):
            event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
            QApplication.sendEvent(till.cashier, event)
    assert _table(till, "shift-meters").chosen == (3, 2)
    assert till.sent == []


def test_the_model_speaks_for_readers(table: Table) -> None:
    table.show_table(_day(2))
    model = table.model()
    assert model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole) == "1"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "b"


def test_a_list_without_a_choice_has_none(till: Till) -> None:
    _open(till, x.terminal(), Tab.PRICES)
    prices = _table(till, "prices-list")
    _touch_row(prices, 1)
    assert prices.chosen is None


@pytest.mark.parametrize("size", SIZES["cashier"])
def test_nothing_of_the_page_overlaps_or_is_cut(till: Till, size: tuple[int, int]) -> None:
    till.cashier.resize(*size)
    page, touch = till.cashier.pages.shift, 44 * till.cashier.look.scale_percent // 100 - 1
    for name, scene in SCENES.items():
        if scene.tab is None or scene.snapshot is None:
            continue
        _open(till, scene.snapshot, scene.tab)
        QApplication.processEvents()
        keys = [w for w in page.findChildren(QAbstractButton) if w.isVisible()]
        keys_and_fields: list[QWidget] = [*keys, *(f for f in page.fields if f.isVisible())]
        rects = [w.rect().translated(w.mapTo(page, QPoint(0, 0))) for w in keys_and_fields]
        for index, rect in enumerate(rects):
            assert page.rect().contains(rect), (name, keys_and_fields[index].accessibleName())
            assert not any(rect.intersects(other) for other in rects[index + 1 :]), name
        assert all(key.height() >= touch for key in keys), name
        for table in page.findChildren(Table):
            if table.isVisible():
                shown = [c for c in range(table.model().columnCount()) if not table.isColumnHidden(c)]
                assert sum(map(table.columnWidth, shown)) <= table.viewport().width(), "no column beyond the edge"
