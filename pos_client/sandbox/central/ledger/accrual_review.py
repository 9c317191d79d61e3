"""Statements of sales that are kept and not believed at once: a person at head office decides whether they earn.

    time-ahead       fuel that is to flow only later, by central's clock
    time-untrusted   the till did not know the time, and the points or their last day hang on it (reliability 3.13)
    late             it arrived more than a week after the fuel flowed (reliability 3.10)

The sale is taken all the same: nobody else can claim these litres while it lies on the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import business_day
from pos_client.domain.programme import expiry_of
from pos_client.domain.programme.lots import given_back_until
from pos_client.sandbox.central.ledger import funds, messaging, pools, reversals, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import day_of, from_ms, ms_of_text
from pos_client.sandbox.central.storage.tables import accounts, accruals

POSTED, REVIEW, REFUSED = "POSTED", "REVIEW", "REFUSED"
LATE_S = 7 * 86_400
AHEAD_S = 600
"""Two clocks that both ask central for the time are never so far apart."""
UNTRUSTED = "untrusted"

Outcome = TypeVar("Outcome")


def why(book: Book, fuelled_at_ms: int, time_quality: str, outcome_on: Callable[[date], Outcome]) -> str | None:
    """Why a person has to look at this sale first; None: nobody has to.

    `outcome_on`: what it would bring, had it been fuelled on that day. A time nobody trusts does no harm as long as
    the days around it, and today, bring the same.
    """
    if fuelled_at_ms > book.now_ms + AHEAD_S * 1000:
        return "time-ahead"
    day = day_of(fuelled_at_ms)
    perhaps = (day - timedelta(days=1), day + timedelta(days=1), book.today)
    if time_quality == UNTRUSTED and any(outcome_on(other) != outcome_on(day) for other in perhaps):
        return "time-untrusted"
    return "late" if book.now_ms - fuelled_at_ms > LATE_S * 1000 else None


def settle(book: Book, accrual_id: str, *, credit: bool) -> None:
    """What head office has decided; the customer is told. What is credited lives for as many days as it had left when
    it arrived: he must not lose points to our delay.

    Raises `LookupError`; `RuleViolation` (`case_closed`): decided before, or undone by its station meanwhile.
    """
    found = select(accruals).where(accruals.c.id == accrual_id).with_for_update()
    row = book.db.execute(found).one_or_none()
    if row is None:
        raise LookupError(f"no accrual {accrual_id}")
    if row.state != REVIEW or reversals.reversal_of(book, reversals.ACCRUAL, accrual_id) is not None:
        raise RuleViolation("case_closed", field="decision")
    points = row.points_due if credit else 0
    state = POSTED if credit else REFUSED
    book.db.execute(update(accruals).where(accruals.c.id == accrual_id).values(state=state, points=points))
    fund = pools.fund_of(book, row.account)
    transfers.lock(book, [fund])
    if credit:
        verify_account(book, row.account)
    if points:
        last_day = given_back_until(expiry_of(book.profile, _fuelled_on(row)), day_of(row.at_ms), book.today)
        funds.credit(book, fund, "accrual", points, last_day, accrual_id)
    account = book.db.execute(select(accounts).where(accounts.c.number == row.account)).one()
    if account.kind == "individual":
        left = funds.available_points(book, fund)
        messaging.send_reviewed(book, accrual_id, account.phone, points, left, row.station)


def verify_account(book: Book, number: str) -> None:
    """The first sale that earns proves whose the account is (A19)."""
    waiting = (accounts.c.number == number, accounts.c.status == "waiting_verification")
    book.db.execute(update(accounts).where(*waiting).values(status="active"))


def _fuelled_on(row: Row[Any]) -> date:
    at_ms = ms_of_text(row.fuelled_at)
    return business_day(from_ms(row.at_ms if at_ms is None else at_ms))
