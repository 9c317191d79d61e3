"""The cashier's keys that are no printed character, and what a key may ask of the screen itself. No Qt."""

from __future__ import annotations

from enum import StrEnum

from pos_client.services import messages as m
from pos_client.services.operation_snapshots import OperationRow
from pos_client.ui.formats import Format
from pos_client.value import dataclass


class Key(StrEnum):
    """Keys that are no printed character."""

    SPACE = "space"
    ENTER = "enter"
    ESCAPE = "esc"
    DELETE = "del"
    BACKSPACE = "backspace"
    PAUSE = "pause"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    HOME = "home"
    END = "end"
    F1 = "f1"
    F2 = "f2"
    F3 = "f3"
    F4 = "f4"
    F5 = "f5"
    F6 = "f6"
    F7 = "f7"
    F8 = "f8"
    F9 = "f9"
    F10 = "f10"
    F11 = "f11"
    F12 = "f12"


class Wish(StrEnum):
    """What a key wants of the screen itself."""

    IDENTIFY_FIELD = "identify_field"
    PART_FIELD = "part_field"
    SALES = "sales"
    SHIFT = "shift"
    OPEN_SHIFT = "open_shift"
    """the shift's page with the cursor in the cashier's name"""
    DRIVE_OFFS = "drive_offs"
    PRICES = "prices"
    QUEUE = "queue"
    CERTIFICATE = "certificate"
    OPERATIONS = "operations"
    RECORDS = "records"
    PLOTS = "plots"
    """the shift in pictures, or in its table again"""
    TECHNICIAN = "technician"
    LANGUAGE = "language"
    """the next one"""


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """Open the "other amount" field with the digit that was typed."""

    digit: str


@dataclass(frozen=True, slots=True)
class TypeInto:
    """Put the cursor into the strip's field, behind the character that was typed."""

    char: str


@dataclass(frozen=True, slots=True)
class AskUndo:
    """Ask in the strip why this use or credit of points is to be undone."""

    row: OperationRow


@dataclass(frozen=True, slots=True)
class Export:
    """The page in front as a file."""

    form: Format


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Move in the table at hand by so many rows; `MOST` and more: to its end."""

    rows: int


MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class BarKey:
    """A key of the bottom bar: `cap` is on the keyboard, `label` what it does, `name` which key it stands for."""

    name: str
    cap: str
    label: str
    enabled: bool = True


Action = m.PersonCommand | Wish | OpenAmount | TypeInto | AskUndo | MoveRow | Export
FORMS = {Key.F9: Format.CSV, Key.F10: Format.XLSX, Key.F11: Format.PDF}
"""The keys of files, on every page that has one."""
FORM_NAMES = {Format.CSV: "CSV", Format.XLSX: "Excel", Format.PDF: "PDF"}


def form_bar(*, enabled: bool) -> tuple[BarKey, ...]:
    """The keys of files in the bottom bar."""
    return tuple(BarKey(key.value, key.value.upper(), FORM_NAMES[form], enabled) for key, form in FORMS.items())
