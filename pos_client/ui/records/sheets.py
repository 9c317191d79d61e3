"""What is found, as sheets that leave the program: the list, its sums by hour and grade, the shift's meters. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.sale_search import SaleRow
from pos_client.domain.sale_sums import HOURS, SaleSums, Sum
from pos_client.domain.sheets import Cell, Litres, Sheet, local
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.ui.records.view_model import tenders

_SUM = ("sales", "litres", "amount", "spent", "points")


Rows = tuple[SaleRow, ...]


def sheets(words: Catalogue, rows: Rows, sums: SaleSums, shift: ShiftSnapshot | None) -> tuple[Sheet, ...]:
    """All of them; the shift's only when there is one."""
    own = (_shift(words, shift), _tenders(words, shift)) if shift is not None else ()
    return (_by_hour(words, sums), _by_grade(words, sums), *own, _list(words, rows))


def _heads(words: Catalogue, *names: str) -> tuple[str, ...]:
    return tuple(words.say(f"records.column.{name}") for name in names)


def _cells(total: Sum) -> tuple[Cell, ...]:
    return (total.sales, Litres(total.volume_ml), total.amount_vnd, total.points_spent, total.points_earned)


def _by_hour(words: Catalogue, sums: SaleSums) -> Sheet:
    rows = tuple((f"{hour:02d}:00", *_cells(sums.hours[hour])) for hour in HOURS if sums.hours[hour].sales)
    whole = (words.say("records.total"), *_cells(sums.total))
    return Sheet(words.say("records.by_hour"), _heads(words, "hour", *_SUM), (*rows, whole))


def _by_grade(words: Catalogue, sums: SaleSums) -> Sheet:
    rows = tuple((name, *_cells(total)) for name, total in sums.grades)
    return Sheet(words.say("records.by_grade"), _heads(words, "grade", *_SUM), rows)


def _list(words: Catalogue, rows: tuple[SaleRow, ...]) -> Sheet:
    names = ("when", "bill", "point", "grade", "litres", "amount", "tenders", "customer", "spent", "points")
    return Sheet(words.say("records.title"), _heads(words, *names), tuple(_sale(words, row) for row in rows))


def _sale(words: Catalogue, row: SaleRow) -> tuple[Cell, ...]:
    place = words.say("shift.nozzle", point=row.point, nozzle=row.nozzle)
    customer = " · ".join(part for part in (row.masked_name, row.masked_identifier) if part)
    return (
        *(local(row.paid_at), row.receipt_number, place, row.grade_name, Litres(row.volume_ml), row.amount_vnd),
        *(tenders(words, row), customer, row.points_spent, row.points_earned),
    )


def _shift(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    names = ("nozzle", "grade", "opening", "last", "metered", "told", "test", "recovered", "fuellings", "amount")
    heads = (*(words.say(f"shift.column.{name}") for name in names), words.say("shift.column.variance"))
    rows = tuple(
        (
            words.say("shift.nozzle", point=row.point, nozzle=row.nozzle),
            row.grade_name,
            *(_volume(ml) for ml in (row.opening_ml, row.last_ml, row.metered_ml)),
            *(Litres(row.told_ml), Litres(row.test_ml), Litres(row.recovered_ml), row.fuellings, row.amount_vnd),
            _volume(row.variance_ml) if row.variance_ml else words.say(f"shift.meter.{row.state.value}"),
        )
        for row in shift.rows
    )
    return Sheet(words.say("records.shift", cashier=shift.cashier), heads, rows)


def _tenders(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    rows = tuple((words.say(f"tender.{each.kind.value}"), each.count, each.amount_vnd) for each in shift.tenders)
    return Sheet(words.say("records.shift_tenders"), _heads(words, "tenders", "sales", "amount"), rows)


def _volume(volume_ml: int | None) -> Cell:
    return "" if volume_ml is None else Litres(volume_ml)
