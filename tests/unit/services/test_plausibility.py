"""Answers that cannot be true: each kind, every lie about it, and what the till does then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.lies import lies_about
from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK, ORGANISATION, ORGANISATION_PIN, Rig
from pos_client.domain import facts as f
from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind, VoucherView
from pos_client.domain.moment import VIETNAM
from pos_client.ports import central as c
from pos_client.services import messages as m
from pos_client.services import plausibility as p
from pos_client.services.notices import say
from pos_client.services.snapshots import Notice, PointsPhase, Severity
from tests.words import words

WHO = Customer("ref", CustomerKind.INDIVIDUAL, "P***", "000 100 001", "0912 ***", 5_000, (ConsentMethod.OTP,), 1_000)
VOUCHER = VoucherView("P-00001", "51F-123.45", 5_000, date(2027, 3, 31))
NOON = datetime(2026, 11, 23, 12, tzinfo=VIETNAM)


TABLE = (
    (None, p.customer(c.CustomerFound(WHO))),
    (None, p.quote(c.QuoteGiven(5_000, 300))),
    ("balance", p.quote(c.QuoteGiven(0, 300))),
    ("lifetime", p.quote(c.QuoteGiven(5_000, 3_601))),
    (None, p.hold(c.HoldPlaced(5_000, "c", 300, 3), 5_000)),
    ("more_than_asked", p.hold(c.HoldPlaced(5_001, "c", 300, 3), 5_000)),
    ("other_points", p.hold(c.HoldPlaced(4_999, "c", 300, 3), 5_000)),
    ("lifetime", p.hold(c.HoldPlaced(5_000, "c", 10**6, 3), 5_000)),
    ("tries", p.hold(c.HoldPlaced(5_000, "c", 300, 101), 5_000)),
    ("no_challenge", p.hold(c.HoldPlaced(5_000, "", 300, 3), 5_000)),
    (None, p.consent(c.ConsentVerified(5_000, "permit", 120), 5_000)),
    ("other_points", p.consent(c.ConsentVerified(5_001, "permit", 120), 5_000)),
    ("lifetime", p.consent(c.ConsentVerified(5_000, "permit", 0), 5_000)),
    ("no_permit", p.consent(c.ConsentVerified(5_000, "", 120), 5_000)),
    (None, p.capture(c.RedemptionCaptured(3_000, 2_000, 0), 5_000, 3_000)),
    (None, p.capture(c.RedemptionCaptured(5_000, 0, 0), 5_000, 5_050)),
    (None, p.capture(c.RedemptionCaptured(0, 0, 9, "hold-released"), 5_000, 3_000)),
    ("more_than_held", p.capture(c.RedemptionCaptured(5_001, 0, 0), 5_000, 9_000)),
    ("sum", p.capture(c.RedemptionCaptured(3_000, 1_999, 0), 5_000, 3_000)),
    ("not_what_was_dispensed", p.capture(c.RedemptionCaptured(5_000, 0, 0), 5_000, 3_000)),
    ("balance", p.capture(c.RedemptionCaptured(3_000, 2_000, -1), 5_000, 3_000)),
    ("shortfall_debits", p.capture(c.RedemptionCaptured(1, 0, 9, "hold-released"), 5_000, 3_000)),
    (None, p.accrual(c.AccrualBooked(1_350, 0, 1_350, "", ""), 270_800)),
    (None, p.accrual(c.AccrualBooked(1_350, 500, 500, "", ""), 270_800)),  # they died with the year they belong to
    ("more_than_any_rule", p.accrual(c.AccrualBooked(470_801, 0, 470_801, "", ""), 270_800)),
    (None, p.accrual(c.AccrualBooked(470_801, 0, 470_801, "", ""), None)),
    ("more_than_any_rule", p.accrual(c.AccrualBooked(100_200_000, 0, 100_200_000, "", ""), None)),
    ("sum", p.accrual(c.AccrualBooked(50, 100, 151, "", ""), 270_800)),
    ("balance", p.accrual(c.AccrualBooked(-50, 100, 50, "", ""), 270_800)),
    (None, p.session(c.SessionStarted(8, ""), 7)),
    ("session_went_down", p.session(c.SessionStarted(7, ""), 7)),
)


@pytest.mark.parametrize(("why", "said"), TABLE, ids=[str(n) for n in range(len(TABLE))])
def test_what_can_be_true_and_what_cannot(why: str | None, said: str | None):
    assert said == why


@pytest.mark.parametrize("voucher", [None, VOUCHER])
def test_a_customer_has_sums_that_an_account_can_have(voucher: VoucherView | None):
    who = replace(WHO, voucher=voucher)
    assert p.customer(c.CustomerFound(who)) is None
    assert p.customer(c.CustomerFound(replace(who, points_held=-1))) == "balance"
    assert p.customer(c.CustomerFound(replace(who, points_available=10**12 + 1))) == "balance"
    assert p.customer(c.CustomerFound(replace(who, expiring_points=6_001))) == "expiring_above_balance"
    assert p.customer(c.CustomerFound(replace(who, reference=""))) == "no_reference"
    assert p.customer(c.CustomerFound(replace(who, voucher=replace(VOUCHER, points=-1)))) == "balance"


@pytest.mark.parametrize(
    ("text", "last", "why"),
    [
        ("2026-11-23T12:00:00+07:00", None, None),
        ("2026-11-23T12:00:00", None, "no_time"),
        ("noon", None, "no_time"),
        ("1999-11-23T12:00:00+07:00", None, "before_the_floor"),
        ("2026-11-23T12:01:00+07:00", NOON, None),
        ("2026-11-23T12:12:00+07:00", NOON, "time_jumps"),
        ("2036-11-23T12:00:00+07:00", NOON, "time_jumps"),
        ("2026-11-23T11:50:00+07:00", NOON, "time_jumps"),
    ],
)
def test_centrals_clock_goes_as_ours_does(text: str, last: datetime | None, why: str | None):
    assert p.told_time(text, last, 60_000) == why


@given(held=st.integers(100, 10**7), dispensed=st.integers(1, 10**7), data=st.data())
def test_of_all_sums_only_the_one_that_follows_is_believed(held: int, dispensed: int, data: st.DataObject):
    near = st.integers(-2, 2)
    right = min(held, dispensed)
    debited = right + data.draw(near)
    released = held - right + data.draw(near)
    believed = p.capture(c.RedemptionCaptured(debited, released, 0), held, dispensed) is None
    assert believed == ((debited, released) == (right, held - right))


def redeeming(rig: Rig) -> None:
    """A fuelling to be paid with an organisation's points, up to the PIN."""
    rig.fuel(1, 10_000)
    rig.select(1)
    rig.identify(ORGANISATION)


CAPTURED = c.RedemptionCaptured(1_000, 500, 9_000)
BOOKED = c.AccrualBooked(650, 1_000, 1_650, "", "")
LIES = [("Capture", n) for n in range(len(lies_about(CAPTURED)))] + [
    ("Accrue", n) for n in range(len(lies_about(BOOKED)))
]


@pytest.mark.parametrize(("verb", "which"), LIES)
def test_a_lie_about_what_was_done_is_kept_and_asked_again(verb: str, which: int):
    rig = Rig()
    rig.central.fail(verb, f"lie:{which}")
    if verb == "Capture":
        redeeming(rig)
        rig.tell(m.StartRedemption())
        rig.keys(ORGANISATION_PIN, OK)
    else:
        rig.identify(INDIVIDUAL)
        rig.fuel(1, 10_000)
        rig.select(1)
        rig.pay()
    doubted = rig.only(f.AnswerDoubted)
    assert rig.picture.notice is not None
    assert rig.picture.status.central.value == "up"
    assert doubted.asked == ("capture" if verb == "Capture" else "accrual")
    assert doubted.sha256
    assert doubted.numbers
    assert not rig.facts(f.Captured)
    assert not rig.facts(f.AccrualPosted)
    rig.settle()
    assert len(rig.facts(f.Captured)) == (verb == "Capture")
    assert len(rig.facts(f.AccrualPosted)) == (verb == "Accrue")
    rig.check_ledgers()


@pytest.mark.parametrize("which", range(7))
@pytest.mark.parametrize("verb", ["Hold", "Verify", "Quote"])
def test_a_lie_before_fuel_is_asked_again_or_given_back(verb: str, which: int):
    rig = Rig()
    redeeming(rig)
    rig.central.fail(verb, *[f"lie:{which}"] * 40)
    rig.tell(m.StartRedemption())
    rig.keys(ORGANISATION_PIN, OK)
    assert rig.facts(f.AnswerDoubted)
    rig.advance(25_000)
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase in (PointsPhase.REFUSED, PointsPhase.GIVING_BACK)
    rig.settle()
    assert not rig.facts(f.ConsentGiven)
    assert not rig.debits()
    rig.sell_everything()
    rig.settle(120)
    rig.check_ledgers()


@pytest.mark.parametrize("which", range(5))
def test_a_customer_who_cannot_be_is_not_shown(which: int):
    rig = Rig()
    rig.central.fail("LookUpCustomer", f"lie:{which}")
    rig.identify(INDIVIDUAL)
    assert rig.picture.customer is not None
    assert rig.picture.customer.masked_name == ""
    assert rig.only(f.AnswerDoubted).asked == "read"


def test_a_session_that_is_lower_than_any_before_is_not_opened():
    rig = Rig()
    before = rig.only(f.SessionOpened).session
    rig.central.ledger.sessions = before - 1
    rig.restart()
    assert rig.desk.state.central.session is None
    assert rig.only(f.AnswerDoubted).why == "session_went_down"
    rig.advance(30_000)
    assert rig.desk.state.central.session == before + 1


def test_a_central_that_only_lies_cannot_fill_the_journal():
    rig = Rig()
    rig.central.fail("AskTime", *["lie:0"] * 500)
    rig.advance(int(timedelta(hours=1).total_seconds()) * 1000, step_ms=6_000)
    assert len(rig.facts(f.AnswerDoubted)) == 200


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("asked", ["read", "hold", "consent", "capture", "void", "accrual"])
def test_the_cashier_reads_what_it_means(asked: str, language: str):
    said = say(Notice(f"impossible_answer_{asked}", Severity.WARNING, (("why", "sum"),)), words(language, "notices"))
    assert all((said.what, said.means, said.key))
    assert "notice." not in said.what
