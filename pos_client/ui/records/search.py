"""A search while it goes on: what was typed, which page is shown, what is still awaited. Values and steps; no Qt."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pos_client.domain.moment import VIETNAM
from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, SalesFound, parse
from pos_client.ui.records.desk import Unreadable
from pos_client.value import dataclass

ROWS = 50
"""On a page."""


@dataclass(frozen=True, slots=True)
class Search:
    """`starts`: where each page up to this one begins. `asked_ms`: since when an answer is awaited."""

    text: str = ""
    query: SaleQuery = field(default_factory=SaleQuery)
    rows: tuple[SaleRow, ...] = ()
    starts: tuple[Cursor | None, ...] = (None,)
    after: Cursor | None = None
    looked: int = 0
    asked_ms: int | None = None
    trouble: str = ""

    @property
    def page(self) -> int:
        """The number of the page that is shown, from 1."""
        return len(self.starts)

    @property
    def is_asked(self) -> bool:
        """Whether an answer is awaited."""
        return self.asked_ms is not None


def typed(text: str, today: date, now_ms: int) -> Search:
    """A new search; what is not understood is said and not searched for."""
    query = parse(text, today)
    return Search(text, query, asked_ms=None if query.not_understood else now_ms)


class Side(StrEnum):
    """What the page shows of the sales that were looked for."""

    LIST = "list"
    SUMS = "sums"
    POINTS = "points"


_DAYS = {Side.SUMS: 1, Side.POINTS: 7}


def summed(query: SaleQuery, today: date, side: Side) -> SaleQuery:
    """The query, of today where it names no time; of the week up to today where points are looked at."""
    if query.since is not None:
        return query
    until = datetime.combine(today, time(), VIETNAM) + timedelta(days=1)
    return replace(query, since=until - timedelta(days=_DAYS[side]), until=until)


def heard(search: Search, answer: SalesFound | Unreadable) -> tuple[Search, Cursor | None]:
    """An answer came: the search after it, and where to go on looking at once when the page is not full yet."""
    if isinstance(answer, Unreadable):
        return replace(search, asked_ms=None, trouble=answer.code), None
    rows = (*search.rows, *answer.rows)
    found = replace(search, rows=rows, after=answer.after, looked=search.looked + answer.looked, trouble="")
    if answer.after is not None and len(rows) < ROWS:
        return found, answer.after
    return replace(found, asked_ms=None), None


def missing(search: Search) -> int:
    """How many rows the page still lacks."""
    return ROWS - len(search.rows)


def turned(search: Search, pages: int, now_ms: int) -> Search | None:
    """The next page or the one before it; None: there is none, or this one is not read yet."""
    if search.is_asked or search.trouble:
        return None
    if pages > 0 and search.after is not None:
        starts = (*search.starts, search.after)
    elif pages < 0 and search.page > 1:
        starts = search.starts[:-1]
    else:
        return None
    return Search(search.text, search.query, starts=starts, asked_ms=now_ms)
