"""Paying by VietQR: what the code says at every step of a sale, and when there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import CANCEL, INDIVIDUAL, OK, SETTINGS, Rig
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState as D
from pos_client.settings.model import BankSettings

BANK = replace(SETTINGS, bank=BankSettings("970415", "113366668888", "CTY XANG DAU KV1"))
AMOUNT_10_L = 270_800


def station() -> Rig:
    rig = Rig(BANK)
    rig.fuel()
    rig.select(1)
    return rig


def code(rig: Rig) -> str:
    sale = rig.look().sale
    assert sale is not None
    return sale.pay_code


def has(text: str, tag: str, value: str) -> bool:
    return f"{tag}{len(value):02d}{value}" in text


def test_without_an_account_there_is_no_code():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    assert code(rig) == ""
    rig.keys(CANCEL)
    assert rig.look().dialogue.state is D.IDENTIFY


def test_an_open_sale_is_paid_whole_with_its_bill_number():
    rig = station()
    sale = rig.look().sale
    assert sale is not None
    assert has(code(rig), "54", str(AMOUNT_10_L))
    assert has(code(rig), "01", sale.receipt_number)
    assert has(code(rig), "07", "CHXD018")
    assert has(code(rig), "08", "XANG DAU P01")
    assert not has(code(rig), "04", INDIVIDUAL)


def test_the_loyalty_number_stands_in_it_once_the_customer_said_that_it_is_him():
    rig = station()
    rig.identify()
    assert rig.look().dialogue.state is D.CONFIRM
    assert not has(code(rig), "04", INDIVIDUAL)
    rig.keys(OK)
    assert has(code(rig), "04", INDIVIDUAL)


def test_the_rest_after_cash_is_what_it_asks_for_and_the_screen_shows_it():
    rig = station()
    rig.pay(TenderKind.CASH, 100_000)
    assert has(code(rig), "54", str(AMOUNT_10_L - 100_000))
    assert rig.look().dialogue.state is D.PAY


def test_while_points_may_still_pay_a_part_there_is_no_code():
    """What the customer has scanned cannot be taken back: he would pay the points' part as well."""
    rig = station()
    rig.identify()
    rig.keys(OK, OK)
    rig.tell(m.StartRedemption())
    assert code(rig) == ""
    rig.keys(*rig.code(), OK)
    assert has(code(rig), "54", str(AMOUNT_10_L - 186_400))


def test_cancel_shows_the_code_and_leads_back_and_a_digit_goes_on_with_the_number():
    rig = station()
    rig.keys(CANCEL)
    assert rig.look().dialogue.state is D.PAY
    rig.keys(CANCEL)
    assert rig.look().dialogue.state is D.IDENTIFY
    rig.keys(CANCEL, 0, 9)
    assert rig.look().dialogue.state is D.IDENTIFY
    assert rig.look().dialogue.entered == "09"
    rig.keys(CANCEL)
    assert rig.look().dialogue.state is D.PAY


def test_the_next_customer_is_asked_anew():
    rig = station()
    rig.keys(CANCEL)
    rig.pay()
    rig.settle(60)
    rig.fuel()
    rig.select(1)
    assert rig.look().dialogue.state is D.IDENTIFY


def test_a_bill_is_printed_with_the_code_and_a_receipt_without():
    rig = station()
    rig.tell(m.PrintBill())
    (bill,) = rig.printer.printed
    assert (bill.paid_at, bill.pay_code) == (None, code(rig))
    rig.pay()
    assert rig.printer.printed[-1].pay_code == ""
    assert rig.printer.printed[-1].paid_at is not None


def test_no_bill_without_a_sale():
    rig = Rig(BANK)
    rig.tell(m.PrintBill())
    assert rig.look().notice is not None
    assert rig.look().notice.code == "no_open_sale"  # type: ignore[union-attr]
    assert rig.printer.printed == []


@pytest.mark.parametrize("amount", [1, AMOUNT_10_L - 1])
def test_every_rest_has_its_own_code(amount: int):
    rig = station()
    before = code(rig)
    rig.pay(TenderKind.CASH, amount)
    assert has(code(rig), "54", str(AMOUNT_10_L - amount))
    assert code(rig) != before
