"""A reader of the books whose answers a test gives, and every state of the list that somebody should have looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pos_client.domain.identifiers import SaleId
from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, SalesFound
from pos_client.domain.sale_sums import SaleSums, sums_of
from pos_client.domain.tender import Tender, TenderKind
from pos_client.ui.exports.document import Document, Exported, Trouble
from pos_client.ui.formats import Format
from pos_client.ui.records.desk import Unreadable
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.records.search import Side
from tests.ui import sample as x

Tell = Callable[[SalesFound | Unreadable], None]
Make = Callable[[tuple[SaleRow, ...], SaleSums], Document]
MORE = Cursor(0, "2026-11-23T10:00:00+07:00", 4711)


@dataclass
class FakeRecords:
    """`ui.records.desk.RecordsDesk`."""

    asked: list[tuple[SaleQuery, Cursor | None, Tell]] = field(default_factory=list)
    summed: list[tuple[SaleQuery, Callable[[SaleSums | Unreadable], None]]] = field(default_factory=list)
    exported: list[tuple[SaleQuery, Make, Format, Callable[[Exported], None]]] = field(default_factory=list)
    written: list[tuple[Callable[[], Document], Format, Callable[[Exported], None]]] = field(default_factory=list)

    def search(self, query: SaleQuery, after: Cursor | None, tell: Tell) -> None:
        self.asked.append((query, after, tell))

    def summarise(self, query: SaleQuery, tell: Callable[[SaleSums | Unreadable], None]) -> None:
        self.summed.append((query, tell))

    def export(self, query: SaleQuery, make: Make, form: Format, tell: Callable[[Exported], None]) -> None:
        self.exported.append((query, make, form, tell))

    def write(self, make: Callable[[], Document], form: Format, tell: Callable[[Exported], None]) -> None:
        self.written.append((make, form, tell))

    def answer(self, answer: SalesFound | Unreadable, number: int = -1) -> None:
        self.asked[number][2](answer)


def row(n: int) -> SaleRow:
    amount = 50_000 + 1_250 * (n % 37)
    grade = (x.E10, x.E5, x.DO)[n % 3]
    tenders: tuple[Tender, ...] = (Tender(TenderKind.CASH if n % 3 else TenderKind.QR, amount),)
    if n % 7 == 0:
        tenders = (Tender(TenderKind.POINTS, 20_000), Tender(TenderKind.CARD, amount - 20_000))
    known = n % 2 == 0
    return SaleRow(
        SaleId(f"sale-{n}"),
        f"CHXD018-T1-261123-{900 - n:05d}",
        x.WALL - timedelta(minutes=3 * n),
        n % 6 + 1,
        n % 2 + 1,
        grade,
        27_080,
        amount * 1000 // 27_080,
        amount,
        tenders,
        "Nguyễn Thị Á***" if known else "",
        "000 *** 821" if known else "",
        20_000 if n % 7 == 0 else 0,
        (amount // 20_000) * 50 if known else 0,
        recovered=n == 9,
    )


FULL = SalesFound(tuple(row(n) for n in range(1, 51)), MORE, 50)
Scene = Callable[[RecordsPage, FakeRecords], None]


def _full(page: RecordsPage, desk: FakeRecords) -> None:
    desk.answer(FULL)


def _found(page: RecordsPage, desk: FakeRecords) -> None:
    type_into(page, "23/11 14h c3")
    desk.answer(SalesFound(tuple(row(n) for n in (2, 8, 14)), None, 50))


def _empty(page: RecordsPage, desk: FakeRecords) -> None:
    desk.answer(SalesFound((), None, 0))


def _nothing(page: RecordsPage, desk: FakeRecords) -> None:
    type_into(page, "000046821")
    desk.answer(SalesFound((), None, 0))


def _error(page: RecordsPage, desk: FakeRecords) -> None:
    desk.answer(Unreadable("store_locked"))


def _not_understood(page: RecordsPage, desk: FakeRecords) -> None:
    type_into(page, "xăng hôm kia")


def _slow(page: RecordsPage, desk: FakeRecords) -> None:
    type_into(page, "c6")
    page.search = type(page.search)(page.search.text, page.search.query, looked=4_500, asked_ms=x.NOW - 3_200)


def _sums(page: RecordsPage, desk: FakeRecords) -> None:
    page.turn_side(Side.SUMS)
    desk.summed[-1][1](sums_of(row(n * 4) for n in range(1, 160)))


def _points(page: RecordsPage, desk: FakeRecords) -> None:
    page.turn_side(Side.POINTS)
    desk.summed[-1][1](sums_of(replace(row(n * 4), paid_at=row(n * 40).paid_at) for n in range(1, 220)))


def _summing_points(page: RecordsPage, desk: FakeRecords) -> None:
    page.turn_side(Side.POINTS)


def _summing(page: RecordsPage, desk: FakeRecords) -> None:
    page.turn_side(Side.SUMS)


def _exported(page: RecordsPage, desk: FakeRecords) -> None:
    desk.answer(FULL)
    page.export(Format.XLSX)
    desk.exported[-1][3](Exported("/media/usb/pos-client-sales-CHXD018-T1-20261123-143200.xlsx", 1_204))


def _not_exported(page: RecordsPage, desk: FakeRecords) -> None:
    desk.answer(FULL)
    page.export(Format.PDF)
    desk.exported[-1][3](Exported(trouble=Trouble.FULL))


RECORDS: dict[str, Scene] = {
    "sums": _sums,
    "summing": _summing,
    "points": _points,
    "summing-points": _summing_points,
    "exported": _exported,
    "not-exported": _not_exported,
    "full": _full,
    "found": _found,
    "empty": _empty,
    "nothing": _nothing,
    "error": _error,
    "not-understood": _not_understood,
    "slow": _slow,
}


def type_into(page: RecordsPage, text: str) -> None:
    """What is typed is looked for at once."""
    page.field.setText(text)
    page.begin()
