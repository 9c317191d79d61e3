"""The cashier's language changes while he works: everything visible is said anew, and nothing of the work is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from pos_client.bootstrap.simulate.world import INDIVIDUAL
from pos_client.domain.staff import Deed
from pos_client.services import messages as m
from pos_client.services.operation_snapshots import StaffAsk
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import Painted
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.shift.keys import Tab
from pos_client.ui.technician.sides import Side
from tests.ui import pictures
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import destroy, found
from tests.ui.station import open_station

K = Qt.Key
pytestmark = pytest.mark.usefixtures("qapp")
Look = Callable[[CashierWindow], None]


def _seen(window: CashierWindow) -> list[tuple[str, ...]]:
    """Every text a person or a screen reader meets now, in the order of the widgets."""
    texts = []
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        own = [type(widget).__name__, widget.windowTitle(), widget.accessibleName(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            own.append(widget.text())
        if isinstance(widget, QLineEdit):
            own.append(widget.placeholderText())
        if isinstance(widget, QComboBox):
            own += [widget.itemText(n) for n in range(widget.count())]
        if isinstance(widget, KeyButton):
            own += [widget._cap, widget._label]
        if isinstance(widget, Painted):
            own.append(repr(widget.view))
        texts.append(tuple(own))
    return texts


def _at(snapshot: TerminalSnapshot, look: Look = lambda window: None) -> Look:
    def seen(window: CashierWindow) -> None:
        window.show_snapshot(snapshot)
        look(window)
        QApplication.processEvents()

    return seen


def _technician(side: Side) -> Look:
    def opened(window: CashierWindow) -> None:
        window.toggle_technician()
        assert window.pages.technician is not None
        window.pages.technician.open(side)

    return opened


LOOKS: dict[str, Look] = {
    "home": _at(x.terminal()),
    "sale": _at(x.selling(points_panel=None)),
    "points": _at(x.selling(points_panel=x.PANELS["waiting"])),
    "pin": _at(replace(x.terminal(), staff_ask=StaffAsk(Deed.REVERSE, 3))),
    "identify": _at(x.terminal(), lambda window: QTest.keyClick(window, K.Key_F2)),
    **{tab.value: _at(x.terminal(), lambda window, tab=tab: window.open_shift(tab)) for tab in Tab},  # type: ignore[misc]
    "operations": _at(x.terminal(), lambda window: window.open_operations()),
    "records": _at(x.terminal(), lambda window: window.open_records()),
    **{f"technician-{side.value}": _at(x.terminal(), _technician(side)) for side in Side},
}


@pytest.fixture
def both(qapp: QApplication) -> Iterator[tuple[CashierWindow, CashierWindow]]:
    """One that began in Vietnamese, one in English."""
    del qapp
    made = [pictures.windows("vi"), pictures.windows("en")]
    for windows in made:
        windows.cashier.show()
    yield made[0].cashier, made[1].cashier
    for windows in made:
        windows.close()
        destroy(windows.cashier)
        destroy(windows.customer)


@pytest.mark.parametrize("look", LOOKS)
def test_after_the_change_it_is_as_if_it_had_begun_so(both: tuple[CashierWindow, CashierWindow], look: str) -> None:
    changed, english = both
    LOOKS[look](changed)
    LOOKS[look](english)
    before = _seen(changed)
    changed.speak("en")
    QApplication.processEvents()
    assert _seen(changed) == _seen(english)
    assert _seen(changed) != before
    changed.speak("vi")
    QApplication.processEvents()
    assert _seen(changed) == before


def test_the_strips_letter_changes_it_and_the_customers_stays(till: Till) -> None:
    till.show(x.selling(points_panel=x.PANELS["waiting"]))
    customer = [label.text() for label in till.customer.findChildren(QLabel)]
    till.key(K.Key_F12, K.Key_N)
    QApplication.processEvents()
    assert till.cashier.windowTitle() == "Cashier"
    assert not till.cashier.sales.more.isVisible()
    assert [label.text() for label in till.customer.findChildren(QLabel)] == customer
    assert till.sent == []
    till.key(K.Key_F12, K.Key_N)
    QApplication.processEvents()
    assert till.cashier.windowTitle() == "Thu ngân"


def test_what_is_typed_stays_with_its_cursor(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F2)
    QTest.keyClicks(found(till.cashier, QLineEdit, "identify-field"), "0912 34")
    till.cashier.speak("en")
    QApplication.processEvents()
    field = till.cashier.sales.identify.field
    assert field.text() == "0912 34"
    assert till.cashier.focusWidget() is field
    QTest.keyClicks(field, "5678")
    till.now += 1000
    QTest.keyClick(field, K.Key_Return)
    assert till.sent == [m.Identify("0912 345678")]


def test_a_count_of_cash_and_a_draft_of_settings_stay(till: Till) -> None:
    till.show(x.terminal())
    till.cashier.toggle_technician()
    page = till.cashier.pages.technician
    assert page is not None
    page.draft.put("station.name", "Cửa hàng mới")
    till.cashier.speak("en")
    again = till.cashier.pages.technician
    assert again is not None
    assert again is not page
    assert again.draft.get("station.name") == "Cửa hàng mới"
    assert again.draft.changed
    assert again.isVisible()


def test_the_saved_language_counts_at_once(till: Till) -> None:
    till.show(x.terminal())
    till.cashier.toggle_technician()
    page = till.cashier.pages.technician
    assert page is not None
    page.draft.put("screen.language", "en")
    page.save()
    QApplication.processEvents()
    QApplication.processEvents()
    assert till.cashier.windowTitle() == "Cashier"
    assert page.draft.saved_tree()["screen"]["language"] == "en"


def test_help_is_in_the_new_language(till: Till) -> None:
    till.show(x.terminal())
    till.key(K.Key_F1)
    till.cashier.speak("en")
    till.key(K.Key_F1)
    assert till.cashier.help.page.isVisible()
    assert found(till.cashier.help.page, QLabel, "help-title").text() == "Selling"


def test_in_the_middle_of_a_pin_nothing_is_lost() -> None:
    """A redemption through the real core: half of the code, another language on the till, the other half."""
    with open_station() as station:
        station.fuel()
        station.key(K.Key_1)
        station.scan(INDIVIDUAL)
        station.key(K.Key_F6)
        assert station.seen.dialogue.state is DialogueState.SECRET
        code = station.rig.code()
        station.keypad(code[:3])
        station.key(K.Key_F12, K.Key_N)
        QApplication.processEvents()
        assert station.cashier.windowTitle() == "Cashier"
        assert station.seen.dialogue.state is DialogueState.SECRET
        station.keypad(code[3:], m.KeypadKey.OK)
        station.wait(2_000)
        assert station.rig.debits() == [186_400]
        station.key(K.Key_F9)
        assert station.seen.receipt is not None
        assert station.seen.sale is None
