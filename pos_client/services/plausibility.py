"""Whether an answer of head office can be true at all, whatever its form and its signature say.

An answer may be well formed and impossible: more debited than was held, a hold nobody asked for, a balance below
zero. Whoever sent it (a damaged central, a proxy, somebody with its key), nobody acts on it: it goes the way of an
answer that was never seen (`services/doubts.py`), for the same question under the same key has a true answer, or the
hold is voided.

Each function says in one word what is impossible, or None. Limits are far outside of what any rule gives: what is
merely odd is central's own business (I13, I4; the programme's rates are domain/rules.md, A02 to A05).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pos_client.domain.moment import aware_time
from pos_client.domain.quantities import Points, Vnd
from pos_client.ports import central as c

MOST_POINTS = 10**12
"""No account of the country holds as many: a thousand times the fuel of its largest fleet."""
LONGEST_HOLD_S = 3_600
"""A hold and its challenge live five to ten minutes; an hour is for ever at a counter."""
MOST_TRIES = 100
MOST_OF_A_SALE = 99_999_999
"""Đồng: eight digits, as many as a dispenser shows."""
MOST_FOR_NOTHING = 200_000
"""Points an accrual may bring beside one a đồng paid: a gift for a birthday or a first visit."""
FLOOR = datetime(2025, 1, 1, tzinfo=UTC)
"""Before this program was written no central answered it."""
CLOCKS_APART = timedelta(minutes=10)
"""Two answers of central may be further apart, or nearer, than the time that has passed here by so much."""


def customer(found: c.CustomerFound) -> str | None:
    """Sums that no account can have; somebody without a reference."""
    who = found.customer
    sums = (who.points_available, who.points_held, who.expiring_points, who.voucher.points if who.voucher else 0)
    if not _are_points(sums):
        return "balance"
    if who.expiring_points > who.points_available + who.points_held:
        return "expiring_above_balance"
    return None if who.reference else "no_reference"


def quote(given: c.QuoteGiven) -> str | None:
    """Nothing at all, which is a refusal and comes as one. More than was asked for does no harm: the smaller counts."""
    if not _are_points((given.points_max, given.expiring_points)) or given.points_max == 0:
        return "balance"
    return None if 0 < given.expires_in_s <= LONGEST_HOLD_S else "lifetime"


def hold(placed: c.HoldPlaced, asked: Points) -> str | None:
    """Other points than were asked for, or a hold that lives for ever or not at all."""
    if placed.points != asked:
        return "more_than_asked" if placed.points > asked else "other_points"
    if not 0 < placed.expires_in_s <= LONGEST_HOLD_S:
        return "lifetime"
    if not (0 <= placed.attempts_left <= MOST_TRIES and 0 <= placed.resends_left <= MOST_TRIES):
        return "tries"
    return None if placed.challenge_id else "no_challenge"


def consent(verified: c.ConsentVerified, held: Points) -> str | None:
    """Consent to other points than are held (I8), or a permit that never or always arms."""
    if verified.points != held:
        return "other_points"
    if not 0 < verified.arm_within_s <= LONGEST_HOLD_S:
        return "lifetime"
    return None if verified.permit else "no_permit"


def capture(captured: c.RedemptionCaptured, held: Points, dispensed: Vnd) -> str | None:
    """Debited is what was dispensed, up to the hold; the rest comes back; a shortfall debits nobody (I1, I4)."""
    if not _are_points((captured.balance_after,)):
        return "balance"
    if captured.shortfall_code is not None:
        return None if captured.points_debited == captured.points_released == 0 else "shortfall_debits"
    if not 0 <= captured.points_debited <= held:
        return "more_than_held"
    if captured.points_debited + captured.points_released != held:
        return "sum"
    return None if captured.points_debited == min(held, dispensed) else "not_what_was_dispensed"


def accrual(booked: c.AccrualBooked, paid: Vnd | None) -> str | None:
    """Points no rule gives, or balances they do not lead to. `paid` None: the sale is no longer in memory."""
    if not _are_points((booked.points, booked.balance_before, booked.balance_after)):
        return "balance"
    if booked.points > (MOST_OF_A_SALE if paid is None else paid) + MOST_FOR_NOTHING:
        return "more_than_any_rule"
    return None if booked.balance_after <= booked.balance_before + booked.points else "sum"


def reversal(undone: c.OperationReversed) -> str | None:
    """Sums no account can have; points that went both ways at once."""
    sums = (undone.points_returned, undone.points_taken_back, undone.points_uncovered, undone.balance_after)
    if not _are_points(sums):
        return "balance"
    return "both_ways" if undone.points_returned and undone.points_taken_back else None


def told_time(text: str, last: datetime | None, passed_ms: int) -> str | None:
    """A time before the floor, without its offset, or apart from an earlier one by more than has passed here."""
    at = aware_time(text)
    if at is None:
        return "no_time"
    if at < FLOOR:
        return "before_the_floor"
    if last is not None and abs(at - last - timedelta(milliseconds=passed_ms)) > CLOCKS_APART:
        return "time_jumps"
    return None


def session(started: c.SessionStarted, highest: int) -> str | None:
    """Fencing numbers only grow (I12): a lower one is an old answer, or another central."""
    return None if started.session > highest else "session_went_down"


def _are_points(sums: Iterable[int]) -> bool:
    return all(0 <= points <= MOST_POINTS for points in sums)
