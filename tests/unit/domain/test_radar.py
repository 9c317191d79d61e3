"""The signs of the radar: each rule by itself, and all of them against a list that is counted anew each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain import facts as f
from pos_client.domain import radar
from pos_client.domain.identifiers import AccrualId, FuellingId, RedemptionId, SaleId, ShiftId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.moment import VIETNAM, business_day
from pos_client.domain.radar import DAYS, HEARD, Limits, Line, Radar, Sign

NOON = datetime(2026, 11, 26, 12, tzinfo=VIETNAM)
TIGHT = Limits(1, 2, 1, 60, 0, 0, 1, 1, 1, staff_ids=frozenset({"000 *** 009"}))
PEOPLE = ("000 *** 001", "000 *** 002", "000 *** 009")
CASHIERS = ("Hoa", "Minh")


class Book:
    """Facts as a till writes them, one happening at a time."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._number = 0

    def write(self, at: datetime, *facts: f.Fact) -> None:
        for fact in facts:
            self.entries.append(JournalEntry(len(self.entries) + 1, at, fact))

    def name(self) -> str:
        self._number += 1
        return f"n{self._number}"

    def shift(self, at: datetime, cashier: str) -> None:
        self.write(at, f.ShiftOpened(ShiftId(self.name()), cashier, at.isoformat()))

    def sale(self, at: datetime, customer: str = "", late_s: int | None = None, *, paid: bool = True) -> SaleId:
        """`late_s`: so long after the first money the customer is named; None: before."""
        sale_id, moment = SaleId(self.name()), at
        self.write(at, f.SaleOpened(sale_id, FuellingId("f"), "r"))
        attached = f.CustomerAttached(sale_id, "sealed", customer, "", "individual", True)
        if customer and late_s is None:
            self.write(at, attached)
        self.write(at, f.TenderTaken(sale_id, "cash", 1))
        if customer and late_s is not None:
            moment = at + timedelta(seconds=late_s)
            self.write(moment, attached)
        if paid:
            self.write(moment, f.SalePaid(sale_id, moment.isoformat(), 50, "", ""))
            if customer:
                self.write(moment, f.AccrualStated(AccrualId(self.name()), sale_id, FuellingId("f")))
        return sale_id

    def claim(self, at: datetime, sale_id: SaleId, customer: str) -> None:
        accrual = AccrualId(self.name())
        self.write(at, f.AccrualStated(accrual, sale_id, FuellingId("f")))
        self.write(at, f.ClaimUsed(self.name(), accrual, customer, "", 50, at.isoformat()))

    def copy(self, at: datetime, sale_id: SaleId) -> None:
        self.write(at, f.ReceiptReprinted(self.name(), sale_id, at.isoformat()))

    def wrong_code(self, at: datetime) -> None:
        self.write(at, f.VerifyRefused(RedemptionId(self.name()), "credential-wrong", 2))

    def wrong_staff_pin(self, at: datetime, why: str = "wrong") -> None:
        self.write(at, f.StaffRefused(self.name(), "reverse", 9, why, at.isoformat()))

    def not_me(self, at: datetime, by: str = "customer") -> None:
        self.write(at, f.CustomerDetached(SaleId("gone"), by))

    def seen(self, limits: Limits = TIGHT) -> dict[tuple[date, Line], int]:
        return {(seen.day, seen.line): seen.count for seen in radar.of(self.entries, limits, "Lan").seen()}


def signs(book: Book, limits: Limits = TIGHT) -> Counter[Sign]:
    return Counter(line.sign for _, line in book.seen(limits))


def test_a_customer_is_seen_above_the_limit_and_not_at_it():
    book = Book()
    for number in range(2):
        assert signs(book)[Sign.OFTEN] == 0
        book.sale(NOON + timedelta(hours=number), PEOPLE[0])
    assert book.seen() == {(NOON.date(), Line(Sign.OFTEN, PEOPLE[0])): 2}


def test_a_day_ends_at_midnight_in_vietnam():
    book = Book()
    book.sale(NOON.replace(hour=23, minute=59), PEOPLE[0])
    book.sale(NOON.replace(hour=23, minute=59) + timedelta(minutes=2), PEOPLE[0])
    assert signs(book)[Sign.OFTEN] == 0


def test_an_unpaid_sale_earns_nothing_and_counts_nothing():
    book = Book()
    for _ in range(9):
        book.sale(NOON, PEOPLE[0], paid=False)
    assert not book.seen()


def test_the_same_hands_are_counted_over_the_week_and_forgotten_after_it():
    book = Book()
    book.shift(NOON, "Hoa")
    for days in (0, 3, 6):
        book.sale(NOON + timedelta(days=days), PEOPLE[0])
    line = Line(Sign.SAME_HANDS, PEOPLE[0], "Hoa")
    assert book.seen() == {(NOON.date() + timedelta(days=6), line): 3}
    book.sale(NOON + timedelta(days=7), PEOPLE[1])
    assert not book.seen()


def test_another_cashier_has_other_hands():
    book = Book()
    for cashier in (*CASHIERS, "Lan"):
        book.shift(NOON, cashier)
        book.sale(NOON, PEOPLE[0])
    assert signs(book)[Sign.SAME_HANDS] == 0


@pytest.mark.parametrize(("late_s", "seen"), [(None, 0), (5, 1), (60, 1), (61, 0)])
def test_a_customer_named_after_the_money_is_late_for_so_long(late_s: int | None, seen: int):
    book = Book()
    for person in PEOPLE[:2]:
        book.sale(NOON, person, late_s)
    assert signs(book)[Sign.LATE] == seen


@pytest.mark.parametrize(("after_s", "seen"), [(5, 1), (60, 1), (61, 0), (-5, 0)])
def test_a_claim_at_once_is_late_and_one_tomorrow_is_not(after_s: int, seen: int):
    book = Book()
    for person in PEOPLE[:2]:
        sale = book.sale(NOON)
        book.claim(NOON + timedelta(seconds=after_s), sale, person)
    assert signs(book)[Sign.LATE] == seen


def test_a_claim_for_a_reprinted_receipt_is_seen_and_one_for_another_is_not():
    book = Book()
    copied, other = book.sale(NOON), book.sale(NOON)
    book.copy(NOON, copied)
    book.claim(NOON + timedelta(hours=2), other, PEOPLE[0])
    assert signs(book)[Sign.REPRINT] == 0
    book.claim(NOON + timedelta(hours=2), copied, PEOPLE[1])
    assert signs(book)[Sign.REPRINT] == 1


def test_staff_earn_like_anybody_and_are_seen():
    book = Book()
    book.sale(NOON, PEOPLE[2])
    assert book.seen() == {(NOON.date(), Line(Sign.STAFF, PEOPLE[2], "Lan")): 1}


@pytest.mark.parametrize(
    ("happens", "other", "sign"),
    [
        (Book.not_me, lambda book, at: book.not_me(at, "cashier"), Sign.NOT_ME),
        (Book.wrong_code, lambda book, at: None, Sign.WRONG_CODE),
        (Book.wrong_staff_pin, lambda book, at: book.wrong_staff_pin(at, "may_not"), Sign.WRONG_STAFF_PIN),
    ],
)
def test_what_is_only_counted(happens, other, sign):
    book = Book()
    for number in range(2):
        other(book, NOON)
        assert signs(book)[sign] == 0
        happens(book, NOON + timedelta(minutes=number))
    assert book.seen() == {(NOON.date(), Line(sign, cashier="Lan")): 2}


def test_what_was_shown_is_not_shown_again():
    book = Book()
    book.wrong_code(NOON)
    book.wrong_code(NOON)
    told = radar.of(book.entries, TIGHT, "Lan")
    (unshown,) = told.unshown(NOON.date())
    line = unshown.line
    noted = f.SignNoted("s", line.sign.value, line.customer, line.cashier, 2, 1, NOON.date().isoformat())
    told.take(JournalEntry(9, NOON, noted))
    assert list(told.unshown(NOON.date())) == []
    assert len(list(told.seen())) == 1


def test_a_sign_of_a_later_program_is_passed_over():
    Radar().take(JournalEntry(1, NOON, f.SignNoted("s", "seen_by_a_camera", "", "", 2, 1, NOON.date().isoformat())))
    Radar().take(JournalEntry(1, NOON, f.SignNoted("s", "often", "", "", 2, 1, "yesterday")))


def test_a_clock_that_had_run_ahead_does_not_blind_the_radar():
    book = Book()
    book.sale(NOON + timedelta(days=9000), PEOPLE[0])
    for _ in range(2):
        book.sale(NOON, PEOPLE[0])
    assert book.seen() == {(NOON.date(), Line(Sign.OFTEN, PEOPLE[0])): 2}


def test_memory_is_bounded_and_what_was_seen_most_stays():
    told = Radar(TIGHT, "Lan", _lines_a_day=20)
    book = Book()
    for _ in range(5):
        book.sale(NOON, "the one")
    for number in range(500):
        book.sale(NOON, f"passer-by {number}")
    for entry in book.entries:
        told.take(entry)
    assert sum(len(day.counts) for day in told._days.values()) <= 20
    assert {seen.line.customer for seen in told.seen()} >= {"the one"}
    assert len(told._sales) <= radar.SALES_KEPT


def test_sales_without_end_do_not_grow_it(monkeypatch):
    monkeypatch.setattr(radar, "SALES_KEPT", 10)
    told, book = Radar(), Book()
    for _ in range(50):
        book.claim(NOON, book.sale(NOON), "")
        book.write(NOON, f.AccrualStated(AccrualId(book.name()), book.sale(NOON), FuellingId("f")))
    for entry in book.entries:
        told.take(entry)
    assert len(told._sales) == len(told._claims) == 10


def test_every_kind_that_is_heard_is_one():
    assert set(f.KINDS) >= HEARD


# ── against a plain list ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Happening:
    after_s: int
    cashier: str
    kind: str
    customer: str
    late_s: int
    copied: bool


HAPPENINGS = st.lists(
    st.builds(
        Happening,
        st.sampled_from((0, 30, 7_200, 50_000, 100_000)),
        st.sampled_from(CASHIERS),
        st.sampled_from(("sale", "late", "claim", "anonymous", "not_me", "wrong_code", "wrong_staff_pin")),
        st.sampled_from(PEOPLE),
        st.sampled_from((1, 59, 60, 61, 5_000)),
        st.booleans(),
    ),
    max_size=60,
)


def counted(happenings: list[Happening], limits: Limits) -> Iterator[tuple[date, Line, int]]:
    """Every day of the week up to the last one that counted anything, counted anew from all there was."""
    seen: list[tuple[datetime, Line]] = []
    at = NOON
    for each in happenings:
        at += timedelta(seconds=each.after_s)
        here = Line(Sign.LATE, cashier=each.cashier)
        soon = each.late_s <= limits.late_s
        if each.kind in ("late", "claim"):
            at += timedelta(seconds=each.late_s)
        if each.kind in ("late", "claim") and soon:
            seen.append((at, here))
        if each.kind == "claim" and each.copied:
            seen.append((at, Line(Sign.REPRINT, cashier=each.cashier)))
        if each.kind in ("sale", "late", "claim"):
            seen.append((at, Line(Sign.OFTEN, each.customer)))
            seen.append((at, Line(Sign.SAME_HANDS, each.customer, each.cashier)))
            if each.customer in limits.staff_ids:
                seen.append((at, Line(Sign.STAFF, each.customer, each.cashier)))
        if each.kind in ("not_me", "wrong_code", "wrong_staff_pin"):
            seen.append((at, Line(Sign(each.kind), cashier=each.cashier)))
    days = [business_day(moment) for moment, _ in seen]
    for day in sorted({day for day in days if max(days) - day < timedelta(days=DAYS)}):
        for line in {line for own, (_, line) in zip(days, seen, strict=True) if own == day}:
            span = DAYS if line.sign is Sign.SAME_HANDS else 1
            first = max(day - timedelta(days=span - 1), max(days) - timedelta(days=DAYS - 1))
            count = sum(first <= own <= day and each == line for own, (_, each) in zip(days, seen, strict=True))
            if count > limits.most(line.sign):
                yield day, line, count


def written(happenings: list[Happening]) -> list[JournalEntry]:
    book, at = Book(), NOON
    for each in happenings:
        at += timedelta(seconds=each.after_s)
        book.shift(at, each.cashier)
        match each.kind:
            case "sale":
                book.sale(at, each.customer)
            case "late":
                book.sale(at, each.customer, each.late_s)
                at += timedelta(seconds=each.late_s)
            case "anonymous":
                book.sale(at)
            case "claim":
                sale = book.sale(at)
                if each.copied:
                    book.copy(at, sale)
                at += timedelta(seconds=each.late_s)
                book.claim(at, sale, each.customer)
            case "not_me":
                book.not_me(at)
            case "wrong_code":
                book.wrong_code(at)
            case _:
                book.wrong_staff_pin(at)
    return book.entries


@given(HAPPENINGS)
def test_the_fold_sees_what_a_list_counted_anew_shows(happenings: list[Happening]):
    told = radar.of(written(happenings), TIGHT)
    assert {(seen.day, seen.line, seen.count) for seen in told.seen()} == set(counted(happenings, TIGHT))


@given(HAPPENINGS, st.integers(0, 200))
def test_it_can_be_stopped_anywhere_and_read_on(happenings: list[Happening], at: int):
    entries = written(happenings)
    told = radar.of(entries[:at], TIGHT)
    list(told.seen())
    for entry in entries[at:]:
        told.take(entry)
    assert list(told.seen()) == list(radar.of(entries, TIGHT).seen())
