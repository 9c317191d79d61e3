"""What central refuses, under which code, and what that leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.codec import decode, encode
from tests.central import RunningCentral, Till, running_central

E = TenderClass.ELECTRONIC


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    """A fresh one for each test: locks and clocks are part of what is tested."""
    with running_central(seed=11) as running:
        yield running


def refused(result: object) -> port.Problem:
    assert isinstance(result, port.Problem), result
    return result


@pytest.mark.parametrize("who", ["999999999", "0987654321", "P-99999", "30A-111.11"])
def test_an_unknown_customer_is_not_found_and_nothing_is_told(till, who):
    problem = refused(till.look_up(who))
    assert (problem.code, problem.status, problem.retry) == ("unknown-customer", 404, port.Retry.NEVER)
    assert problem.message_vi


def test_a_blocked_account_is_shown_and_can_neither_spend_nor_earn(till):
    customer = till.look_up("000100003")
    assert (customer.status, customer.methods, customer.points_available) == ("blocked", (), 55_000)
    assert refused(till.call(port.Quote("q", customer.reference, 50_000, None))).code == "customer-blocked"
    assert refused(till.hold("000100003", 50_000)[1]).code == "customer-blocked"
    assert refused(till.call(till.accrual("000100003", (E, 50_000)))).code == "customer-blocked"


def test_a37_b02_and_what_is_not_there(till):
    customer = till.look_up("000100001")
    below = refused(till.call(port.Quote("q", customer.reference, 99, None)))
    assert (below.code, below.limit, below.retry) == ("below-minimum", 100, port.Retry.NEW_OPERATION)
    assert refused(till.hold("000100001", 99)[1]).code == "below-minimum"
    much = refused(till.hold("000100001", 186_401)[1])
    assert (much.code, much.limit) == ("insufficient-points", 186_400)
    poor = till.look_up("000100002")
    assert refused(till.call(port.Quote("q4", poor.reference, 500, None))).code == "method-not-allowed"


def test_a03_points_become_fuel_that_is_being_sold(till):
    customer = till.look_up("000100001")
    assert refused(till.call(port.Quote("q", customer.reference, 500, "RON-97"))).code == "product-not-allowed"


def test_a_decline_is_sticky_even_when_the_points_come_later(central, till):
    redemption = RedemptionId(till.new_id())
    hold = till.wire.encode(port.Hold(redemption, till.look_up("000100001").reference, 190_000, "pay"))
    assert refused(till.send(hold)).code == "insufficient-points"
    till.call(till.accrual("000100001", (E, 5_000_000)))
    again = refused(till.send(hold))
    assert (again.code, again.limit) == ("insufficient-points", 186_400)
    customer = till.look_up("000100001")
    other_key = central.post(
        "PUT",
        f"/v1/redemptions/{redemption}",
        encode(m.HoldRequest(station="CHXD018", customer_ref=customer.reference, points=500, flow="pay")),
        Idempotency_Key="another",
    )
    assert decode(other_key.content, m.ProblemDocument).code == "insufficient-points"
    assert central.ledger()["live_holds"] == []


def test_a_reference_dies_after_a_quarter_of_an_hour(central, till):
    customer = till.look_up("000100001")
    central.later(901)
    assert refused(till.call(port.Quote("q", customer.reference, 500, None))).code == "quote-expired"
    late = till.call(port.Hold(RedemptionId(till.new_id()), customer.reference, 500, "pay"))
    assert refused(late).code == "quote-expired"


def test_a08_three_tries_a_code_and_two_resends(central, till):
    redemption, placed = till.hold("000100001", 20_000)
    for n, left in ((1, 2), (2, 1), (3, 0)):
        wrong = refused(till.verify(redemption, n, placed, "000000"))
        assert (wrong.code, wrong.attempts_left) == ("credential-wrong", left)
    right = central.code_for(redemption)
    assert refused(till.verify(redemption, 4, placed, right)).code == "challenge-consumed"
    second = till.call(port.ResendChallenge(redemption, 1))
    assert isinstance(second, port.HoldPlaced)
    assert (second.resends_left, second.attempts_left) == (1, 2)  # five in a row lock, three are gone
    assert refused(till.verify(redemption, 5, placed, right)).code == "challenge-consumed"
    third = till.call(port.ResendChallenge(redemption, 2))
    assert (third.resends_left, third.points) == (0, 20_000)
    assert refused(till.call(port.ResendChallenge(redemption, 3))).code == "rate-limited"
    assert isinstance(till.verify(redemption, 6, third, central.code_for(redemption)), port.ConsentVerified)


def test_a08_five_failures_lock_for_a_quarter_of_an_hour(central, till):
    redemption, placed = till.hold("000100001", 20_000)
    for n in (1, 2, 3):
        till.verify(redemption, n, placed, "000000")
    placed = till.call(port.ResendChallenge(redemption, 1))
    assert refused(till.verify(redemption, 4, placed, "000000")).attempts_left == 1
    locked = refused(till.verify(redemption, 5, placed, "000000"))
    assert (locked.code, locked.status, locked.locked_for_s) == ("credential-locked", 423, 900)
    assert refused(till.verify(redemption, 6, placed, central.code_for(redemption))).code == "credential-locked"
    assert refused(till.call(port.ResendChallenge(redemption, 2))).code == "credential-locked"
    assert till.call(port.Void(redemption, "locked")) == port.RedemptionVoided()
    central.later(600)
    locked = refused(till.hold("000100001", 20_000)[1])
    assert locked.code == "credential-locked"
    assert 290 <= (locked.locked_for_s or 0) <= 300
    central.later(901)
    redemption, placed = till.hold("000100001", 20_000)
    assert placed.attempts_left == 3


def test_a10_five_wrong_pins_lock_until_somebody_unlocks(central, till):
    redemption, placed = till.hold("000200001", 20_000)
    for n, left in ((1, 4), (2, 3), (3, 2), (4, 1)):
        assert refused(till.verify(redemption, n, placed, "111111")).attempts_left == left
    locked = refused(till.verify(redemption, 5, placed, "111111"))
    assert (locked.code, locked.locked_for_s) == ("credential-locked", None)
    central.later(86_400)
    assert refused(till.hold("000200001", 20_000)[1]).code == "credential-locked"
    central.control("POST", "/control/unlock", {"subject": "account:000200001"})
    redemption, placed = till.hold("000200001", 20_000)
    assert isinstance(till.verify(redemption, 1, placed, "246813"), port.ConsentVerified)


def test_a_success_forgets_the_failures_before_it(till):
    for n in range(3):
        redemption, placed = till.hold("000200001", 1_000)
        assert placed.attempts_left == 5, n
        till.verify(redemption, 1, placed, "111111")
        till.verify(redemption, 2, placed, "111111")
        assert isinstance(till.verify(redemption, 3, placed, "246813"), port.ConsentVerified)


def test_f27_a_code_lives_three_minutes_and_a_hold_five(central, till):
    redemption, placed = till.hold("000100001", 20_000)
    code = central.code_for(redemption)
    central.later(181)
    assert refused(till.verify(redemption, 1, placed, code)).code == "challenge-expired"
    central.later(301)
    late = refused(till.verify(redemption, 2, placed, code))
    assert (late.code, late.state) == ("hold-expired", "EXPIRED")
    assert till.look_up("000100001").points_available == 186_400
    assert till.call(port.Void(redemption, "late")) == port.RedemptionVoided()


def test_a_resend_lengthens_a_hold_to_ten_minutes_at_the_most(central, till):
    redemption, _ = till.hold("000100001", 20_000)
    central.later(299)
    till.call(port.ResendChallenge(redemption, 1))
    central.later(598)
    placed = till.call(port.ResendChallenge(redemption, 2))
    assert isinstance(placed, port.HoldPlaced)
    central.later(601)
    assert refused(till.verify(redemption, 1, placed, central.code_for(redemption))).code == "hold-expired"


def test_once_a_permit_is_out_no_timer_takes_the_hold_back(central, till):
    redemption = till.authorised("000100001", 20_000, central, flow="gift")
    central.later(86_000)
    assert till.look_up("000100001").points_held == 20_000
    assert till.call(till.capture(redemption, 15_000)).points_debited == 15_000


def test_f11_a_tombstone_beats_the_hold_that_arrives_late(central, till):
    redemption = RedemptionId(till.new_id())
    assert till.call(port.Void(redemption, "gave up")) == port.RedemptionVoided()
    late = till.call(port.Hold(redemption, till.look_up("000100001").reference, 20_000, "pay"))
    assert (refused(late).code, late.state) == ("hold-voided", "VOIDED")
    assert central.ledger()["live_holds"] == []


def test_a_void_gives_back_and_a_captured_redemption_is_not_voided(central, till):
    redemption = till.authorised("000100001", 20_000, central)
    assert till.call(port.Void(redemption, "customer left")) == port.RedemptionVoided()
    assert till.look_up("000100001").points_available == 186_400
    redemption = till.authorised("000100001", 20_000, central)
    till.call(till.capture(redemption, 20_000))
    conflict = refused(till.call(port.Void(redemption, "too late")))
    assert (conflict.code, conflict.state) == ("redemption-state-conflict", "CAPTURED")


def test_i1_fuel_after_a_void_is_recorded_and_nobody_is_debited(central, till):
    redemption = till.authorised("000100001", 20_000, central, flow="gift")
    till.call(port.Void(redemption, "mistake"))
    short = till.call(till.capture(redemption, 20_000))
    assert short == port.RedemptionCaptured(0, 0, 186_400, "hold-voided")
    assert [row["kind"] for row in central.ledger()["incidents"]] == ["shortfall:hold-voided"]


def test_i8_no_capture_without_consent_and_of_nothing_unknown(till):
    redemption, _ = till.hold("000100001", 20_000)
    conflict = refused(till.call(till.capture(redemption, 20_000)))
    assert (conflict.code, conflict.state) == ("redemption-state-conflict", "HELD")
    unknown = refused(till.call(till.capture(RedemptionId("nobody-knows"), 20_000)))
    assert (unknown.code, unknown.retry) == ("unknown-redemption", port.Retry.SAME_KEY)


def test_one_live_challenge_a_customer(central, till):
    first, placed = till.hold("000100001", 20_000)
    code = central.code_for(first)
    till.hold("000100001", 20_000)
    assert refused(till.verify(first, 1, placed, code)).code == "challenge-expired"


def test_i8_a_code_sealed_for_other_points_or_another_till_does_not_open(central, till):
    redemption, placed = till.hold("000100001", 20_000)
    code = central.code_for(redemption)
    more = port.HoldPlaced(90_000, placed.challenge_id, 180, 3)
    assert refused(till.verify(redemption, 1, more, code)).code == "malformed-request"
    other = Till(central.addresses, terminal="CHXD018-T2")
    try:
        assert refused(other.verify(redemption, 2, placed, code)).code == "terminal-mismatch"
    finally:
        other.close()
    assert isinstance(till.verify(redemption, 3, placed, code), port.ConsentVerified)


def test_i6_one_sale_earns_once_whoever_sends_it(till):
    till.call(till.accrual("000100001", (E, 100_000), end=555))
    other = refused(till.call(till.accrual("000100004", (E, 100_000), end=555)))
    assert (other.code, other.status, other.retry) == ("sale-already-accrued", 409, port.Retry.NEVER)
    assert till.look_up("000100004").points_available == 51_500


def test_a_statement_nobody_can_read_is_refused_for_good(till):
    naive = refused(till.call(till.accrual("000100001", (E, 100_000), fuelled_at="2026-11-23T08:00:00")))
    assert (naive.code, naive.retry) == ("malformed-request", port.Retry.NEVER)
    foreign = refused(till.call(till.accrual("000100001", (E, 100_000), sealed_identifier="bm90IHNlYWxlZA==")))
    assert foreign.code == "malformed-request"


def test_i12_an_older_session_is_fenced_off_but_facts_are_taken(central, till):
    till.start()
    redemption = till.authorised("000100001", 20_000, central)
    younger = Till(central.addresses)
    try:
        assert younger.start().session > 0
        customer = till.look_up("000100001")
        stale = refused(till.call(port.Hold(RedemptionId(till.new_id()), customer.reference, 500, "pay")))
        assert stale.code == "stale-session"
        assert till.call(till.capture(redemption, 20_000)).points_debited == 20_000
        assert isinstance(younger.hold("000100001", 500)[1], port.HoldPlaced)
    finally:
        younger.close()


def test_headers_and_bodies_that_are_not_ours(central):
    def code_of(answer):
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        return decode(answer.content, m.ProblemDocument).code

    assert code_of(central.post("PUT", "/v1/accruals/a", b"{}")) == "idempotency-key-missing"
    assert code_of(central.post("PUT", "/v1/accruals/a", b"{}", Idempotency_Key="k")) == "malformed-request"
    assert code_of(central.post("GET", "/v1/time", b"", X_Terminal="")) == "device-auth-failed"
    answer = central.post("POST", "/v1/customers:lookup", b'{"identifier":{"kind":"id"}}')
    assert "text" in decode(answer.content, m.ProblemDocument).detail
    assert code_of(central.post("POST", "/v1/quotes", b"{" * 2_000_000)) == "malformed-request"
    assert central.post("GET", "/v1/nothing", b"").status_code == 404


def test_a_qr_code_and_a_phone_name_the_same_account(till):
    assert till.look_up("PLX:SANDBOX-PHUC-1").display_id == till.look_up("+84 912 000 001").display_id
