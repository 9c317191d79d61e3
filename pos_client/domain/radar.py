"""Signs of points that go where they should not, folded from the journal over a sliding week (flows ideas 10, 6, 5;
reliability 4.3).

A sign is a count above its limit: something for a person to look at. It stops no sale and accuses nobody: a lorry fuels
twice a day, a cashier has a cousin. Customers are known by their masks alone, as the journal has them, so two of them
may look like one; whoever looks at the list knows that.

Counted are business days in Vietnam, the present one and the six before it, by the moment a fact was written. Memory is
bounded whatever the books hold: so many lines a day, so many sales whose end is awaited; what is beyond goes first
where least was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest

from pos_client.domain import facts as f
from pos_client.domain.journal import JournalEntry
from pos_client.domain.moment import business_day
from pos_client.value import dataclass

DAYS = 7
LINES_A_DAY = 10_000
"""Different signs, customers and cashiers that are counted of one day; a busy till makes a tenth of them."""
SALES_KEPT = 5_000
"""Sales a claim or a copy may still come for: more than a day of the busiest till."""


class Sign(StrEnum):
    """What is counted. Stored by name."""

    OFTEN = "often"
    """one customer earned so often here, in a day"""
    SAME_HANDS = "same_hands"
    """one customer earned so often with one cashier, in a week"""
    LATE = "late"
    """points of sales that were anonymous when they were paid, named moments later, in a cashier's day"""
    STAFF = "staff"
    """an ID of somebody who works here earned, in a cashier's day"""
    REPRINT = "reprint"
    """claims for sales whose receipt was printed again, in a cashier's day"""
    NOT_ME = "not_me"
    """customers who said that it was not them, in a cashier's day"""
    WRONG_CODE = "wrong_code"
    """wrong PINs and one-time codes of customers, in a cashier's day"""
    WRONG_STAFF_PIN = "wrong_staff_pin"
    """PINs of staff that were none, in a cashier's day"""


@dataclass(frozen=True, slots=True)
class Limits:
    """A sign is shown above its limit, never at it. `late_s`: how soon after payment is moments later.
    `staff_ids`: whose IDs are staff's, as they are masked."""

    often: int = 4
    same_hands: int = 12
    late: int = 3
    late_s: int = 120
    staff: int = 1
    reprint: int = 1
    not_me: int = 5
    wrong_code: int = 8
    wrong_staff_pin: int = 5
    staff_ids: frozenset[str] = frozenset()

    def most(self, sign: Sign) -> int:
        """The limit of a sign."""
        return int(getattr(self, sign.value))


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What is counted together in one day."""

    sign: Sign
    customer: str = ""
    cashier: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line above its limit. `count` is the day's; of `SAME_HANDS` the week's up to that day."""

    day: date
    line: Line
    count: int
    most: int
    last_at: datetime


@dataclass(slots=True)
class _Day:
    counts: dict[Line, tuple[int, datetime]] = field(default_factory=dict)
    noted: set[Line] = field(default_factory=set)
    """shown already"""


@dataclass(slots=True)
class _Sale:
    customer: str = ""
    tendered_at: datetime | None = None
    """when the first money was taken for it while nobody was named"""
    paid_at: datetime | None = None
    late: bool = False
    copied: bool = False


HEARD: frozenset[str] = frozenset(
    kind.__name__
    for kind in (
        *(f.ShiftOpened, f.ShiftClosed, f.SaleOpened, f.CustomerAttached, f.CustomerDetached, f.TenderTaken),
        *(f.SalePaid, f.SaleReleased, f.AccrualStated, f.ClaimUsed, f.ReceiptReprinted, f.VerifyRefused),
        *(f.StaffRefused, f.SignNoted),
    )
)
"""Kinds the radar hears; others need not be read for it."""


@dataclass(slots=True)
class Radar:
    """The fold. `unnamed`: who stands at the counter while no shift is open."""

    limits: Limits = field(default_factory=Limits)
    unnamed: str = ""
    _cashier: str | None = None
    _days: dict[date, _Day] = field(default_factory=dict)
    _sales: dict[str, _Sale] = field(default_factory=dict)
    _claims: dict[str, str] = field(default_factory=dict)
    """accruals of sales without a customer -> the sale: a claim names him next"""
    _lines_a_day: int = LINES_A_DAY

    def take(self, entry: JournalEntry) -> None:
        """One more fact, in the journal's order."""
        fact, at = entry.fact, entry.at
        match fact:
            case f.ShiftOpened():
                self._cashier = fact.cashier
            case f.ShiftClosed():
                self._cashier = None
            case f.SaleOpened():
                self._sales[fact.sale_id] = _Sale()
                _forget(self._sales, SALES_KEPT)
            case f.CustomerAttached():
                self._attached(fact, at)
            case f.CustomerDetached():
                if sale := self._sales.get(fact.sale_id):
                    sale.customer = ""
                if fact.by == "customer":
                    self._count(at, Line(Sign.NOT_ME, cashier=self.cashier))
            case f.TenderTaken() if sale := self._sales.get(fact.sale_id):
                if not sale.customer and sale.tendered_at is None:
                    sale.tendered_at = at
            case f.SalePaid() if sale := self._sales.get(fact.sale_id):
                sale.paid_at = at
            case f.SaleReleased():
                self._sales.pop(fact.sale_id, None)
            case f.ReceiptReprinted() if sale := self._sales.get(fact.sale_id):
                sale.copied = True
            case f.AccrualStated():
                self._stated(fact, at)
            case f.ClaimUsed():
                self._claimed(fact, at)
            case f.VerifyRefused():
                self._count(at, Line(Sign.WRONG_CODE, cashier=self.cashier))
            case f.StaffRefused() if fact.why == "wrong":
                self._count(at, Line(Sign.WRONG_STAFF_PIN, cashier=self.cashier))
            case f.SignNoted():
                self.note(fact)
            case _:
                pass

    @property
    def cashier(self) -> str:
        """Who is at work, as far as the facts have told."""
        return self.unnamed if self._cashier is None else self._cashier

    def seen(self) -> Iterator[Seen]:
        """Everything above its limit, newest day first, then by sign."""
        for day in sorted(self._days, reverse=True):
            for line in sorted(self._days[day].counts):
                if (seen := self._above(day, line)) is not None:
                    yield seen

    def unshown(self, day: date) -> Iterator[Seen]:
        """What rose above its limit on that day and was never shown."""
        told = self._days.get(day, _Day())
        for line in told.counts:
            if line not in told.noted and (seen := self._above(day, line)) is not None:
                yield seen

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _attached(self, fact: f.CustomerAttached, at: datetime) -> None:
        sale = self._sales.get(fact.sale_id)
        if sale is None:
            return
        sale.customer = fact.masked_identifier
        if sale.tendered_at is not None and self._soon(sale.tendered_at, at):
            sale.late = True

    def _stated(self, fact: f.AccrualStated, at: datetime) -> None:
        sale = self._sales.get(fact.sale_id)
        if sale is None:
            return
        if not sale.customer:
            self._claims[fact.accrual_id] = fact.sale_id
            _forget(self._claims, SALES_KEPT)
            return
        if sale.late:
            self._count(at, Line(Sign.LATE, cashier=self.cashier))
        self._earned(sale.customer, at)

    def _claimed(self, fact: f.ClaimUsed, at: datetime) -> None:
        sale = self._sales.get(self._claims.pop(fact.accrual_id, ""))
        if sale is not None and sale.paid_at is not None and self._soon(sale.paid_at, at):
            self._count(at, Line(Sign.LATE, cashier=self.cashier))
        if sale is not None and sale.copied:
            self._count(at, Line(Sign.REPRINT, cashier=self.cashier))
        self._earned(fact.masked_identifier, at)

    def _earned(self, customer: str, at: datetime) -> None:
        self._count(at, Line(Sign.OFTEN, customer))
        self._count(at, Line(Sign.SAME_HANDS, customer, self.cashier))
        if customer in self.limits.staff_ids:
            self._count(at, Line(Sign.STAFF, customer, self.cashier))

    def _soon(self, before: datetime, at: datetime) -> bool:
        return timedelta() <= at - before <= timedelta(seconds=self.limits.late_s)

    def _day(self, day: date) -> _Day:
        """A day; whatever is a week and more away from it is forgotten, also after a clock that had run ahead."""
        if day not in self._days:
            self._days = {each: told for each, told in self._days.items() if abs((each - day).days) < DAYS}
            self._days[day] = _Day()
        return self._days[day]

    def _count(self, at: datetime, line: Line) -> None:
        counts = self._day(business_day(at)).counts
        counts[line] = (counts.get(line, (0, at))[0] + 1, at)
        if len(counts) > self._lines_a_day:
            others = (each for each in counts if each != line)
            for least in nsmallest(max(1, self._lines_a_day // 10), others, key=lambda each: counts[each]):
                del counts[least]

    def _above(self, day: date, line: Line) -> Seen | None:
        count, last_at = self._days[day].counts[line]
        if line.sign is Sign.SAME_HANDS:
            earlier = (told for each, told in self._days.items() if 0 < (day - each).days < DAYS)
            count += sum(told.counts[line][0] for told in earlier if line in told.counts)
        most = self.limits.most(line.sign)
        return Seen(day, line, count, most, last_at) if count > most else None

    def note(self, fact: f.SignNoted) -> None:
        """A line was shown."""
        try:
            day, sign = date.fromisoformat(fact.day), Sign(fact.sign)
        except ValueError:  # another program's sign
            return
        if (told := self._days.get(day)) is not None:
            told.noted.add(Line(sign, fact.masked_identifier, fact.cashier))


def of(entries: Iterable[JournalEntry], limits: Limits, unnamed: str = "") -> Radar:
    """The radar after some facts."""
    radar = Radar(limits, unnamed)
    for entry in entries:
        radar.take(entry)
    return radar


def _forget(kept: dict[str, _Sale] | dict[str, str], most: int) -> None:
    """The oldest, where there are too many."""
    while len(kept) > most:
        del kept[next(iter(kept))]
