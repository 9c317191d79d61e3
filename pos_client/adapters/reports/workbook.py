"""Sheets as a workbook for spreadsheet programs, by openpyxl, which is loaded when the first is written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pos_client.domain.sheets import Cell, Litres, Sheet, harmless

TITLE_MOST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a workbook's format cannot hold."""


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Numbers are numbers, moments are moments, texts are texts and never formulas."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for number, sheet in enumerate(sheets, start=1):
        page = book.create_sheet(f"{number} {_FORBIDDEN.sub(' ', sheet.title)}"[:TITLE_MOST])
        page.append([_bold(WriteOnlyCell(page, value=head), Font(bold=True)) for head in sheet.headings])
        for row in sheet.rows:
            page.append([_filled(WriteOnlyCell(page), cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(cell: Any, font: Any) -> Any:
    cell.font = font
    return cell


def _filled(cell: Any, value: Cell) -> Any:
    match value:
        case str():
            cell.value, cell.data_type = _ILLEGAL.sub(" ", harmless(value)), "s"
        case Litres():
            cell.value, cell.number_format = value.volume_ml / 1000, "#,##0.00"
        case datetime():
            cell.value, cell.number_format = value, "DD/MM/YYYY HH:MM:SS"
        case date():
            cell.value, cell.number_format = value, "DD/MM/YYYY"
        case _:
            cell.value, cell.number_format = value, "#,##0"
    return cell
