"""The list of sales as files, out of a real book, by the thread that reads it: what is in them, and what cannot be."""

from __future__ import annotations

import csv
import io
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.sales import SalesReader
from pos_client.bootstrap.files_out import FilesOut
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.sales_list import SalesList
from pos_client.domain.sale_search import SaleQuery, SalesFound, parse
from pos_client.domain.sale_sums import SaleSums
from pos_client.domain.sheets import Litres, Sheet, sheets_as_csv
from pos_client.settings.model import StationSettings
from pos_client.ui.exports.document import Exported, Trouble
from pos_client.ui.formats import Format
from pos_client.ui.records import sheets
from pos_client.ui.records.desk import Unreadable
from tests.integration.sqlite.test_sales_found import BEGIN, COUNT, write
from tests.ui import sample as x
from tests.words import words

VI = words("vi")
DAY = parse("22/11", BEGIN.date())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = Site(tmp_path_factory.mktemp("till"))
    write(made.journal)
    return made


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Iterator[SalesList]:
    made = SalesList(site, FilesOut(site, StationSettings("CHXD018", "Cửa hàng số 18"), folder=tmp_path))
    made.start()
    yield made
    made.stop()


def export(desk: SalesList, form: Format, query: SaleQuery = DAY, shift=None) -> Exported:
    told: queue.SimpleQueue[Exported] = queue.SimpleQueue()
    desk.export(query, lambda rows, sums: sheets.sales(VI, query, rows, sums, shift, "Cửa hàng số 18"), form, told.put)
    return told.get(timeout=60)


def wanted(site: Site, query: SaleQuery):
    with open_reader(site.journal) as reader:
        rows, cut = SalesReader(reader).newest(query, 10_000)
    assert not cut
    return rows


def test_a_search_and_its_sums_agree(desk: SalesList, site: Site):
    found: queue.SimpleQueue[SalesFound | Unreadable] = queue.SimpleQueue()
    summed: queue.SimpleQueue[SaleSums | Unreadable] = queue.SimpleQueue()
    desk.search(DAY, None, found.put)
    page = found.get(timeout=60)
    desk.summarise(DAY, summed.put)
    sums = summed.get(timeout=60)
    rows = wanted(site, DAY)
    assert isinstance(page, SalesFound)
    assert isinstance(sums, SaleSums)
    assert list(page.rows) == rows
    assert sums.total.sales == len(rows) == sum(hour.sales for hour in sums.hours)
    assert sums.total.amount_vnd == sum(row.amount_vnd for row in rows) == sum(g.amount_vnd for _, g in sums.grades)
    assert sums.total.amount_vnd == sum(amount for _, _, amount in sums.tenders)


def test_csv_holds_every_sale_and_the_shift(desk: SalesList, site: Site):
    done = export(desk, Format.CSV, shift=x.shift())
    lines = list(csv.reader(io.StringIO(Path(done.file).read_text("utf-8-sig"), newline=""), delimiter=";"))
    bills = [line[1] for line in lines if len(line) == 10 and line[1].startswith("CHXD018-T1")]
    assert bills == [row.receipt_number for row in wanted(site, DAY)]
    assert done.sales == len(bills)
    assert ["Ca của Nguyễn Thị Ánh"] in lines
    assert any(line[:1] == ["Tổng"] for line in lines)


def test_the_workbook_has_numbers_and_moments_that_can_be_reckoned_with(desk: SalesList, site: Site):
    done = export(desk, Format.XLSX, shift=x.shift())
    book = load_workbook(done.file)
    assert len(book.sheetnames) == 5
    rows = list(book.worksheets[-1].iter_rows(min_row=2, values_only=True))
    expected = wanted(site, DAY)
    assert [row[5] for row in rows] == [sale.amount_vnd for sale in expected]
    assert [row[4] for row in rows] == [sale.volume_ml / 1000 for sale in expected]
    assert [str(row[0])[:19] for row in rows] == [f"{sale.paid_at:%Y-%m-%d %H:%M:%S}" for sale in expected]


def test_the_pdf_has_as_many_pages_as_the_list_needs(qapp: QApplication, desk: SalesList, site: Site):
    del qapp
    one = Path(export(desk, Format.PDF).file).read_bytes()
    every = export(desk, Format.PDF, SaleQuery(), shift=x.shift())
    many = Path(every.file).read_bytes()
    assert every.sales == len(wanted(site, SaleQuery())) > COUNT // 2
    assert one.startswith(b"%PDF")
    assert one.count(b"/Type /Page\n") < many.count(b"/Type /Page\n")


@pytest.mark.parametrize("form", Format)
def test_a_folder_that_is_gone_is_said(desk: SalesList, form: Format, tmp_path: Path, qapp: QApplication):
    del qapp
    desk.files.folder = tmp_path / "stick"
    done = export(desk, form)
    assert (done.file, done.trouble) == ("", Trouble.GONE)


def test_books_that_cannot_be_read_are_said(tmp_path: Path):
    made = SalesList(Site(tmp_path), FilesOut(Site(tmp_path), StationSettings(), folder=tmp_path))
    made.start()
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    made.search(SaleQuery(), None, told.put)
    assert isinstance(told.get(timeout=60), Unreadable)
    made.summarise(SaleQuery(), told.put)
    assert isinstance(told.get(timeout=60), Unreadable)
    assert export(made, Format.CSV, SaleQuery()).trouble is Trouble.BOOKS
    made.stop()


def test_a_text_that_begins_like_a_formula_is_a_text():
    raw = sheets_as_csv([Sheet("=1+1", ("@x",), (("-cmd|' /C calc'!A0", 7, Litres(12_925)),))]).decode("utf-8-sig")
    assert raw.splitlines() == ["'=1+1", "'@x", "'-cmd|' /C calc'!A0;7;12,93"]
