"""Lines of paper, before anybody knows on what they are printed.

A line has a left and a right part instead of spaces between them, so that a printer drawing a proportional font and one
with fixed columns both set them right. Every line fits in `columns` characters; long words of the customer or the
programme are broken, never cut off. Texts from outside lose their control characters here: a printer obeys those.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from pos_client.value import dataclass

COLUMNS_MIN = 24
"""Below that an amount and its word no longer fit on one line."""


class Align(Enum):
    """Where a line without a right part stands."""

    LEFT = auto()
    CENTRE = auto()


class Style(Enum):
    """How a line looks. `RULE` is a line across; `QR` is its text as a QR code; `GAP` is an empty line; `RULER`
    counts the columns."""

    PLAIN = auto()
    STRONG = auto()
    LARGE = auto()
    RULE = auto()
    GAP = auto()
    QR = auto()
    RULER = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of paper: `left` and `right` set apart, or `left` alone, aligned."""

    left: str = ""
    right: str = ""
    align: Align = Align.LEFT
    style: Style = Style.PLAIN


RULE = Line(style=Style.RULE)
GAP = Line(style=Style.GAP)


def fitted(lines: Iterable[Line], columns: int) -> tuple[Line, ...]:
    """The lines, each at the most `columns` (24 or more) characters wide."""
    if columns < COLUMNS_MIN:
        raise ValueError(f"paper needs {COLUMNS_MIN} columns")
    return tuple(part for line in lines for part in _fit(line, columns))


def as_text(lines: tuple[Line, ...], columns: int) -> str:
    """The lines in fixed columns: for the report of a demo, a screen in plain text, a printer in text mode."""
    return "\n".join(text_of(line, columns) for line in lines) + "\n"


def text_of(line: Line, columns: int) -> str:
    """One line in fixed columns, without trailing spaces."""
    match line.style:
        case Style.RULE:
            return "-" * columns
        case Style.RULER:
            return "".join(_graduation(column) for column in range(1, columns + 1))
        case Style.QR:
            return f"[QR {line.left}]".center(columns).rstrip()
        case _ if line.right:
            return line.left + line.right.rjust(columns - len(line.left))
        case _ if line.align is Align.CENTRE:
            return line.left.center(columns).rstrip()
        case _:
            return line.left


def centred(text: str, style: Style = Style.PLAIN) -> Iterator[Line]:
    """Each line of a text in the middle."""
    for part in text.splitlines():
        yield Line(part, align=Align.CENTRE, style=style)


def _graduation(column: int) -> str:
    """What stands in a column of a ruler: each tenth is named by its tens."""
    if column % 10 == 0:
        return str(column // 10 % 10)
    return "+" if column % 5 == 0 else "."


def _printable(text: str) -> str:
    """Composed letters, and a space for whatever a printer would take as a command or a line's end."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(letter).startswith(("C", "Zl", "Zp")) else letter for letter in composed)


def _fit(line: Line, columns: int) -> Iterator[Line]:
    """The line in as many lines as it needs; a right part that does not fit beside the left one goes below it."""
    left, right = _printable(line.left), _printable(line.right)
    if line.style in (Style.RULE, Style.GAP, Style.QR, Style.RULER):
        yield Line(left, style=line.style)
        return
    if right and len(left) + 1 + len(right) <= columns:
        yield Line(left, right, line.align, line.style)
        return
    for part in textwrap.wrap(left, columns):
        yield Line(part, "", line.align, line.style)
    for part in textwrap.wrap(right, columns):
        yield Line("", part, line.align, line.style)
