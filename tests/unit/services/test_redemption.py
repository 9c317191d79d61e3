"""Paying with points: hold, consent, capture; and every way it can go otherwise."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import (
    CANCEL,
    CLEAR,
    DRIVER_PIN,
    OK,
    ORGANISATION,
    ORGANISATION_PIN,
    POOR,
    VOUCHER,
    Rig,
)
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.ports import central as c
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState, PointsPhase

AMOUNT_10_L = 270_800


def at_the_counter(identifier: str = "000100001", millilitres: int = 10_000, point: int = 1) -> Rig:
    """A fuelling claimed, its customer known."""
    rig = Rig()
    rig.fuel(point, millilitres)
    rig.select(point)
    rig.identify(identifier)
    return rig


def asked_for_consent(amount_vnd: int | None = None, identifier: str = "000100001", millilitres: int = 10_000) -> Rig:
    """Points held, the secret asked for."""
    rig = at_the_counter(identifier, millilitres)
    rig.tell(m.StartRedemption(amount_vnd))
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.WAITING_SECRET
    assert rig.picture.dialogue.state is DialogueState.SECRET
    return rig


def close(rig: Rig) -> None:
    """What is still due is paid, time passes, the ledgers agree."""
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def test_an_individual_pays_all_with_points_and_his_code():
    rig = asked_for_consent(millilitres=5_000)
    rig.keys(rig.code(), OK)
    assert rig.debits() == [135_400]
    assert rig.picture.sale is None
    assert rig.facts(f.AccrualStated) == []
    assert rig.picture.receipt is not None
    assert rig.picture.receipt.spent is not None
    assert rig.picture.receipt.spent.confirmed
    close(rig)


def test_an_individual_pays_a_part_and_the_rest_earns():
    rig = asked_for_consent(50_000)
    rig.keys(rig.code(), OK)
    assert rig.debits() == [50_000]
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == AMOUNT_10_L - 50_000
    rig.pay()
    assert rig.credits() == [550]
    close(rig)


def test_without_an_amount_everything_that_fits_is_held():
    rig = asked_for_consent()
    assert rig.only(f.HoldIntended).points == 186_400
    rig.keys(rig.code(), OK)
    assert rig.debits() == [186_400]
    close(rig)


def test_an_organisation_pays_with_its_pin():
    rig = asked_for_consent(identifier=ORGANISATION)
    assert rig.only(f.HoldIntended).method == "organisation_pin"
    rig.keys(ORGANISATION_PIN, OK)
    assert rig.debits() == [AMOUNT_10_L]
    close(rig)


def test_a_driver_pays_with_his_voucher_and_his_pin():
    rig = asked_for_consent(identifier=VOUCHER)
    assert rig.only(f.HoldIntended).method == "driver_pin"
    rig.keys(DRIVER_PIN, OK)
    assert rig.debits() == [AMOUNT_10_L]
    close(rig)


@pytest.mark.parametrize(("typed", "points"), [(("1",), 186_400), (("3",), 50_000), (("4", "23000", OK), 23_000)])
def test_the_customer_chooses_the_amount_on_the_keypad(typed: tuple[str, ...], points: int):
    rig = at_the_counter()
    rig.keys(OK)
    assert rig.picture.dialogue.state is DialogueState.AMOUNT
    rig.keys(*typed)
    rig.tell(m.StartRedemption())
    rig.keys(rig.code(), OK)
    assert rig.debits() == [points]
    close(rig)


def test_a_wrong_code_then_the_right_one():
    rig = asked_for_consent()
    rig.keys("000001", OK)
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.WAITING_SECRET
    assert rig.picture.points_panel.attempts_left == 2
    assert rig.only(f.VerifyRefused).code == "credential-wrong"
    rig.keys(rig.code(), OK)
    assert [intent.n for intent in rig.facts(f.VerifyIntended)] == [1, 2]
    assert rig.debits() == [186_400]
    close(rig)


def test_three_wrong_codes_lock_and_give_everything_back():
    rig = asked_for_consent()
    for _ in range(3):
        rig.keys("000001", OK)
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.REFUSED
    assert rig.picture.points_panel.reason is not None
    assert rig.picture.points_panel.reason.code == "central_credential-locked"
    assert rig.states() == ["VOIDED"]
    rig.pay()
    close(rig)


def test_a_mistyped_digit_can_be_taken_back():
    rig = asked_for_consent()
    code = rig.code()
    rig.keys(code[:5], "9", CLEAR, code[5], OK)
    assert rig.debits() == [186_400]
    close(rig)


def test_another_code_can_be_sent_after_half_a_minute_and_voids_the_first():
    rig = asked_for_consent()
    first = rig.code()
    rig.tell(m.ResendCode())
    assert rig.notices[-1] == "resend_not_yet"
    rig.advance(31_000)
    rig.tell(m.ResendCode())
    assert rig.code() != first
    rig.keys(first, OK)
    assert rig.debits() == []
    rig.keys(rig.code(), OK)
    assert rig.debits() == [186_400]
    close(rig)


def test_a_code_that_has_run_out_may_be_replaced():
    rig = asked_for_consent()
    rig.advance(31_000)
    hold = next(iter(rig.central.ledger.holds.values()))
    hold.challenge += 1
    rig.keys(rig.code(), OK)
    assert rig.only(f.VerifyRefused).code == "challenge-expired"
    rig.tell(m.ResendCode())
    rig.keys(rig.code(), OK)
    assert rig.debits() == [186_400]
    close(rig)


def test_the_customer_walks_away_and_the_sale_is_still_payable():
    rig = asked_for_consent()
    rig.advance(299_000)
    assert rig.states() == ["HELD"]
    rig.advance(2_000)
    assert rig.only(f.VoidIntended).reason == "customer_gone"
    rig.pay()
    assert rig.facts(f.SalePaid)
    close(rig)


@pytest.mark.parametrize("by", ["customer", "cashier"])
def test_cancelling_gives_the_hold_back(by: str):
    rig = asked_for_consent()
    if by == "customer":
        rig.keys("12", CANCEL)
    else:
        rig.tell(m.CancelRedemption())
    assert rig.states() == ["VOIDED"]
    assert rig.picture.dialogue.secret_length == 0
    rig.pay()
    close(rig)


def test_too_few_points_are_refused_before_anything_is_held():
    rig = at_the_counter(POOR)
    rig.tell(m.StartRedemption())
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.REFUSED
    assert rig.facts(f.HoldIntended) == []
    rig.pay()
    close(rig)


def test_central_declines_the_hold_when_the_points_went_elsewhere():
    rig = at_the_counter()
    rig.central.fail("Hold", "problem:unavailable")
    rig.tell(m.StartRedemption())
    rig.central.ledger.accounts["000100001"].points = 60_000
    rig.advance(5_000)
    assert rig.only(f.HoldDeclined).code == "insufficient-points"
    assert rig.states() == ["DECLINED"]
    rig.pay()
    close(rig)


def test_never_more_is_held_than_was_asked_for(monkeypatch: pytest.MonkeyPatch):
    rig = at_the_counter()
    monkeypatch.setattr(rig.central, "_quote", lambda **_: c.QuoteGiven(186_400, 300))
    rig.tell(m.StartRedemption(50_000))
    assert rig.only(f.HoldIntended).points == 50_000
    rig.keys(rig.code(), OK)
    assert rig.debits() == [50_000]


@pytest.mark.parametrize(
    "command",
    [
        m.TakeTender(TenderKind.CASH),
        m.DetachCustomer(),
        m.Identify("000100004"),
        m.ReleaseSale(),
        m.StartRedemption(),
        m.SelectOldest(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_while_consent_is_asked_for_the_sale_stays_as_it_is(command: object):
    rig = asked_for_consent()
    rig.fuel(2, 1_000)
    facts = len(rig.store.journal)
    rig.tell(command)
    assert rig.notices[-1] in ("points_in_progress", "sale_has_payments")
    assert len(rig.store.journal) == facts
    rig.keys(rig.code(), OK)
    assert rig.debits() == [186_400]
    close(rig)


def test_once_points_have_paid_the_customer_stays():
    rig = asked_for_consent(50_000)
    rig.keys(rig.code(), OK)
    rig.tell(m.DetachCustomer())
    assert rig.notices[-1] == "points_already_used"
    rig.tell(m.Identify("000100004"))
    assert rig.notices[-1] == "points_already_used"
    rig.pay()
    close(rig)


def test_points_are_for_known_customers_with_a_way_to_consent():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "points_need_customer"
    rig.central.down = True
    rig.identify()
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "points_need_network"
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.IMPOSSIBLE
    rig.pay()
    close(rig)


def test_a_cancelled_redemption_whose_consent_arrives_late_is_given_back():
    rig = asked_for_consent()
    rig.central.fail("Verify", "late:3000")
    rig.keys(rig.code(), OK)
    rig.tell(m.CancelRedemption())
    rig.advance(10_000)
    assert rig.states() == ["VOIDED"]
    assert rig.debits() == []
    rig.pay()
    close(rig)


@pytest.mark.parametrize(
    "meanwhile",
    [
        (m.ReleaseSale(),),
        (m.TakeTender(TenderKind.CASH),),
        (m.DetachCustomer(),),
        (m.Identify("000100004"),),
        (m.SelectOldest(),),
        (m.SelectOldest(), m.Identify("000100001")),
    ],
    ids=["given back", "paid", "not him", "another customer", "another sale", "another sale of his"],
)
def test_a_quote_that_comes_after_the_counter_went_on_holds_nothing(meanwhile: tuple[object, ...]):
    """No key waits for a quote; its answer must not hold one customer's points for another's fuel."""
    rig = at_the_counter()
    rig.fuel(2, 1_000)
    rig.central.fail("Quote", "late:3000")
    rig.tell(m.StartRedemption(), *meanwhile)
    rig.advance(6_000)
    assert rig.facts(f.HoldIntended) == []
    close(rig)


def test_a_tender_taken_while_the_quote_is_under_way_leaves_less_to_hold():
    rig = at_the_counter()
    rig.central.fail("Quote", "late:3000")
    rig.tell(m.StartRedemption(), m.TakeTender(TenderKind.CASH, 200_000))
    rig.advance(6_000)
    assert rig.only(f.HoldIntended).points == 70_800
    rig.keys(rig.code(), OK)
    assert rig.debits() == [70_800]
    close(rig)


@pytest.mark.parametrize("amount", [0, 1, 99])
def test_b02_less_than_a_hundred_points_are_not_asked_for(amount: int):
    rig = at_the_counter()
    rig.tell(m.StartRedemption(amount))
    assert rig.notices[-1] == "points_below_minimum"
    assert rig.facts(f.HoldIntended) == []
