"""Signs in words: what was counted, of whom, how often, and above which limit. Never what somebody is. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped
from pos_client.domain.moment import VIETNAM
from pos_client.services.radar_snapshots import RadarPage, RadarRow
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone

NOTHING = "–"


def table(words: Catalogue, page: RadarPage | None) -> TableData:
    """The rows, newest day first."""
    say = words.say
    columns = (
        Column(say("radar.column.day"), 84),
        Column(say("radar.column.sign"), 330, grows=True),
        Column(say("radar.column.customer"), 130),
        Column(say("radar.column.cashier"), 170, rank=1, grows=True),
        Column(say("radar.column.count"), 76, right=True),
        Column(say("radar.column.most"), 84, right=True, rank=3),
        Column(say("radar.column.last"), 84, right=True, rank=2),
    )
    rows = page.rows if page is not None else ()
    empty = "radar.reading" if page is None or page.reading else "radar.empty"
    return TableData(columns, tuple(_row(words, row) for row in rows), say(empty))


def caption(words: Catalogue, page: RadarPage | None) -> tuple[str, str, Tone]:
    """How many there are, and what they are not."""
    rows = page.rows if page is not None else ()
    if page is not None and page.reading:
        return words.say("radar.count", count=grouped(len(rows))), words.say("radar.reading"), Tone.PROGRESS
    return words.say("radar.count", count=grouped(len(rows))), words.say("radar.hint"), Tone.NEUTRAL


def _row(words: Catalogue, row: RadarRow) -> TableRow:
    return TableRow(
        (row.day, row.sign, row.customer, row.cashier, row.last_at),
        (
            CellText(f"{row.day:%d/%m}"),
            CellText(words.say(f"radar.sign.{row.sign.value}"), Tone.ATTENTION, Shape.BANG),
            CellText(row.customer or NOTHING),
            CellText(row.cashier or NOTHING),
            CellText(grouped(row.count), strong=True),
            CellText(grouped(row.most)),
            CellText(clock(row.last_at.astimezone(VIETNAM))),
        ),
    )
