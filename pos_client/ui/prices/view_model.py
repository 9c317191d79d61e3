"""Prices in words: in force and to come, and at each nozzle what the list says against what the pump shows."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.domain.formatting import clock, grouped
from pos_client.domain.moment import VIETNAM
from pos_client.services.snapshots import GradePrice, PointSnapshot, TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone

NOTHING = "–"


def listed(words: Catalogue, snapshot: TerminalSnapshot) -> TableData:
    """One row a grade: the price in force, since when, and the next one."""
    say = words.say
    columns = (
        Column(say("prices.column.grade"), 172, grows=True),
        Column(say("prices.column.price"), 84, right=True),
        Column(say("prices.column.since"), 124, rank=1),
        Column(say("prices.column.next"), 86, right=True),
        Column(say("prices.column.next_at"), 116),
    )
    rows = tuple(TableRow(grade.code, _grade(words, grade)) for grade in snapshot.prices)
    return TableData(columns, rows, say("prices.no_grades"))


def _grade(words: Catalogue, grade: GradePrice) -> tuple[CellText, ...]:
    coming = Tone.ATTENTION if grade.next_price is not None else Tone.NEUTRAL
    return (
        CellText(grade.name, strong=True),
        CellText(grouped(grade.unit_price), strong=True),
        CellText(_when(grade.since) if grade.since is not None else words.say("prices.always")),
        CellText(grouped(grade.next_price) if grade.next_price is not None else NOTHING, coming),
        CellText(_when(grade.next_at) if grade.next_at is not None else NOTHING, coming),
    )


def _when(at: datetime) -> str:
    """15:00 26/11."""
    return f"{clock(at)} {at.astimezone(VIETNAM).strftime('%d/%m')}"


def at_pumps(words: Catalogue, snapshot: TerminalSnapshot, forecourt: Forecourt | None) -> TableData:
    """One row a nozzle: its grade, the list's price, the pump's own, and whether they agree."""
    say = words.say
    columns = (
        Column(say("prices.column.nozzle"), 80),
        Column(say("prices.column.grade"), 140, grows=True),
        Column(say("prices.column.list"), 84, right=True),
        Column(say("prices.column.pump"), 84, right=True),
        Column(say("prices.column.verdict"), 122),
    )
    rows = tuple(row for point in snapshot.points for row in _point(words, point, snapshot.prices, forecourt))
    return TableData(columns, rows, say("prices.no_points"))


def _point(
    words: Catalogue, point: PointSnapshot, prices: tuple[GradePrice, ...], forecourt: Forecourt | None
) -> tuple[TableRow, ...]:
    shown = dict(point.pump_prices)
    known = forecourt.point(point.point) if forecourt is not None else None
    nozzles = [n.nozzle for n in known.nozzles] if known is not None else sorted(shown)
    rows = []
    for nozzle in nozzles:
        grade = known.grade_of(nozzle) if known is not None else None
        price = next((p for p in prices if grade is not None and p.code == grade.code), None)
        pump = shown.get(nozzle)
        name = grade.name if grade is not None else NOTHING
        rows.append(
            TableRow(
                (int(point.point), int(nozzle)),
                (
                    CellText(words.say("shift.nozzle", point=point.point, nozzle=nozzle), strong=True),
                    CellText(name),
                    CellText(grouped(price.unit_price) if price is not None else NOTHING),
                    CellText(grouped(pump) if pump is not None else NOTHING),
                    _verdict(words, price, pump),
                ),
            )
        )
    return tuple(rows)


def _verdict(words: Catalogue, price: GradePrice | None, pump: int | None) -> CellText:
    if pump is None:
        return CellText(words.say("prices.verdict.not_read"), Tone.UNKNOWN, Shape.QUESTION)
    if price is None:
        return CellText(words.say("prices.verdict.no_list"), Tone.UNKNOWN, Shape.QUESTION)
    if price.unit_price == pump:
        return CellText(words.say("prices.verdict.agrees"), Tone.DONE, Shape.TICK)
    return CellText(words.say("prices.verdict.differs"), Tone.DANGER, Shape.BANG)


def verdict(words: Catalogue, snapshot: TerminalSnapshot) -> tuple[str, Tone]:
    """All pumps in one line."""
    wrong = sorted(int(p.point) for p in snapshot.points if p.price_mismatch)
    if wrong:
        return words.say("prices.wrong", points=", ".join(map(str, wrong))), Tone.DANGER
    if all(not p.pump_prices for p in snapshot.points):
        return words.say("prices.none_read"), Tone.UNKNOWN
    return words.say("prices.all_agree"), Tone.DONE
