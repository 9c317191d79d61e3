"""The keys of the shift's page as a table: what each tab does with them. No Qt.

The function keys say on the page what they do; digits choose no pump here, and a scan is a customer as everywhere.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import MOST, Action, BarKey, Key, MoveRow, Wish
from pos_client.ui.more.availability import CLOSING, IN_HAND


class Tab(StrEnum):
    """The sides of the page."""

    SHIFT = "shift"
    DRIVE_OFFS = "drive_offs"
    PRICES = "prices"


TABS: dict[Key, tuple[Tab, Wish]] = {
    Key.F2: (Tab.SHIFT, Wish.SHIFT),
    Key.F3: (Tab.DRIVE_OFFS, Wish.DRIVE_OFFS),
    Key.F4: (Tab.PRICES, Wish.PRICES),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page stands: its side, the chosen row, and how many rows are in sight."""

    tab: Tab
    chosen: Hashable = None
    rows_in_sight: int = 10


def pressed(key: Key, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """What a key does here."""
    if key in TABS:
        return [TABS[key][1]]
    moves = {
        Key.UP: -1,
        Key.DOWN: 1,
        Key.PAGE_UP: -place.rows_in_sight,
        Key.PAGE_DOWN: place.rows_in_sight,
        Key.HOME: -MOST,
        Key.END: MOST,
    }
    if key in moves:
        return [MoveRow(moves[key])]
    shift = snapshot.shift if snapshot is not None else None
    match key:
        case Key.ESCAPE if place.tab is Tab.SHIFT and drilled(shift):
            return [m.ShowNozzle()]
        case Key.ESCAPE | Key.F12:
            return leave(shift)
        case Key.ENTER:
            return row_opened(place, snapshot)
        case Key.DELETE if snapshot is not None and snapshot.notice is not None:
            return [m.DismissMessage()]
        case Key.F7 if place.tab is Tab.SHIFT and snapshot is not None and snapshot.ready:
            return _turn(shift)
    return []


def side(wish: Wish) -> Tab:
    """The side of the page a wish asks for."""
    return next((tab for tab, each in TABS.values() if each is wish), Tab.SHIFT)


def counting(place: Place, shift: ShiftSnapshot | None) -> bool:
    """Whether Enter ends the count of cash."""
    return place.tab is Tab.SHIFT and shift is not None and shift.phase is ShiftPhase.COUNTING


def drilled(shift: ShiftSnapshot | None) -> bool:
    """Whether the fuellings behind one row are shown."""
    return shift is not None and shift.drill is not None


def leave(shift: ShiftSnapshot | None) -> list[Action]:
    """Back to the forecourt; what was drilled into is closed, so that the next look begins with the whole."""
    return [m.ShowNozzle(), Wish.SALES] if drilled(shift) else [Wish.SALES]


def row_opened(place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """Enter, or the finger, on the chosen row."""
    shift = snapshot.shift if snapshot is not None else None
    match place.tab, place.chosen:
        case Tab.SHIFT, (int() as point, int() as nozzle) if not drilled(shift):
            return [m.ShowNozzle(PointId(point), NozzleId(nozzle))]
        case Tab.DRIVE_OFFS, str() as fuelling:
            return [m.ReturnDriveOff(FuellingId(fuelling)), Wish.SALES]
    return []


FIELDS = ("cash-field", "cashier-field")
"""Object names of the page's fields."""


def entered(name: str, text: str, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """Enter in a field of the page: the cash was counted, or the next cashier named. Nothing counted yet: Enter opens
    the chosen row instead, for what differs has to be looked at."""
    if name == "cashier-field":
        return [m.OpenShift(text)] if text else []
    if text.isascii() and text.isdigit():
        return [m.CountCash(int(text))]
    return row_opened(place, snapshot)


def _turn(shift: ShiftSnapshot | None) -> list[Action]:
    """F7: open a shift, close it, or do not close it after all."""
    if shift is None or shift.phase not in IN_HAND:
        return [Wish.OPEN_SHIFT]
    if shift.phase in CLOSING:
        return [m.KeepShift()]
    return [m.CloseShift()] if shift.phase is ShiftPhase.OPEN else []


def bar(words: Catalogue, place: Place, snapshot: TerminalSnapshot | None) -> tuple[BarKey, ...]:
    """The bottom bar of the page."""
    shift = snapshot.shift if snapshot is not None else None
    back = "back_to_rows" if place.tab is Tab.SHIFT and drilled(shift) else "back_to_sales"
    opens = {Tab.SHIFT: "open_row", Tab.DRIVE_OFFS: "came_back", Tab.PRICES: ""}[place.tab]
    keys = [
        BarKey("esc", "Esc", words.say(f"shift.key.{back}")),
        BarKey("", words.say("shift.key.rows_cap"), words.say("shift.key.rows"), place.chosen is not None),
    ]
    if counting(place, shift):
        keys.append(BarKey("enter", "Enter", words.say("shift.key.count")))
    elif opens:
        keys.append(BarKey("enter", "Enter", words.say(f"shift.key.{opens}"), bool(row_opened(place, snapshot))))
    if snapshot is not None and snapshot.notice is not None:
        keys.append(BarKey("del", "Del", words.say("shift.key.read")))
    if place.tab is Tab.SHIFT:
        turn = turn_word(shift)
        ready = snapshot is not None and snapshot.ready
        keys.append(BarKey("f7", "F7", words.say(f"shift.key.{turn}"), ready and bool(_turn(shift))))
    return tuple(keys)


def turn_word(shift: ShiftSnapshot | None) -> str:
    """What F7 does now, by its word."""
    if shift is None or shift.phase not in IN_HAND:
        return "open_shift"
    return "keep_shift" if shift.phase in CLOSING else "close_shift"
