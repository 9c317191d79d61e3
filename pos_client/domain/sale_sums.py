"""What some sales come to: by day, by hour of the day, by grade, by tender. Pure; a fold over rows, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import TypeVar

from pos_client.domain.moment import VIETNAM, business_day
from pos_client.domain.quantities import Millilitres, Points, Vnd
from pos_client.domain.sale_search import SaleRow
from pos_client.domain.tender import TenderKind
from pos_client.value import dataclass

HOURS = range(24)
_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Sum:
    """So many sales, and what they come to."""

    sales: int = 0
    volume_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    points_spent: Points = 0
    points_earned: Points = 0

    def plus(self, row: SaleRow) -> Sum:
        """With one more."""
        return Sum(
            self.sales + 1,
            self.volume_ml + row.volume_ml,
            self.amount_vnd + row.amount_vnd,
            self.points_spent + row.points_spent,
            self.points_earned + row.points_earned,
        )


@dataclass(frozen=True, slots=True)
class SaleSums:
    """`cut`: there were more sales than are summed here."""

    total: Sum = field(default_factory=Sum)
    hours: tuple[Sum, ...] = tuple(Sum() for _ in HOURS)
    grades: tuple[tuple[str, Sum], ...] = ()
    tenders: tuple[tuple[TenderKind, int, Vnd], ...] = ()
    days: tuple[tuple[date, Sum], ...] = ()
    """business days that sold, in order"""
    ways: tuple[tuple[tuple[TenderKind, ...], Sum], ...] = ()
    """how sales were paid, mixed ones by all their tenders: points of a mixed sale belong to none of them alone"""
    cut: bool = False


def sums_of(rows: Iterable[SaleRow], *, cut: bool = False) -> SaleSums:
    """The sums of some sales; grades by what they brought, most first."""
    total, hours = Sum(), [Sum() for _ in HOURS]
    grades: dict[str, Sum] = {}
    days: dict[date, Sum] = {}
    ways: dict[tuple[TenderKind, ...], Sum] = {}
    tenders: dict[TenderKind, tuple[int, Vnd]] = {}
    for row in rows:
        day, hour = business_day(row.paid_at), row.paid_at.astimezone(VIETNAM).hour
        total, hours[hour] = total.plus(row), hours[hour].plus(row)
        grades[row.grade_name] = grades.get(row.grade_name, Sum()).plus(row)
        days[day] = days.get(day, Sum()).plus(row)
        way = tuple(kind for kind in TenderKind if any(tender.kind is kind for tender in row.tenders))
        ways[way] = ways.get(way, Sum()).plus(row)
        for tender in row.tenders:
            times, amount = tenders.get(tender.kind, (0, 0))
            tenders[tender.kind] = (times + 1, amount + tender.amount_vnd)
    ordered, paid = _most_first(grades), _most_first(ways)
    kinds = tuple((kind, *tenders[kind]) for kind in TenderKind if kind in tenders)
    return SaleSums(total, tuple(hours), ordered, kinds, tuple(sorted(days.items())), paid, cut)


def _most_first(sums: dict[_Name, Sum]) -> tuple[tuple[_Name, Sum], ...]:
    return tuple(sorted(sums.items(), key=lambda each: (-each[1].amount_vnd, str(each[0]))))
