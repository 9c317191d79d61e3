"""When a lot dies: kinds of last day, all inclusive and all in Vietnam's calendar (A26-A28, B14, B19, B31)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pos_client.domain.programme.calendar import add_months, end_of_month
from pos_client.domain.programme.reading import Within
from pos_client.value import dataclass


class ExpiryUnit(StrEnum):
    """How a life is counted from the day of credit. `same_day` needs no count."""

    MONTHS = "months"
    """the corresponding day so many months later, to its end (B14)"""
    MONTH_END = "month_end"
    """the last day of month N+count, N being the month of credit (B19)"""
    DAYS = "days"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Life:
    """How long points of one way live."""

    unit: ExpiryUnit
    count: Annotated[int, Within(0, 1200)] = 0

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """A count where none belongs, or none where one does."""
        if (self.count == 0) != (self.unit is ExpiryUnit.SAME_DAY):
            yield "count", "must be at least 1, and is not given for same_day"

    def last_day(self, credited_on: date) -> date:
        """The last usable day, inclusive."""
        match self.unit:
            case ExpiryUnit.MONTHS:
                return add_months(credited_on, self.count)
            case ExpiryUnit.MONTH_END:
                return end_of_month(credited_on, self.count)
            case ExpiryUnit.DAYS:
                return credited_on + timedelta(days=self.count)
            case ExpiryUnit.SAME_DAY:
                return credited_on

    @property
    def months_at_most(self) -> int | None:
        """For the range of B31; None where the life is not counted in months."""
        return self.count if self.unit in (ExpiryUnit.MONTHS, ExpiryUnit.MONTH_END) else None


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A day of a later year (A26): `inclusive` False reads "trước" as before that day."""

    day: Annotated[int, Within(1, 31)]
    month: Annotated[int, Within(1, 12)]
    years_on: Annotated[int, Within(0, 100, "years")]
    inclusive: bool

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """A day no year has, or only leap years."""
        try:
            date(2023, self.month, self.day)
        except ValueError:
            yield "day", "there is no such day in every year"

    def last_day(self, year: int, exceptions: Mapping[int, date]) -> date:
        """The last usable day of points whose fuel was bought in `year` (A27 lists exceptions)."""
        if year in exceptions:
            return exceptions[year]
        day = date(year + self.years_on, self.month, self.day)
        return day if self.inclusive else day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FixedDayException:
    """Points of one year with a last day of their own (A27)."""

    year: Annotated[int, Within(2000, 9000)]
    last_day: date
