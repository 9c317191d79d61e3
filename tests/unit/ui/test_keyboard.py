"""The keyboard map as a table: key and snapshot in, commands out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.domain.identifiers import PointId
from pos_client.domain.redemption import Flow
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import Notice, PointsPhase, Severity, TerminalSnapshot
from pos_client.ui.keys import Action, Key, OpenAmount, Wish
from pos_client.ui.shell.keyboard import PAIR_MS, Keyboard
from pos_client.ui.shell.scanner import GAP_MS
from tests.ui import sample as x

PHASE = PointsPhase
NOTICE = Notice("nobody_waits", Severity.INFO)


def _in(phase: PointsPhase, **more: object) -> TerminalSnapshot:
    return x.selling(points_panel=x.panel(phase, **more))


TABLE: list[tuple[Key, TerminalSnapshot, list[Action]]] = [
    (Key.SPACE, x.terminal(), [m.SelectOldest()]),
    (Key.F2, x.terminal(), [Wish.IDENTIFY_FIELD]),
    (Key.F5, x.terminal(), [m.AuthorisePoint()]),
    (Key.F8, x.terminal(), [m.ReprintLast()]),
    (Key.PAUSE, x.terminal(), [m.StopAll()]),
    (Key.PAUSE, x.terminal(ready=False), [m.StopAll()]),
    (Key.SPACE, x.terminal(ready=False), []),
    (Key.F6, x.selling(), [m.StartRedemption()]),
    (Key.F6, x.terminal(customer=x.CUSTOMER), [m.StartRedemption()]),
    (Key.F6, x.selling(points_panel=x.PANELS["impossible"]), [m.StartRedemption()]),
    (Key.F6, _in(PHASE.HOLDING), []),
    (Key.F6, x.selling(points_panel=x.PANELS["waiting"]), []),
    (Key.F6, x.selling(points_panel=x.PANELS["waiting-wrong"]), [m.ResendCode()]),
    (Key.F9, x.selling(), [m.TakeTender(TenderKind.CASH)]),
    (Key.F10, x.selling(), [m.TakeTender(TenderKind.QR)]),
    (Key.F11, x.selling(), [m.TakeTender(TenderKind.CARD)]),
    (Key.F9, x.terminal(), []),
    (Key.F9, _in(PHASE.WAITING_SECRET), []),
    (Key.F9, _in(PHASE.UNKNOWN), []),
    (Key.F9, _in(PHASE.CAPTURING), [m.TakeTender(TenderKind.CASH)]),
    (Key.F9, _in(PHASE.HOLDING, flow=Flow.GIFT), [m.TakeTender(TenderKind.CASH)]),
    (Key.DELETE, x.selling(), [m.DetachCustomer()]),
    (Key.DELETE, x.terminal(), []),
    (Key.ESCAPE, x.selling(), [m.ReleaseSale()]),
    (Key.ESCAPE, x.terminal(customer=x.CUSTOMER), [m.ReleaseSale()]),
    (Key.ESCAPE, _in(PHASE.WAITING_SECRET), [m.CancelRedemption()]),
    (Key.ESCAPE, _in(PHASE.PERMIT), [m.CancelRedemption()]),
    (Key.ESCAPE, _in(PHASE.REFUSED), [m.CancelRedemption()]),
    (Key.ESCAPE, x.selling(points_panel=x.PANELS["impossible"]), [m.ReleaseSale()]),
    (Key.ESCAPE, x.terminal(notice=NOTICE), [m.DismissMessage()]),
    (Key.ESCAPE, x.terminal(), []),
    (Key.ENTER, _in(PHASE.UNKNOWN), [m.CancelRedemption()]),
    (Key.ENTER, x.terminal(notice=NOTICE), [m.DismissMessage()]),
    (Key.ENTER, x.terminal(), []),
]


@pytest.mark.parametrize(("key", "snapshot", "expected"), TABLE)
def test_key(key: Key, snapshot: TerminalSnapshot, expected: list[Action]) -> None:
    assert Keyboard().press(key, x.NOW, snapshot) == expected


def test_before_the_first_snapshot_only_stop_and_the_technician_work() -> None:
    pressed = {key: Keyboard().press(key, x.NOW, None) for key in Key}
    assert {key for key, actions in pressed.items() if actions} == {Key.PAUSE}
    keyboard = Keyboard()
    keyboard.press(Key.F12, x.NOW, None)
    assert _digits(keyboard, "dakt", None, 200) == [Wish.TECHNICIAN]


def _digits(
    keyboard: Keyboard, text: str, snapshot: TerminalSnapshot | None, gap: int, start: int = x.NOW
) -> list[Action]:
    now, actions = start, []
    for char in text:
        actions += keyboard.character(char, now, snapshot)
        now += GAP_MS + 1
        actions += keyboard.expire(now, snapshot)
        now += gap - GAP_MS - 1
    return actions


def test_a_digit_is_its_pump() -> None:
    assert _digits(Keyboard(), "52", x.terminal(), 200) == [m.SelectPoint(PointId(5)), m.SelectPoint(PointId(2))]


def test_a_digit_without_a_pump_does_nothing() -> None:
    assert _digits(Keyboard(), "90", x.terminal(), 200) == []


def test_two_digits_within_the_pair_time_are_one_pump() -> None:
    crowd = x.terminal(points=x.crowd(32))
    assert _digits(Keyboard(), "12", crowd, 300) == [m.SelectPoint(PointId(12))]
    assert _digits(Keyboard(), "30", crowd, 300) == [m.SelectPoint(PointId(30))]


def test_one_digit_waits_for_its_pair_and_then_is_a_pump() -> None:
    crowd, keyboard = x.terminal(points=x.crowd(32)), Keyboard()
    assert _digits(keyboard, "1", crowd, 200) == []
    assert keyboard.waiting_digit == "1"
    late = x.NOW + GAP_MS + 1 + PAIR_MS
    assert keyboard.expire(late, crowd) == [m.SelectPoint(PointId(1))]
    assert keyboard.waiting_digit == ""


def test_a_digit_no_pair_begins_with_acts_at_once() -> None:
    assert _digits(Keyboard(), "7", x.terminal(points=x.crowd(12)), 200) == [m.SelectPoint(PointId(7))]


def test_digits_that_make_no_pump_together_are_two_pumps() -> None:
    crowd = x.terminal(points=x.crowd(12))
    assert _digits(Keyboard(), "18", crowd, 200) == [m.SelectPoint(PointId(1)), m.SelectPoint(PointId(8))]


@pytest.mark.parametrize("phase", [PHASE.HOLDING, PHASE.WAITING_SECRET])
def test_digits_after_f6_are_an_amount_and_never_a_pump(phase: PointsPhase) -> None:
    assert _digits(Keyboard(), "5", _in(phase), 200) == [OpenAmount("5")]


def test_with_a_permit_a_digit_arms_that_pump() -> None:
    snapshot = x.terminal(customer=x.CUSTOMER, points_panel=x.PANELS["permit"])
    assert _digits(Keyboard(), "4", snapshot, 200) == [m.SelectPoint(PointId(4))]


def test_a_scan_at_any_time_identifies_and_selects_nothing() -> None:
    keyboard, now, actions = Keyboard(), x.NOW, []
    for char in "000100001":
        now += 4
        actions += keyboard.character(char, now, x.selling())
    actions += keyboard.press(Key.ENTER, now + 4, x.selling())
    assert actions == [m.Scan("000100001")]


def test_a_scan_with_spaces_stays_whole() -> None:
    keyboard, now, actions = Keyboard(), x.NOW, []
    for char in "29C 123.45":
        now += 4
        actions += (
            keyboard.press(Key.SPACE, now, x.terminal()) if char == " " else keyboard.character(char, now, x.terminal())
        )
    assert actions + keyboard.press(Key.ENTER, now, x.terminal()) == [m.Scan("29C 123.45")]


def test_a_scan_cut_in_half_neither_sells_nor_confirms() -> None:
    keyboard, now, snapshot = Keyboard(), x.NOW, _in(PHASE.UNKNOWN)
    actions: list[Action] = []
    for char in "00010":
        now += 4
        actions += keyboard.character(char, now, snapshot)
    actions += keyboard.expire(now + GAP_MS + 1, snapshot)
    actions += keyboard.press(Key.ENTER, now + 200, snapshot)
    assert actions == []


def test_enter_takes_the_waiting_digit_first() -> None:
    crowd, keyboard = replace(x.terminal(points=x.crowd(32)), notice=NOTICE), Keyboard()
    _digits(keyboard, "2", crowd, 100)
    assert keyboard.press(Key.ENTER, x.NOW + 200, crowd) == [m.SelectPoint(PointId(2)), m.DismissMessage()]
