"""Tables that leave the program: what stands in a sheet, and a sheet as CSV. Pure.

What goes out is opened in a spreadsheet program: a text that begins like a formula is made a text. Numbers stay numbers
where the format knows them; in CSV they are written as people here read them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from pos_client.domain import formatting
from pos_client.domain.moment import VIETNAM
from pos_client.domain.quantities import Millilitres
from pos_client.value import dataclass

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it the spreadsheet programs people have here read Vietnamese letters wrong."""


@dataclass(frozen=True, slots=True)
class Litres:
    """A volume in a cell."""

    volume_ml: Millilitres


Cell = str | int | Litres | datetime | date


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a title, its headings, its rows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets_as_csv(sheets: Iterable[Sheet]) -> bytes:
    """All sheets below each other, an empty line between them; cells are parted by semicolons."""
    lines: list[Sequence[Cell]] = []
    for sheet in sheets:
        lines += [*([()] if lines else []), (sheet.title,), sheet.headings, *sheet.rows]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([as_text(cell) for cell in line] for line in lines)
    return BYTE_ORDER_MARK + text.getvalue().encode()


def as_text(cell: Cell) -> str:
    """A cell in words that no spreadsheet program computes."""
    match cell:
        case str():
            return harmless(cell)
        case Litres():
            return formatting.litres(cell.volume_ml).replace(".", "")
        case datetime():
            return formatting.timestamp(cell)
        case date():
            return formatting.day(cell)
        case _:
            return str(cell)


def harmless(text: str) -> str:
    """A text that begins like a formula, as a text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def local(at: datetime) -> datetime:
    """Vietnam's time, for a format that knows no zones."""
    return at.astimezone(VIETNAM).replace(tzinfo=None)
