"""Both windows among screens, the gallery without a complaint from Qt, and why a terminal cannot start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLayout, QPushButton

from pos_client.settings.faults import Fault
from pos_client.ui.assets import load_theme
from pos_client.ui.help.book import read_book
from pos_client.ui.help.topics import Topic
from pos_client.ui.refusal import RefusalWindow
from pos_client.ui.style import Style
from tests.ui.conftest import Till
from tests.ui.finding import destroy, found
from tests.words import RESOURCES, words


def test_names_for_automation(till: Till) -> None:
    assert till.cashier.objectName() == "cashier"
    assert till.customer.objectName() == "customer"


def test_on_one_screen_the_customer_stays_a_window(till: Till) -> None:
    assert len(QApplication.screens()) == 1
    assert till.customer.isVisible()
    assert not till.customer.isFullScreen()


def test_a_terminal_that_cannot_start_says_all_it_knows(qapp: QApplication) -> None:
    del qapp
    faults = tuple(Fault(f"lines[{n}].port", "missing") for n in range(12))
    window = RefusalWindow(_style(), words("vi"), "settings_damaged", faults)
    said = "\n".join(label.text() for label in window.findChildren(QLabel))
    assert "lines[0].port" in said
    assert "+4" in said
    assert "1900 2828" in said
    assert window.findChild(QPushButton, "refusal-more") is None, "no help without its file"
    destroy(window)


def test_f1_says_more_of_a_start_that_failed_and_esc_closes(qapp: QApplication) -> None:
    del qapp
    window = RefusalWindow(_style(), words("en"), "settings_damaged", (), "Use them", RESOURCES / "help")
    _at_ease(window)
    window.show()
    chapter = found(window, QFrame, "refusal-help")
    assert not chapter.isVisible()
    found(window, QPushButton, "refusal-more").click()
    assert chapter.isVisible()
    said = " ".join(label.text() for label in chapter.findChildren(QLabel))
    assert read_book(RESOURCES / "help" / "en.toml")[Topic.START].wrong[0][1] in said
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert not chapter.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert (window.isVisible(), window.taken) == (False, False)
    destroy(window)


def test_enter_takes_what_is_offered_and_nothing_where_nothing_is(qapp: QApplication) -> None:
    del qapp
    for offer, taken in (("Use them", True), ("", False)):
        window = RefusalWindow(_style(), words("en"), "settings_damaged", (), offer)
        _at_ease(window)
        window.show()
        QTest.keyClick(window, Qt.Key.Key_Return)
        assert (window.taken, window.isVisible()) == (taken, not taken)
        window.close()
        destroy(window)


def _style() -> Style:
    return Style(load_theme(RESOURCES / "styles", "day"))


def _at_ease(window: RefusalWindow) -> None:
    """The screens of tests take no hints of size."""
    layout = window.layout()
    assert layout is not None
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    window.setMinimumWidth(0)
