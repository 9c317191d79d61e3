"""F1 under real keys and fingers: every screen's own chapter, and selling goes on behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton, QScrollArea

from pos_client.domain.identifiers import PointId
from pos_client.domain.staff import Deed
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.operation_snapshots import StaffAsk
from pos_client.ui.guides.book import read_guides
from pos_client.ui.guides.places import places
from pos_client.ui.help.book import read_book
from pos_client.ui.help.line import IndexLine
from pos_client.ui.help.page import HelpPage
from pos_client.ui.help.topics import GUIDE_TOPICS, Topic
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shift.keys import Tab
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found
from tests.words import RESOURCES

K = Qt.Key
BOOK = read_book(RESOURCES / "help" / "vi.toml")
_SIDES = {"ports": K.Key_F2, "lines": K.Key_F3, "monitor": K.Key_F4, "settings": K.Key_F5, "support": K.Key_F6}


def _tab(tab: Tab) -> Callable[[Till], None]:
    return lambda till: till.cashier.open_shift(tab)


def _side(key: K) -> Callable[[Till], None]:
    return lambda till: till.key(K.Key_F12, K.Key_K, key)


SCREENS: dict[Topic, Callable[[Till], None]] = {
    Topic.HOME: lambda till: None,
    Topic.SALE: lambda till: till.show(x.selling(points_panel=None)),
    Topic.POINTS: lambda till: till.show(x.selling(points_panel=x.PANELS["waiting"])),
    Topic.IDENTIFY: lambda till: till.key(K.Key_F2),
    Topic.MORE: lambda till: till.key(K.Key_F12),
    **{Topic(tab.value): _tab(tab) for tab in Tab},
    Topic.OPERATIONS: lambda till: till.cashier.open_operations(),
    **{Topic(f"tech_{side}"): _side(key) for side, key in _SIDES.items()},
}


def _page(till: Till) -> HelpPage:
    return found(till.cashier, HelpPage)


def _title(till: Till) -> str:
    return found(_page(till), QLabel, "help-title").text()


@pytest.mark.parametrize("topic", SCREENS)
def test_f1_opens_the_chapter_of_the_screen_and_esc_goes_back(till: Till, topic: Topic) -> None:
    till.show(x.terminal())
    SCREENS[topic](till)
    till.sent.clear()
    where = till.cashier.focusWidget() or till.cashier
    QTest.keyClick(where, K.Key_F1)
    assert _page(till).isVisible()
    assert _title(till) == BOOK[topic].title
    till.key(K.Key_Escape)
    assert not _page(till).isVisible()
    assert (till.cashier.focusWidget() or till.cashier) is where
    assert till.sent == []


def test_a_tender_key_closes_help_and_takes_the_money(till: Till) -> None:
    till.show(x.selling(points_panel=None))
    till.key(K.Key_F1, K.Key_F9)
    assert till.sent == [m.TakeTender(TenderKind.CASH)]
    assert not _page(till).isVisible()


def test_a_pumps_digit_closes_help_and_opens_its_sale(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1, K.Key_5)
    assert till.sent == []  # a scan may begin so
    till.cashier.keys_waited()
    till.now += 200
    till.cashier.keys_waited()
    assert till.sent == [m.SelectPoint(PointId(5))]
    assert not _page(till).isVisible()


def test_a_scan_closes_help_and_is_a_scan(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    till.text("000046821", 5)
    QTest.keyClick(till.cashier, K.Key_Return)
    assert till.sent == [m.Scan("000046821")]
    assert not _page(till).isVisible()


def test_half_a_scan_is_no_search_and_no_pump(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    till.text("00004", 5)
    till.now += 1000
    till.cashier.keys_waited()
    assert till.sent == []
    assert _page(till).isVisible()
    assert _title(till) == BOOK[Topic.HOME].title


def test_stop_all_needs_no_key_more(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1, K.Key_Pause)
    assert till.sent == [m.StopAll()]


def test_a_pin_goes_to_its_question_not_into_the_search(till: Till) -> None:
    till.show(replace(x.terminal(), staff_ask=StaffAsk(Deed.REVERSE, 0)))
    till.key(K.Key_F1)
    assert _title(till) == BOOK[Topic.PIN].title
    till.text("09", 200)
    till.now += 500
    till.cashier.keys_waited()
    assert till.sent == [m.StaffPressed(0), m.StaffPressed(9)]
    assert not _page(till).isVisible()


def test_letters_find_a_chapter_and_the_arrows_choose_another(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    till.text("may in", 200)
    assert _title(till) == BOOK[Topic.PRINTER].title
    till.key(K.Key_Down)
    assert _title(till) != BOOK[Topic.PRINTER].title
    till.key(K.Key_Delete, K.Key_Home)
    assert _title(till) == BOOK[Topic.HOME].title
    assert till.sent == []


@pytest.mark.parametrize("topic", GUIDE_TOPICS.values())
def test_a_customers_guide_is_in_the_index_and_read_there(till: Till, topic: Topic) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    QTest.mouseClick(found(_page(till), QPushButton, f"help-{topic.value}"), Qt.MouseButton.LeftButton)
    guide = next(each for each in read_guides(RESOURCES / "guides", "vi") if GUIDE_TOPICS[each.name] is topic)
    assert guide.title in _title(till)
    said = [label.text() for label in found(_page(till), QScrollArea, "help-text").findChildren(QLabel)]
    told = guide.told(places(x.terminal()))
    assert len(told) == len(guide.steps)
    assert [f"{n}. {step.text}" for n, step in enumerate(told, start=1)] == [t for t in said if t[:1].isdigit()]
    assert not any("{" in text for text in said)


def test_a_guide_is_found_by_its_name_and_shows_the_customers_screens(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    till.text("huong dan lai xe", 200)
    assert _title(till) == "Hướng dẫn: Lái xe"
    pictures = found(_page(till), QScrollArea, "help-text").findChildren(QLabel, "help-picture")
    assert len(pictures) == 4, "two steps share one"
    assert not any(picture.pixmap().isNull() for picture in pictures)
    assert till.sent == []


def test_before_the_rules_are_known_a_guide_leaves_out_what_it_cannot_say(till: Till) -> None:
    till.show(x.terminal(programme=None))
    till.key(K.Key_F1)
    till.text("huong dan ca nhan", 200)
    assert _title(till) == "Hướng dẫn: Khách cá nhân"
    said = [label.text() for label in found(_page(till), QScrollArea, "help-text").findChildren(QLabel)]
    assert not any("{" in text for text in said)
    assert [text for text in said if text.startswith("1. ")]


def test_a_letter_of_the_strip_is_not_obeyed_behind_help(till: Till) -> None:
    """D would mark a drive-off; who types a search must not."""
    till.show(x.selling(points_panel=None, customer=None))
    till.key(K.Key_F12, K.Key_F1)
    till.text("dcalh", 200)
    assert till.sent == []
    assert till.cashier._hands.keyboard.step == Step(Ask.MENU)


def test_a_field_that_was_open_keeps_its_text_and_gets_the_digits(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F2)
    field = found(till.cashier, QLineEdit, "identify-field")
    QTest.keyClicks(field, "0912")
    till.now += 1000
    QTest.keyClick(field, K.Key_F1)
    till.text("3", 200)
    assert not _page(till).isVisible()
    assert field.text() == "09123"
    assert field.hasFocus()


def test_by_finger(till: Till) -> None:
    till.show(x.terminal())
    till.cashier.keys.pressed.emit("f1")
    QTest.mouseClick(found(_page(till), QPushButton, "help-sale"), Qt.MouseButton.LeftButton)
    assert _title(till) == BOOK[Topic.SALE].title
    QTest.mouseClick(found(_page(till), QAbstractButton, "help-close"), Qt.MouseButton.LeftButton)
    assert not _page(till).isVisible()


def test_a_long_title_of_the_index_ends_in_an_ellipsis(till: Till) -> None:
    till.cashier.resize(1024, 600)
    till.show(x.terminal())
    till.key(K.Key_F1)
    lines = _page(till).findChildren(IndexLine)
    cut = [line for line in lines if line.text() != line.accessibleName()]
    assert cut
    assert all(line.text().endswith("…") for line in cut)
    assert {line.accessibleName() for line in lines} >= {chapter.title for chapter in BOOK.values()}
    assert all(line.fontMetrics().horizontalAdvance(line.text()) <= line.width() for line in lines)


def test_the_forecourt_stays_in_sight_and_another_page_closes_help(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    assert _page(till).geometry().left() > till.cashier.width() // 3
    till.cashier.open_shift(Tab.SHIFT)
    assert not _page(till).isVisible()
