"""Spreadsheets in and out: CSV and XLSX, rows of text with their numbers, headings in either language.

What comes in is somebody's file: it is bounded before it is unpacked, and nothing in it is computed. What goes out is
opened in a spreadsheet program: a text that begins like a formula is made a text.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

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

SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet: its 60 is a 29 February 1900 that never was, and all days after that agree."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Letters that no XML may hold."""

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
    is told, on disk.

    The library makes the book; its rows are written here, a text each, because a cell as the library makes one costs
    thirty times as much, and a statement of years has a million of them.
    """
    book = Workbook(write_only=True)
    look = _look_of(book.create_sheet(title[:31]))
    with tempfile.TemporaryFile() as frame, tempfile.TemporaryFile() as out:
        book.save(frame)
        with zipfile.ZipFile(frame) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as whole:
            for part in made.infolist():
                if part.filename != SHEET:
                    whole.writestr(part.filename, made.read(part))
            with whole.open(SHEET, "w", force_zip64=True) as sheet:
                for row in _sheet(lines, look):
                    sheet.write(row.encode())
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece


def _look_of(sheet: Any) -> dict[type, int]:
    """How text, days, numbers and the heading (`type`) look, by the number the book knows it by."""
    formats = {str: "General", date: "DD/MM/YYYY", int: "#,##0", type: "General"}
    found = {}
    for kind, shown in formats.items():
        cell = WriteOnlyCell(sheet)
        cell.number_format = shown
        if kind is type:
            cell.font = Font(bold=True)
        found[kind] = int(cell.style_id)
    return found


def _sheet(lines: Iterable[Sequence[Cell]], look: dict[type, int]) -> Iterator[str]:
    """The part of a book that holds its rows (ECMA-376 part 1, 18.3), a row a piece."""
    yield f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{SPREADSHEET}"><sheetData>'
    for number, line in enumerate(lines):
        yield f"<row>{''.join(_cell(value, look, heading=number == 0) for value in line)}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: Cell, look: dict[type, int], *, heading: bool) -> str:
    if isinstance(value, str):
        style = look[type if heading else str]
        text = escape(NOT_XML.sub("", harmless(value)))
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, date):
        return f'<c s="{look[date]}"><v>{(value - FIRST_DAY).days}</v></c>'
    return f'<c s="{look[int]}"><v>{value}</v></c>'


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
