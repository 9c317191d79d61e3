"""Sums in words: tables by hour and by grade. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped, litres, money, points
from pos_client.domain.sale_sums import HOURS, SaleSums, Sum
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow

NOTHING = "–"


def hours(words: Catalogue, sums: SaleSums | None) -> TableData:
    """One row for each hour that sold, then the whole."""
    rows: list[TableRow] = []
    if sums is not None and sums.total.sales:
        whole = TableRow("total", _cells(words.say("records.total"), sums.total, strong=True))
        rows = [TableRow(hour, _cells(f"{hour:02d}:00", sums.hours[hour])) for hour in HOURS if sums.hours[hour].sales]
        rows.insert(0, whole)
    return TableData(_columns(words, "hour", 74), tuple(rows), _empty(words, sums))


def grades(words: Catalogue, sums: SaleSums | None) -> TableData:
    """One row a grade."""
    rows = tuple(TableRow(name, _cells(name, total)) for name, total in sums.grades) if sums is not None else ()
    return TableData(_columns(words, "grade", 140), rows, _empty(words, sums))


def caption(words: Catalogue, sums: SaleSums) -> str:
    """What all of them come to, or that there were more than are summed."""
    if sums.cut:
        return words.say("records.cut", sales=grouped(sums.total.sales))
    return words.say("records.sums", sales=grouped(sums.total.sales), amount=money(sums.total.amount_vnd))


def _columns(words: Catalogue, first: str, least_px: int) -> tuple[Column, ...]:
    def column(name: str, least: int, rank: int = 0) -> Column:
        return Column(words.say(f"records.column.{name}"), least, right=True, rank=rank)

    return (
        Column(words.say(f"records.column.{first}"), least_px, grows=True),
        column("sales", 64),
        column("litres", 96),
        column("amount", 132),
        column("spent", 96, 2),
        column("points", 96, 1),
    )


def _cells(name: str, total: Sum, *, strong: bool = False) -> tuple[CellText, ...]:
    return (
        CellText(name, strong=strong),
        CellText(grouped(total.sales)),
        CellText(litres(total.volume_ml)),
        CellText(money(total.amount_vnd), strong=True),
        CellText(points(total.points_spent) if total.points_spent else NOTHING),
        CellText(points(total.points_earned) if total.points_earned else NOTHING),
    )


def _empty(words: Catalogue, sums: SaleSums | None) -> str:
    return words.say("records.summing" if sums is None else "records.nothing_found")
