"""What hands, scanners and clipboards can do to any field: nothing is lost, nothing is taken twice, nothing falls over.

Every field of the cashier's window, over the production core in memory. What comes of a text is the services' to say;
here it has to be said, the sale has to stand as it stood, and the window has to go on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState
from tests.ui.flows import STAFFED
from tests.ui.station import Station, open_station

Key = Qt.Key
MEGABYTE = "9" * 1_000_000
NASTY = {
    "megabyte": MEGABYTE,
    "megabyte of lines": "1234\n" * 200_000,
    "emoji": "👩‍👩‍👧‍👦⛽🧾" * 20,
    "right to left": "\u202eمرحبا 123 שלום\u202c",
    "forty digits": "1234567890" * 4,
    "other digits": "١٢٣٤٥٦٧٨٩",
    "nul and controls": "12\x0034\x1b[2J\r\n\t56",
    "unpaired": "29C\ud83d12345",
    "markup": "<b>1</b>{amount}{0}%s' OR 1=1;--",
    "blanks": " " * 500,
}
LONGEST = 400


def identify(station: Station) -> None:
    station.key(Key.Key_F2)


def part(station: Station) -> None:
    station.key(Key.Key_F4)


def amount(station: Station) -> None:
    station.so(m.Identify(INDIVIDUAL), m.StartRedemption())
    station.type("6")


def plate(station: Station) -> None:
    station.key(Key.Key_F12, Key.Key_D)


def preset(station: Station) -> None:
    station.key(Key.Key_F3)
    station.type("5")


def litres(station: Station) -> None:
    station.key(Key.Key_F3, Key.Key_L)


def cash(station: Station) -> None:
    station.so(m.OpenShift("Hoa"))
    station.wait(3_000)
    station.key(Key.Key_F12, Key.Key_C)
    station.wait(25_000)


def cashier(station: Station) -> None:
    station.key(Key.Key_F12, Key.Key_O)


FIELDS: dict[str, tuple[str, Callable[[Station], None]]] = {
    "identify": ("identify-field", identify),
    "part": ("part-field", part),
    "amount": ("amount-field", amount),
    "plate": ("plate-field", plate),
    "preset": ("preset-field", preset),
    "litres": ("preset-field", litres),
    "cash": ("cash-field", cash),
    "cashier": ("cashier-field", cashier),
}


@pytest.fixture(scope="module")
def stations(qapp: QApplication) -> Iterator[dict[str, Station]]:
    """One station a field, whatever is pasted into it one after the other: a till is not restarted either."""
    del qapp
    open_ones: dict[str, Station] = {}
    yield open_ones
    for station in open_ones.values():
        station.close()


def at_the_field(stations: dict[str, Station], name: str) -> tuple[Station, QLineEdit]:
    object_name, opens = FIELDS[name]
    station = stations.get(name)
    if station is None:
        station = stations[name] = Station()
        station.fuel()
        station.so(m.SelectPoint(PointId(1)))
        opens(station)
    field = station.named(object_name)
    assert isinstance(field, QLineEdit)
    return station, field


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", FIELDS)
def test_a_paste_into_any_field_is_short_and_one_line_and_harms_nothing(
    stations: dict[str, Station], name: str, nasty: str
) -> None:
    station, field = at_the_field(stations, name)
    field.clear()
    QApplication.clipboard().setText(NASTY[nasty])
    field.paste()
    assert len(field.text()) <= LONGEST
    assert not set("\n\r\x00\x1b") & set(field.text())
    station.draw()
    assert station.cashier.isVisible()
    assert station.seen.sale is not None, "the sale is where it was"
    assert not station.rig.facts(f.TenderTaken)


@pytest.mark.parametrize("nasty", NASTY)
def test_entered_as_a_customer_it_is_refused_in_words(stations: dict[str, Station], nasty: str) -> None:
    station = at_home(stations)
    station.so(m.DismissMessage(), m.Identify(NASTY[nasty]))
    notice = station.seen.notice
    assert notice is not None
    assert notice.code.startswith(("identifier_", "central_"))
    assert station.seen.customer is None
    assert len(station.named("message-bar").accessibleName()) < 400


@pytest.mark.parametrize("nasty", NASTY)
def test_scanned_it_opens_no_pump_and_takes_no_money(stations: dict[str, Station], nasty: str) -> None:
    station = at_home(stations)
    burst(station, NASTY[nasty][:300])
    assert station.seen.sale is None
    assert station.seen.customer is None
    assert not station.rig.facts(f.SaleOpened)


def at_home(stations: dict[str, Station]) -> Station:
    """Two sales wait, none is open."""
    station = stations.get("home")
    if station is None:
        station = stations["home"] = Station()
        station.fuel()
        station.fuel(2)
    return station


def burst(station: Station, text: str) -> None:
    """As a scanner types: key events a few milliseconds apart, whatever the characters, then Enter."""
    for char in text:
        QApplication.sendEvent(station.cursor, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, char))
        station.rig.clock.advance(5)
    QTest.keyClick(station.cursor, Key.Key_Return)
    station.wait(500)


def test_two_scanners_at_once_are_nobody(qapp: QApplication) -> None:
    """Their characters come in between each other: no half of one is taken for a customer."""
    del qapp
    with open_station() as station:
        station.fuel()
        burst(station, "".join(a + b for a, b in zip("000100001", "000200001", strict=True)))
        assert station.seen.customer is None
        assert station.seen.sale is None


def test_two_scans_after_each_other_leave_the_second(qapp: QApplication) -> None:
    del qapp
    with open_station() as station:
        station.scan("000100001")
        station.scan("000200001")
        assert station.seen.customer is not None
        assert station.seen.customer.display_id == "000200001"


def test_a_scan_in_the_middle_of_the_customers_code_changes_nothing_of_it(qapp: QApplication) -> None:
    del qapp
    with open_station() as station:
        station.fuel()
        station.so(m.SelectPoint(PointId(1)), m.Identify(INDIVIDUAL), m.StartRedemption())
        code = station.rig.code()
        station.keypad(code[:3])
        station.scan("000200001")
        assert station.seen.dialogue.state is DialogueState.SECRET
        assert station.seen.dialogue.secret_length == 3
        station.keypad(code[3:], OK)
        station.wait(2_000)
        assert station.rig.debits() == [186_400]


def test_a_scan_in_the_middle_of_a_managers_pin_is_no_part_of_it(qapp: QApplication) -> None:
    del qapp
    with open_station(STAFFED) as station:
        station.key(Key.Key_F12, Key.Key_O)
        station.type("011")
        station.scan("000200001")
        asked = station.seen.staff_ask
        assert asked is not None
        assert asked.typed == 3
        assert station.seen.customer is None
        station.type("35791")
        assert station.rig.facts(f.ShiftOpened)


@pytest.mark.parametrize("key", [Key.Key_F9, Key.Key_F10, Key.Key_F11])
def test_a_tender_key_struck_twice_takes_once(qapp: QApplication, key: Qt.Key) -> None:
    del qapp
    with open_station() as station:
        station.fuel()
        station.fuel(2)
        station.key(Key.Key_1)
        QTest.keyClick(station.cursor, key)
        QTest.keyClick(station.cursor, key)
        station.wait(200)
        assert len(station.rig.facts(f.TenderTaken)) == 1
        assert len(station.rig.facts(f.SalePaid)) == 1


def double_click(widget: QWidget) -> None:
    centre = QPoint(widget.width() // 2, widget.height() // 2)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=centre)
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=centre)


def test_a_double_click_on_a_tender_takes_once(qapp: QApplication) -> None:
    del qapp
    with open_station() as station:
        station.fuel()
        station.fuel(2)
        station.key(Key.Key_1)
        double_click(station.named("tender-cash"))
        station.wait(200)
        assert [fact.kind for fact in station.rig.facts(f.TenderTaken)] == [TenderKind.CASH]


@pytest.mark.parametrize(
    "key", [Key.Key_F9, Key.Key_F6, Key.Key_Space, Key.Key_1, Key.Key_Escape, Key.Key_F12, Key.Key_Return, Key.Key_L]
)
def test_a_key_held_down_acts_once(qapp: QApplication, key: Qt.Key) -> None:
    del qapp
    with open_station() as station:
        station.fuel()
        station.fuel(2)
        if key is Key.Key_F9:
            station.key(Key.Key_1)
        text = {Key.Key_1: "1", Key.Key_L: "l"}.get(key, "")
        before = station.rig.messages
        for nth in range(200):
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, nth > 0)
            QApplication.sendEvent(station.cursor, event)
            station.rig.clock.advance(30)
        sent = station.rig.messages - before
        station.wait(500)
        assert sent <= 12, "one command and what follows from it"
        assert len(station.rig.facts(f.TenderTaken)) <= 1


def test_the_customer_changes_the_language_in_the_middle_of_a_sale(qapp: QApplication) -> None:
    del qapp
    with open_station() as station:
        station.fuel()
        station.so(m.SelectPoint(PointId(1)), m.Identify(INDIVIDUAL), m.StartRedemption())
        code = station.rig.code()
        station.keypad(code[:2])
        for language in ("en", "vi", "en"):
            station.customer.choose_language(language)
            station.draw()
        assert station.seen.dialogue.secret_length == 2
        station.keypad(code[2:], OK)
        station.wait(2_000)
        station.key(Key.Key_F9)
        assert station.rig.debits() == [186_400]
        assert station.rig.facts(f.SalePaid)


def test_at_200_percent_every_key_can_be_hit_and_none_lies_over_another() -> None:
    """A process of its own: the factor is read when the application is made."""
    environment = os.environ | {"QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    program = [sys.executable, "-m", "tests.ui.scaled"]
    told = subprocess.run(program, cwd=Path(__file__).parents[2], env=environment, capture_output=True, check=True)
    whole = {"ratio": 2.0, "cut": []}
    assert json.loads(told.stdout) == {"cashier": whole, "customer": whole}
