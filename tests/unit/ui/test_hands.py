"""Which table a hand's doing is looked up in: the page in front decides, Pause and scans excepted."""

from __future__ import annotations

import pytest

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action, Export, Key, Wish
from pos_client.ui.loyalty.view_model import PanelVerb
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shell.hands import PANEL_KEYS, Front, Hands
from pos_client.ui.shell.scanner import GAP_MS
from pos_client.ui.shift.keys import Place, Tab
from tests.ui import sample as x

METERS = Place(Tab.SHIFT, (1, 2), 7)


def _hands(front: Front = Front.SALES, snapshot: TerminalSnapshot | None = None) -> Hands:
    return Hands(snapshot=snapshot if snapshot is not None else x.terminal(), front=front)


def _burst(hands: Hands, code: str, field: str = "") -> int:
    """A scanner types: the time it has become."""
    now = x.NOW
    for char in code:
        now += 4
        if field:
            assert hands.field_character(field, char, now) in (None, [])
        else:
            assert hands.character(char, now) == []
    return now + 4


@pytest.mark.parametrize("front", list(Front))
def test_pause_stops_all_on_every_page(front: Front) -> None:
    assert _hands(front).key(Key.PAUSE, x.NOW, METERS) == [m.StopAll()]


def test_keys_of_the_sale_do_nothing_on_other_pages() -> None:
    assert _hands(Front.TECHNICIAN, x.selling()).key(Key.F5, x.NOW, METERS) == []
    assert _hands(Front.TECHNICIAN, x.selling()).key(Key.F6, x.NOW, METERS) == []
    for key in (Key.F8, Key.F9, Key.F10, Key.F11, Key.SPACE, Key.DELETE):
        for front in (Front.SHIFT, Front.OPERATIONS):
            actions = _hands(front, x.selling()).key(key, x.NOW, METERS)
            assert front is Front.SHIFT or not actions
            assert all(isinstance(action, Export) or action is Wish.PLOTS for action in actions), "no sale is touched"
        assert _hands(Front.TECHNICIAN, x.selling()).key(key, x.NOW, METERS) == []


def test_the_technicians_page_knows_two_keys() -> None:
    done = {key: _hands(Front.TECHNICIAN).key(key, x.NOW, METERS) for key in Key}
    assert {key for key, actions in done.items() if actions} == {Key.ESCAPE, Key.F12, Key.PAUSE}
    assert done[Key.ESCAPE] == done[Key.F12] == [Wish.TECHNICIAN]


def test_digits_choose_no_pump_away_from_the_forecourt() -> None:
    for front in (Front.SHIFT, Front.TECHNICIAN):
        hands = _hands(front)
        assert hands.character("5", x.NOW) + hands.waited(x.NOW + GAP_MS + 1) + hands.waited(x.NOW + 5000) == []


@pytest.mark.parametrize("code", ["000100001", "P-00231"])
def test_a_scan_on_the_shifts_page_is_a_customer(code: str) -> None:
    hands = _hands(Front.SHIFT)
    now = _burst(hands, code)
    assert hands.key(Key.ENTER, now, METERS) == [m.Scan(code)]
    assert hands.key(Key.ENTER, now + 500, METERS) == [m.ShowNozzle(PointId(1), NozzleId(2))]


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("identify-field", "0912000001", [m.Identify("0912000001")]),
        ("identify-field", "", []),
        ("amount-field", "50000", [m.CancelRedemption(), m.StartRedemption(50_000)]),
        ("amount-field", "0", []),
        ("part-field", "70000", []),
        ("cash-field", "12350000", [m.CountCash(12_350_000)]),
        ("cashier-field", "Lê Thị Bưởi", [m.OpenShift("Lê Thị Bưởi")]),
    ],
)
def test_typed_into_a_field(field: str, text: str, expected: list[Action]) -> None:
    hands = _hands(snapshot=x.terminal(shift=x.shift(ShiftPhase.COUNTING)))
    assert hands.field_entered(field, text, x.NOW, METERS) == expected


@pytest.mark.parametrize(
    "field",
    ["identify-field", "amount-field", "part-field", "plate-field", "preset-field", "cash-field", "cashier-field"],
)
@pytest.mark.parametrize("code", ["000100001", "P-00231"])
def test_scanned_into_a_field_it_is_a_customer_and_nothing_else(field: str, code: str) -> None:
    """The field may hold what was typed before, or half of the code: no plate, count or amount comes of it."""
    hands = _hands(snapshot=x.selling(customer=None, points_panel=None))
    hands.keyboard.step = Step(Ask.PLATE, x.SALE.sale_id)
    now = _burst(hands, code, field)
    assert hands.field_entered(field, f"29{code}", now, METERS) == [m.Scan(code)]


@pytest.mark.parametrize("plate", ["29C-123.45", "30A12345", "29G1 123.45"])
def test_a_plate_typed_as_fast_as_a_scanner_is_still_the_plate(plate: str) -> None:
    hands = _hands(snapshot=x.selling(customer=None, points_panel=None))
    hands.ask(Step(Ask.PLATE, x.SALE.sale_id))
    now = _burst(hands, plate, "plate-field")
    assert hands.field_entered("plate-field", plate, now, METERS) == [m.DriveOff(plate)]


def test_the_plate_is_taken_by_the_question_that_asked() -> None:
    hands = _hands(snapshot=x.selling(customer=None, points_panel=None))
    hands.ask(Step(Ask.PLATE, x.SALE.sale_id))
    assert hands.field_entered("plate-field", "29C-123.45", x.NOW, METERS) == [m.DriveOff("29C-123.45")]
    assert hands.field_entered("plate-field", "29C-123.45", x.NOW, METERS) == []


def test_a_letter_in_the_limits_field_turns_to_litres() -> None:
    hands = _hands()
    hands.ask(Step(Ask.PRESET))
    assert hands.field_character("preset-field", "l", x.NOW) == []
    assert hands.keyboard.step == Step(Ask.PRESET, litres=True)
    assert hands.field_character("preset-field", "5", x.NOW) is None
    assert hands.field_character("plate-field", "l", x.NOW) is None


TOUCHED: list[tuple[TerminalSnapshot, int, list[Action]]] = [
    (x.terminal(), 4, [m.AuthorisePoint(PointId(4))]),
    (x.terminal(), 5, [m.SelectPoint(PointId(5))]),
    (x.terminal(points=(x.point(1, State.CALLING, price_mismatch=True),)), 1, [m.SelectPoint(PointId(1))]),
    (x.terminal(points=(x.point(1, stopped=True, unpaid=(x.unpaid(),)),)), 1, [m.SelectPoint(PointId(1))]),
    (x.terminal(ready=False), 4, []),
]


@pytest.mark.parametrize(("snapshot", "number", "expected"), TOUCHED)
def test_a_touched_tile(snapshot: TerminalSnapshot, number: int, expected: list[Action]) -> None:
    assert _hands(snapshot=snapshot).tile_touched(number) == expected


def test_a_touched_tile_that_was_stopped_asks_why_it_may_go_on() -> None:
    hands = _hands(snapshot=x.terminal(points=(x.point(1, State.CALLING, stopped=True),)))
    assert hands.tile_touched(1) == []
    assert hands.keyboard.step == Step(Ask.REASON, point=PointId(1))


def test_a_touched_tile_answers_the_open_question() -> None:
    hands = _hands()
    hands.ask(Step(Ask.PRESET_POINT, preset_vnd=200_000))
    assert hands.tile_touched(5) == [m.AuthorisePoint(PointId(5), 200_000)]
    hands.ask(Step(Ask.MENU))
    assert hands.tile_touched(5) == [m.SelectPoint(PointId(5))]
    assert hands.keyboard.step is None


def test_keys_on_chip_and_panel() -> None:
    assert _hands(snapshot=x.selling()).chip_key() is Key.DELETE
    assert _hands().chip_key() is Key.F2
    assert set(PANEL_KEYS) == set(PanelVerb) - {PanelVerb.CANCEL, PanelVerb.DYING}  # those two are commands
