"""What people and networks can do to a terminal, at its real windows: wrong numbers, codes, amounts; a bad central.

Each case: a message that says what happened, what it means for points and money, and what to do next, in Vietnamese and
English; no traceback; at the end the pumps' totalizers, the journal and central's ledger are equal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.services import redemption
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import CustomerState, DialogueState, PointsPhase
from tests.end_to_end.counter import (
    BLOCKED,
    DIESEL_VOUCHER,
    ORGANISATION,
    PHONE,
    WAITING,
    Counter,
    Key,
    phase_of,
)
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)


# ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("999999999", "central_unknown-customer"),
        ("0912999999", "central_unknown-customer"),
        ("99A12345", "central_unknown-customer"),
        ("P-99999", "central_unknown-customer"),
        ("PLX:NOBODY", "central_unknown-customer"),
        ("12345", "identifier_short"),
        ("0912", "identifier_short"),
        ("ABC", "identifier_unknown"),
        ("P-00231x", "identifier_unknown"),
        ("https://somewhere.example/q", "identifier_unknown"),
        (BLOCKED, "central_customer-blocked"),
    ],
)
def test_an_unknown_or_mistyped_customer_is_attached_to_nothing(counter: Counter, typed: str, code: str):
    counter.stage.type_customer(typed)
    counter.told(code)
    assert counter.seen.customer is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0912999998", "central_unknown-customer"), ("12", "identifier_short"), ("0912345678901", "identifier_unknown")],
)
def test_the_customer_reads_on_his_own_screen_that_his_number_is_wrong(counter: Counter, typed: str, code: str):
    counter.stage.keypad(typed)
    counter.customer_told(code)
    assert counter.seen.dialogue.state is DialogueState.IDENTIFY
    counter.stage.keypad("0", None)
    counter.stage.until(lambda s: s.dialogue.notice is None, "a new digit ends it")
    counter.stage.keypad("", KeypadKey.CANCEL)


def test_a_damaged_scan_opens_no_pump_and_attaches_nobody(counter: Counter):
    for text, code in (("PLX:DAMAGED-1", "central_unknown-customer"), ("1234XX99", "identifier_unknown")):
        counter.scan(text)
        counter.told(code)
        assert counter.seen.sale is None
        assert counter.seen.customer is None


@pytest.mark.log_expected("a till without head office's key says so in the log")
def test_a_till_without_head_offices_key_attaches_nobody_and_goes_on_selling(counter: Counter):
    stage, settings = counter.stage, counter.stage.settings
    stage.close_terminal()
    stage.settings = replace(settings, central=replace(settings.central, seal_key=""))
    stage.open_terminal()
    counter.known(PHONE)
    counter.open_sale()
    counter.told("seal_key_missing")
    assert counter.seen.customer is None
    assert counter.seen.status.store_ok
    stage.type_customer(PHONE)
    counter.told("seal_key_missing")
    stage.key(Key.Key_F9)
    stage.until(lambda s: s.sale is None, "paid")
    stage.close_terminal()
    stage.settings = settings
    stage.open_terminal()


# ── codes and PINs ──────────────────────────────────────────────────────────────────────────────────────────────────


def wrong(code: str) -> str:
    return str((int(code) + 1) % 1_000_000).zfill(6)


def test_wrong_codes_cost_tries_then_the_code_then_the_right_to_try(counter: Counter):
    counter.open_sale()
    counter.known()
    counter.use_points()
    for left in (2, 1):
        counter.type_secret(wrong(counter.code()))
        counter.tries_left(left)
        assert dict(counter.asked_again("central_credential-wrong").params)["left"] == left
    counter.type_secret(wrong(counter.code()))
    counter.refused("secret_tries_over")
    counter.stage.settled()
    counter.use_points()
    assert counter.seen.points_panel is not None
    assert counter.seen.points_panel.reason is None
    counter.type_secret(wrong(counter.code()))
    counter.asked_again("central_credential-wrong")
    counter.type_secret(wrong(counter.code()))
    assert dict(counter.refused("central_credential-locked").params)["minutes"] == 15
    counter.stage.key(Key.Key_F9)
    counter.stage.until(lambda s: s.dialogue.state is DialogueState.RESULT, "paid in cash, the customer is thanked")


def test_an_incomplete_code_costs_no_try(counter: Counter):
    counter.open_sale()
    counter.known()
    counter.use_points()
    for digits in ("", "12", "12345"):
        counter.stage.keypad(digits)
        counter.asked_again("secret_short")
        assert counter.seen.dialogue.secret_length == 0
        counter.stage.keypad("7", None)
        counter.stage.until(lambda s: s.dialogue.notice is None, "typing goes on")
        counter.stage.keypad("", KeypadKey.CLEAR)
    assert counter.seen.points_panel is not None
    assert counter.seen.points_panel.attempts_left == 3
    counter.type_secret(counter.code())
    counter.stage.until(lambda s: s.sale is None, "paid with points")


def test_an_expired_code_is_no_wrong_code_and_another_one_can_be_had(counter: Counter, monkeypatch):
    monkeypatch.setattr(redemption, "RESEND_AFTER_MS", 0)
    counter.open_sale()
    counter.known()
    counter.use_points()
    counter.stage.central.post("/control/clock", offset_s=200)
    late = counter.code()
    counter.type_secret(late)
    counter.asked_again("central_challenge-expired")
    assert counter.seen.points_panel is not None
    assert counter.seen.points_panel.attempts_left is None
    counter.stage.key(Key.Key_F6)
    counter.stage.until_true(lambda: counter.code() != late, "another text message")
    counter.stage.until(lambda s: s.dialogue.notice is None and s.dialogue.state is DialogueState.SECRET, "asked anew")
    counter.type_secret(late)
    counter.asked_again("central_credential-wrong")
    counter.type_secret(counter.code())
    counter.stage.until(lambda s: s.sale is None, "paid with points")


def test_a_used_code_works_once(counter: Counter):
    counter.open_sale(1)
    counter.known()
    counter.stage.key(Key.Key_F6)
    counter.stage.until(lambda s: phase_of(s) is PointsPhase.WAITING_SECRET, "asked")
    used = counter.code()
    counter.type_secret(used)
    counter.stage.until(lambda s: s.sale is None, "paid with points")
    counter.open_sale(2, 20_000)
    counter.known()
    counter.use_points()
    counter.type_secret(used)
    counter.asked_again("central_credential-wrong")


def test_a_code_typed_after_the_hold_is_over_takes_nothing(counter: Counter):
    counter.open_sale()
    counter.known()
    counter.use_points()
    code = counter.code()
    counter.stage.central.post("/control/clock", offset_s=3_600)
    counter.type_secret(code)
    counter.refused("central_hold-expired")


def test_a_wrong_pin_locks_until_the_portal_opens_it(counter: Counter):
    counter.open_sale(2)
    counter.known(ORGANISATION)
    counter.use_points()
    for left in (4, 3, 2, 1):
        counter.type_secret("000000")
        counter.tries_left(left)
    counter.type_secret("000000")
    counter.refused("secret_locked")
    counter.stage.settled()
    counter.stage.key(Key.Key_F6)
    counter.stage.until(lambda s: phase_of(s) is not PointsPhase.REFUSED, "asked for once more")
    counter.refused("secret_locked")


# ── how much ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("typed", "code"), [("50", "points_below_minimum"), ("999999", "points_above_available")])
def test_an_amount_that_does_not_fit_is_said_before_anything_is_held(counter: Counter, typed: str, code: str):
    counter.open_sale(1, 50_000)
    counter.stage.keypad(PHONE)
    counter.stage.until(lambda s: s.dialogue.state is DialogueState.CONFIRM, "is this you?")
    counter.stage.keypad("")
    counter.stage.keypad("4", None)
    counter.stage.until(lambda s: s.dialogue.state is DialogueState.AMOUNT_OTHER, "how many?")
    counter.stage.keypad(typed)
    counter.customer_told(code)
    assert counter.seen.dialogue.state is DialogueState.AMOUNT_OTHER
    counter.stage.keypad("20000")
    counter.stage.until(lambda s: s.points_panel is not None and s.points_panel.points == 20_000, "20.000 it is")


@pytest.mark.parametrize(("typed", "code"), [("5", "points_below_minimum"), ("9999999", "points_above_available")])
def test_the_cashiers_amount_is_refused_in_words_and_the_next_one_is_not_cut_down(
    counter: Counter, typed: str, code: str
):
    counter.open_sale(1, 100_000)
    counter.known()
    counter.use_points()
    amount(counter, typed)
    counter.told(code)
    counter.use_points()
    amount(counter, "90000")
    counter.held(90_000)


def amount(counter: Counter, text: str) -> None:
    """A first digit opens the field over the panel, the rest goes into it."""
    counter.stage.key(Key(Key.Key_0 + int(text[0])))
    counter.stage.until_true(lambda: not counter.widget("amount-field").isHidden(), "the amount field is open")
    counter.stage.type_amount(text[1:])


def test_parts_and_presets_that_do_not_fit_take_and_permit_nothing(counter: Counter):
    stage = counter.stage
    counter.open_sale(1, 50_000)
    for part in (60_000, 0):
        stage.key(Key.Key_Return)
        stage.until(lambda s: s.notice is None, "read")
        stage.pay_part(Key.Key_F9, part)
        assert dict(counter.told("tender_out_of_range").params)["amount"] == part
    stage.pay_part(Key.Key_F10, 49_950)
    stage.until(lambda s: s.sale is not None and s.sale.due_vnd == 50, "50 đ are left")
    assert counter.seen.notice is None
    counter.known()
    stage.key(Key.Key_F6)
    counter.told("points_below_minimum")
    stage.key(Key.Key_Escape)
    counter.told("sale_has_payments")
    stage.lift(2)
    stage.until(lambda s: stage.point(2).state is FuellingPointState.CALLING, "pump 2 calls")
    stage.preset(0)
    counter.told("preset_out_of_range")
    assert stage.point(2).state is FuellingPointState.CALLING
    stage.hang(2)


def test_customers_who_may_not_spend_are_told_so_and_still_earn(counter: Counter):
    counter.open_sale(1, 50_000)
    counter.known(WAITING)
    counter.stage.key(Key.Key_F6)
    counter.told("points_not_usable")
    counter.stage.key(Key.Key_Delete)
    counter.known(DIESEL_VOUCHER)
    counter.stage.key(Key.Key_F6)
    counter.refused("central_product-not-allowed")


# ── central ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["html", "slow"])
def test_a_hold_nobody_answers_is_given_back_and_the_sale_goes_on(counter: Counter, fault: str):
    counter.open_sale()
    counter.known()
    counter.fault(fault, "/v1/redemptions")
    counter.stage.key(Key.Key_F6)
    counter.refused("outcome_given_back")
    counter.stage.key(Key.Key_F9)
    counter.stage.until(lambda s: s.sale is None and s.dialogue.state is DialogueState.RESULT, "paid all the same")


@pytest.mark.parametrize("fault", ["unavailable", "answer_lost"])
def test_a_consent_nobody_answers_debits_nothing(counter: Counter, fault: str):
    counter.open_sale()
    counter.known()
    counter.use_points()
    counter.fault(fault, "/verify")
    counter.type_secret(counter.code())
    counter.stage.until(lambda s: phase_of(s) is PointsPhase.UNKNOWN, "the outcome is unknown, and said so")
    counter.refused("outcome_given_back")


@pytest.mark.parametrize("fault", ["html", "down"])
def test_without_central_customers_earn_and_the_screen_says_why_they_cannot_spend(counter: Counter, fault: str):
    counter.open_sale(1, 80_000)
    counter.fault(fault)
    counter.stage.type_customer(PHONE)
    snapshot = counter.stage.until(
        lambda s: s.customer is not None and s.customer.state is CustomerState.UNVERIFIED, "earns unverified"
    )
    assert snapshot.dialogue.state is DialogueState.OFFLINE
    counter.stage.key(Key.Key_F6)
    counter.told("points_need_network")
    counter.stage.key(Key.Key_F9)
    counter.stage.until(lambda s: s.sale is None and s.status.queue.waiting == 1, "paid; one record waits")


def test_an_accrual_whose_answers_are_lost_is_posted_once(counter: Counter):
    counter.open_sale(1, 80_000)
    counter.known()
    counter.fault("answer_lost", "/v1/accruals", times=3)
    counter.stage.key(Key.Key_F9)
    counter.stage.until(lambda s: s.status.queue.in_doubt == 1, "it is in doubt, and said so")


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_secret_anybody_typed_is_anywhere(counter: Counter):
    """I10: books and their log, receipts, logs, widgets' texts and accessible names, the process's environment."""
    counter.open_sale(3, 100_000)
    counter.known(ORGANISATION)
    counter.use_points()
    pin = next(s["pin"] for s in counter.stage.central.get("/control/secrets") if s["who"] == ORGANISATION)
    counter.type_secret(pin)
    counter.stage.until(lambda s: s.sale is None, "paid with points")
    assert pin in counter.secrets, "what the tests before it typed here, on this worker, is looked for as well"
    eventually(lambda: list(counter.stage.site.folder.rglob("receipts.escpos")), 30, what="a receipt is printed")
    places = {path.name: path.read_bytes() for path in counter.stage.site.folder.rglob("*") if path.is_file()}
    assert {"journal.db", "journal.db-wal", "receipts.escpos"} <= set(places)
    places["windows"] = "\n".join(texts(counter)).encode()
    places["environment"] = repr(dict(os.environ)).encode()
    places["snapshot"] = repr(counter.seen).encode()
    alone = rb"(?<![0-9A-Fa-f.\-])%s(?![0-9A-Fa-f\-])"  # a part of a time, an amount or an id is no secret
    found = [
        (name, secret)
        for secret in sorted(counter.secrets - {"000000"})
        for name, raw in places.items()
        if re.search(alone % secret.encode(), raw)
    ]
    assert found == []


def texts(counter: Counter) -> Iterator[str]:
    assert counter.stage.terminal is not None
    windows = counter.stage.terminal.windows
    for window in (windows.cashier, windows.customer):
        for widget in (window, *window.findChildren(QWidget)):
            for said in ("accessibleName", "accessibleDescription", "text", "toolTip", "windowTitle"):
                say = getattr(widget, said, None)
                yield str(say()) if callable(say) else ""
