"""The cashier's keyboard as a table: key and snapshot in, commands and wishes of the screen out. No Qt, no clock.

Digits choose pumps. Above nine points two digits belong together when they come within `PAIR_MS`; a digit no two-digit
point starts with acts at once. While points wait for the customer's code a digit opens the "other amount" field.
Printed characters go through the scan detector first, so a scan at any time is an `Identify` and never a pump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import PointsPhase, TerminalSnapshot
from pos_client.ui.checkout.view_model import tenders_open
from pos_client.ui.loyalty.view_model import AMOUNT_PHASES, can_cancel, can_resend, can_start
from pos_client.ui.shell.scanner import ScanDetector

PAIR_MS = 600


class Key(StrEnum):
    """Keys that are no printed character."""

    SPACE = "space"
    ENTER = "enter"
    ESCAPE = "esc"
    DELETE = "del"
    PAUSE = "pause"
    F2 = "f2"
    F3 = "f3"
    F4 = "f4"
    F5 = "f5"
    F6 = "f6"
    F8 = "f8"
    F9 = "f9"
    F10 = "f10"
    F11 = "f11"
    F12 = "f12"


class Wish(StrEnum):
    """What the keyboard wants of the screen itself."""

    IDENTIFY_FIELD = "identify_field"
    PRESET_FIELD = "preset_field"
    PART_FIELD = "part_field"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """Open the "other amount" field with the digit that was typed."""

    digit: str


Action = m.PersonCommand | Wish | OpenAmount

TENDER_KEYS = {Key.F9: TenderKind.CASH, Key.F10: TenderKind.QR, Key.F11: TenderKind.CARD}


@dataclass(slots=True)
class Keyboard:
    """Remembers a waiting digit and a burst; everything else comes from the snapshot."""

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
            if code is None:
                actions += self._pair_over(snapshot)
                return actions + _enter(snapshot)
            return [*actions, m.Identify(code)] if code else actions
        if key is Key.SPACE and self._scan.deadline_ms() is not None:
            return self.character(" ", now_ms, snapshot)
        actions = self.expire(now_ms, snapshot)
        return actions + (_PRESSED[key](snapshot, now_ms) if snapshot is not None and snapshot.ready else _unready(key))

    def field_character(self, char: str, now_ms: int) -> None:
        """A character that goes into a field: only the burst is remembered."""
        self._field_scan.character(char, now_ms)

    def field_enter(self, now_ms: int) -> str | None:
        """Enter in a field: the code if a scan has just filled it, else None."""
        _, code = self._field_scan.enter(now_ms)
        return code or None

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
            if char.isascii() and char.isdigit() and snapshot is not None and snapshot.ready:
                actions += self._digit(char, now_ms, snapshot)
        return actions

    def _digit(self, digit: str, now_ms: int, snapshot: TerminalSnapshot) -> list[Action]:
        panel = snapshot.points_panel
        if panel is not None and panel.phase in AMOUNT_PHASES:
            return [OpenAmount(digit)]
        numbers = {int(p.point) for p in snapshot.points}
        if self._first:
            actions: list[Action] = []
            pair, first = int(self._first + digit), self._first
            self._first = ""
            if now_ms - self._first_ms < PAIR_MS and pair in numbers:
                return [m.SelectPoint(PointId(pair))]
            actions += _select(int(first), numbers)
            return actions + self._digit(digit, now_ms, snapshot)
        if any(number // 10 == int(digit) for number in numbers if number > 9):
            self._first, self._first_ms = digit, now_ms
            return []
        return _select(int(digit), numbers)

    def _pair_over(self, snapshot: TerminalSnapshot | None) -> list[Action]:
        first, self._first = self._first, ""
        if not first or snapshot is None:
            return []
        return _select(int(first), {int(p.point) for p in snapshot.points})


def _select(number: int, numbers: set[int]) -> list[Action]:
    return [m.SelectPoint(PointId(number))] if number in numbers else []


def _unready(key: Key) -> list[Action]:
    """Before recovery has finished only the technician's page can be opened (and Pause stops all, always)."""
    return [Wish.TECHNICIAN] if key is Key.F12 else []


def _enter(snapshot: TerminalSnapshot | None) -> list[Action]:
    """Enter: go on when the outcome is unknown, else say that the message was read."""
    if snapshot is None or not snapshot.ready:
        return []
    panel = snapshot.points_panel
    if panel is not None and panel.phase is PointsPhase.UNKNOWN:
        return [m.CancelRedemption()]
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


def _delete(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
    return [m.DetachCustomer()] if snapshot.customer is not None else []


Pressed = Callable[[TerminalSnapshot, int], list[Action]]


def _always(action: Action) -> Pressed:
    def pressed(snapshot: TerminalSnapshot, now_ms: int) -> list[Action]:
        return [action]

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
    Key.F3: _always(Wish.PRESET_FIELD),
    Key.F4: _part,
    Key.F5: _always(m.AuthorisePoint()),
    Key.F6: _points,
    Key.F8: _always(m.ReprintLast()),
    Key.F12: _always(Wish.TECHNICIAN),
} | {key: _tender(kind) for key, kind in TENDER_KEYS.items()}
