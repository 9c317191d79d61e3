"""Sums in words: tables by hour and by grade, the points by day, hour, grade and tender, and plots of both. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped, litres, money, points
from pos_client.domain.plots import Bar, Plot
from pos_client.domain.sale_sums import HOURS, SaleSums, Sum
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.records.view_model import way

NOTHING = "–"
THOUSAND = 1000


def hours(words: Catalogue, sums: SaleSums | None) -> TableData:
    """The whole, then one row for each hour that sold."""
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


def of_points(words: Catalogue, sums: SaleSums | None, name: str) -> TableData:
    """One of the tables of points: days, hours, grades, tenders."""
    parts: list[tuple[str, Sum]] = []
    if sums is not None:
        parts = {
            "days": [(f"{day:%d/%m/%Y}", total) for day, total in sums.days],
            "hours": [(f"{hour:02d}:00", sums.hours[hour]) for hour in HOURS if sums.hours[hour].sales],
            "grades": list(sums.grades),
            "tenders": [(way(words, kinds), total) for kinds, total in sums.ways],
        }[name]
        if name == "days" and parts:
            parts.insert(0, (words.say("records.total"), sums.total))
    heads = {"days": "day", "hours": "hour", "grades": "grade", "tenders": "tenders"}
    columns = (
        Column(words.say(f"records.column.{heads[name]}"), 130, grows=True),
        Column(words.say("records.column.sales"), 64, right=True),
        Column(words.say("records.column.points"), 110, right=True),
        Column(words.say("records.column.spent"), 110, right=True),
    )
    rows = tuple(
        TableRow(
            place,
            (
                CellText(label, strong=name == "days" and place == 0),
                CellText(grouped(total.sales)),
                CellText(points(total.points_earned) if total.points_earned else NOTHING, strong=True),
                CellText(points(total.points_spent) if total.points_spent else NOTHING),
            ),
        )
        for place, (label, total) in enumerate(parts)
    )
    return TableData(columns, rows, _empty(words, sums))


def money_plots(words: Catalogue, sums: SaleSums) -> tuple[Plot, ...]:
    """What each hour brought."""
    bars = (_bar(hour, sums.hours[hour].amount_vnd) for hour in HOURS)
    return (Plot(words.say("records.by_hour"), words.say("records.thousands"), tuple(bars)),)


def _bar(hour: int, amount: int) -> Bar:
    return Bar(f"{hour:02d}h", max(0, amount), up_text=grouped(amount // THOUSAND) if amount else "")


def points_plots(words: Catalogue, sums: SaleSums) -> tuple[Plot, ...]:
    """Earned upwards, spent downwards: by day, by hour, by grade, by tender."""
    unit = words.say("records.points_unit")
    parts: tuple[tuple[str, list[tuple[str, Sum]]], ...] = (
        ("by_day", [(f"{day:%d/%m}", total) for day, total in sums.days]),
        ("by_hour", [(f"{hour:02d}h", sums.hours[hour]) for hour in HOURS]),
        ("by_grade", list(sums.grades)),
        ("by_tender", [(way(words, kinds), total) for kinds, total in sums.ways]),
    )
    return tuple(
        Plot(words.say(f"records.{name}"), unit, tuple(_two(label, total) for label, total in part))
        for name, part in parts
    )


def _two(label: str, total: Sum) -> Bar:
    up, down = total.points_earned, total.points_spent
    return Bar(label, max(0, up), max(0, down), grouped(up) if up else "", grouped(down) if down else "")


def caption(words: Catalogue, sums: SaleSums) -> str:
    """What all of them come to, or that there were more than are summed."""
    if sums.cut:
        return words.say("records.cut", sales=grouped(sums.total.sales))
    return words.say("records.sums", sales=grouped(sums.total.sales), amount=money(sums.total.amount_vnd))


def points_caption(words: Catalogue, sums: SaleSums) -> str:
    """The points of all of them, or that there were more than are summed."""
    if sums.cut:
        return words.say("records.cut", sales=grouped(sums.total.sales))
    earned, spent = points(sums.total.points_earned), points(sums.total.points_spent)
    return words.say("records.points_sums", earned=earned, spent=spent)


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
