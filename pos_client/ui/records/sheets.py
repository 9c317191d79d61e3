"""What is found, as documents that leave the program: the sales with what they come to, and their points. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.sale_search import SaleQuery, SaleRow
from pos_client.domain.sale_sums import HOURS, SaleSums, Sum
from pos_client.domain.sheets import Cell, Litres, Sheet, local
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.ui.exports.document import Document
from pos_client.ui.records import sums_view
from pos_client.ui.records.view_model import tenders, understood, way
from pos_client.ui.shift import sheets as shift_sheets

_SUM = ("sales", "litres", "amount", "spent", "points")
Rows = tuple[SaleRow, ...]


def sales(
    words: Catalogue, query: SaleQuery, rows: Rows, sums: SaleSums, shift: ShiftSnapshot | None, station: str
) -> Document:
    """The sales that were looked for; the shift's only when there is one."""
    own = () if shift is None else (shift_sheets.meters(words, shift), shift_sheets.tenders(words, shift))
    made = (_by_hour(words, sums), _by_grade(words, sums), *own, _list(words, rows))
    return Document(
        "sales",
        words.say("records.title"),
        _note(words, query, station),
        made,
        sums_view.money_plots(words, sums),
        len(rows),
        sums.cut,
    )


def points(words: Catalogue, query: SaleQuery, sums: SaleSums, station: str) -> Document:
    """Points earned and spent: by day, hour, grade and tender."""
    by_day = tuple((day, *_cells(total)) for day, total in sums.days)
    by_way = tuple((way(words, kinds), *_cells(total)) for kinds, total in sums.ways)
    made = (
        Sheet(words.say("records.by_day"), _heads(words, "day", *_SUM), (*by_day, _whole(words, sums))),
        _by_hour(words, sums),
        _by_grade(words, sums),
        Sheet(words.say("records.by_tender"), _heads(words, "tenders", *_SUM), by_way),
    )
    note = f"{_note(words, query, station)} · {words.say('records.points_expected')}"
    plots = sums_view.points_plots(words, sums)
    return Document("points", words.say("records.points_title"), note, made, plots, sums.total.sales, sums.cut)


def _note(words: Catalogue, query: SaleQuery, station: str) -> str:
    return " · ".join(part for part in (station, understood(words, query)) if part)


def _heads(words: Catalogue, *names: str) -> tuple[str, ...]:
    return tuple(words.say(f"records.column.{name}") for name in names)


def _cells(total: Sum) -> tuple[Cell, ...]:
    return (total.sales, Litres(total.volume_ml), total.amount_vnd, total.points_spent, total.points_earned)


def _whole(words: Catalogue, sums: SaleSums) -> tuple[Cell, ...]:
    return (words.say("records.total"), *_cells(sums.total))


def _by_hour(words: Catalogue, sums: SaleSums) -> Sheet:
    rows = tuple((f"{hour:02d}:00", *_cells(sums.hours[hour])) for hour in HOURS if sums.hours[hour].sales)
    return Sheet(words.say("records.by_hour"), _heads(words, "hour", *_SUM), (*rows, _whole(words, sums)))


def _by_grade(words: Catalogue, sums: SaleSums) -> Sheet:
    rows = tuple((name, *_cells(total)) for name, total in sums.grades)
    return Sheet(words.say("records.by_grade"), _heads(words, "grade", *_SUM), rows)


def _list(words: Catalogue, rows: Rows) -> Sheet:
    names = ("when", "bill", "point", "grade", "litres", "amount", "tenders", "customer", "spent", "points")
    return Sheet(words.say("records.title"), _heads(words, *names), tuple(_sale(words, row) for row in rows))


def _sale(words: Catalogue, row: SaleRow) -> tuple[Cell, ...]:
    place = words.say("shift.nozzle", point=row.point, nozzle=row.nozzle)
    customer = " · ".join(part for part in (row.masked_name, row.masked_identifier) if part)
    return (
        *(local(row.paid_at), row.receipt_number, place, row.grade_name, Litres(row.volume_ml), row.amount_vnd),
        *(tenders(words, row), customer, row.points_spent, row.points_earned),
    )
