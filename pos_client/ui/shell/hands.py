"""The cashier's hands: which table a key, a character, a field or a touch is looked up in, by the page in front. No Qt.

The window tells what was done and carries out what comes back; the tables themselves are `keyboard`, `touch`, `fields`
and `shift.keys`.
"""

from __future__ import annotations

from dataclasses import field
from enum import IntEnum

from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action, Key, Wish
from pos_client.ui.loyalty.view_model import PanelVerb
from pos_client.ui.more.steps import Step
from pos_client.ui.operations import keys as operation_keys
from pos_client.ui.radar import keys as radar_keys
from pos_client.ui.shell import fields
from pos_client.ui.shell.fields import FieldName
from pos_client.ui.shell.keyboard import Keyboard
from pos_client.ui.shell.touch import point_touched
from pos_client.ui.shift import keys as shift_keys
from pos_client.ui.shift.keys import Place
from pos_client.value import dataclass


class Front(IntEnum):
    """Which page is in front."""

    SALES = 0
    SHIFT = 1
    OPERATIONS = 2
    TECHNICIAN = 3
    RECORDS = 4
    RADAR = 5


@dataclass(slots=True)
class Hands:
    """Remembers the newest snapshot and the page in front; what a key waits for is the keyboard's."""

    keyboard: Keyboard = field(default_factory=Keyboard)
    snapshot: TerminalSnapshot | None = None
    front: Front = Front.SALES

    def key(self, key: Key, now_ms: int, place: Place) -> list[Action]:
        """A key that is no printed character. Pause stops all, whatever is in front."""
        if key is Key.PAUSE or self.front is Front.SALES:
            return self.keyboard.press(key, now_ms, self.snapshot)
        if self.front is Front.TECHNICIAN:
            return [Wish.TECHNICIAN] if key in (Key.ESCAPE, Key.F12) else []
        if self.front is Front.RECORDS:
            return []
        code = self.keyboard.field_enter(now_ms) if key is Key.ENTER else None
        if code:
            return [m.Scan(code)]
        return _PRESSED.get(self.front, shift_keys.pressed)(key, place, self.snapshot)

    def character(self, char: str, now_ms: int) -> list[Action]:
        """A printed character; away from the forecourt only a scan means anything."""
        if self.front is Front.SALES:
            return self.keyboard.character(char, now_ms, self.snapshot)
        if self.front in (Front.SHIFT, Front.OPERATIONS, Front.RADAR):
            self.keyboard.field_character(char, now_ms)
        return []

    def waited(self, now_ms: int) -> list[Action]:
        """A key waited for another one and its time is over."""
        return self.keyboard.expire(now_ms, self.snapshot)

    def field_character(self, name: str, char: str, now_ms: int) -> list[Action] | None:
        """A character meant for a field; the scan detector sees each. None: the field takes it."""
        if len(char) == 1 and char.isprintable():
            self.keyboard.field_character(char, now_ms)
        if name == FieldName.PRESET and char.isalpha():
            return self.keyboard.letter(char, self.snapshot)
        return None

    def field_entered(self, name: str, text: str, now_ms: int, place: Place, *, touched: bool = False) -> list[Action]:
        """Enter in a field of any page. `touched`: a finger on the key beside it, which ends no scan."""
        burst = self.keyboard.field_enter(now_ms)
        code = None if touched else burst
        if name in shift_keys.FIELDS:
            return fields.scanned(name, code) or shift_keys.entered(name, text, place, self.snapshot)
        return fields.entered(name, text, code, self.keyboard, self.snapshot)

    def tile_touched(self, number: int) -> list[Action]:
        """A fuelling point under the finger."""
        return point_touched(number, self.snapshot, self.keyboard)

    def answer_touched(self, index: int) -> list[Action]:
        """An answer of the strip under the finger."""
        return self.keyboard.choose(index, self.snapshot)

    def row_touched(self, place: Place) -> list[Action]:
        """A row of the shift's page under the finger."""
        return shift_keys.row_opened(place, self.snapshot)

    def chip_key(self) -> Key:
        """The key that stands on the customer's chip."""
        return Key.DELETE if self.snapshot is not None and self.snapshot.customer is not None else Key.F2

    def ask(self, step: Step) -> None:
        """Open the strip at a question, if it can be asked now."""
        self.keyboard.ask(step, self.snapshot)


_PRESSED = {Front.OPERATIONS: operation_keys.pressed, Front.RADAR: radar_keys.pressed}
"""The tables of pages that hold one list."""
PANEL_KEYS = {
    PanelVerb.START: Key.F6,
    PanelVerb.RESEND: Key.F6,
    PanelVerb.CONFIRM: Key.ENTER,
}
"""The keys of the points panel; what gives points back is a command of its own, for Esc means other things too."""
