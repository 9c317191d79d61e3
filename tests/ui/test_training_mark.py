"""A till that trains says so on both windows, over every page, and is worked as ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_client.services import messages as m
from pos_client.settings.model import ScreenSettings
from pos_client.ui.application import TerminalWindows
from pos_client.ui.bridge import Bridge
from pos_client.ui.parts.training_mark import BAND_PX, TrainingMark
from pos_client.ui.shift.keys import Tab
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import destroy, found
from tests.words import RESOURCES, words

SAYS = {code: words(code).say("training.mark") for code in ("vi", "en")}


class Trained:
    def __init__(self) -> None:
        self.sent: list[object] = []
        self.bridge = Bridge(self.sent.append)
        self.windows = TerminalWindows(
            self.bridge,
            words("vi"),
            lambda: x.NOW,
            ScreenSettings(customer_preview=True),
            resources=RESOURCES,
            customer_catalogues={code: words(code) for code in ("vi", "en")},
            training=True,
        )
        self.windows.show()
        self.bridge.publish(x.selling(points_panel=None))
        QApplication.processEvents()


@pytest.fixture
def trained(qapp: QApplication) -> Iterator[Trained]:
    del qapp
    made = Trained()
    yield made
    made.windows.close()
    for window in (made.windows.cashier, made.windows.customer):
        destroy(window)


def test_both_windows_say_it_over_whatever_is_in_front(trained: Trained) -> None:
    for window in (trained.windows.cashier, trained.windows.customer):
        mark = found(window, TrainingMark)
        assert mark.isVisible()
        assert mark.text == SAYS["vi"] == "TẬP HUẤN - không có giá trị"
        assert mark.geometry() == window.rect()
    cashier = trained.windows.cashier
    mark = found(cashier, TrainingMark)
    for go in (lambda: cashier.open_shift(Tab.SHIFT), cashier.open_operations, cashier.leave):
        go()
        QApplication.processEvents()
        assert cashier.children()[-1] is mark, "above everything"
    assert cashier.strip.mapTo(cashier, cashier.strip.rect().topLeft()).y() >= cashier.look.px(BAND_PX), "it hides none"


def test_it_lets_every_touch_through(trained: Trained) -> None:
    cashier = trained.windows.cashier
    chip = cashier.sales.sale
    under = cashier.childAt(chip.mapTo(cashier, chip.rect().center()))
    assert not isinstance(under, TrainingMark)
    QTest.keyClick(cashier, Qt.Key.Key_Pause)
    assert trained.sent[-1] == m.StopAll()


def test_it_follows_the_cashiers_language_and_the_windows_size(trained: Trained) -> None:
    cashier = trained.windows.cashier
    cashier.speak("en")
    QApplication.processEvents()
    mark = found(cashier, TrainingMark)
    assert mark.text == SAYS["en"]
    cashier.resize(1024, 600)
    QApplication.processEvents()
    assert mark.geometry() == cashier.rect()
    assert cashier.children()[-1] is mark
    assert found(trained.windows.customer, TrainingMark).text == SAYS["vi"]


def test_a_real_till_has_no_such_mark(till: Till) -> None:
    assert till.cashier.findChild(TrainingMark) is None
    assert till.customer.findChild(TrainingMark) is None
