"""Closing a window asks, says what it means, and ends the till only when somebody answers that he wants it and may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from pos_client.bootstrap.simulate.world import SETTINGS
from pos_client.domain import facts as f
from pos_client.domain.staff import SALT_BYTES, Role, hash_of
from pos_client.services import messages as m
from pos_client.settings.model import ScreenSettings, Settings, StaffSettings
from pos_client.ui.more.steps import Ask
from pos_client.ui.shell.closing import SILENT_MS
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found
from tests.ui.gallery import SCENES
from tests.ui.station import Station, open_station
from tests.words import words

K = Qt.Key
pytestmark = pytest.mark.usefixtures("qapp")
PIN = "135790"


def _ended(till: Till | Station) -> list[bool]:
    """Grows when the till has ended."""
    ends: list[bool] = []
    till.windows.guard.ended.connect(lambda: ends.append(True))
    return ends


def _asked(window: QWidget) -> bool:
    strip = found(window, QWidget, "more-strip")
    return strip.isVisible() and words("vi").say("more.ask.close_till") in strip.accessibleName()


@pytest.mark.parametrize("away", [K.Key_Return, K.Key_Escape])
def test_closing_asks_and_enter_and_escape_stay(till: Till, away: Qt.Key) -> None:
    ends = _ended(till)
    till.show(x.terminal())
    till.cashier.close()
    assert till.cashier.isVisible()
    assert _asked(till.cashier)
    till.key(away)
    assert not _asked(till.cashier)
    assert till.cashier.isVisible()
    assert (till.sent, ends) == ([], [])


def test_its_key_asks_the_terminal_and_only_the_terminals_word_ends_it(till: Till) -> None:
    ends = _ended(till)
    till.show(x.terminal())
    till.cashier.close()
    till.key(K.Key_X)
    assert till.sent == [m.CloseTill()]
    assert ends == []
    till.cashier.close()
    assert till.cashier.isVisible(), "said, not granted"
    till.show(replace(x.terminal(), let_out=True))
    till.show(replace(x.terminal(), let_out=True))
    assert ends == [True]
    assert till.cashier.close()


def test_a_scan_in_the_middle_of_the_question_is_a_scan(till: Till) -> None:
    """Codes have an X in them; a scanner must not switch the till off."""
    till.show(x.terminal())
    till.cashier.close()
    till.text("PLX:9X1", 5)
    till.key(K.Key_Return)
    assert till.sent == [m.Scan("PLX:9X1")]
    assert _asked(till.cashier)


def test_the_question_is_touched_as_well(till: Till) -> None:
    till.show(x.terminal())
    for answer, sent in ((0, []), (1, [m.CloseTill()])):
        till.cashier.close()
        cell = found(till.cashier, QWidget, "more-strip").findChildren(QAbstractButton)[answer]
        QTest.mouseClick(cell, Qt.MouseButton.LeftButton)
        assert till.sent == sent
        assert not _asked(till.cashier)


def test_the_customers_window_stays_and_the_cashier_is_asked(till: Till) -> None:
    till.show(x.terminal())
    assert not till.customer.close()
    assert till.customer.isVisible()
    assert _asked(till.cashier)


def test_a_window_asks_from_whatever_page_is_in_front(till: Till) -> None:
    """The technician closes it by touch, where there is neither frame nor keyboard."""
    till.show(x.terminal())
    till.key(K.Key_F12, K.Key_K)
    key = found(till.cashier, QPushButton, "close-till")
    key.click()
    assert _asked(till.cashier)


def test_what_is_under_way_is_asked_about_again_when_it_changes(till: Till) -> None:
    scene = SCENES["closing-busy"]
    assert scene.snapshot is not None
    till.show(scene.snapshot)
    till.cashier.close()
    said = found(till.cashier, QWidget, "more-strip").accessibleName()
    assert words("vi").say("more.closing.stopped", points="2") not in said
    for name in ("running", "gift", "points", "sale", "unpaid", "shift", "queue"):
        start = words("vi").say(f"more.closing.{name}", **dict.fromkeys(_PLACES, "\0")).partition("\0")[0]
        assert start in said, name
    till.show(x.terminal(points=(x.point(1),), shift=None))
    assert words("vi").say("more.closing.nothing") in found(till.cashier, QWidget, "more-strip").accessibleName()


_PLACES = ("points", "point", "paid", "amount", "count", "cashier")


def test_a_terminal_that_does_not_answer_holds_no_window(till: Till) -> None:
    ends = _ended(till)
    till.show(x.terminal())
    till.now += SILENT_MS
    till.cashier.close()
    assert (till.cashier.isVisible(), ends) == (True, [])
    till.now += 1
    till.cashier.close()
    assert (till.cashier.isVisible(), ends) == (False, [True])


def test_starting_it_is_held_until_it_can_be_asked(till: Till) -> None:
    till.show(x.terminal(ready=False))
    till.cashier.close()
    assert till.cashier.isVisible()
    assert till.cashier._hands.keyboard.step is None


# ── with the terminal behind it ─────────────────────────────────────────────────────────────────────────────────────


def _settings(role: Role | None, *, kiosk: bool = True, pin: str = PIN) -> Settings:
    stored = hash_of(pin.encode(), bytes(SALT_BYTES)) if pin else ""
    staff = (StaffSettings(7, "Trần Văn Minh", role.value, stored),) if role is not None else ()
    return replace(SETTINGS, staff=staff, screen=ScreenSettings(customer_preview=True, kiosk=kiosk))


def _close(station: Station) -> list[bool]:
    ends = _ended(station)
    station.cashier.close()
    assert station.cashier._hands.keyboard.step is not None
    assert station.cashier._hands.keyboard.step.ask is Ask.CLOSE_TILL
    station.key(K.Key_X)
    return ends


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.MANAGER])
def test_in_a_kiosk_it_takes_a_pin_and_is_written_down(role: Role) -> None:
    with open_station(_settings(role)) as station:
        ends = _close(station)
        assert station.seen.staff_ask is not None
        assert ends == []
        station.type("07000000")
        assert ends == []
        station.key(K.Key_Escape)
        station.wait(500)
        assert (station.rig.facts(f.StaffProved), ends) == ([], [])
        station.cashier.close()
        station.key(K.Key_X)
        station.type(f"07{PIN}")
        station.wait(500)
        assert ends == [True]
        assert [p.deed for p in station.rig.facts(f.StaffProved)] == ["close_till"]


@pytest.mark.parametrize(
    "settings",
    [
        _settings(None),
        _settings(Role.MANAGER, pin=""),
        _settings(Role.CASHIER),
        _settings(Role.MANAGER, kiosk=False),
    ],
    ids=["nobody", "no pin", "nobody who may", "no kiosk"],
)
def test_where_nobody_can_prove_it_or_the_computer_is_not_the_tills_the_answer_is_enough(settings: Settings) -> None:
    with open_station(settings) as station:
        ends = _close(station)
        station.wait(500)
        assert ends == [True]
        assert station.rig.facts(f.StaffProved) == []


def test_windows_that_the_program_closes_end_nothing_further(till: Till) -> None:
    """Leaving an event loop that does not run would keep Qt from running another one in this process."""
    ends = _ended(till)
    till.windows.close()
    assert not till.cashier.isVisible()
    assert ends == []
