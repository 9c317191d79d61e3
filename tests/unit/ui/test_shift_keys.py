"""The keys of the shift's page."""

from __future__ import annotations

import pytest

from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import Notice, Severity, TerminalSnapshot
from pos_client.ui.formats import Format
from pos_client.ui.keys import MOST, Action, Export, Key, MoveRow, Wish
from pos_client.ui.shift.keys import Place, Tab, bar, entered, pressed, side
from tests.ui import sample as x
from tests.words import words

P = ShiftPhase
DRILL = (PointId(1), NozzleId(2))
METERS = Place(Tab.SHIFT, (1, 2), 7)
DRIVE_OFFS = Place(Tab.DRIVE_OFFS, "CHXD018-5-1-77", 7)
PRICES = Place(Tab.PRICES, (1, 1), 7)


def _in(shift: ShiftSnapshot | None) -> TerminalSnapshot:
    return x.terminal(shift=shift, drive_offs=x.DRIVE_OFFS)


OPEN = _in(x.shift())
DRILLED = _in(x.shift(drill=DRILL, drill_fuellings=x.FUELLINGS))

TABLE: list[tuple[Key, Place, TerminalSnapshot | None, list[Action]]] = [
    (Key.F2, PRICES, OPEN, [Wish.SHIFT]),
    (Key.F3, METERS, OPEN, [Wish.DRIVE_OFFS]),
    (Key.F4, METERS, OPEN, [Wish.PRICES]),
    (Key.F4, METERS, None, [Wish.PRICES]),
    (Key.DOWN, METERS, OPEN, [MoveRow(1)]),
    (Key.UP, PRICES, OPEN, [MoveRow(-1)]),
    (Key.PAGE_DOWN, METERS, OPEN, [MoveRow(7)]),
    (Key.PAGE_UP, METERS, OPEN, [MoveRow(-7)]),
    (Key.HOME, METERS, OPEN, [MoveRow(-MOST)]),
    (Key.END, METERS, OPEN, [MoveRow(MOST)]),
    (Key.ESCAPE, METERS, OPEN, [Wish.SALES]),
    (Key.ESCAPE, METERS, DRILLED, [m.ShowNozzle()]),
    (Key.ESCAPE, PRICES, DRILLED, [m.ShowNozzle(), Wish.SALES]),
    (Key.F12, METERS, DRILLED, [m.ShowNozzle(), Wish.SALES]),
    (Key.F12, DRIVE_OFFS, OPEN, [Wish.SALES]),
    (Key.ESCAPE, METERS, None, [Wish.SALES]),
    (Key.ENTER, METERS, OPEN, [m.ShowNozzle(*DRILL)]),
    (Key.ENTER, METERS, DRILLED, []),
    (Key.ENTER, Place(Tab.SHIFT), OPEN, []),
    (Key.ENTER, DRIVE_OFFS, OPEN, [m.ReturnDriveOff(FuellingId("CHXD018-5-1-77")), Wish.SALES]),
    (Key.ENTER, Place(Tab.DRIVE_OFFS), OPEN, []),
    (Key.ENTER, PRICES, OPEN, []),
    (Key.F7, METERS, OPEN, [m.CloseShift()]),
    (Key.F7, METERS, _in(x.shift(P.READING)), [m.KeepShift()]),
    (Key.F7, METERS, _in(x.shift(P.COUNTING)), [m.KeepShift()]),
    (Key.F7, METERS, _in(x.shift(P.OPENING)), []),
    (Key.F7, METERS, _in(x.shift(P.CLOSED)), [Wish.OPEN_SHIFT]),
    (Key.F7, METERS, _in(None), [Wish.OPEN_SHIFT]),
    (Key.F7, METERS, x.terminal(ready=False), []),
    (Key.F7, METERS, None, []),
    (Key.F7, PRICES, OPEN, []),
    (Key.DELETE, METERS, OPEN, []),
    (Key.DELETE, METERS, x.terminal(notice=Notice("store_failed", Severity.ERROR)), [m.DismissMessage()]),
    (Key.F5, METERS, OPEN, [m.ShowQueue(0), Wish.QUEUE]),
    (Key.F8, METERS, OPEN, [Wish.PLOTS]),
    (Key.F9, METERS, OPEN, [Export(Format.CSV)]),
    (Key.F11, METERS, OPEN, [Export(Format.PDF)]),
    (Key.F9, METERS, _in(None), []),
    (Key.F9, PRICES, OPEN, []),
    (Key.SPACE, METERS, OPEN, []),
]


@pytest.mark.parametrize(("key", "place", "snapshot", "expected"), TABLE)
def test_key(key: Key, place: Place, snapshot: TerminalSnapshot | None, expected: list[Action]) -> None:
    assert pressed(key, place, snapshot) == expected


def test_no_key_of_the_page_sells_or_authorises() -> None:
    harmless = (
        Wish,
        MoveRow,
        Export,
        m.ShowNozzle,
        m.ShowQueue,
        m.ShowCertificate,
        m.CloseShift,
        m.KeepShift,
        m.ReturnDriveOff,
    )
    for key in Key:
        for place in (METERS, DRIVE_OFFS, PRICES):
            for snapshot in (None, OPEN, DRILLED, _in(None), *(_in(x.shift(phase)) for phase in P)):
                assert all(isinstance(action, harmless) for action in pressed(key, place, snapshot))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("cash-field", "12350000", [m.CountCash(12_350_000)]),
        ("cash-field", "0", [m.CountCash(0)]),
        ("cash-field", "", [m.ShowNozzle(*DRILL)]),
        ("cash-field", "12.350", [m.ShowNozzle(*DRILL)]),
        ("cash-field", "²", [m.ShowNozzle(*DRILL)]),
        ("cashier-field", "Lê Thị Bưởi", [m.OpenShift("Lê Thị Bưởi")]),
        ("cashier-field", "", []),
    ],
)
def test_enter_in_a_field(name: str, text: str, expected: list[Action]) -> None:
    assert entered(name, text, METERS, _in(x.shift(P.COUNTING))) == expected


def test_each_wish_has_its_side() -> None:
    wishes = {wish: side(wish) for wish in (Wish.SHIFT, Wish.OPEN_SHIFT, Wish.DRIVE_OFFS, Wish.PRICES, Wish.QUEUE)}
    assert list(wishes.values()) == [Tab.SHIFT, Tab.SHIFT, Tab.DRIVE_OFFS, Tab.PRICES, Tab.QUEUE]


def test_the_bar_says_what_the_keys_do() -> None:
    vi = words("vi")
    said = {(k.cap, k.label, k.enabled) for k in bar(vi, METERS, OPEN)}
    assert {("Enter", "Xem từng lượt", True), ("F7", "Chốt ca", True), ("Esc", "Về bán hàng", True)} <= said
    drilled = {(k.cap, k.label, k.enabled) for k in bar(vi, METERS, DRILLED)}
    assert {("Enter", "Xem từng lượt", False), ("Esc", "Về các vòi", True)} <= drilled
    counting = {(k.cap, k.label) for k in bar(vi, METERS, _in(x.shift(P.COUNTING)))}
    assert {("Enter", "Chốt ca"), ("F7", "Thôi chốt")} <= counting
    assert ("Enter", "Khách quay lại trả", True) in {(k.cap, k.label, k.enabled) for k in bar(vi, DRIVE_OFFS, OPEN)}
    nobody = bar(vi, Place(Tab.DRIVE_OFFS), x.terminal())
    assert ("Enter", False) in {(k.cap, k.enabled) for k in nobody}
    assert "F7" not in {k.cap for k in bar(vi, PRICES, OPEN)}
    assert not next(k for k in bar(vi, METERS, None) if k.cap == "F7").enabled
