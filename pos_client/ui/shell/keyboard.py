"""The cashier's keyboard as a table: key and snapshot in, commands and wishes of the screen out. No Qt, no clock.

Digits choose pumps. Above nine points two digits belong together when they come within `PAIR_MS`; a digit no two-digit
point starts with acts at once. While points wait for the customer's code a digit opens the "other amount" field.
Printed characters go through the scan detector first, so a scan at any time is a `Scan` and never a pump, nor an
answer to the strip's question.

F12 and F3 open the strip (`more`); its question takes the characters it has an answer for, and any other function key
closes it and acts as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import PointsPhase, TerminalSnapshot
from pos_client.ui.checkout.view_model import tenders_open
from pos_client.ui.keys import Action, Key, OpenAmount, Wish
from pos_client.ui.loyalty.view_model import AMOUNT_PHASES, DYING_KEY, can_cancel, can_resend, can_start, dying_alone
from pos_client.ui.more import steps
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Ask, Move, Step
from pos_client.ui.shell.scanner import ScanDetector
from pos_client.value import dataclass

PAIR_MS = 600

OPENS = {Key.F12: (Ask.MENU,), Key.F3: (Ask.PRESET, Ask.PRESET_POINT)}
"""Keys that open the strip, with the questions they close it from."""
OPERATIONS_KEY = ("l", "L")
"""The one letter that needs no F12 before it: the list of points, for what was wrong a minute ago (flow 17)."""
TENDER_KEYS = {Key.F9: TenderKind.CASH, Key.F10: TenderKind.QR, Key.F11: TenderKind.CARD}


@dataclass(slots=True)
class Keyboard:
    """Remembers a waiting digit, a burst and the strip's question; everything else comes from the snapshot."""

    counter: Counter = field(default_factory=Counter)
    step: Step | None = None
    _scan: ScanDetector = field(default_factory=ScanDetector)
    _field_scan: ScanDetector = field(default_factory=ScanDetector)
    """of its own: what goes into a field must never come out as a pump's digit"""
    _first: str = ""
    _first_ms: int = 0

    @property
    def waiting_digit(self) -> str:
        """The first of two digits, while the second may still come; shown to the cashier."""
        return self._first

    def character(self, char: str, now_ms: int, snapshot: TerminalSnapshot | None) -> list[Action]:
        """A printed character."""
        return self._typed(self._scan.character(char, now_ms), now_ms, snapshot)

    def press(self, key: Key, now_ms: int, snapshot: TerminalSnapshot | None) -> list[Action]:
        """A key that is no printed character."""
        if key is Key.PAUSE:
            return [m.StopAll()]
        self._field_scan = ScanDetector()  # whatever was typed into a field before belongs to that field
        if key is Key.ENTER:
            typed, code = self._scan.enter(now_ms)
            actions = self._typed(typed, now_ms, snapshot)
            if self._asks_for_pin:
                return actions  # a scan in the middle of a PIN is no part of it, and nobody's customer
            if code is None:
                actions += self._pair_over(snapshot)
                return actions + (self._answer(snapshot) if self.step is not None else _enter(snapshot))
            return [*actions, m.Scan(code)] if code else actions
        if key is Key.SPACE and self._scan.deadline_ms() is not None:
            return self.character(" ", now_ms, snapshot)
        actions = self.expire(now_ms, snapshot)
        if self._asks_for_pin:
            actions += self._over_the_pin(key)
            if self.step is not None or key is Key.ESCAPE:
                return actions
        ready = snapshot is not None and snapshot.ready
        if self._in_strip(key, ready=ready):
            return actions + (self._answer(snapshot) if key is Key.F5 else [])
        pressed = _PRESSED.get(key)
        return actions + (pressed(snapshot, now_ms) if pressed is not None and snapshot is not None and ready else [])

    # ── the strip ──────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, step: Step, snapshot: TerminalSnapshot | None) -> None:
        """Open the strip at a question, if it can be asked now."""
        self.step = steps.still(step, snapshot)

    def settle(self, snapshot: TerminalSnapshot | None) -> None:
        """A newer snapshot came: a question whose subject is gone is no longer asked; a PIN that is asked for is."""
        if snapshot is not None and snapshot.staff_ask is not None and not self._asks_for_pin:
            self.step = Step(Ask.STAFF)
        self.step = steps.still(self.step, snapshot)

    @property
    def _asks_for_pin(self) -> bool:
        return self.step is not None and self.step.ask is Ask.STAFF

    def _over_the_pin(self, key: Key) -> list[Action]:
        """What a key that is no digit means while a PIN is asked for: the work at the counter goes on, the question
        does not."""
        if key in (Key.BACKSPACE, Key.DELETE):
            return [m.StaffPressed(m.KeypadKey.CLEAR)]
        if key in _PRESSED or key in OPENS:
            self.step = None
            return [m.StaffPressed(m.KeypadKey.CANCEL)]
        return []

    def choose(self, index: int, snapshot: TerminalSnapshot | None) -> list[Action]:
        """An answer of the strip was touched."""
        offered = steps.choices(self.step, snapshot, self.counter) if self.step is not None else ()
        if self.step is None or index >= len(offered):
            return []
        return self._move(steps.taken(self.step, offered[index]))

    def point_touched(self, point: PointId) -> list[Action] | None:
        """A touched tile answers a question that asks for a pump; None: nobody asked."""
        if self.step is None or self.step.ask not in steps.WANTS_POINT:
            return None
        return self._move(steps.point_chosen(self.step, point))

    def letter(self, char: str, snapshot: TerminalSnapshot | None) -> list[Action]:
        """A letter in a field for figures: it can only be an answer of the strip."""
        answer = steps.typed(self.step, char, snapshot, self.counter) if self.step is not None else None
        return self._move(answer) if answer is not None else []

    def entered(self, text: str, snapshot: TerminalSnapshot | None) -> list[Action]:
        """Enter in the strip's field."""
        self.settle(snapshot)
        return self._answer(snapshot, text)

    def _answer(self, snapshot: TerminalSnapshot | None, text: str = "") -> list[Action]:
        return self._move(steps.entered(self.step, text)) if self.step is not None else []

    def _move(self, move: Move) -> list[Action]:
        self.step = move.step
        return list(move.actions)

    def _in_strip(self, key: Key, *, ready: bool) -> bool:
        """Open, close or step back in the strip; True when the key has done its work there."""
        step = self.step
        if key in OPENS:
            again = step is not None and step.ask in OPENS[key]
            opened = key is Key.F12 or ready
            self.step = Step(OPENS[key][0]) if opened and not again else None
            return True
        if step is None or key not in _PRESSED:
            return False
        if key is Key.ESCAPE:
            self.step = step.before
            return True
        if key is Key.F5 and step.ask is Ask.PRESET_POINT:
            return True
        self.step = None
        return False

    # ── fields ─────────────────────────────────────────────────────────────────────────────────────────────────

    def field_character(self, char: str, now_ms: int) -> None:
        """A character that goes into a field: only the burst is remembered."""
        self._field_scan.character(char, now_ms)

    def field_enter(self, now_ms: int) -> str | None:
        """Enter in a field: the code if a scan has just filled it, else None."""
        _, code = self._field_scan.enter(now_ms)
        return code or None

    # ── characters ─────────────────────────────────────────────────────────────────────────────────────────────

    def expire(self, now_ms: int, snapshot: TerminalSnapshot | None) -> list[Action]:
        """What is due because nothing followed."""
        actions = self._typed(self._scan.expire(now_ms), now_ms, snapshot)
        if self._first and now_ms - self._first_ms >= PAIR_MS:
            actions += self._pair_over(snapshot)
        return actions

    def deadline_ms(self) -> int | None:
        """When to call `expire` if no key comes."""
        pair = self._first_ms + PAIR_MS if self._first else None
        waits = [at for at in (self._scan.deadline_ms(), pair) if at is not None]
        return min(waits, default=None)

    def _typed(self, chars: str, now_ms: int, snapshot: TerminalSnapshot | None) -> list[Action]:
        actions: list[Action] = []
        for char in chars:
            if self.step is not None and (answer := steps.typed(self.step, char, snapshot, self.counter)) is not None:
                actions += self._move(answer)
            elif char.upper() == DYING_KEY and self.step is None and (dying := dying_alone(snapshot)) is not None:
                actions.append(m.StartRedemption(dying))
            elif snapshot is None or not snapshot.ready:
                continue
            elif char in OPERATIONS_KEY and self.step is None:
                actions += [m.ShowOperations(), Wish.OPERATIONS]
            elif char.isascii() and char.isdigit():
                actions += self._digit(char, now_ms, snapshot)
        return actions

    def _digit(self, digit: str, now_ms: int, snapshot: TerminalSnapshot) -> list[Action]:
        panel = snapshot.points_panel
        if panel is not None and panel.phase in AMOUNT_PHASES and self.step is None:
            return [OpenAmount(digit)]
        numbers = {int(p.point) for p in snapshot.points}
        if self._first:
            actions: list[Action] = []
            pair, first = int(self._first + digit), self._first
            self._first = ""
            if now_ms - self._first_ms < PAIR_MS and pair in numbers:
                return self._select(pair, numbers)
            actions += self._select(int(first), numbers)
            return actions + self._digit(digit, now_ms, snapshot)
        if any(number // 10 == int(digit) for number in numbers if number > 9):
            self._first, self._first_ms = digit, now_ms
            return []
        return self._select(int(digit), numbers)

    def _pair_over(self, snapshot: TerminalSnapshot | None) -> list[Action]:
        first, self._first = self._first, ""
        if not first or snapshot is None:
            return []
        return self._select(int(first), {int(p.point) for p in snapshot.points})

    def _select(self, number: int, numbers: set[int]) -> list[Action]:
        """A pump was named: the strip's question takes it; the menu makes way for it."""
        if number not in numbers:
            return []
        answer = self.point_touched(PointId(number))
        if answer is not None:
            return answer
        if self.step is not None and self.step.ask is not Ask.MENU:
            return []
        self.step = None
        return [m.SelectPoint(PointId(number))]


def _enter(snapshot: TerminalSnapshot | None) -> list[Action]:
    """Enter: go on when the outcome is unknown, say that the plate is right, else that the message was read."""
    if snapshot is None or not snapshot.ready:
        return []
    panel = snapshot.points_panel
    if panel is not None and panel.phase is PointsPhase.UNKNOWN:
        return [m.CancelRedemption()]
    if panel is not None and panel.phase is PointsPhase.CONFIRM_PLATE:
        return [m.ConfirmPlate()]
    return [m.DismissMessage()] if snapshot.notice is not None else []


def _escape(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    """One step back; never loses a sale: one with tenders stays, the services see to that."""
    if can_cancel(snapshot.points_panel):
        return [m.CancelRedemption()]
    if snapshot.sale is not None or snapshot.customer is not None:
        return [m.ReleaseSale()]
    return [m.DismissMessage()] if snapshot.notice is not None else []


def _points(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    """F6 starts; once a code was sent, the same key asks for another."""
    if can_resend(snapshot.points_panel, now_ms):
        return [m.ResendCode()]
    return [m.StartRedemption()] if can_start(snapshot) else []


def _part(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    """F4: type how much the next tender key takes."""
    return [Wish.PART_FIELD] if tenders_open(snapshot) else []


def _bill(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    """F7: the open sale on paper, with the code to pay it."""
    return [m.PrintBill()] if snapshot.sale is not None else []


def _delete(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    return [m.DetachCustomer()] if snapshot.customer is not None else []


Pressed = Callable[[TerminalSnapshot, int], list[Action]]


def _always(*actions: Action) -> Pressed:
    def pressed(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
        return list(actions)

    return pressed


def _tender(kind: TenderKind) -> Pressed:
    def pressed(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
        return [m.TakeTender(kind)] if tenders_open(snapshot) else []

    return pressed


_PRESSED: dict[Key, Pressed] = {
    Key.SPACE: _always(m.SelectOldest()),
    Key.ESCAPE: _escape,
    Key.DELETE: _delete,
    Key.F2: _always(Wish.IDENTIFY_FIELD),
    Key.F4: _part,
    Key.F5: _always(m.AuthorisePoint()),
    Key.F6: _points,
    Key.F7: _bill,
    Key.F8: _always(m.ReprintLast()),
} | {key: _tender(kind) for key, kind in TENDER_KEYS.items()}
