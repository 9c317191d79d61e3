"""Spreadsheets in and out: CSV and XLSX, rows of text with their numbers, headings in either language.

What comes in is somebody's file: it is bounded before it is unpacked, and nothing in it is computed. What goes out is
opened in a spreadsheet program: a text that begins like a formula is made a text.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from pos_client.domain.errors import RuleViolation
from pos_client.domain.sheets import BYTE_ORDER_MARK, as_text, harmless

LARGEST_FILE = 1_000_000
LARGEST_UNPACKED = 30_000_000
MOST_LINES = 5_000
MOST_COLUMNS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

PIECE = 65_536
"""So many letters or bytes go out together."""

Cell = str | int | date


def read(name: str, content: bytes, headings: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """The rows under the headings, numbered as the spreadsheet numbers them; empty rows are left out.

    `headings`: a heading in small letters -> the field it is. Raises `RuleViolation`: `file_large`, `file_unreadable`,
    `file_headings` with those that are missing, `rows_many`.
    """
    if len(content) > LARGEST_FILE:
        raise RuleViolation("file_large", most=LARGEST_FILE // 1000)
    lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    if not lines:
        raise RuleViolation("rows_none")
    fields = [headings.get(" ".join(text.lower().split())) for text in lines[0]]
    missing = {field for field in headings.values() if field != "product"} - set(fields)
    if missing:
        raise RuleViolation("file_headings", missing=", ".join(sorted(missing)))
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        row = {field: text.strip() for field, text in zip(fields, line, strict=False) if field is not None}
        if any(row.values()):
            rows.append((number, row))
    return rows


def csv_of(lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV that spreadsheet programs here open with its Vietnamese letters and columns right, piece by piece."""
    yield BYTE_ORDER_MARK
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for line in lines:
        writer.writerow([as_text(cell) for cell in line])
        if text.tell() > PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def xlsx_of(title: str, lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A workbook of one sheet; numbers are numbers, days are days, texts are texts. It is whole before its first piece
    is told, on disk."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number, line in enumerate(lines):
        cells = []
        for value in line:
            shown: Any = harmless(value) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, value=shown)
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "DD/MM/YYYY"
            else:
                cell.number_format = "#,##0"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    with tempfile.TemporaryFile() as out:
        book.save(out)
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleViolation("file_unreadable") from error
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        lines = [line[:MOST_COLUMNS] for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise RuleViolation("file_unreadable") from error
    if len(lines) > MOST_LINES:
        raise RuleViolation("rows_many", most=MOST_LINES)
    return lines


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise RuleViolation("file_large", most=LARGEST_FILE // 1000)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except RuleViolation:
        raise
    except Exception as error:
        raise RuleViolation("file_unreadable") from error
    try:
        sheet = book.worksheets[0]
        lines = []
        for line in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            lines.append([_text(value) for value in line])
            if len(lines) > MOST_LINES:
                raise RuleViolation("rows_many", most=MOST_LINES)
        return lines
    except RuleViolation:
        raise
    except Exception as error:
        raise RuleViolation("file_unreadable") from error
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
