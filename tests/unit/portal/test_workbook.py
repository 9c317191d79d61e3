"""A workbook written a row a piece reads as the one the library would have made."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pos_client.domain.sheets import harmless
from pos_client.sandbox.portal import spreadsheet
from pos_client.sandbox.portal.spreadsheet import NOT_XML, Cell

HEADINGS: list[Cell] = ["Ngày", "Tên & <nơi>", "Điểm"]
TEXTS = st.text(max_size=40).map(lambda text: text.replace("\r", "").strip())
"""What XML itself makes of a carriage return is not ours."""
ROWS = st.lists(st.tuples(st.dates(min_value=date(1900, 3, 1)), TEXTS, st.integers(-(10**12), 10**12)), max_size=8)


def read(lines: list[list[Cell]]) -> list[list[Any]]:
    content = b"".join(spreadsheet.xlsx_of("Sao kê", lines))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.title == "Sao kê"
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@given(ROWS)
def test_every_day_text_and_number_comes_back(rows):
    told = read([HEADINGS, *(list(row) for row in rows)])
    assert told[0] == HEADINGS
    for row, back in zip(rows, told[1:], strict=True):
        assert back[0].date() == row[0]
        assert (back[1] or "") == NOT_XML.sub("", harmless(row[1]))
        assert back[2] == row[2]


def test_days_and_numbers_look_as_they_are_read_here_and_headings_stand_out():
    content = b"".join(spreadsheet.xlsx_of("x" * 40, [HEADINGS, [date(2027, 3, 31), "=1+1", 95_400]]))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    heading, line = list(sheet.iter_rows())
    assert all(cell.font.bold for cell in heading)
    assert [cell.number_format for cell in line] == ["DD/MM/YYYY", "General", "#,##0"]
    assert line[1].data_type == "s", "a text that begins like a formula is a text"
    assert not line[0].font.bold


def test_a_statement_of_years_is_never_whole_in_memory():
    def lines() -> Iterator[list[Cell]]:
        yield HEADINGS
        for number in range(20_000):
            yield [date(2026, 11, 23), f"Cửa hàng số {number} " + "x" * 200, number]

    tracemalloc.start()
    try:
        told = sum(map(len, spreadsheet.xlsx_of("Sao kê", lines())))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert told > 100_000
    assert most < 3_000_000, "rows of 5 MB and more went through a window"
