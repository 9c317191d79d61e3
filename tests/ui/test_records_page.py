"""The list of sales: typing never waits for the books, an answer that comes too late is not shown, every state is
said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_client.domain.sale_search import SalesFound
from pos_client.services import messages as m
from pos_client.ui.keys import Wish
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Ask, Step, choices
from pos_client.ui.records.desk import Unreadable
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.records.search import ROWS
from pos_client.ui.shell.main_window import CashierWindow
from tests.ui import sample as x
from tests.ui.finding import destroy, found
from tests.ui.pictures import windows
from tests.ui.records_desk import FULL, MORE, RECORDS, FakeRecords, row, type_into

K = Qt.Key


@dataclass
class Opened:
    desk: FakeRecords
    window: CashierWindow
    page: RecordsPage
    sent: list[object]

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.field, key)

    def caption(self) -> str:
        return self.page.card.table.accessibleName()

    def names(self) -> list[object]:
        rows = self.page.card.table.rows
        return [rows.name(n) for n in range(rows.count())]


def is_shown(page: RecordsPage) -> bool:
    return page.isVisible()


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Opened]:
    desk, sent = FakeRecords(), list[object]()
    shown = windows(send=sent, records=desk)
    shown.cashier.show_snapshot(x.terminal())
    shown.cashier.show()
    shown.cashier.open_records()
    qapp.processEvents()
    yield Opened(desk, shown.cashier, found(shown.cashier, RecordsPage), sent)
    shown.close()
    for window in (shown.cashier, shown.customer):
        destroy(window)


def test_f12_f_asks_for_the_list():
    menu = choices(Step(Ask.MENU), x.terminal(), Counter())
    assert [choice.actions for choice in menu if choice.key == "F"] == [(Wish.RECORDS,)]


def test_it_opens_with_the_newest_sales_with_the_cursor_in_the_field(opened: Opened, qapp: QApplication):
    assert opened.page.isVisible()
    assert opened.page.field.hasFocus() or not opened.window.isActiveWindow()
    (asked,) = opened.desk.asked
    assert asked[:2] == (type(asked[0])(), None)
    opened.desk.answer(FULL)
    qapp.processEvents()
    assert len(opened.names()) == ROWS
    assert "Trang 1 · 50 lượt, còn nữa" in opened.caption()


def test_an_answer_to_what_is_no_longer_asked_is_not_shown(opened: Opened, qapp: QApplication):
    type_into(opened.page, "c3")
    type_into(opened.page, "c4")
    opened.desk.answer(SalesFound((row(4),), None, 1), -1)
    opened.desk.answer(SalesFound((row(3),), None, 1), -2)
    qapp.processEvents()
    assert opened.names() == ["sale-4"]
    assert "Cột 4" in opened.caption()


def test_a_page_that_is_not_full_goes_on_looking_by_itself(opened: Opened, qapp: QApplication):
    opened.desk.answer(SalesFound((row(1),), MORE, 1500))
    qapp.processEvents()
    assert opened.desk.asked[-1][1] == MORE
    opened.desk.answer(SalesFound((row(2),), None, 20))
    qapp.processEvents()
    assert opened.names() == ["sale-1", "sale-2"]
    assert opened.page.search.asked_ms is None


def test_pages_forth_and_back_and_no_further(opened: Opened, qapp: QApplication):
    opened.key(K.Key_PageDown)
    assert len(opened.desk.asked) == 1, "not before the first page is there"
    opened.desk.answer(FULL)
    qapp.processEvents()
    opened.key(K.Key_PageDown)
    assert opened.desk.asked[-1][1] == MORE
    opened.desk.answer(SalesFound((row(60),), None, 1))
    qapp.processEvents()
    assert opened.names() == ["sale-60"]
    opened.key(K.Key_PageDown)
    assert len(opened.desk.asked) == 2
    opened.key(K.Key_PageUp)
    assert [after for _, after, _ in opened.desk.asked] == [None, MORE, None]
    assert opened.page.search.page == 1


def test_what_is_not_understood_is_said_and_not_searched_for(opened: Opened):
    before = len(opened.desk.asked)
    type_into(opened.page, "hôm kia 14h")
    assert len(opened.desk.asked) == before
    assert "Chưa hiểu: hôm kia" in opened.caption()


def test_books_that_cannot_be_read_are_said_and_enter_tries_again(opened: Opened, qapp: QApplication):
    opened.desk.answer(Unreadable("store_locked"))
    qapp.processEvents()
    assert "Chưa đọc được sổ" in opened.caption()
    opened.key(K.Key_Return)
    assert len(opened.desk.asked) == 2


def test_letters_begin_a_search_by_themselves_and_digits_choose_no_pump(opened: Opened, qtbot):
    before = len(opened.desk.asked)
    QTest.keyClicks(opened.page.field, "231")
    qtbot.waitUntil(lambda: len(opened.desk.asked) > before, timeout=10_000)
    assert opened.desk.asked[-1][0].number == 231
    assert not [each for each in opened.sent if isinstance(each, m.SelectPoint)]


def test_esc_clears_the_field_first_and_then_leads_back_and_pause_stops_all(opened: Opened):
    type_into(opened.page, "c3")
    opened.key(K.Key_Escape)
    assert opened.page.isVisible()
    assert opened.page.field.text() == ""
    opened.key(K.Key_Pause)
    assert m.StopAll() in opened.sent
    opened.key(K.Key_Escape)
    assert not is_shown(opened.page)


def test_a_megabyte_pasted_is_a_short_text(opened: Opened, qapp: QApplication):
    qapp.clipboard().setText("9\u202e\U0001f600" * 400_000)
    opened.page.field.paste()
    assert len(opened.page.field.text()) <= 80
    opened.page.begin()
    assert "Chưa hiểu" in opened.caption()


@pytest.mark.parametrize("name", RECORDS)
def test_every_state_is_drawn(opened: Opened, qapp: QApplication, name: str):
    RECORDS[name](opened.page, opened.desk)
    qapp.processEvents()
    opened.window.refresh()
    assert opened.caption().strip()
    assert not opened.window.grab().isNull()
