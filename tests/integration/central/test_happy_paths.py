"""The whole conversation over real HTTP: look up, quote, hold, consent, capture, earn."""

from __future__ import annotations

from datetime import timedelta

from pos_client.domain.customer import ConsentMethod, CustomerKind
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from tests.central import real_time

E, C, P = TenderClass.ELECTRONIC, TenderClass.CASH, TenderClass.POINTS


def test_a06_a08_an_individual_pays_with_points_by_code(central, till):
    assert isinstance(till.start(), port.SessionStarted)
    customer = till.look_up("0912000001")
    assert (customer.kind, customer.masked_name) == (CustomerKind.INDIVIDUAL, "Trần H***")
    assert (customer.display_id, customer.masked_phone) == ("000 100 001", "0912 *** 001")
    assert (customer.points_available, customer.expiring_points) == (186_400, 12_300)
    assert customer.methods == (ConsentMethod.OTP,)
    quote = till.call(port.Quote("q1", customer.reference, 50_000, "E10-95-III"))
    assert (quote.points_max, quote.expiring_points, quote.expires_in_s) == (50_000, 12_300, 300)
    redemption = till.new_id()
    placed = till.call(port.Hold(redemption, customer.reference, 50_000, "pay"))
    assert isinstance(placed, port.HoldPlaced)
    assert (placed.expires_in_s, placed.attempts_left, placed.resends_left) == (180, 3, 2)
    assert placed.masked_phone == "0912 *** 001"
    text = central.control("GET", "/control/sms")[-1]["text"]
    assert "DÙNG ĐIỂM" in text
    assert "trừ tối đa 50.000 điểm tại CHXD 18. Không đọc mã này để TÍCH điểm." in text
    held = till.look_up("000100001")
    assert (held.points_available, held.points_held) == (136_400, 50_000)
    consent = till.verify(redemption, 1, placed, central.code_for(redemption))
    assert isinstance(consent, port.ConsentVerified)
    assert (consent.points, consent.arm_within_s) == (50_000, 120)
    done = till.forward(till.wire.encode(till.capture(redemption, 50_000)))
    assert done == port.RedemptionCaptured(50_000, 0, 136_400)
    after = till.look_up("000100001")
    assert (after.points_available, after.points_held) == (136_400, 0)
    assert after.expiring_on > customer.expiring_on  # B04: the 12.300 that die first are gone


def test_gift_fuel_captures_what_flowed_and_releases_the_rest(central, till):
    before = till.look_up("000100004").points_available
    redemption = till.authorised("000100004", 30_000, central, flow="gift")
    done = till.call(till.capture(redemption, 21_340))
    assert done == port.RedemptionCaptured(21_340, 8_660, before - 21_340)


def test_an_overrun_is_the_stations(central, till):
    before = till.look_up("000100004").points_available
    redemption = till.authorised("000100004", 1_000, central, flow="gift")
    assert till.call(till.capture(redemption, 1_087)) == port.RedemptionCaptured(1_000, 0, before - 1_000)
    row = next(row for row in central.ledger()["redemptions"] if row["id"] == redemption)
    assert row["excess_vnd"] == 87


def test_nothing_dispensed_debits_nothing(central, till):
    before = till.look_up("000100004").points_available
    redemption = till.authorised("000100004", 500, central, flow="gift")
    assert till.call(till.capture(redemption, 0)) == port.RedemptionCaptured(0, 500, before)


def test_a10_an_organisation_spends_by_its_pin(central, till):
    customer = till.look_up("000200001")
    assert (customer.kind, customer.methods) == (CustomerKind.ORGANISATION, (ConsentMethod.ORGANISATION_PIN,))
    redemption, placed = till.hold("000200001", 400_000)
    assert (placed.attempts_left, placed.masked_phone) == (5, "")
    assert isinstance(till.verify(redemption, 1, placed, "246813"), port.ConsentVerified)
    assert till.call(till.capture(redemption, 400_000)).balance_after == 2_050_000


def test_a11_a15_a17_a_driver_spends_a_voucher_in_parts_by_his_own_pin(central, till):
    customer = till.look_up("P-00231")
    assert (customer.kind, customer.methods) == (CustomerKind.VOUCHER, (ConsentMethod.DRIVER_PIN,))
    assert customer.voucher is not None
    assert (customer.voucher.plate, customer.voucher.points) == ("29C12345", 500_000)
    redemption, placed = till.hold("P-00231", 120_000)
    wrong = till.verify(redemption, 1, placed, "864209")  # the other driver's PIN
    assert (wrong.code, wrong.attempts_left) == ("credential-wrong", 4)
    assert isinstance(till.verify(redemption, 2, placed, "135790"), port.ConsentVerified)
    assert till.call(till.capture(redemption, 120_000)).balance_after == 380_000
    assert till.look_up("P-00231").points_available == 380_000


def test_a11_a_plate_finds_its_voucher_and_a_product_may_be_fixed(till):
    customer = till.look_up("51D-678.90")
    assert customer.voucher is not None
    assert (customer.voucher.code, customer.voucher.product) == ("P-00232", "DO-005S")
    refused = till.call(port.Quote("q2", customer.reference, 100_000, "E10-95-III"))
    assert refused.code == "product-not-allowed"
    assert till.call(port.Quote("q3", customer.reference, None, "DO-005S")).points_max == 350_000


def test_a09_an_organisation_with_vouchers_does_not_spend_directly(till):
    assert till.look_up("000200002").methods == ()


def test_a20_earning_tells_the_sum(central, till):
    before = till.look_up("000100001").points_available
    booked = till.forward(till.wire.encode(till.accrual("PLX:SANDBOX-PHUC-1", (E, 95_400), end=1_001)))
    assert booked == port.AccrualBooked(
        450,
        before,
        before + 450,
        "95.400 đ điện tử: 9 × 50 = 450 điểm",
        "95.400 đ electronic: 9 × 50 = 450 points",
    )


def test_a24_a25_mixed_and_partly_by_points(till):
    booked = till.call(till.accrual("000100001", (E, 70_000), (C, 25_400), (P, 50_000), end=1_002))
    assert booked.points == 400


def test_a19_the_first_accrual_confirms_a_waiting_account(till):
    before = till.look_up("000100002")
    assert (before.status, before.methods) == ("waiting_verification", ())
    assert till.call(till.accrual("0912000002", (E, 1_000_000), end=1_003)).points == 5_000
    after = till.look_up("000100002")
    assert (after.status, after.points_available, after.methods) == ("active", 5_000, (ConsentMethod.OTP,))


def test_a27_the_year_of_fuelling_decides_when_points_die(central, till):
    year = real_time().year
    last = till.call(till.accrual("000100002", (E, 10_000), end=1_005, fuelled_at=f"{year - 2}-12-31T23:30:00+07:00"))
    assert (last.code, last.status) == ("too-late", 422)  # they died on 31/3 of last year
    month = real_time() - timedelta(days=20)
    assert till.call(
        till.accrual("000100002", (E, 10_000), end=1_004, fuelled_at=month.isoformat())
    ) == port.AccrualUnderReview("late")


def test_a_voucher_of_an_organisation_earns_for_the_organisation(till):
    before = till.look_up("000200002").points_available
    booked = till.call(till.accrual("P-00232", (C, 400_000), end=1_006))
    assert (booked.points, booked.balance_before, booked.balance_after) == (1_000, before, before + 1_000)


def test_points_move_into_vouchers_and_nothing_is_lost(central):
    ledger = central.ledger()
    moved = [e["points"] for e in ledger["entries"] if e["kind"] == "moved"]
    assert sum(moved) == 0
    assert sum(p for p in moved if p > 0) == 850_000


def test_central_tells_the_time(central):
    told = central.post("GET", "/v1/time", b"").json()["server_time"]
    assert told.endswith("+07:00")
