"""Both windows among screens, the gallery without a complaint from Qt, and why a terminal cannot start."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel

from pos_client.settings.faults import Fault
from pos_client.ui.refusal import RefusalWindow
from tests.ui.conftest import Till
from tests.ui.finding import destroy
from tests.words import words


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
    window = RefusalWindow(words("vi"), "settings_damaged", faults)
    said = "\n".join(label.text() for label in window.findChildren(QLabel))
    assert "lines[0].port" in said
    assert "+4" in said
    assert "1900 2828" in said
    destroy(window)
