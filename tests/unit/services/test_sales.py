"""Selling fuel, with and without a customer: the flows of every few minutes, in the trade's words."""

from __future__ import annotations

from dataclasses import replace

from pos_client.bootstrap.simulate.world import BLOCKED, CANCEL, INDIVIDUAL, OK, PHONE, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.snapshots import CustomerState, DialogueState
from pos_client.settings.model import ScannerSettings

AMOUNT_10_L = 270_800


def close(rig: Rig) -> None:
    """The day is over and the three ledgers agree."""
    rig.settle(60)
    rig.check_ledgers()


def test_an_anonymous_sale_takes_two_keys_and_tells_central_nothing():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == AMOUNT_10_L
    rig.pay()
    assert rig.look().sale is None
    assert [receipt.copy for receipt in rig.printer.printed] == [False]
    assert rig.facts(f.AccrualStated) == []
    close(rig)


def test_cash_earns_50_points_for_every_20000():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.credits() == [650]
    assert rig.picture.receipt is not None
    assert rig.picture.receipt.earned is not None
    assert rig.picture.receipt.earned.confirmed
    close(rig)


def test_electronic_earns_50_points_for_every_10000():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay(TenderKind.CARD)
    assert rig.credits() == [1350]
    close(rig)


def test_two_tenders_earn_each_by_its_own_rate():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay(TenderKind.QR, 70_000)
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == AMOUNT_10_L - 70_000
    rig.pay()
    assert rig.credits() == [350 + 500]
    close(rig)


def test_a_customer_scanned_before_the_sale_is_on_it():
    rig = Rig()
    rig.identify()
    rig.fuel()
    rig.select(1)
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_a_phone_number_typed_on_the_keypad_is_shown_masked_and_earns():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.keys(PHONE)
    assert rig.picture.dialogue.entered == PHONE
    rig.keys(OK)
    assert rig.picture.customer is not None
    assert rig.picture.customer.masked_identifier == "0912 *** 001"
    assert rig.picture.dialogue.state is DialogueState.CONFIRM
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_the_customer_says_not_me_and_nobody_earns():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.keys(0)
    assert rig.picture.customer is None
    assert rig.only(f.CustomerDetached).by == "customer"
    rig.pay()
    assert rig.credits() == []
    close(rig)


def test_stacked_sales_come_oldest_first():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.advance(2_000)
    rig.fuel(1, 2_000)
    rig.advance(2_000)
    rig.fuel(2, 3_000)
    volumes = []
    for _ in range(3):
        rig.tell(m.SelectOldest())
        assert rig.picture.sale is not None
        volumes.append(rig.picture.sale.volume_ml)
        rig.pay()
    assert volumes == [1_000, 2_000, 3_000]
    close(rig)


def test_a_pump_pressed_twice_keeps_its_sale_on_the_counter():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.select(1)
    assert rig.picture.sale is not None
    assert rig.facts(f.SaleReleased) == []
    rig.pay()
    close(rig)


def test_an_untouched_sale_goes_back_to_the_forecourt_and_a_begun_one_stays_in_hand():
    rig = Rig()
    rig.fuel(1)
    rig.fuel(2, 1_000)
    rig.select(1)
    rig.select(2)
    assert [len(tile.unpaid) for tile in rig.picture.points] == [1, 0]
    rig.pay(TenderKind.CASH, 10_000)
    rig.select(1)
    rig.pay()
    rig.select(2)
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == 30_490 - 10_000
    rig.tell(m.ReleaseSale())
    assert rig.notices[-1] == "sale_has_payments"
    rig.pay()
    close(rig)


def test_the_customer_of_one_sale_is_not_there_for_another_that_is_brought_back():
    rig = Rig()
    rig.fuel(1)
    rig.fuel(2, 1_000)
    rig.select(2)
    rig.pay(TenderKind.CASH, 10_000)
    rig.select(1)
    rig.identify()
    rig.select(2)
    assert rig.picture.customer is None
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "points_need_customer"
    rig.pay()
    rig.select(1)
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_a_sale_paid_faster_than_central_answers_earns_all_the_same():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.central.fail("LookUpCustomer", "late:3000")
    rig.identify()
    assert rig.picture.dialogue.state is DialogueState.LOOKING_UP
    rig.pay()
    assert rig.credits() == [650]
    rig.advance(10_000)
    assert rig.picture.customer is None
    close(rig)


def test_an_offline_sale_earns_when_central_is_back_and_the_receipt_says_so():
    rig = Rig()
    rig.central.down = True
    rig.fuel()
    rig.select(1)
    rig.identify()
    assert rig.picture.customer is not None
    assert rig.picture.customer.state is CustomerState.UNVERIFIED
    rig.pay()
    (printed,) = rig.printer.printed
    assert printed.earned is not None
    assert not printed.earned.confirmed
    assert rig.picture.status.queue.waiting == 1
    rig.advance(120_000)
    assert rig.credits() == []
    rig.central.down = False
    rig.advance(15_000)
    assert rig.credits() == [650]
    assert rig.picture.status.queue.waiting == 0
    close(rig)


def test_a_customer_known_offline_is_looked_up_again_while_he_is_here():
    rig = Rig()
    rig.central.fail("LookUpCustomer", "lost")
    rig.fuel()
    rig.select(1)
    rig.identify()
    assert rig.picture.customer is not None
    assert rig.picture.customer.state is CustomerState.UNVERIFIED
    rig.advance(10_000)
    known = rig.look().customer
    assert known is not None
    assert known.state is CustomerState.KNOWN
    rig.pay()
    close(rig)


def test_somebody_central_does_not_know_leaves_the_sale_anonymous():
    rig = Rig()
    rig.central.fail("LookUpCustomer", "lost")
    rig.fuel()
    rig.select(1)
    rig.identify("000999999")
    rig.advance(10_000)
    assert rig.notices[-1] == "central_unknown-customer"
    assert rig.only(f.CustomerDetached).by == "central"
    assert rig.picture.customer is None
    rig.pay()
    assert rig.facts(f.AccrualStated) == []
    close(rig)


def test_a_blocked_account_neither_earns_nor_stops_the_sale():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify(BLOCKED)
    assert rig.notices[-1] == "central_customer-blocked"
    rig.pay()
    assert rig.credits() == []
    close(rig)


def test_a_refusal_that_is_about_this_terminal_costs_the_customer_nothing():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.central.fail("LookUpCustomer", "refused:station-mismatch")
    rig.identify()
    assert rig.picture.customer is not None
    assert rig.picture.customer.state is CustomerState.UNVERIFIED
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_a_tender_above_what_is_due_is_refused():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    for wrong in (AMOUNT_10_L + 1, 0, -1):
        rig.pay(TenderKind.CASH, wrong)
        assert rig.notices[-1] == "tender_out_of_range"
    rig.pay(TenderKind.POINTS)
    assert rig.notices[-1] == "tender_not_by_hand"
    rig.pay()
    close(rig)


def test_a_reprint_is_a_copy():
    rig = Rig()
    rig.tell(m.ReprintLast())
    assert rig.notices == ["no_receipt_yet"]
    rig.fuel()
    rig.select(1)
    rig.pay()
    rig.tell(m.ReprintLast())
    assert [receipt.copy for receipt in rig.printer.printed] == [False, True]


def test_the_customer_who_cancels_his_typing_starts_anew():
    rig = Rig()
    rig.keys(1, 2, 3, CANCEL)
    assert rig.picture.dialogue.state is DialogueState.WELCOME
    rig.keys(INDIVIDUAL, OK)
    assert rig.picture.customer is not None
    assert rig.picture.customer.state is CustomerState.KNOWN


def test_a_parked_record_does_not_hold_up_others():
    rig = Rig()
    rig.central.down = True
    rig.fuel(1)
    rig.select(1)
    rig.identify("000999999")
    rig.pay()
    rig.fuel(2)
    rig.select(2)
    rig.identify()
    rig.pay()
    rig.settle(120)
    assert rig.only(f.AccrualRefused).code == "unknown-customer"
    assert rig.credits() == [750]
    queue = rig.picture.status.queue
    assert (queue.waiting, queue.in_doubt, queue.parked) == (0, 0, 1)
    rig.check_ledgers()
    rig.restart()
    rig.run()
    assert rig.picture.status.queue.parked == 1


def test_a_record_that_was_told_to_wait_does_not_hold_up_others():
    rig = Rig()
    rig.central.fail("Accrue", "later:500")
    for point in (1, 2):
        rig.fuel(point)
        rig.select(point)
        rig.identify()
        rig.pay()
    rig.advance(3_000)
    assert rig.credits() == [750]
    rig.advance(600_000, step_ms=5_000)
    assert rig.credits() == [750, 650]
    close(rig)


def test_after_a_restart_an_untouched_sale_waits_again_and_a_begun_one_is_on_the_counter():
    rig = Rig()
    rig.fuel(1)
    rig.select(1)
    rig.identify()
    rig.restart()
    assert rig.only(f.SaleReleased).reason == "restart"
    assert [len(tile.unpaid) for tile in rig.picture.points] == [1, 0]
    assert rig.picture.sale is None
    rig.select(1)
    rig.identify()
    rig.pay(TenderKind.CARD, 70_800)
    rig.restart()
    begun = rig.look().sale
    assert begun is not None
    assert begun.due_vnd == 200_000
    rig.pay()
    assert rig.credits() == [350 + 500]
    close(rig)


def test_whoever_is_scanned_is_given_the_only_sale_that_waits():
    rig = Rig()
    rig.fuel()
    rig.tell(m.Scan(INDIVIDUAL))
    assert rig.picture.sale is not None
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_of_two_that_wait_a_scan_opens_neither():
    rig = Rig()
    rig.fuel()
    rig.fuel(2)
    rig.tell(m.Scan(INDIVIDUAL))
    assert rig.picture.sale is None
    assert rig.picture.customer is not None


def test_one_step_back_from_what_a_scan_opened_leaves_the_customer_for_a_gift():
    rig = Rig()
    rig.fuel()
    rig.tell(m.Scan(INDIVIDUAL), m.ReleaseSale())
    assert (rig.look().sale, rig.picture.customer is not None) == (None, True)
    rig.tell(m.ReleaseSale())
    assert rig.look().customer is None


def test_a_scan_over_an_open_sale_opens_no_other():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.fuel(2)
    rig.tell(m.Scan(INDIVIDUAL))
    assert rig.picture.sale is not None
    assert rig.picture.sale.point == 1


def test_a_scanner_on_its_own_line_is_one_like_any_other():
    rig = Rig()
    rig.fuel()
    rig.tell(r.CodeScanned(INDIVIDUAL))
    assert rig.picture.sale is not None
    assert rig.picture.customer is not None


def test_a_link_and_a_token_are_read_as_the_station_says():
    rig = Rig(replace(SETTINGS, scanner=ScannerSettings(url_keys=("member",), token_prefixes=("QR:",))))
    rig.tell(m.Scan(f"https://id.example.vn/x?member={INDIVIDUAL}"))
    assert rig.picture.customer is not None
    assert rig.picture.customer.display_id == INDIVIDUAL
    rig.tell(m.ReleaseSale(), m.Scan(f"https://id.example.vn/x?id={INDIVIDUAL}"))
    assert rig.notices[-1] == "identifier_unknown"
    rig.tell(m.Scan("qr:"))
    assert rig.notices[-1] == "identifier_empty"
    rig.tell(m.Scan("PLX:1"))
    assert rig.notices[-1] == "identifier_unknown"
