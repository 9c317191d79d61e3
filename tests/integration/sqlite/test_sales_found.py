"""Sales looked for in a real book, against a plain model: every page, every order, nothing twice, nothing left out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pos_client.adapters.sqlite import sales
from pos_client.adapters.sqlite.reader import JournalReader, open_reader
from pos_client.adapters.sqlite.sales import SalesReader
from pos_client.adapters.sqlite.store import open_store
from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, fits, parse
from pos_client.ports.store import Change

BEGIN = datetime(2026, 11, 20, 6, tzinfo=VIETNAM)
COUNT = 240
AMOUNTS = (50_000, 95_400, 100_000, 350_000, 231)
CUSTOMERS = ("", "000 *** 821", "000 *** 001", "0912 *** 678")


def write(path: Path) -> None:
    dice = random.Random(7)
    store = open_store(path)
    for n in range(1, COUNT + 1):
        at = BEGIN + timedelta(minutes=37 * n)
        fuelling, sale = FuellingId(f"CHXD018-{n}"), SaleId(f"sale-{n:05d}")
        point, amount = PointId(dice.randint(1, 6)), dice.choice(AMOUNTS)
        rows: list[f.Fact] = [
            f.FuellingCompleted(
                fuelling, point, NozzleId(1), "E10", "E10", 27_080, 1_000, amount, 0, n, at.isoformat()
            ),
            f.SaleOpened(sale, fuelling, f"CHXD018-T1-{at:%y%m%d}-{n:05d}"),
        ]
        if customer := dice.choice(CUSTOMERS):
            rows.append(f.CustomerAttached(sale, "sealed", customer, "P***", "individual", True))
            if dice.random() < 0.2:
                rows.append(f.CustomerDetached(sale, "customer"))
        if dice.random() < 0.1:
            rows.append(f.SaleReleased(sale, "given_back"))
        else:
            rows += [f.TenderTaken(sale, "cash", amount), f.SalePaid(sale, at.isoformat(), 50, "", "")]
        store.commit(Change(tuple(rows)), at)
    store.close()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JournalReader]:
    path = tmp_path_factory.mktemp("sales") / "journal.db"
    write(path)
    with open_reader(path) as reader:
        yield reader


def everything(reader: JournalReader) -> list[SaleRow]:
    """The plain model: every story read, newest first."""
    told = SalesReader(reader)
    subjects = [e.fact.sale_id for e in reader.everything() if isinstance(e.fact, f.SaleOpened)]
    return [row for subject in reversed(subjects) if (row := told.sale(subject)) is not None]


def all_pages(reader: JournalReader, query: SaleQuery, rows: int) -> list[SaleRow]:
    found: list[SaleRow] = []
    after: Cursor | None = None
    while True:
        page = SalesReader(reader).page(query, after, rows)
        assert len(page.rows) <= rows
        found += page.rows
        if page.after is None:
            return found
        assert page.after != after
        after = page.after


QUERIES = (
    *("", "c3", "350.000", "*821", "000046821", "0912000678", "#17", "231", "22/11", "22/11 8h-12h", "23/11 c2 95.400"),
    *("#99999", "c9", "01/01/2020", "000046821 c1", "350.000 24/11", "50000đ c4 *001"),
)


@pytest.mark.parametrize("rows", [1, 7, 50])
@pytest.mark.parametrize("text", QUERIES)
def test_pages_hold_what_a_plain_reading_finds(book: JournalReader, text: str, rows: int):
    query = parse(text, (BEGIN + timedelta(days=9)).date())
    assert not query.not_understood
    wanted = [row for row in everything(book) if fits(query, row)]
    found = all_pages(book, query, rows)
    assert sorted(row.sale_id for row in found) == sorted(row.sale_id for row in wanted)
    if query.number is None:
        assert [row.sale_id for row in found] == [row.sale_id for row in wanted]


def test_a_step_is_bounded_and_goes_on_where_it_stood(book: JournalReader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sales, "LOOKED_MOST", 10)
    query = parse("c3", BEGIN.date())
    page = SalesReader(book).page(query, None, 50)
    assert page.looked == 10
    assert page.after is not None
    wanted = [row for row in everything(book) if fits(query, row)]
    assert all_pages(book, query, 50) == wanted


def test_a_detached_customer_is_not_found_by_his_number(book: JournalReader):
    found = all_pages(book, SaleQuery(customer="000 *** 821"), 50)
    assert found
    assert {row.masked_identifier for row in found} == {"000 *** 821"}


@pytest.mark.parametrize(
    ("name", "values", "index"),
    [
        ("sales_paid", {"since": "", "at": "x", "seq": 1, "limit": 1}, "journal_paid"),
        ("sales_by_bill", {"bill": "00001", "seq": 1, "limit": 1}, "journal_bills"),
        ("sales_by_amount", {"amount_vnd": 1, "seq": 1, "limit": 1}, "journal_amounts"),
        ("sales_by_customer", {"customer": "x", "seq": 1, "limit": 1}, "journal_customers"),
    ],
)
def test_each_way_to_look_goes_by_its_index_and_sorts_nothing(book: JournalReader, name: str, values, index: str):
    plan = book._connection.execute(f"EXPLAIN QUERY PLAN {book._sql[name]}", values).fetchall()
    said = " | ".join(str(row[-1]) for row in plan)
    assert index in said
    assert "SCAN" not in said
    assert "TEMP B-TREE" not in said
