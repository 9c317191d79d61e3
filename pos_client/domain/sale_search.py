"""Looking for a sale: what may be typed, and what is found. Pure.

One line is typed, in any order: a day (`23/11`, `23/11/2026`) or several (`17/11-23/11`), an hour or a stretch (`14h`,
`14:30-15:00`), a pump (`c3`, `cột 3`), an amount (`350.000`, `350000đ`), a customer's number (nine or ten digits, or
its last three after a star: `*821`), a bill number or its last digits (`#231`, `231`). What is not understood is said,
never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from pos_client.domain import facts as f
from pos_client.domain.customer import Identifier, IdentifierKind, mask_identifier
from pos_client.domain.identifiers import FuellingId, SaleId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.moment import VIETNAM
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre
from pos_client.domain.tender import Tender, TenderKind
from pos_client.value import dataclass

MOST_TYPED = 80
"""Letters that are looked at; more is no search."""
BILL_TAIL = 5
"""Digits at the end of a bill number that count the sales of a till."""


@dataclass(frozen=True, slots=True)
class SaleQuery:
    """What to look for; None: it does not matter. Times are Vietnam's; `until` is the first moment not meant."""

    since: datetime | None = None
    until: datetime | None = None
    point: int | None = None
    amount_vnd: Vnd | None = None
    bill: int | None = None
    """the number at its end"""
    number: int | None = None
    """digits that may be the end of a bill number or an amount"""
    customer: str = ""
    """as it is shown, masked; only its end after a star"""
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale that was paid, as far as the journal tells; customers are masked there already."""

    sale_id: SaleId
    receipt_number: str
    paid_at: datetime
    point: int
    nozzle: int
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    tenders: tuple[Tender, ...]
    masked_name: str
    masked_identifier: str
    points_spent: Points
    points_earned: Points
    """what our engine expected; head office decides"""
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of what is found: which index, and where in it."""

    source: int
    at: str
    seq: int


@dataclass(frozen=True, slots=True)
class SalesFound:
    """A page. `after`: where to go on; None: that was all. A page may be short or empty and still have more behind it,
    when `looked` sales had to be looked at to find so few."""

    rows: tuple[SaleRow, ...]
    after: Cursor | None
    looked: int


# ── what was typed ──────────────────────────────────────────────────────────────────────────────────────────────────

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_DAYS = re.compile(r"(\d{1,2}/\d{1,2}(?:/\d{4})?)-(\d{1,2}/\d{1,2}(?:/\d{4})?)")
_HOURS = re.compile(r"(\d{1,2})(?:h|:)(\d{2})?(?:-(\d{1,2})(?:h|:)(\d{2})?)?", re.IGNORECASE)
_POINT = re.compile(r"(?:c|cột|cot|p|pump)(\d{1,2})", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:đ|d)?|(\d{1,10})(?:đ|d)", re.IGNORECASE)
_BILL = re.compile(r"#(\d{1,9})|[A-Z0-9]+-[A-Z0-9-]*-(\d{5,9})", re.IGNORECASE)
_TAIL = re.compile(r"\*(\d{3})")
_DIGITS = re.compile(r"\d{1,10}")


def parse(text: str, today: date) -> SaleQuery:
    """What was typed, as a query. `today`: for a day without a year, which is never after it."""
    words = re.sub(r"(?i)\b(cột|cot|pump)\s+(?=\d)", r"\1", text[:MOST_TYPED]).split()
    query, hours = SaleQuery(), None
    for word in words:
        if (match := _HOURS.fullmatch(word)) and (stretch := _stretch(match)) is not None:
            hours = stretch
            continue
        read = (made for reader in _READERS if (made := reader(query, word, today)) is not None)
        query = next(read, None) or replace(query, not_understood=(*query.not_understood, word))
    if hours is not None:
        query = _with_hours(query, hours, today)
    return query


def _day(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    if (match := _DAY.fullmatch(word)) is None:
        return None
    number, month, year = int(match[1]), int(match[2]), match[3]
    try:
        day = date(int(year) if year else today.year, month, number)
        if not year and day > today:
            day = date(today.year - 1, month, number)
    except ValueError:
        return None
    since = datetime.combine(day, time(), VIETNAM)
    return replace(query, since=since, until=since + timedelta(days=1))


def _days(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    """From one day to another, both meant."""
    match = _DAYS.fullmatch(word)
    if match is None:
        return None
    first, last = (_day(query, part, today) for part in match.groups())
    if first is None or last is None or first.since is None or last.until is None or first.since >= last.until:
        return None
    return replace(query, since=first.since, until=last.until)


def _point(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    match = _POINT.fullmatch(word)
    return None if match is None else replace(query, point=int(match[1]))


def _bill(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    match = _BILL.fullmatch(word)
    return None if match is None else replace(query, bill=int(match[1] or match[2]))


def _amount(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    match = _AMOUNT.fullmatch(word)
    return None if match is None else replace(query, amount_vnd=int((match[1] or match[2]).replace(".", "")))


def _customer(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    if (match := _TAIL.fullmatch(word)) is not None:
        return replace(query, customer=match[0])
    if not re.fullmatch(r"\d{9}|0\d{9}", word):
        return None
    kind = IdentifierKind.PHONE if len(word) == 10 else IdentifierKind.ID
    return replace(query, customer=mask_identifier(Identifier(kind, f"+84{word[1:]}" if len(word) == 10 else word)))


def _number(query: SaleQuery, word: str, today: date) -> SaleQuery | None:
    return replace(query, number=int(word)) if _DIGITS.fullmatch(word) and word.isascii() else None


_READERS: tuple[Callable[[SaleQuery, str, date], SaleQuery | None], ...] = (
    *(_day, _days, _point, _bill, _customer, _amount, _number),
)


def _stretch(match: re.Match[str]) -> tuple[time, time] | None:
    """From when to when; the end of the day is its last minute's."""
    try:
        begin = time(int(match[1]), int(match[2] or 0))
        if match[3] is None:
            length = timedelta(minutes=1) if match[2] else timedelta(hours=1)
            end = (datetime.combine(date.min, begin) + length).time()
        else:
            end = time(int(match[3]) % 24, int(match[4] or 0))
    except ValueError:
        return None
    return begin, end


def _with_hours(query: SaleQuery, hours: tuple[time, time], today: date) -> SaleQuery:
    day = query.since.date() if query.since is not None else today
    since, until = (datetime.combine(day, hour, VIETNAM) for hour in hours)
    return replace(query, since=since, until=until if until > since else until + timedelta(days=1))


# ── what is found ───────────────────────────────────────────────────────────────────────────────────────────────────


def fits(query: SaleQuery, row: SaleRow) -> bool:
    """Whether a sale is one that was looked for."""
    counter = _counter(row.receipt_number)
    return (
        (query.since is None or row.paid_at >= query.since)
        and (query.until is None or row.paid_at < query.until)
        and query.point in (None, row.point)
        and query.amount_vnd in (None, row.amount_vnd)
        and query.bill in (None, counter)
        and query.number in (None, counter, row.amount_vnd)
        and _is_customer(query.customer, row.masked_identifier)
    )


def _counter(receipt_number: str) -> int | None:
    tail = receipt_number.rpartition("-")[2]
    return int(tail) if tail.isascii() and tail.isdigit() else None


def _is_customer(wanted: str, masked: str) -> bool:
    return masked.endswith(wanted[1:]) if wanted.startswith("*") else wanted in ("", masked)


def row_of(sale: Iterable[JournalEntry], fuelling: Iterable[JournalEntry]) -> SaleRow | None:
    """A sale out of its facts and its fuelling's; None: it was not paid, or its facts are not whole."""
    opened: f.SaleOpened | None = None
    customer: f.CustomerAttached | None = None
    paid: f.SalePaid | None = None
    tenders: list[Tender] = []
    for entry in sale:
        match entry.fact:
            case f.SaleOpened():
                opened = entry.fact
            case f.CustomerAttached():
                customer = entry.fact
            case f.CustomerDetached():
                customer = None
            case f.TenderTaken():
                tenders.append(Tender(TenderKind(entry.fact.kind), entry.fact.amount_vnd))
            case f.SalePaid():
                paid = entry.fact
            case _:
                pass
    completed: f.FuellingCompleted | None = None
    for entry in fuelling:
        match entry.fact:
            case f.FuellingCompleted():
                completed = entry.fact
            case f.FuellingPriced() if completed is not None:
                priced = entry.fact
                completed = replace(
                    completed,
                    grade_name=priced.grade_name,
                    unit_price=priced.unit_price,
                    amount_vnd=priced.amount_vnd,
                )
            case _:
                pass
    if opened is None or paid is None or completed is None:
        return None
    return SaleRow(
        sale_id=opened.sale_id,
        receipt_number=opened.receipt_number,
        paid_at=datetime.fromisoformat(paid.paid_at),
        point=completed.point,
        nozzle=completed.nozzle,
        grade_name=completed.grade_name,
        unit_price=completed.unit_price,
        volume_ml=completed.volume_ml,
        amount_vnd=completed.amount_vnd,
        tenders=tuple(tenders),
        masked_name=customer.masked_name if customer is not None else "",
        masked_identifier=customer.masked_identifier if customer is not None else "",
        points_spent=sum(tender.amount_vnd for tender in tenders if tender.kind is TenderKind.POINTS),
        points_earned=paid.points_expected,
        recovered=completed.recovered,
    )


def fuelling_of(sale: Iterable[JournalEntry]) -> FuellingId | None:
    """The fuelling a sale was opened for."""
    return next((entry.fact.fuelling_id for entry in sale if isinstance(entry.fact, f.SaleOpened)), None)
