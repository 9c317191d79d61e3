"""Shift, meters, points and signs as files: every form read back, whatever names hold; and files that cannot be."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_client.bootstrap import files_out
from pos_client.bootstrap.files_out import FilesOut
from pos_client.bootstrap.paths import Site
from pos_client.domain.formatting import litres
from pos_client.domain.sale_search import SaleQuery
from pos_client.domain.sale_sums import sums_of
from pos_client.domain.tender import TenderKind
from pos_client.services.radar_snapshots import RadarPage
from pos_client.settings.model import StationSettings
from pos_client.ui.exports.document import Document, Exported, Trouble, said
from pos_client.ui.formats import Format
from pos_client.ui.radar import sheets as signs
from pos_client.ui.records import sheets as records
from pos_client.ui.records.search import Side
from pos_client.ui.shift import sheets as shifts
from pos_client.ui.shift.keys import Tab
from pos_client.ui.tone import Tone
from tests.pdf_text import text
from tests.ui import sample as x
from tests.ui.finding import destroy
from tests.ui.pictures import windows
from tests.ui.records_desk import FakeRecords, row
from tests.words import words

VI = words("vi")
PLACE = "Cửa hàng số 18 Nguyễn Trãi"
NASTY = '=HYPERLINK("http://x");ẵ'
ROWS = tuple(row(n) for n in range(1, 160))
SUMS = sums_of(ROWS)
SHIFT = x.shift(cashier=NASTY, cash_counted_vnd=12_300_000)
QUERY = SaleQuery()
MADE: dict[str, Callable[[], Document]] = {
    "shift": lambda: shifts.document(VI, SHIFT, PLACE),
    "points": lambda: records.points(VI, QUERY, SUMS, PLACE),
    "signs": lambda: signs.document(VI, x.SIGNS, PLACE),
    "sales": lambda: records.sales(VI, QUERY, ROWS, SUMS, SHIFT, PLACE),
}


@pytest.fixture
def files(tmp_path: Path, qapp: QApplication) -> FilesOut:
    del qapp
    return FilesOut(Site(tmp_path), StationSettings("CHXD018", PLACE), folder=tmp_path)


def lines(done: Exported) -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(done.file).read_text("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("name", MADE)
def test_every_form_holds_every_table(files: FilesOut, name: str):
    document = MADE[name]()
    told = lines(files.write(document, Format.CSV))
    book = load_workbook(files.write(document, Format.XLSX).file)
    paper = text(Path(files.write(document, Format.PDF).file).read_bytes())
    assert len(book.sheetnames) == len(document.sheets)
    for page, sheet in zip(book.worksheets, document.sheets, strict=True):
        assert sum(1 for _ in page.iter_rows()) == len(sheet.rows) + 1
        assert [cell.value for cell in next(page.iter_rows())] == list(sheet.headings)
        assert list(sheet.headings) in told
    assert sum(map(bool, told)) == sum(2 + len(sheet.rows) for sheet in document.sheets)
    assert document.title in paper
    assert all(f"{plot.title} ({plot.unit})" in paper for plot in document.plots if not plot.is_empty)


@pytest.mark.parametrize("name", MADE)
def test_no_cell_is_a_formula_and_no_letter_is_lost(files: FilesOut, name: str):
    document = MADE[name]()
    for line in lines(files.write(document, Format.CSV)):
        for cell in line:
            number = cell[1:].replace(",", "").isdigit()
            assert not cell.startswith(("=", "@", "\t", "\r")), cell
            assert number or not cell.startswith(("+", "-")), cell
    book = load_workbook(files.write(document, Format.XLSX).file)
    assert not [c for page in book.worksheets for r in page.iter_rows() for c in r if c.data_type == "f"]
    if name == "shift":
        assert f"'{NASTY}" in [cell.value for r in book.worksheets[0].iter_rows() for cell in r]
        assert "Tiền mặt phải có" in text(Path(files.write(document, Format.PDF).file).read_bytes())


def test_the_meters_can_be_reckoned_with(files: FilesOut):
    book = load_workbook(files.write(MADE["shift"](), Format.XLSX).file)
    rows = list(book.worksheets[3].iter_rows(min_row=2, values_only=True))
    for told, expected in zip(rows, SHIFT.rows, strict=True):
        assert told[5] == expected.told_ml / 1000
        if expected.variance_ml is not None and expected.metered_ml is not None:
            assert (told[4], told[10]) == (expected.metered_ml / 1000, expected.variance_ml / 1000)
            assert expected.metered_ml - expected.told_ml == expected.variance_ml
    drawn = shifts.plots(VI, SHIFT)[2].bars
    assert [bar.up - bar.down for bar in drawn] == [each.variance_ml or 0 for each in SHIFT.rows]
    assert {bar.up_text + bar.down_text for bar in drawn} == {litres(each.variance_ml or 0) for each in SHIFT.rows}


def test_the_points_of_every_table_are_those_of_the_sales():
    document = MADE["points"]()
    earned, spent = sum(each.points_earned for each in ROWS), sum(each.points_spent for each in ROWS)
    assert earned
    assert spent
    for sheet in document.sheets:
        whole = [line for line in sheet.rows if line[0] == VI.say("records.total")]
        parts = [line for line in sheet.rows if line not in whole]
        for added in (whole, parts) if whole else (parts,):
            assert [sum(int(str(line[place])) for line in added) for place in (5, 4)] == [earned, spent]
    for plot in document.plots:
        assert (sum(bar.up for bar in plot.bars), sum(bar.down for bar in plot.bars)) == (earned, spent)
    assert {kinds for kinds, _ in SUMS.ways} >= {(TenderKind.CASH,), (TenderKind.CARD, TenderKind.POINTS)}
    assert all(isinstance(line[0], date) for line in document.sheets[0].rows[:-1])


def test_the_fuellings_behind_a_nozzle_go_with_it():
    drilled = replace(SHIFT, drill=(SHIFT.rows[0].point, SHIFT.rows[0].nozzle), drill_fuellings=x.FUELLINGS)
    assert len(shifts.document(VI, drilled, PLACE).sheets[-1].rows) == len(x.FUELLINGS)


@pytest.mark.parametrize("form", Format)
def test_nothing_at_all_is_a_file_too(files: FilesOut, form: Format):
    empty = sums_of(())
    for document in (signs.document(VI, RadarPage(), PLACE), records.points(VI, QUERY, empty, "")):
        assert files.write(document, form).trouble is None


def test_files_are_named_by_station_and_day_and_none_is_written_over(files: FilesOut, tmp_path: Path):
    done = [files.write(MADE["signs"](), Format.CSV) for _ in range(3)]
    assert len({each.file for each in done}) == 3
    assert all(Path(each.file).name.startswith("pos-client-signs-CHXD018-T1-20") for each in done)
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, Trouble.FULL),
        (errno.EROFS, Trouble.READ_ONLY),
        (errno.EACCES, Trouble.READ_ONLY),
        (errno.EIO, Trouble.GONE),
        (errno.EBADF, Trouble.FAILED),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_file_that_cannot_be_is_said_in_words(
    files: FilesOut, number: int, trouble: Trouble, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files_out, "write_whole", refuse)
    done = files.write(MADE["signs"](), Format.XLSX)
    assert (done.file, done.trouble) == ("", trouble)
    told, tone = said(words(language), done)
    assert tone is Tone.DANGER
    assert ("system" in told or "hệ thống" in told) is (trouble is Trouble.FAILED)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_to_is_said(files: FilesOut, tmp_path: Path):
    (tmp_path / "shut").mkdir(mode=0o500)
    files.folder = tmp_path / "shut"
    assert files.write(MADE["signs"](), Format.CSV).trouble is Trouble.READ_ONLY


# ── from the pages ──────────────────────────────────────────────────────────────────────────────────────────────────

KEYS = {Qt.Key.Key_F9: Format.CSV, Qt.Key.Key_F10: Format.XLSX, Qt.Key.Key_F11: Format.PDF}


@pytest.mark.parametrize("key", KEYS)
def test_the_same_keys_make_a_file_of_every_page(qapp: QApplication, key: Qt.Key):
    desk = FakeRecords()
    shown = windows(records=desk)
    window = shown.cashier
    window.show()
    window.show_snapshot(x.terminal())
    window.open_shift(Tab.SHIFT)
    QTest.keyClick(window, key)
    window.show_snapshot(x.terminal(radar=x.SIGNS))
    QTest.keyClick(window, key)
    assert [form for _, form, _ in desk.written] == [KEYS[key]] * 2
    assert [make().name for make, _, _ in desk.written] == ["shift", "signs"]
    desk.written[-1][2](Exported("/media/usb/pos-client-signs.csv"))
    qapp.processEvents()
    assert "pos-client-signs.csv" in window.pages.radar.exporter.text()
    window.open_records()
    page = window.pages.records
    assert page is not None
    page.turn_side(Side.POINTS)
    desk.summed[-1][1](SUMS)
    QTest.keyClick(page.field, key)
    query, make, form, _ = desk.exported[-1]
    assert (form, make(ROWS, SUMS).name) == (KEYS[key], "points")
    assert query.since is not None
    assert query.until is not None
    assert (query.until - query.since).days == 7
    shown.close()
    for each in (shown.cashier, shown.customer):
        destroy(each)
