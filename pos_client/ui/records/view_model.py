"""The list of sales in words: columns, rows, and how the search stands. No Qt."""

from __future__ import annotations

from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, day, grouped, litres, money, points
from pos_client.domain.moment import VIETNAM
from pos_client.domain.sale_search import SaleQuery, SaleRow
from pos_client.domain.tender import TenderKind
from pos_client.ui.keys import BarKey, Key, form_bar
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.records.search import Search, Side
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age

SLOW_MS = 700
"""A search that takes longer says so, with its seconds."""
NOTHING = "–"


def table(words: Catalogue, search: Search) -> TableData:
    """The page that is shown."""
    say = words.say
    columns = (
        Column(say("records.column.when"), 152),
        Column(say("records.column.bill"), 256, rank=2),
        Column(say("records.column.point"), 66),
        Column(say("records.column.grade"), 150, rank=1, grows=True),
        Column(say("records.column.litres"), 82, right=True),
        Column(say("records.column.amount"), 124, right=True),
        Column(say("records.column.tenders"), 134),
        Column(say("records.column.customer"), 204, rank=1, grows=True),
        Column(say("records.column.points"), 112, right=True, rank=3),
    )
    return TableData(
        columns, tuple(TableRow(str(row.sale_id), _cells(words, row)) for row in search.rows), _empty(words, search)
    )


def _cells(words: Catalogue, row: SaleRow) -> tuple[CellText, ...]:
    local = row.paid_at.astimezone(VIETNAM)
    customer = " · ".join(part for part in (row.masked_name, row.masked_identifier) if part)
    spent = any(tender.kind is TenderKind.POINTS for tender in row.tenders)
    return (
        CellText(f"{clock(local)} {local:%d/%m/%y}"),
        CellText(row.receipt_number),
        CellText(words.say("shift.nozzle", point=row.point, nozzle=row.nozzle)),
        CellText(row.grade_name),
        CellText(litres(row.volume_ml), Tone.UNKNOWN if row.recovered else Tone.NEUTRAL),
        CellText(money(row.amount_vnd), strong=True),
        CellText(tenders(words, row), Tone.PROGRESS if spent else Tone.NEUTRAL, Shape.GIFT if spent else None),
        CellText(customer or NOTHING),
        CellText(words.say("unit.points_plus", points=points(row.points_earned)) if row.points_earned else NOTHING),
    )


def tenders(words: Catalogue, row: SaleRow) -> str:
    """How it was paid, each kind once."""
    return way(words, tuple(dict.fromkeys(tender.kind for tender in row.tenders)))


def way(words: Catalogue, kinds: tuple[TenderKind, ...]) -> str:
    """Tenders together, by their words."""
    return ", ".join(words.say(f"tender.{kind.value}") for kind in kinds) or NOTHING


def _empty(words: Catalogue, search: Search) -> str:
    if search.trouble or search.query.not_understood:
        return words.say("records.help")
    if search.is_asked:
        return words.say("records.searching")
    return words.say("records.nothing_found" if search.text.strip() else "records.no_sales")


def caption(words: Catalogue, search: Search, now_ms: int, *, offline: bool) -> tuple[str, str, Tone]:
    """What was looked for as it was understood; and how the search stands."""
    title = understood(words, search.query)
    if search.query.not_understood:
        return title, words.say("records.not_understood", words=" ".join(search.query.not_understood)), Tone.ATTENTION
    if search.trouble:
        return title, words.say("records.unreadable"), Tone.DANGER
    if search.asked_ms is not None and now_ms - search.asked_ms >= SLOW_MS:
        waited = age(words, now_ms - search.asked_ms)
        return title, words.say("records.slow", looked=grouped(search.looked), age=waited), Tone.PROGRESS
    if search.is_asked:
        return title, words.say("records.searching"), Tone.NEUTRAL
    name = "page_more" if search.after is not None else "page_last"
    note = words.say(f"records.{name}", page=search.page, rows=len(search.rows))
    return title, f"{note} · {words.say('records.offline')}" if offline else note, Tone.NEUTRAL


def understood(words: Catalogue, query: SaleQuery) -> str:
    """A query in words, so that nobody reads a list that is not what he meant."""
    say, parts = words.say, []
    if query.since is not None and query.until is not None:
        whole = query.until - query.since == timedelta(days=1) and not query.since.hour
        last = (query.until - timedelta(microseconds=1)).date()
        if last > query.since.date() and not (query.since.hour or query.until.hour):
            parts.append(f"{day(query.since.date())} – {day(last)}")
        else:
            hours = "" if whole else f" {clock(query.since)}–{clock(query.until)}"
            parts.append(f"{day(query.since.date())}{hours}")
    if query.point is not None:
        parts.append(say("shift.pump", point=query.point))
    if query.amount_vnd is not None:
        parts.append(money(query.amount_vnd))
    if query.bill is not None:
        parts.append(say("records.bill", number=query.bill))
    if query.number is not None:
        parts.append(say("records.bill_or_amount", number=query.number, amount=money(query.number)))
    if query.customer:
        parts.append(say("records.customer", number=query.customer))
    return " · ".join(parts) or say("records.all")


def bar(words: Catalogue, search: Search, side: Side) -> tuple[BarKey, ...]:
    """The bottom bar while the list is in front."""
    still = not search.is_asked and not search.trouble
    name = "clear" if search.text else "back"
    fine = not search.query.not_understood
    sums, earned = (("list" if side is each else each.value) for each in (Side.SUMS, Side.POINTS))
    return (
        BarKey(Key.ESCAPE.value, "Esc", words.say(f"records.key.{name}")),
        BarKey(Key.F3.value, "F3", words.say(f"records.key.{sums}")),
        BarKey(Key.F4.value, "F4", words.say(f"records.key.{earned}")),
        *form_bar(enabled=fine),
        BarKey(Key.PAGE_UP.value, "PgUp", words.say("records.key.newer"), still and search.page > 1),
        BarKey(Key.PAGE_DOWN.value, "PgDn", words.say("records.key.older"), still and search.after is not None),
    )
