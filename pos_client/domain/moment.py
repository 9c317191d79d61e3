"""A reading of both clocks at once, handed in from outside: the core never looks at a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from pos_client.value import dataclass

VIETNAM = timezone(timedelta(hours=7), "+07")
"""UTC+7, no summer time: the business day of every station."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """`wall` is aware, in UTC+7, and may jump; `ticks_ms` only grows and measures durations."""

    ticks_ms: int
    wall: datetime
    boot: str = ""
    """which start of the machine the ticks belong to"""

    def later(self, ms: int) -> Moment:
        """This moment `ms` milliseconds on, both clocks moved alike (tests move time with it)."""
        return Moment(self.ticks_ms + ms, self.wall + timedelta(milliseconds=ms), self.boot)


def business_day(at: datetime) -> date:
    """The calendar day in Vietnam of an aware time (A28)."""
    return at.astimezone(VIETNAM).date()


def aware_time(text: str) -> datetime | None:
    """The time in an ISO 8601 text with its offset; None for any other text."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
