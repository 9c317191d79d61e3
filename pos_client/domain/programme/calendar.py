"""Months and years as the Vietnamese civil code counts them, on plain dates.

A term of months or years ends on the corresponding day of the last month; where that month has no such day, on its
last day (Civil Code 2015, article 148, clauses 3 and 4): 31/1 + 1 month = 28/2, 29/2/2024 + 12 months = 28/2/2025.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time

from pos_client.domain.moment import VIETNAM

LAST_YEAR = 9000
"""Beyond this nobody means a date; keeps every sum of dates inside what `date` can hold."""


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date, months: int = 0) -> date:
    """The last day of the month `months` after this one (N+12: `months` 12)."""
    later = add_months(day.replace(day=1), months)
    return later.replace(day=monthrange(later.year, later.month)[1])


def whole_years(since: date, on: date) -> int:
    """Completed years on that day; 0 or more, negative when `on` is before `since`."""
    years = on.year - since.year
    return years - 1 if add_months(since, 12 * years) > on else years


def start_of(day: date) -> datetime:
    """Midnight in Vietnam at which the business day begins."""
    return datetime.combine(day, time(), VIETNAM)
