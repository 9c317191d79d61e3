"""The strip's questions and answers: what each key leads to, what cannot be done, and when a question ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.identifiers import PointId, SaleId, TerminalId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action, Key, TypeInto, Wish
from pos_client.ui.more import availability as may
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import (
    WANTS_POINT,
    Ask,
    Choice,
    Step,
    choices,
    entered,
    millilitres,
    point_chosen,
    still,
    till_keys,
    typed,
)
from pos_client.ui.shell.keyboard import Keyboard
from pos_client.ui.shell.scanner import GAP_MS
from tests.ui import sample as x

COUNTER = Counter((50_000, 100_000, 200_000, 500_000), ("T2", "T3"))
MENU = Step(Ask.MENU)
OPEN = x.selling(customer=None, points_panel=None)
STOPPED = x.terminal(points=(x.point(1, stopped=True), x.point(2, State.FUELLING)))


def _keyboard() -> Keyboard:
    return Keyboard(COUNTER)


def _play(keyboard: Keyboard, keys: str, snapshot: TerminalSnapshot | None, start: int = x.NOW) -> list[Action]:
    """Press keys a finger apart: letters and digits as they are, `F12`, `Enter` and the like between blanks."""
    now, actions = start, []
    named = {key.value: key for key in Key}
    for key in keys.split():
        now += 200
        if key.lower() in named and len(key) > 1:
            actions += keyboard.press(named[key.lower()], now, snapshot)
        else:
            for char in key:
                actions += keyboard.character(char, now, snapshot)
                now += GAP_MS + 1
                actions += keyboard.expire(now, snapshot)
    return actions


def _asked(keyboard: Keyboard) -> Step | None:
    return keyboard.step


def _choice(key: str, snapshot: TerminalSnapshot, counter: Counter = COUNTER) -> Choice:
    return next(c for c in choices(MENU, snapshot, counter) if c.key == key)


TABLE: list[tuple[str, TerminalSnapshot, list[Action]]] = [
    ("F12 d Enter", OPEN, [m.DriveOff()]),
    ("F12 t Enter", OPEN, [m.MarkPumpTest()]),
    ("F12 t 3", x.terminal(), [m.AuthorisePoint(PointId(3), sale_type=SaleType.PUMP_TEST)]),
    ("F12 h 2", OPEN, [m.HandOver(TerminalId("T2"))]),
    ("F12 h 3", OPEN, [m.HandOver(TerminalId("T3"))]),
    ("F12 a", x.terminal(), [m.AuthoriseAll()]),
    ("F12 p 2", x.terminal(), [m.StopFuelling(PointId(2))]),
    ("F12 r 1", STOPPED, [m.RestartFuelling(m.RestartReason.CHECKED_SAFE)]),
    ("F12 r 2", STOPPED, [m.RestartFuelling(m.RestartReason.STOPPED_BY_MISTAKE)]),
    ("F12 r 3", STOPPED, [m.RestartFuelling(m.RestartReason.CUSTOMER_READY)]),
    ("F12 r 4", STOPPED, [m.RestartFuelling(m.RestartReason.OTHER)]),
    ("F12 b", x.terminal(drive_offs=x.DRIVE_OFFS), [Wish.DRIVE_OFFS]),
    ("F12 c", x.terminal(), [m.CloseShift(), Wish.SHIFT]),
    ("F12 c", x.terminal(shift=x.shift(ShiftPhase.COUNTING)), [Wish.SHIFT]),
    ("F12 o", x.terminal(shift=None), [Wish.OPEN_SHIFT]),
    ("F12 o", x.terminal(shift=x.shift(ShiftPhase.CLOSED)), [Wish.OPEN_SHIFT]),
    ("F12 c", x.terminal(shift=None), []),
    ("F12 s", x.terminal(), [Wish.SHIFT]),
    ("F12 v", x.terminal(), [Wish.PRICES]),
    ("F12 k", x.terminal(), [Wish.TECHNICIAN]),
    ("F12 K", x.terminal(), [Wish.TECHNICIAN]),
    ("F3 3 4", x.terminal(), [m.AuthorisePoint(PointId(4), 200_000)]),
    ("F3 1 Enter", x.terminal(), [m.AuthorisePoint(None, 50_000)]),
    ("F3 1 F5", x.terminal(), [m.AuthorisePoint(None, 50_000)]),
    ("F3 7", x.terminal(), [TypeInto("7")]),
    ("F3 0", x.terminal(), [TypeInto("0")]),
    ("F3 l 2", x.terminal(), [TypeInto("2")]),
    ("F3 l L 2 1", x.terminal(), [m.AuthorisePoint(PointId(1), 100_000)]),
]


@pytest.mark.parametrize(("keys", "snapshot", "expected"), TABLE)
def test_keys(keys: str, snapshot: TerminalSnapshot, expected: list[Action]) -> None:
    assert _play(_keyboard(), keys, snapshot) == expected


@pytest.mark.parametrize("keys", ["F12 d", "F12 h", "F12 r", "F12 b", "F12 p 1", "F12 a"])
def test_what_cannot_be_done_now_does_nothing_and_leaves_the_menu_open(keys: str) -> None:
    calm, keyboard = x.terminal(points=(x.point(1),)), _keyboard()
    assert _play(keyboard, keys.removesuffix(" 1"), calm) == []
    assert _asked(keyboard) == MENU


WHY: list[tuple[str, TerminalSnapshot, Counter, str]] = [
    ("D", x.terminal(), COUNTER, "no_sale"),
    ("D", x.selling(sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]), COUNTER, "has_payments"),
    ("D", x.selling(points_panel=x.PANELS["waiting"]), COUNTER, "points_held"),
    ("D", x.selling(points_panel=x.PANELS["refused"]), COUNTER, ""),
    ("D", x.selling(), COUNTER, ""),
    ("H", OPEN, Counter(tills=()), "no_tills"),
    ("H", x.terminal(), Counter(tills=()), "no_sale"),
    ("T", x.terminal(points=()), COUNTER, "no_pump_ready"),
    ("T", x.selling(sale=x.AFTER_POINTS, points=()), COUNTER, "has_payments"),
    ("T", x.selling(sale=x.AFTER_POINTS), COUNTER, ""),
    ("A", x.terminal(points=(x.point(1, State.CALLING, price_mismatch=True),)), COUNTER, "nobody_calls"),
    ("A", x.terminal(points=(x.point(1, State.CALLING, link=Link.DOWN),)), COUNTER, "nobody_calls"),
    ("P", x.terminal(points=(x.point(1, State.CALLING),)), COUNTER, "none_running"),
    ("P", x.terminal(points=(x.point(1, State.AUTHORISED),)), COUNTER, ""),
    ("K", x.terminal(), Counter(technician=False), "no_technician"),
    ("S", x.terminal(shift=None), COUNTER, ""),
]


@pytest.mark.parametrize(("key", "snapshot", "counter", "why"), WHY)
def test_why_not(key: str, snapshot: TerminalSnapshot, counter: Counter, why: str) -> None:
    assert _choice(key, snapshot, counter).why == why


def test_before_recovery_is_over_only_the_technician_and_the_language_can_be_asked_for() -> None:
    for snapshot in (None, x.terminal(ready=False)):
        assert [c.key for c in choices(MENU, snapshot, COUNTER)] == ["K", "N"]
        assert choices(Step(Ask.PRESET), snapshot, COUNTER) == ()
    keyboard = _keyboard()
    assert _play(keyboard, "F3 1 1", None) == []
    assert _asked(keyboard) is None


def test_no_two_answers_share_a_key() -> None:
    for ask in Ask:
        keys = [c.key for c in choices(Step(ask), x.selling(points=STOPPED.points), COUNTER)]
        assert len(set(keys)) == len(keys)


def test_escape_goes_one_step_back_and_f12_closes_or_returns_to_the_menu() -> None:
    keyboard = _keyboard()
    _play(keyboard, "F12 d", OPEN)
    assert _asked(keyboard) == Step(Ask.PLATE, x.SALE.sale_id, before=MENU)
    assert _play(keyboard, "Esc", OPEN) == []
    assert _asked(keyboard) == MENU
    assert _play(keyboard, "Esc", OPEN) == []
    assert _asked(keyboard) is None
    assert _play(keyboard, "Esc", OPEN) == [m.ReleaseSale()]
    assert _play(keyboard, "F12 F12", OPEN) == []
    assert _asked(keyboard) is None
    _play(keyboard, "F12 d F12", OPEN)
    assert _asked(keyboard) == MENU
    _play(keyboard, "F3 1 F3", OPEN)
    assert _asked(keyboard) is None


def test_a_function_key_closes_the_strip_and_acts_as_ever() -> None:
    keyboard = _keyboard()
    assert _play(keyboard, "F12 h F9", OPEN) == [m.TakeTender(TenderKind.CASH)]
    assert _asked(keyboard) is None
    assert _play(keyboard, "F12 Pause", OPEN) == [m.StopAll()]
    assert _asked(keyboard) == MENU


def test_a_digit_in_the_menu_is_its_pump_as_ever() -> None:
    keyboard = _keyboard()
    assert _play(keyboard, "F12 5", x.terminal()) == [m.SelectPoint(PointId(5))]
    assert _asked(keyboard) is None


def test_two_digits_name_a_pump_for_a_question_too() -> None:
    crowd, keyboard = x.terminal(points=x.crowd(32)), _keyboard()
    keyboard.step = Step(Ask.STOP_POINT)
    now = x.NOW
    assert keyboard.character("1", now, crowd) + keyboard.expire(now + 60, crowd) == []
    assert keyboard.character("7", now + 200, crowd) + keyboard.expire(now + 260, crowd) == [
        m.StopFuelling(PointId(17))
    ]


def test_a_digit_without_a_pump_leaves_the_question_open() -> None:
    keyboard = _keyboard()
    keyboard.step = Step(Ask.STOP_POINT)
    assert _play(keyboard, "9", x.terminal()) == []
    assert _asked(keyboard) == Step(Ask.STOP_POINT)
    keyboard.step = Step(Ask.TILL, x.SALE.sale_id)
    assert _play(keyboard, "5", OPEN) == []
    assert _asked(keyboard) is not None


@pytest.mark.parametrize("ask", [Ask.MENU, Ask.REASON, Ask.PRESET, Ask.TILL, Ask.STOP_POINT])
@pytest.mark.parametrize("code", ["000100001", "P-00231", "T2DRHACK"])
def test_a_scan_at_any_time_is_a_customer_and_never_an_answer(ask: Ask, code: str) -> None:
    keyboard, now = _keyboard(), x.NOW
    snapshot = x.selling(points=STOPPED.points, customer=None, points_panel=None, drive_offs=x.DRIVE_OFFS)
    keyboard.step = step = Step(ask, x.SALE.sale_id)
    actions: list[Action] = []
    for char in code:
        now += 4
        actions += keyboard.character(char, now, snapshot)
    actions += keyboard.press(Key.ENTER, now + 4, snapshot)
    assert actions == [m.Scan(code)]
    assert _asked(keyboard) == step


def test_with_points_waiting_a_digit_answers_the_open_question_first() -> None:
    snapshot = x.selling(points_panel=x.PANELS["waiting"], points=STOPPED.points)
    keyboard = _keyboard()
    keyboard.ask(Step(Ask.REASON), snapshot)
    assert _play(keyboard, "1", snapshot) == [m.RestartFuelling(m.RestartReason.CHECKED_SAFE)]


# ── a question whose subject is gone ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ask", [Ask.PLATE, Ask.TEST_SALE, Ask.TILL])
def test_a_question_about_a_sale_ends_with_it(ask: Ask) -> None:
    step = Step(ask, x.SALE.sale_id)
    assert still(step, OPEN) == step
    assert still(step, x.terminal()) is None
    assert still(step, None) is None
    assert still(step, replace(OPEN, sale=replace(x.SALE, sale_id=SaleId("another")))) is None
    assert still(step, x.selling(sale=x.AFTER_POINTS)) is None
    assert still(step, x.selling(points_panel=x.PANELS["holding"])) is None


def test_enter_that_comes_after_the_sale_has_changed_marks_nothing() -> None:
    keyboard = _keyboard()
    _play(keyboard, "F12 d", OPEN)
    other = replace(OPEN, sale=replace(x.SALE, sale_id=SaleId("another")))
    assert keyboard.entered("29C-123.45", other) == []
    assert _asked(keyboard) is None


def test_a_question_about_stopped_pumps_ends_when_none_is() -> None:
    running = x.terminal(points=(x.point(1),))
    assert still(Step(Ask.REASON), STOPPED) == Step(Ask.REASON)
    assert still(Step(Ask.REASON), running) is None
    assert still(Step(Ask.REASON, point=PointId(1)), STOPPED) is not None
    assert still(Step(Ask.REASON, point=PointId(2)), STOPPED) is None
    keyboard = _keyboard()
    keyboard.ask(Step(Ask.REASON), running)
    assert _asked(keyboard) is None


def test_one_pump_is_let_go_on_alone() -> None:
    keyboard = _keyboard()
    keyboard.ask(Step(Ask.REASON, point=PointId(1)), STOPPED)
    assert _play(keyboard, "2", STOPPED) == [m.RestartFuelling(m.RestartReason.STOPPED_BY_MISTAKE, PointId(1))]


# ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_plate_goes_with_the_drive_off() -> None:
    assert entered(Step(Ask.PLATE), "29C-123.45").actions == (m.DriveOff("29C-123.45"),)


@pytest.mark.parametrize(
    ("litres", "text", "vnd", "ml"),
    [
        (False, "350000", 350_000, None),
        (False, "0350000", 350_000, None),
        (False, "0", 0, None),
        (True, "20", None, 20_000),
        (True, "20,5", None, 20_500),
        (True, "20.05", None, 20_050),
        (True, "7,", None, 7_000),
    ],
)
def test_a_typed_limit(litres: bool, text: str, vnd: int | None, ml: int | None) -> None:
    step = entered(Step(Ask.PRESET, litres=litres), text).step
    assert step is not None
    assert (step.ask, step.preset_vnd, step.preset_ml) == (Ask.PRESET_POINT, vnd, ml)
    assert point_chosen(step, PointId(2)).actions == (m.AuthorisePoint(PointId(2), vnd, ml),)


@pytest.mark.parametrize("text", ["", " ", "-5", "20,555", "1e3", "²0", "12345,0", "x"])
def test_what_is_no_limit_keeps_the_question_open(text: str) -> None:
    for litres in (True, False):
        if not (litres is False and text == "12345,0"):
            assert entered(Step(Ask.PRESET, litres=litres), text).actions == ()
            assert entered(Step(Ask.PRESET, litres=litres), text).step == Step(Ask.PRESET, litres=litres)


@given(st.integers(0, 9999), st.integers(0, 99))
def test_litres_are_read_as_they_are_written(whole: int, hundredths: int) -> None:
    expected = whole * 1000 + hundredths * 10
    assert millilitres(f"{whole},{hundredths:02d}") == expected
    assert millilitres(f"{whole}.{hundredths:02d}") == expected


@given(st.text(max_size=12))
def test_any_text_is_litres_or_nothing(text: str) -> None:
    ml = millilitres(text)
    assert ml is None or 0 <= ml < 10_000_000


# ── tills ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tills", "keys"),
    [
        ((), ()),
        (("T2",), ("2",)),
        (("T2", "T3"), ("2", "3")),
        (("T12", "T22"), ("1", "2")),
        (("T10", "T2"), ("1", "2")),
        (("A", "B", "C"), ("1", "2", "3")),
        (tuple(f"Q{n}A" for n in range(11)), (*"123456789", "", "")),
    ],
)
def test_a_till_has_its_own_digit_or_its_place(tills: tuple[str, ...], keys: tuple[str, ...]) -> None:
    assert till_keys(tills) == keys


def test_a_till_without_a_digit_can_be_touched() -> None:
    keyboard = Keyboard(Counter(tills=tuple(f"Q{n}A" for n in range(11))))
    keyboard.ask(Step(Ask.TILL, x.SALE.sale_id), OPEN)
    assert keyboard.choose(10, OPEN) == [m.HandOver(TerminalId("Q10A"))]
    assert keyboard.choose(10, OPEN) == []


# ── all together ────────────────────────────────────────────────────────────────────────────────────────────────────

SNAPSHOTS = [None, x.terminal(ready=False), x.terminal(), OPEN, STOPPED, x.terminal(points=x.crowd(32), shift=None)]


@given(st.lists(st.tuples(st.sampled_from("0123456789dthaprbcosvklDZ -"), st.integers(0, 300)), max_size=25))
def test_no_typing_breaks_the_keyboard_or_takes_money(typing: list[tuple[str, int]]) -> None:
    """Whatever is typed with the strip open: nothing raises, no tender is taken, and only what may be done is done."""
    for snapshot in SNAPSHOTS:
        keyboard, now = _keyboard(), x.NOW
        keyboard.press(Key.F12, now, snapshot)
        actions: list[Action] = []
        for char, gap in typing:
            now += gap
            actions += keyboard.expire(now, snapshot) + keyboard.character(char, now, snapshot)
        actions += keyboard.expire(now + 1000, snapshot)
        assert not any(
            isinstance(action, m.TakeTender | m.DriveOff | m.MarkPumpTest | m.CountCash) for action in actions
        )
        if snapshot is None or not snapshot.ready:
            assert set(actions) <= {Wish.TECHNICIAN}
        elif may.sale_untouched(snapshot):
            assert not any(isinstance(action, m.HandOver) for action in actions)


def test_every_question_that_wants_a_pump_takes_touch_and_digit_alike() -> None:
    for ask in WANTS_POINT:
        by_digit, by_touch = _keyboard(), _keyboard()
        by_digit.step = by_touch.step = Step(ask, preset_ml=20_000 if ask is Ask.PRESET_POINT else None)
        assert _play(by_digit, "4", x.terminal()) == by_touch.point_touched(PointId(4))
        assert by_digit.step is by_touch.step is None
    assert _keyboard().point_touched(PointId(4)) is None


def test_a_letter_no_question_knows_is_nothing() -> None:
    assert typed(Step(Ask.STOP_POINT), "x", x.terminal(), COUNTER) is None
    assert _play(_keyboard(), "d t h a", x.terminal()) == []
