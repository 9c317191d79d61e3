"""The week's signs as a document. No Qt."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped
from pos_client.domain.plots import Bar, Plot
from pos_client.domain.sheets import Sheet, local
from pos_client.services.radar_snapshots import RadarPage
from pos_client.ui.exports.document import Document

COLUMNS = ("day", "sign", "customer", "cashier", "count", "most", "last")


def document(words: Catalogue, page: RadarPage, station: str) -> Document:
    """Every row, and how many of them each day had."""
    rows = tuple(
        (
            *(row.day, words.say(f"radar.sign.{row.sign.value}"), row.customer, row.cashier),
            *(row.count, row.most, local(row.last_at)),
        )
        for row in page.rows
    )
    heads = tuple(words.say(f"radar.column.{name}") for name in COLUMNS)
    times = Counter(row.day for row in page.rows)
    first, last = min(times, default=None), max(times, default=None)
    bars: tuple[Bar, ...] = ()
    if first is not None and last is not None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        bars = tuple(Bar(f"{day:%d/%m}", times[day], up_text=grouped(times[day])) for day in days)
    title = words.say("radar.title")
    plot = Plot(title, words.say("radar.unit"), bars)
    return Document("signs", title, f"{station} · {words.say('radar.hint')}", (Sheet(title, heads, rows),), (plot,))
