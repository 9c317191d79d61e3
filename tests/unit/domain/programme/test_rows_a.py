"""Petrolimex ID row by row, A01 to A37: what `test_petrolimex_id.py` does not hold already. One test a row at least."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pos_client.domain.customer import parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM, business_day
from pos_client.domain.programme import Lot, expiry_of, load_profile
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.accrual import accrue_sale
from pos_client.domain.programme.inputs import a_time
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.programme.spending import points_for, redeem, value_of
from pos_client.domain.programme.vouchers import STATES, PointsVoucher, check_voucher, issue
from pos_client.domain.tender import CLASS_OF, TenderClass, TenderKind
from tests.programmes import PLX, PLX_SOURCE, with_parameters

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
TODAY = NOW.date()
LOTS = [
    Lot(1, 1_000, NOW - timedelta(days=300), date(2027, 3, 31)),
    Lot(2, 500, NOW - timedelta(days=10), date(2027, 3, 31)),
]
VOUCHER = PointsVoucher("P-00231", "000200002", "29C12345", 500, date(2027, 1, 31), "DO-005S")


def sale(at: datetime = NOW, **facts: str) -> int:
    return accrue_sale(PLX, [("electronic", 100_000)], at, facts).points


def refusal(work, *args, **kwargs) -> tuple[str, dict]:
    with pytest.raises(RuleViolation) as refused:
        work(*args, **kwargs)
    return refused.value.code, refused.value.params


def voucher_refusal(left=500, wanted=500, product="DO-005S", today=TODAY, may_manage=True, voucher=VOUCHER, plx=PLX):
    return refusal(check_voucher, plx, voucher, left, wanted, product, today, may_manage)[0]


def test_a01_the_last_second_before_the_start_is_refused_by_name():
    code, params = refusal(sale, datetime(2021, 11, 14, 23, 59, 59, tzinfo=VIETNAM))
    assert (code, params["rule"]) == ("before_start", "A01")
    assert sale(datetime(2021, 11, 15, tzinfo=VIETNAM)) == 500


def test_a02_only_fuel_earns_by_default_and_the_table_is_a_switch():
    assert [sale(product=kind) for kind in ("fuel", "lubricant", "gas", "car_wash")] == [500, 0, 0, 0]
    other = load_profile(with_parameters(PLX_SOURCE, "A02", earn=["fuel", "lubricant"], earn_not=["gas", "car_wash"]))
    assert accrue_sale(other, [("electronic", 100_000)], NOW, {"product": "lubricant"}).points == 500
    assert refusal(sale, product="bread")[0] == "fact_unknown_word"


def test_a03_points_become_fuel_and_no_change_is_given():
    assert refusal(redeem, PLX, LOTS, 300, NOW, {"product": "car_wash"})[0] == "not_for_points"
    assert refusal(redeem, PLX, LOTS, 300, NOW, {"price_vnd": "299"})[0] == "more_than_price"
    assert redeem(PLX, LOTS, 300, NOW, {"product": "fuel", "price_vnd": "300"}).due_vnd == 0


def test_a04_stations_that_are_not_directly_owned_neither_earn_nor_redeem():
    assert sale(station="direct") == 500
    for kind in ("franchise", "agent"):
        assert refusal(sale, station=kind)[0] == "station_not_served"
        assert refusal(redeem, PLX, LOTS, 300, NOW, {"station": kind}) == (
            "station_not_served",
            {"rule": "A04", "station": kind},
        )
    assert refusal(sale, station="ship")[0] == "fact_unknown_word"


def test_a05_no_redemption_before_10_november_2022():
    lots = [Lot(1, 1_000, datetime(2022, 1, 1, tzinfo=VIETNAM), date(2023, 3, 31))]
    last = datetime(2022, 11, 9, 23, 59, 59, tzinfo=VIETNAM)
    assert refusal(redeem, PLX, lots, 300, last)[0] == "before_redemptions"
    assert redeem(PLX, lots, 300, last + timedelta(seconds=1)).points == 300


def test_a06_available_is_neither_pending_nor_dead_nor_held_nor_in_a_voucher():
    ledger = Ledger()
    ledger.credit("fund", 1_000, NOW, date(2027, 3, 31))
    ledger.credit("fund", 200, NOW, date(2027, 3, 31), credited_at=NOW + timedelta(days=1))
    ledger.credit("fund", 300, NOW, TODAY)
    ledger.hold("fund", "h", 400, NOW)
    ledger.move("fund", "P-1", 150, NOW)
    balance = ledger.balance("fund", NOW + timedelta(hours=17))
    assert (balance.available, balance.held, balance.pending) == (750, 400, 200)
    assert ledger.balance("P-1", NOW + timedelta(hours=17)).available == 150
    assert PLX.terms("A06", p.Available).without == ("pending", "expired", "held", "in_voucher")
    for state in ("blocked", "waiting_verification"):
        assert refusal(redeem, PLX, LOTS, 300, NOW, {"account": state})[0] == "account_may_not_spend"


def test_a07_the_customer_says_money_litres_or_all():
    assert points_for(PLX, "money", 50_000, 186_400) == 50_000
    assert points_for(PLX, "litres", 2_500, 186_400, unit_price=27_080) == 67_700
    assert points_for(PLX, "most", 0, 186_400) == 186_400
    assert refusal(points_for, PLX, "buckets", 1, 1)[0] == "unknown_choice"


def test_a08_six_digits_three_minutes_three_tries_two_resends():
    assert PLX.terms("A08", c.OneTimeCode) == c.OneTimeCode(6, 180, 3, 30, 3)


def test_a09_organisations_spend_directly_or_by_voucher():
    assert PLX.terms("A09", c.Forms).offered == ("direct", "voucher")


def test_a10_five_wrong_pins_of_an_organisation_lock():
    assert PLX.terms("A10", c.PinLock) == c.PinLock(c.KeyHolder.ORGANISATION, 5)


def test_a11_a_voucher_takes_its_points_out_of_the_common_fund_and_names_a_vehicle():
    ledger = Ledger()
    ledger.credit("000200002", 800, NOW, date(2027, 3, 31))
    issue(ledger, VOUCHER, NOW)
    assert ledger.balance("000200002", NOW).available == 300
    assert [(lot.points_left, lot.expires_on) for lot in ledger.lots("P-00231", NOW)] == [(500, date(2027, 3, 31))]
    assert voucher_refusal(product="E10-95-III") == "voucher_for_another_product"
    assert refusal(issue, ledger, VOUCHER, NOW)[0] == "insufficient_points"
    assert set(PLX.terms("A11", c.VoucherRule).names) == {"organisation", "vehicle", "points", "expires_on"}


def test_a12_the_portal_is_named_and_the_till_makes_no_vouchers():
    words = PLX.terms("A12", c.Words).texts
    assert words["portal"] == "https://congdichvu.petrolimex.com.vn"
    assert "không tạo tại quầy" in words["vi"]


@pytest.mark.parametrize(
    ("left", "today", "cancelled", "state"),
    [
        (500, TODAY, False, "active"),
        (499, TODAY, False, "part_used"),
        (0, TODAY, False, "used"),
        (500, date(2027, 1, 31), False, "active"),
        (500, date(2027, 2, 1), False, "expired"),
        (500, TODAY, True, "cancelled"),
    ],
)
def test_a13_a_voucher_is_active_used_part_used_expired_or_cancelled(left, today, cancelled, state):
    voucher = PointsVoucher("P-1", "o", "v", 500, date(2027, 1, 31), None, cancelled)
    assert voucher.state(left, today) == state
    assert PLX.terms("A13", c.States).states == STATES
    if state not in ("active", "part_used"):
        assert voucher_refusal(left, 100, today=today, voucher=voucher) == f"voucher_{state}"


def test_a14_without_the_right_to_manage_vouchers_it_is_said_so():
    assert voucher_refusal(may_manage=False) == "voucher_right_missing"
    assert PLX.terms("A14", c.Words).texts["vi"].startswith("Chưa được cấp quyền")


def test_a15_the_pin_is_the_drivers_and_a_switch_makes_it_the_vehicles():
    assert PLX.terms("A15", c.PinLock).holder is c.KeyHolder.DRIVER
    other = load_profile(with_parameters(PLX_SOURCE, "A15", holder="vehicle"))
    assert other.terms("A15", c.PinLock).holder is c.KeyHolder.VEHICLE


def test_a16_the_driver_types_the_pin_on_the_customers_keypad():
    assert PLX.terms("A16", c.PinEntry) == c.PinEntry("driver", "customer_keypad")


def test_a17_a_voucher_is_used_in_parts_unless_the_switch_says_at_once():
    check_voucher(PLX, VOUCHER, 500, 100, "DO-005S", TODAY, True)
    whole = load_profile(with_parameters(PLX_SOURCE, "A17", in_parts=False))
    assert voucher_refusal(wanted=100, plx=whole) == "voucher_only_whole"
    check_voucher(whole, VOUCHER, 500, 500, "DO-005S", TODAY, True)
    assert voucher_refusal(wanted=501) == "insufficient_points"


def test_a18_the_hotline_is_the_one_of_the_source():
    assert PLX.terms("A18", c.Words).texts["hotline"] == "1900 2828"


def test_a19_the_first_accrual_confirms_an_account_and_an_unregistered_one_earns_nothing():
    accrual = accrue_sale(PLX, [("electronic", 100_000)], NOW, {"account": "waiting_verification"})
    assert (accrual.points, accrual.rules[-1]) == (500, "A19")
    assert accrue_sale(PLX, [("electronic", 100_000)], NOW, {"account": "active"}).rules == ("A20",)
    for state in ("unregistered", "blocked"):
        assert refusal(sale, account=state)[0] == "account_earns_not"


def test_a20_a21_a_rate_that_changes_on_a_day_holds_from_that_day():
    old = next(rule for rule in PLX_SOURCE["rules"] if rule["row"] == "A20")
    new = {**old, "row": "A20b", "from": "2027-01-01", "parameters": {**old["parameters"], "points": 60}}
    rules = [{**rule, "until": "2026-12-31"} if rule is old else rule for rule in PLX_SOURCE["rules"]]
    profile = load_profile({**PLX_SOURCE, "rules": [*rules, new]})
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=VIETNAM)
    before = accrue_sale(profile, [("electronic", 10_000)], last, {})
    after = accrue_sale(profile, [("electronic", 10_000)], last + timedelta(seconds=1), {})
    assert (before.points, before.rules) == (50, ("A20",))
    assert (after.points, after.rules) == (60, ("A20b",))


def test_a22_a_point_is_worth_a_dong():
    assert value_of(PLX, 12_345) == 12_345
    assert redeem(PLX, LOTS, 700, NOW).value_vnd == 700


def test_a23_each_named_tender_has_its_class_and_what_is_not_listed_is_flagged():
    expected = {"visa": 50, "mastercard": 50, "napas": 50, "petrolimex_hdbank": 50, "vnpay_qr": 50, "vietqr": 50}
    expected |= {"banknotes": 0, "debt": 0, "voucher": 0}
    for name, points in expected.items():
        accrual = accrue_sale(PLX, [(name, 10_000)], NOW, {})
        assert (accrual.points, accrual.for_head_office) == (points, name in ("debt", "voucher"))
    assert refusal(accrue_sale, PLX, [("barter", 10_000)], NOW, {})[0] == "unknown_tender"
    for kind, tender_class in CLASS_OF.items():
        if kind is not TenderKind.POINTS:
            assert PLX.tender_class(kind.value) is tender_class


def test_a24_the_golden_mix():
    accrual = accrue_sale(PLX, [("electronic", 70_000), ("cash", 25_400)], NOW, {})
    assert (accrual.points, accrual.rules) == (400, ("A20", "A21", "A24"))


def test_a25_points_earn_nothing_and_say_so():
    accrual = accrue_sale(PLX, [("points", 100_000)], NOW, {})
    assert (accrual.points, accrual.lots, accrual.rules) == (0, (), ("A25",))
    assert PLX.terms("A25", p.NoPoints).tender is TenderClass.POINTS


@pytest.mark.parametrize(
    ("at", "alive"),
    [("2027-03-31T23:59:59+07:00", 1_500), ("2027-04-01T00:00:00+07:00", 0), ("2027-03-31T17:00:00+00:00", 0)],
)
def test_a26_points_live_through_the_last_second_of_31_march_in_vietnam(at, alive):
    today = business_day(a_time(at, "at"))
    assert sum(lot.points_left for lot in LOTS if lot.usable(today)) == alive


def test_a27_2021_is_the_exception_and_says_its_row():
    lot = accrue_sale(PLX, [("cash", 20_000)], datetime(2021, 12, 31, 23, 59, 59, tzinfo=VIETNAM), {}).lots[0]
    assert (lot.expires_on, lot.rule) == (date(2023, 3, 31), "A27")
    lot = accrue_sale(PLX, [("cash", 20_000)], datetime(2022, 1, 1, tzinfo=VIETNAM), {}).lots[0]
    assert (lot.expires_on, lot.rule) == (date(2023, 3, 31), "A26")


@pytest.mark.parametrize(
    ("at", "last_day"),
    [
        ("2026-12-31T23:59:59+07:00", date(2027, 3, 31)),
        ("2026-12-31T16:59:59+00:00", date(2027, 3, 31)),
        ("2026-12-31T17:00:00+00:00", date(2028, 3, 31)),
        ("2027-01-01T00:00:00+07:00", date(2028, 3, 31)),
        ("2028-02-29T12:00:00+07:00", date(2029, 3, 31)),
    ],
)
def test_a28_the_year_is_the_one_at_the_pump_in_vietnam(at, last_day):
    moment = a_time(at, "at")
    assert accrue_sale(PLX, [("cash", 20_000)], moment, {}).lots[0].expires_on == last_day
    assert expiry_of(PLX, business_day(moment)) == last_day
    assert PLX.terms("A28", c.DecidingTime).utc_offset == "+07:00"


def test_a29_nine_digits_with_leading_zeros():
    assert parse_identifier("000046821").text == "000046821"
    assert refusal(parse_identifier, "46821") == ("identifier_short", {"padded": "000046821"})
    assert PLX.terms("A29", c.AccountNumber) == c.AccountNumber(9, True)


def test_a34_the_slogan_is_configuration():
    texts = PLX.terms("A34", c.Words).texts
    assert texts["slogan"] == "Thanh toán thông minh, tiện ích đồng hành"


def test_a35_three_help_topics():
    assert set(PLX.terms("A35", c.Words).texts) == {"individual", "organisation", "driver"}


def test_a36_the_named_systems_are_explained():
    assert set(PLX.terms("A36", c.Words).texts) >= {
        "TTKTM",
        "Petrolimex ID",
        "Portal",
        "CHXD",
        "OTP",
        "PIN",
        "phiếu điểm",
    }


def test_a37_minimum_and_step_are_switches():
    other = load_profile(with_parameters(PLX_SOURCE, "A37", minimum=500, step=50))
    assert refusal(redeem, other, LOTS, 450, NOW) == ("below_minimum", {"rule": "A37", "minimum": 500})
    assert refusal(redeem, other, LOTS, 525, NOW) == ("not_a_step", {"rule": "A37", "step": 50})
    assert redeem(other, LOTS, 550, NOW).points == 550
