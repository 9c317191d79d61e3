"""The points ledger by example: what a hold does across an expiry, and what a reversal gives back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme.entries import EntryKind
from pos_client.domain.programme.ledger import Ledger

LAST = date(2027, 3, 31)
EVENING = datetime(2027, 3, 31, 23, 58, tzinfo=VIETNAM)
AFTER_MIDNIGHT = EVENING + timedelta(minutes=5)


@pytest.fixture
def ledger():
    made = Ledger()
    made.credit("who", 1_000, EVENING - timedelta(days=90), LAST)
    return made


def kinds(ledger):
    return [entry.kind for entry in ledger.entries]


def test_a26_fuel_that_flows_over_midnight_of_the_last_day_is_paid_with_the_points_held_for_it(ledger):
    ledger.hold("who", "r", 600, EVENING)
    assert ledger.balance("who", AFTER_MIDNIGHT).held == 600
    ledger.capture("r", 450, AFTER_MIDNIGHT)
    balance = ledger.balance("who", AFTER_MIDNIGHT)
    assert (balance.available, balance.held, balance.debits) == (150, 0, 400 + 450)
    assert ledger.lots("who", AFTER_MIDNIGHT)[0].expires_on == date(2027, 4, 2)
    assert kinds(ledger)[-3:] == [EntryKind.CAPTURE, EntryKind.RELEASE, EntryKind.EXTENSION]
    assert EntryKind.EXPIRY in kinds(ledger), "what nobody held has died, and says so"


def test_a26_points_that_come_back_late_keep_the_days_they_had_left(ledger):
    ledger.hold("who", "r", 600, EVENING - timedelta(days=4))
    ledger.release("r", EVENING + timedelta(days=30))
    back = ledger.lots("who", EVENING + timedelta(days=30))
    assert [(lot.points_left, lot.expires_on) for lot in back] == [(600, date(2027, 5, 4))]
    assert ledger.balance("who", datetime(2027, 5, 4, 23, 59, 59, tzinfo=VIETNAM)).available == 600
    assert ledger.balance("who", datetime(2027, 5, 5, tzinfo=VIETNAM)).available == 0


def test_a_hold_that_ends_in_time_changes_no_last_day(ledger):
    ledger.hold("who", "r", 600, EVENING - timedelta(days=4))
    ledger.release("r", EVENING)
    assert [(lot.points_left, lot.expires_on) for lot in ledger.lots("who", EVENING)] == [(1_000, LAST)]


def test_a_reversed_redemption_gives_back_what_it_took_and_only_once(ledger):
    ledger.hold("who", "r", 600, EVENING)
    taken = ledger.capture("r", 600, EVENING)
    ledger.reverse(taken.number, EVENING)
    assert ledger.balance("who", EVENING).available == 1_000
    with pytest.raises(RuleViolation, match="already_reversed"):
        ledger.reverse(taken.number, EVENING)


def test_a_redemption_reversed_after_the_last_day_lives_on(ledger):
    ledger.hold("who", "r", 600, EVENING - timedelta(days=2))
    taken = ledger.capture("r", 600, EVENING - timedelta(days=2))
    ledger.reverse(taken.number, EVENING + timedelta(days=10))
    back = ledger.lots("who", EVENING + timedelta(days=10))
    assert [(lot.points_left, lot.expires_on) for lot in back] == [(600, date(2027, 4, 12))]


def test_a_reversed_credit_never_makes_a_balance_negative(ledger):
    ledger.hold("who", "r", 600, EVENING)
    undone = ledger.reverse(1, EVENING)
    assert (undone.points, undone.uncovered) == (-400, 600)
    assert ledger.balance("who", EVENING).available == 0
    assert ledger.held("r") == 600


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda it: it.credit("who", 0, EVENING, LAST), "amount_too_small"),
        (lambda it: it.credit("who", 1, EVENING, LAST - timedelta(days=1)), "lot_dies_before_credit"),
        (lambda it: it.credit("who", 1, EVENING - timedelta(days=99), LAST), "time_before_last_entry"),
        (lambda it: it.hold("who", "r", 1_001, EVENING), "insufficient_points"),
        (lambda it: it.hold("who", "r", 99, EVENING, 100), "below_minimum"),
        (lambda it: it.capture("nobody", 1, EVENING), "unknown_hold"),
        (lambda it: it.reverse(0, EVENING), "unknown_entry"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_writes_nothing(ledger, work, code):
    with pytest.raises(RuleViolation) as refused:
        work(ledger)
    assert refused.value.code == code
    assert kinds(ledger) == [EntryKind.CREDIT]


def test_a_hold_has_one_name_for_ever(ledger):
    ledger.hold("who", "r", 100, EVENING)
    ledger.release("r", EVENING)
    with pytest.raises(RuleViolation, match="hold_exists"):
        ledger.hold("who", "r", 100, EVENING)
    with pytest.raises(RuleViolation, match="unknown_hold"):
        ledger.release("r", EVENING)
    with pytest.raises(RuleViolation, match="not_reversible"):
        ledger.reverse(2, EVENING)
    with pytest.raises(RuleViolation, match="unknown_entry"):
        ledger.reverse(4, EVENING)
