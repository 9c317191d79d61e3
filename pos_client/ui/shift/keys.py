"""The keys of the shift's page as a table: what each tab does with them. No Qt.

The function keys say on the page what they do; digits choose no pump here, and a scan is a customer as everywhere.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from enum import StrEnum

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import DeliveryState
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import FORMS, MOST, Action, BarKey, Export, Key, MoveRow, Wish, form_bar
from pos_client.ui.more.availability import CLOSING, IN_HAND
from pos_client.ui.queue.view_model import chosen
from pos_client.value import dataclass


class Tab(StrEnum):
    """The sides of the page."""

    SHIFT = "shift"
    DRIVE_OFFS = "drive_offs"
    PRICES = "prices"
    QUEUE = "queue"
    CERTIFICATE = "certificate"


TABS: dict[Key, tuple[Tab, Wish]] = {
    Key.F2: (Tab.SHIFT, Wish.SHIFT),
    Key.F3: (Tab.DRIVE_OFFS, Wish.DRIVE_OFFS),
    Key.F4: (Tab.PRICES, Wish.PRICES),
    Key.F5: (Tab.QUEUE, Wish.QUEUE),
    Key.F6: (Tab.CERTIFICATE, Wish.CERTIFICATE),
}
_NOTES: dict[Key, m.ParkedNote] = {
    Key.F9: m.ParkedNote.MANAGER_TOLD,
    Key.F10: m.ParkedNote.HOTLINE_CALLED,
    Key.F11: m.ParkedNote.SETTLED,
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
        return _turned(TABS[key][1], place, snapshot)
    if place.tab is Tab.QUEUE and (answer := _queue(key, place, snapshot)):
        return answer
    if place.tab is Tab.CERTIFICATE and (answer := _certificate(key, snapshot)):
        return answer
    if (rows := moved(key, place)) is not None:
        return [MoveRow(rows)]
    shift = snapshot.shift if snapshot is not None else None
    match key:
        case Key.ESCAPE if place.tab is Tab.SHIFT and drilled(shift):
            return [m.ShowNozzle()]
        case Key.ESCAPE | Key.F12:
            return [*_left(place), *leave(shift)]
        case Key.ENTER:
            return row_opened(place, snapshot)
        case Key.DELETE if snapshot is not None and snapshot.notice is not None:
            return [m.DismissMessage()]
        case Key.F7 if place.tab is Tab.SHIFT and snapshot is not None and snapshot.ready:
            return _turn(shift)
        case Key.F8 if place.tab is Tab.SHIFT and shift is not None:
            return [Wish.PLOTS]
        case _ if key in FORMS and place.tab is Tab.SHIFT and shift is not None:
            return [Export(FORMS[key])]
    return []


def moved(key: Key, place: Place) -> int | None:
    """By how many rows a key moves in a table; None for a key that does not."""
    return {
        Key.UP: -1,
        Key.DOWN: 1,
        Key.PAGE_UP: -place.rows_in_sight,
        Key.PAGE_DOWN: place.rows_in_sight,
        Key.HOME: -MOST,
        Key.END: MOST,
    }.get(key)


def _turned(wish: Wish, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """To another side; queue desk and certificate are read while they are looked at, and no longer."""
    left = [] if (place.tab, wish) in _READ_ANEW else _left(place)
    if wish is Wish.QUEUE:
        return [*left, m.ShowQueue(0), wish]
    if wish is Wish.CERTIFICATE:
        return [*left, m.ShowCertificate(_today(snapshot)), wish] if snapshot is not None else []
    return [*left, wish]


_READ_ANEW = ((Tab.QUEUE, Wish.QUEUE), (Tab.CERTIFICATE, Wish.CERTIFICATE))


def _left(place: Place) -> list[Action]:
    """What nobody looks at any more."""
    closing: dict[Tab, Action] = {Tab.QUEUE: m.ShowQueue(), Tab.CERTIFICATE: m.ShowCertificate()}
    return [closing[place.tab]] if place.tab in closing else []


def _today(snapshot: TerminalSnapshot) -> date:
    return snapshot.wall.astimezone(VIETNAM).date()


def _certificate(key: Key, snapshot: TerminalSnapshot | None) -> list[Action]:
    """The day before, the day after, and paper."""
    page = snapshot.certificate_page if snapshot is not None else None
    if page is None:
        return []
    match key:
        case Key.PAGE_UP:
            return [m.ShowCertificate(page.day - timedelta(days=1)), MoveRow(-MOST)]
        case Key.PAGE_DOWN if page.day < page.today:
            return [m.ShowCertificate(page.day + timedelta(days=1)), MoveRow(-MOST)]
        case Key.F7 if page.certificate is not None:
            return [m.PrintCertificate()]
    return []


def _queue(key: Key, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """What the keys of the queue desk do: pages, all at once, and the parked record under the cursor."""
    page = snapshot.queue_page if snapshot is not None else None
    if page is None:
        return []
    row = chosen(page, place.chosen)
    parked = row if row is not None and row.state is DeliveryState.PARKED else None
    match key:
        case Key.PAGE_DOWN if page.offset + len(page.rows) < page.total:
            return [m.ShowQueue(page.offset + len(page.rows)), MoveRow(-MOST)]
        case Key.PAGE_UP if page.offset:
            return [m.ShowQueue(max(0, page.offset - PAGE_ROWS)), MoveRow(-MOST)]
        case Key.F7 if page.total:
            return [m.TryQueueNow()]
        case Key.F8 if parked is not None and parked.may_resend:
            return [m.ResendParked(parked.key)]
        case _ if key in _NOTES and parked is not None:
            return [m.NoteParked(parked.key, _NOTES[key])]
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


PAGE_ROWS = 20
"""Records on a page of the queue desk."""
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
    opens = {Tab.SHIFT: "open_row", Tab.DRIVE_OFFS: "came_back"}.get(place.tab, "")
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
    if place.tab is Tab.QUEUE:
        keys.extend(_queue_bar(words, place, snapshot))
    if place.tab is Tab.CERTIFICATE:
        keys.extend(_certificate_bar(words, snapshot))
    if place.tab is Tab.SHIFT:
        turn = turn_word(shift)
        ready = snapshot is not None and snapshot.ready
        keys.append(BarKey("f7", "F7", words.say(f"shift.key.{turn}"), ready and bool(_turn(shift))))
        keys.append(BarKey("f8", "F8", words.say("shift.key.plots"), shift is not None))
        keys.extend(form_bar(enabled=shift is not None))
    return tuple(keys)


def _queue_bar(words: Catalogue, place: Place, snapshot: TerminalSnapshot | None) -> list[BarKey]:
    def key(name: Key, word: str) -> BarKey:
        return BarKey(
            name.value, name.value.upper(), words.say(f"queue.key.{word}"), bool(_queue(name, place, snapshot))
        )

    return [key(Key.F7, "try_now"), key(Key.F8, "resend"), *(key(name, note.value) for name, note in _NOTES.items())]


def _certificate_bar(words: Catalogue, snapshot: TerminalSnapshot | None) -> list[BarKey]:
    page = snapshot.certificate_page if snapshot is not None else None
    paper = "copy" if page is not None and page.printed else "print"
    return [
        BarKey(key.value, cap, words.say(f"certificate.key.{word}"), bool(_certificate(key, snapshot)))
        for key, cap, word in (
            (Key.PAGE_UP, "PgUp", "before"),
            (Key.PAGE_DOWN, "PgDn", "after"),
            (Key.F7, "F7", paper),
        )
    ]


def turn_word(shift: ShiftSnapshot | None) -> str:
    """What F7 does now, by its word."""
    if shift is None or shift.phase not in IN_HAND:
        return "open_shift"
    return "keep_shift" if shift.phase in CLOSING else "close_shift"
