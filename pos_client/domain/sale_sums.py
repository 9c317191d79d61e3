"""What some sales come to: by hour of the day, by grade, by tender. Pure; a fold over rows, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pos_client.domain.moment import VIETNAM
from pos_client.domain.quantities import Millilitres, Points, Vnd
from pos_client.domain.sale_search import SaleRow
from pos_client.domain.tender import TenderKind

HOURS = range(24)


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
    cut: bool = False


def sums_of(rows: Iterable[SaleRow], *, cut: bool = False) -> SaleSums:
    """The sums of some sales; grades by what they brought, most first."""
    total, hours = Sum(), [Sum() for _ in HOURS]
    grades: dict[str, Sum] = {}
    tenders: dict[TenderKind, tuple[int, Vnd]] = {}
    for row in rows:
        hour = row.paid_at.astimezone(VIETNAM).hour
        total, hours[hour] = total.plus(row), hours[hour].plus(row)
        grades[row.grade_name] = grades.get(row.grade_name, Sum()).plus(row)
        for tender in row.tenders:
            times, amount = tenders.get(tender.kind, (0, 0))
            tenders[tender.kind] = (times + 1, amount + tender.amount_vnd)
    ordered = sorted(grades.items(), key=lambda each: (-each[1].amount_vnd, each[0]))
    kinds = tuple((kind, *tenders[kind]) for kind in TenderKind if kind in tenders)
    return SaleSums(total, tuple(hours), tuple(ordered), kinds, cut)
