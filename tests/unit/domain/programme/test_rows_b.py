"""Viettel++ row by row, B01 to B38: golden numbers, bounds, switches. One test a row at least."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme import Lot, expiring, load_profile, spend
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.accrual import accrue, accrue_sale, cut_by_cap
from pos_client.domain.programme.dying import expire
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.programme.pools import Pool, dissolve, must_dissolve
from pos_client.domain.programme.reading import ProfileError
from pos_client.domain.programme.spending import redeem, value_of
from pos_client.domain.quantities import divide_half_up
from tests.programmes import VPP, VPP_SOURCE, with_parameters, with_rule

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
TODAY = NOW.date()
LOTS = [
    Lot(1, 20_000, NOW - timedelta(days=20), date(2027, 11, 30)),
    Lot(2, 10_000, NOW - timedelta(days=30), date(2026, 12, 31)),
]


def points(row: str, at: datetime = NOW, profile=VPP, /, **facts: str) -> int:
    return accrue(profile, row, at, facts).points


def refusal(work, *args, **kwargs) -> str:
    with pytest.raises(RuleViolation) as refused:
        work(*args, **kwargs)
    return refused.value.code


def last_day(row: str, at: datetime = NOW, **facts: str) -> date:
    return accrue(VPP, row, at, facts).lots[0].expires_on


@pytest.mark.parametrize(("amount", "expected"), [(199, 1), (99, 0), (100, 1), (299, 1), (300, 2), (9_500, 48)])
def test_b01_below_a_half_down_from_a_half_up(amount, expected):
    accrual = accrue(VPP, "B19", NOW, {"amount_vnd": str(amount)})
    assert accrual.points == expected
    assert ("B01" in accrual.rules) == (amount % 200 != 0)


def test_b01_47_5_is_48_and_the_words_show_both():
    accrual = accrue(VPP, "B19", NOW, {"amount_vnd": "9500"})
    assert accrual.formula.vi == "9.500 đ × 0,5% = 47,5 điểm → 48 điểm"
    assert accrual.formula.en == "9.500 đ × 0,5% = 47,5 points → 48 points"
    assert [divide_half_up(n, 2) for n in (1, 3, 5, 95)] == [1, 2, 3, 48]


def test_b02_at_least_100_at_a_time():
    assert refusal(redeem, VPP, LOTS, 99, NOW) == "below_minimum"
    assert redeem(VPP, LOTS, 100, NOW).points == 100


def test_b03_a_group_earns_into_one_fund_and_remembers_who():
    ledger, pool = Ledger(), Pool("group", "x", ("x", "y"))
    pool.earn(ledger, "x", 70, NOW, date(2027, 11, 30))
    pool.earn(ledger, "y", 30, NOW, date(2027, 11, 30))
    assert ledger.balance("group", NOW).available == 100
    assert [entry.earned_by for entry in ledger.entries] == ["x", "y"]
    assert refusal(pool.earn, ledger, "stranger", 1, NOW, date(2027, 11, 30)) == "not_in_pool"


@pytest.mark.parametrize("row", ["B04", "B29"])
def test_b04_b29_tru_diem_co_thoi_han_su_dung_truoc_gan_nhat_truoc(row):
    """ "điểm có thời hạn sử dụng trước sẽ được trừ trước" and "gần nhất trước": one implementation."""
    assert VPP.terms(row, p.SpendingOrder).by == ("expires_on", "credited_at", "entry_id")
    redemption = redeem(VPP, LOTS, 12_000, NOW)
    assert [(part.entry_id, part.points) for part in redemption.lots] == [(2, 10_000), (1, 2_000)]
    assert "10.000 (hết hạn 31/12/2026) + 2.000 (hết hạn 30/11/2027)" in redemption.formula.vi
    assert spend(LOTS, 12_000, TODAY).parts == ((2, 10_000), (1, 2_000))


def test_b05_dead_points_are_reset_or_by_the_switch_converted():
    at = datetime(2027, 1, 1, tzinfo=VIETNAM)
    death = expire(VPP, LOTS, at)
    assert (death.points, death.action, death.left) == (10_000, p.ExpiryAction.RESET, 20_000)
    other = load_profile(with_parameters(VPP_SOURCE, "B05", action="convert"))
    assert "đổi sang ưu đãi" in expire(other, LOTS, at).formula.vi
    assert expire(VPP, LOTS, at - timedelta(seconds=1)).points == 0


@pytest.mark.parametrize(
    ("last", "idle"), [(date(2026, 8, 23), None), (date(2026, 8, 22), p.ExpiryAction.REMIND), (None, None)]
)
def test_b06_more_than_three_months_without_redeeming(last, idle):
    assert expire(VPP, LOTS, NOW, last).idle is idle
    assert expire(VPP, [], NOW, last).idle is None
    assert refusal(expire, VPP, LOTS, NOW, date(2026, 11, 24)) == "time_runs_backwards"


def test_b06_the_switch_converts_instead_of_reminding():
    other = load_profile(with_parameters(VPP_SOURCE, "B06", action="convert"))
    assert expire(other, LOTS, NOW, date(2026, 1, 1)).idle is p.ExpiryAction.CONVERT


def test_b07_a_four_thousandth_of_the_net_fee():
    assert points("B07", amount_vnd="1000000") == 250
    accrual = accrue(VPP, "B07", NOW, {"amount_vnd": "1150000", "vat_vnd": "100000", "surcharge_vnd": "50000"})
    assert accrual.points == 250
    assert accrual.formula.vi == "(1.150.000 - 100.000 - 50.000) đ × 0,025% = 250 điểm"
    assert refusal(points, "B07", amount_vnd="100", vat_vnd="101") == "deductions_above_amount"


def test_b08_credited_on_day_n_for_the_revenue_of_the_day_before():
    accrual = accrue(VPP, "B07", datetime(2026, 12, 31, 23, 59, 59, tzinfo=VIETNAM), {"amount_vnd": "1000000"})
    lot = accrual.lots[0]
    assert lot.credited_at == datetime(2027, 1, 1, tzinfo=VIETNAM)
    assert lot.expires_on == date(2028, 1, 1)
    assert "B08" in accrual.rules
    ledger = Ledger()
    ledger.credit("x", 250, NOW, lot.expires_on, credited_at=NOW + timedelta(hours=16))
    assert ledger.balance("x", NOW + timedelta(hours=15)).available == 0
    assert ledger.balance("x", NOW + timedelta(hours=16)).available == 250


@pytest.mark.parametrize(
    ("years", "expected"), [("0.99", 0), ("1", 1_000), ("2.99", 1_000), ("3", 3_000), ("4,9", 3_000), ("5", 5_000)]
)
def test_b09_tenure_bounds_are_closed_below_and_open_above(years, expected):
    assert points("B09", years=years) == expected


@pytest.mark.parametrize(
    ("since", "at", "expected"),
    [
        ("2025-11-24", NOW, 0),
        ("2025-11-23", NOW, 1_000),
        ("2024-02-29", datetime(2025, 2, 27, 23, tzinfo=VIETNAM), 0),
        ("2024-02-29", datetime(2025, 2, 28, tzinfo=VIETNAM), 1_000),
    ],
)
def test_b09_tenure_counted_from_a_day_leap_days_too(since, at, expected):
    assert points("B09", at, since=since) == expected


def test_b09_wants_one_of_two_facts_and_no_future():
    assert refusal(points, "B09") == "one_of_two"
    assert refusal(points, "B09", since="2020-01-01", years="6") == "one_of_two"
    assert refusal(points, "B09", since="2026-11-24") == "time_runs_backwards"


def test_b10_credited_on_the_contract_day_first_else_on_the_first_revenue():
    given = {"years": "5", "contract_on": "2026-11-01", "first_revenue_on": "2026-11-20"}
    accrual = accrue(VPP, "B09", NOW, given)
    assert (accrual.lots[0].credited_at.date(), accrual.rules) == (date(2026, 11, 1), ("B09", "B10"))
    del given["contract_on"]
    assert accrue(VPP, "B09", NOW, given).lots[0].credited_at.date() == date(2026, 11, 20)
    assert accrue(VPP, "B09", NOW, {"years": "5"}).lots[0].credited_at == NOW


def test_b11_a_point_is_worth_a_dong():
    assert value_of(VPP, 4_321) == 4_321


def test_b12_only_what_brings_revenue_earns_between_0_3_and_1_percent():
    facts = {"merchant": "standard", "amount_vnd": "1000000"}
    assert points("B12", **facts, revenue="yes") == 3_000
    assert points("B12", **facts, revenue="no") == 0
    assert points("B12", merchant="partner", amount_vnd="1000000", revenue="yes") == 10_000
    assert refusal(points, "B12", **facts) == "fact_missing"
    with pytest.raises(ProfileError, match=r"B12 · parameters.rates.partner: outside the range"):
        load_profile(with_parameters(VPP_SOURCE, "B12", rates={"partner": "1.1%"}))


def test_b13_bills_earn_for_vips_alone():
    assert points("B13", **{"class": "VIP", "amount_vnd": "1000000"}) == 1_000
    assert points("B13", **{"class": "standard", "amount_vnd": "1000000"}) == 0
    assert refusal(points, "B13", **{"class": "royal", "amount_vnd": "1"}) == "fact_unknown_word"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=VIETNAM), date(2027, 11, 23)),
        (datetime(2024, 2, 29, 8, tzinfo=VIETNAM), date(2025, 2, 28)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=VIETNAM), date(2027, 12, 31)),
    ],
)
def test_b14_twelve_months_to_the_end_of_the_day(at, expected):
    assert last_day("B13", at, **{"class": "VIP", "amount_vnd": "1000000"}) == expected


@pytest.mark.parametrize(
    ("active", "debits", "average", "expected"),
    [("yes", "1", "50000", 500), ("yes", "1", "49999", 0), ("yes", "0", "90000", 0), ("no", "5", "90000", 0)],
)
def test_b15_balance_bonus(active, debits, average, expected):
    assert points("B15", active=active, debits=debits, average_balance_vnd=average) == expected


def test_b15_lives_three_months():
    facts = {"active": "yes", "debits": "1", "average_balance_vnd": "50000"}
    assert last_day("B15", datetime(2026, 11, 30, tzinfo=VIETNAM), **facts) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("transactions", "expected"),
    [("5", 0), ("6", 300), ("6,6", 600), ("9,6,7", 1_500), ("6,6,6,6", 1_500), ("6,5,6", 300), ("6,6,5", 0), ("", 0)],
)
def test_b16_challenge_of_six_transactions_a_month(transactions, expected):
    assert points("B16", transactions=transactions) == expected


def test_b16_the_sources_range_upside_down_is_rejected():
    tiers = [{"months": 3, "minimum": 15_000, "maximum": 3_000, "award": 3_000}]
    with pytest.raises(ProfileError, match=r"B16 · parameters.tiers\[0\]: minimum above maximum"):
        load_profile(with_parameters(VPP_SOURCE, "B16", tiers=tiers))
    assert "15000" in VPP.rule("B16").phrase
    assert "upside down" in VPP.rule("B16").note


def test_b17_once_a_type():
    assert points("B17", event="card_link") == 500
    assert points("B17", event="welcome", earlier="card_link,mobile_money") == 500
    assert points("B17", event="card_link", earlier="card_link") == 0
    assert refusal(points, "B17", event="second_marriage") == "fact_unknown_word"


@pytest.mark.parametrize(
    ("earned", "expected"),
    [("0", 10_000), ("40000", 10_000), ("40001", 9_999), ("49999", 1), ("50000", 0), ("60000", 0)],
)
def test_b18_the_monthly_cap_cuts_the_last_credit(earned, expected):
    facts = {"merchant": "partner", "amount_vnd": "1000000", "revenue": "yes", "earned_this_month": earned}
    accrual = accrue(VPP, "B12", NOW, facts)
    assert accrual.points == expected == cut_by_cap(10_000, int(earned), 50_000)
    assert ("B18" in accrual.rules) == (expected < 10_000)


def test_b18_covers_four_ways_and_no_other():
    assert VPP.terms("B18", p.Cap) == p.Cap(50_000, ("B12", "B13", "B15", "B16", "B17"))
    assert refusal(points, "B19", amount_vnd="1000", earned_this_month="0") == "fact_unknown"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 1, tzinfo=VIETNAM), date(2027, 11, 30)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=VIETNAM), date(2027, 11, 30)),
        (datetime(2027, 2, 10, tzinfo=VIETNAM), date(2028, 2, 29)),
    ],
)
def test_b19_half_a_percent_valid_to_the_end_of_month_n_plus_12(at, expected):
    assert points("B19", at, amount_vnd="200000") == 1_000
    assert last_day("B19", at, amount_vnd="200000") == expected


def test_b20_nothing_is_excluded_until_somebody_lists_it():
    assert points("B19", amount_vnd="200000", service="roaming") == 1_000
    other = load_profile(with_parameters(VPP_SOURCE, "B20", services=["roaming"]))
    accrual = accrue(other, "B19", NOW, {"amount_vnd": "200000", "service": "roaming"})
    assert (accrual.points, accrual.rules) == (0, ("B19", "B20"))


@pytest.mark.parametrize(
    ("row", "parameters", "facts", "expected"),
    [
        ("B21", {"tiers": [{"from_years": 1, "points": 700}]}, {"years": "2"}, 700),
        ("B25", {"points": 300}, {"born": "1990-11-23"}, 300),
        ("B26", {"theirs": 10, "ours": 3}, {"partner_points": "105"}, 30),
    ],
)
def test_b21_b25_b26_inactive_until_the_missing_number_is_filled_in(row, parameters, facts, expected):
    with pytest.raises(RuleViolation) as refused:
        accrue(VPP, row, NOW, facts)
    assert refused.value.code == "rule_inactive"
    assert refused.value.params["absent_vi"]
    assert not VPP.rule(row).active
    assert points(row, NOW, load_profile(with_parameters(VPP_SOURCE, row, **parameters)), **facts) == expected


def test_b21_tenure_table_with_overlapping_tiers_is_rejected():
    tiers = [{"from_years": 1, "to_years": 3, "points": 1}, {"from_years": 2, "points": 2}]
    with pytest.raises(ProfileError, match=r"B21 · parameters.tiers\[1\]: overlaps"):
        load_profile(with_parameters(VPP_SOURCE, "B21", tiers=tiers))


def test_b22_five_percent_of_one_months_price_for_mobile_customers():
    assert points("B22", amount_vnd="220000", uses_mobile="yes") == 11_000
    assert points("B22", amount_vnd="220000", uses_mobile="no") == 0


@pytest.mark.parametrize(("used", "expected"), [("49,49", 3_500), ("0,0", 3_500), ("50,0", 0), ("0,50", 0)])
def test_b23_two_months_below_50_mb_then_five_percent(used, expected):
    assert points("B23", used_mb=used, amount_vnd="70000") == expected


def test_b23_from_january_2021_and_two_months_exactly():
    assert (
        refusal(points, "B23", datetime(2020, 12, 31, 23, tzinfo=VIETNAM), used_mb="0,0", amount_vnd="1")
        == "before_rule"
    )
    assert points("B23", datetime(2021, 1, 1, tzinfo=VIETNAM), used_mb="0,0", amount_vnd="20") == 1
    assert refusal(points, "B23", used_mb="0", amount_vnd="1") == "wrong_count"
    shorter = load_profile(with_rule(VPP_SOURCE, "B23", expiry={"unit": "month_end", "count": 1}))
    accrual = accrue(shorter, "B23", NOW, {"used_mb": "0,0", "amount_vnd": "70000"})
    assert accrual.lots[0].expires_on == date(2026, 12, 31)


def test_b24_three_packs_until_the_end_of_january_2021():
    last = datetime(2021, 1, 31, 23, 59, 59, tzinfo=VIETNAM)
    assert [points("B24", last, pack=pack, amount_vnd="15000") for pack in ("MI5D", "ST15K", "ST30K")] == [750] * 3
    after = last + timedelta(seconds=1)
    assert refusal(points, "B24", after, pack="ST15K", amount_vnd="15000") == "after_rule"
    assert refusal(points, "B24", last, pack="ST99K", amount_vnd="15000") == "fact_unknown_word"


@pytest.mark.parametrize(
    ("born", "at", "expected"),
    [
        ("1990-11-23", NOW, 300),
        ("1990-11-22", NOW, 0),
        ("2004-02-29", datetime(2027, 2, 28, tzinfo=VIETNAM), 300),
        ("2004-02-29", datetime(2028, 2, 28, tzinfo=VIETNAM), 0),
        ("2004-02-29", datetime(2028, 2, 29, tzinfo=VIETNAM), 300),
        ("2026-11-23", NOW, 0),
    ],
)
def test_b25_birthday_points_once_they_have_a_number(born, at, expected):
    assert points("B25", at, load_profile(with_parameters(VPP_SOURCE, "B25", points=300)), born=born) == expected


def test_b26_a_rate_with_one_half_is_still_inactive():
    assert not load_profile(with_parameters(VPP_SOURCE, "B26", theirs=10)).rule("B26").active


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("iphone", 2_500),
        ("other_phone", 7_500),
        ("computer", 5_000),
        ("tablet", 5_000),
        ("office_machine", 5_000),
        ("accessory", 25_000),
    ],
)
def test_b27_store_rates_by_category(category, expected):
    assert points("B27", category=category, amount_vnd="25000000") == expected


def test_b28_a_thousand_points_before_any_can_be_used():
    lots = [Lot(1, 999, NOW, date(2027, 11, 30))]
    assert refusal(redeem, VPP, lots, 100, NOW) == "threshold_not_reached"
    lots = [Lot(1, 1_000, NOW, date(2027, 11, 30))]
    assert redeem(VPP, lots, 100, NOW).left == 900
    lifetime = load_profile(with_parameters(VPP_SOURCE, "B28", basis="lifetime"))
    few = [Lot(1, 200, NOW, date(2027, 11, 30))]
    assert redeem(lifetime, few, 100, NOW, {"lifetime_points": "1000"}).points == 100
    assert refusal(redeem, lifetime, few, 100, NOW, {"lifetime_points": "999"}) == "threshold_not_reached"
    assert refusal(redeem, lifetime, few, 100, NOW) == "fact_missing"


def test_b28_what_is_dead_or_not_yet_credited_does_not_count_towards_it():
    lots = [Lot(1, 900, NOW, date(2027, 11, 30)), Lot(2, 500, NOW, TODAY - timedelta(days=1))]
    lots.append(Lot(3, 500, NOW + timedelta(seconds=1), date(2027, 11, 30)))
    assert refusal(redeem, VPP, lots, 100, NOW) == "threshold_not_reached"


@pytest.mark.parametrize("value", [5_000, 10_000, 15_000, 20_000, 25_000])
def test_b30_vouchers_of_five_values(value):
    assert redeem(VPP, LOTS, value, NOW, row="B30").value_vnd == value
    assert refusal(redeem, VPP, LOTS, value + 100, NOW, row="B30") == "not_a_denomination"


def test_b31_lives_lie_between_1_and_12_months():
    assert VPP.terms("B31", p.LifeRange) == p.LifeRange(1, 12)
    assert last_day("B07", amount_vnd="1000000") == date(2027, 11, 24)
    with pytest.raises(ProfileError, match="B07 · expiry: outside 1 to 12 months"):
        load_profile(with_rule(VPP_SOURCE, "B07", expiry={"row": "B31", "unit": "months", "count": 13}))


def test_b32_vouchers_from_the_catalogue():
    assert "voucher water" in redeem(VPP, LOTS, 10_000, NOW, {"item": "water"}, "B32").formula.vi
    assert refusal(redeem, VPP, LOTS, 10_000, NOW, {"item": "gold"}, "B32") == "fact_unknown_word"
    assert refusal(redeem, VPP, LOTS, 10_000, NOW, {}, "B32") == "fact_missing"


def test_b33_a_hundred_points_are_a_hundred_dong_at_the_store():
    assert redeem(VPP, LOTS, 12_345, NOW, row="B33").value_vnd == 12_345


@pytest.mark.parametrize(
    ("row", "option", "units", "until"),
    [
        ("B34", "30_days", 30, date(2026, 12, 23)),
        ("B34", "same_day", 60, TODAY),
        ("B35", "30_days", 3, date(2026, 12, 23)),
        ("B36", "30_days", 30, date(2026, 12, 23)),
    ],
)
def test_b34_b35_b36_units_of_a_service_and_their_last_day(row, option, units, until):
    redemption = redeem(VPP, LOTS, 300, NOW, {"option": option}, row)
    assert (redemption.units, redemption.good_until) == (units, until)
    assert refusal(redeem, VPP, LOTS, 350, NOW, {"option": option}, row) == "not_a_multiple"


def test_b34_with_two_offers_one_has_to_be_chosen():
    assert refusal(redeem, VPP, LOTS, 300, NOW, {}, "B34") == "fact_missing"
    assert redeem(VPP, LOTS, 300, NOW, {}, "B35").units == 3


def test_b37_points_pay_a_part_and_money_the_rest():
    redemption = redeem(VPP, LOTS, 20_000, NOW, {"price_vnd": "70000"}, "B37")
    assert (redemption.value_vnd, redemption.due_vnd) == (20_000, 50_000)
    assert redemption.formula.vi.startswith("20.000 điểm = 20.000 đ; trả thêm 50.000 đ")
    assert refusal(redeem, VPP, LOTS, 20_000, NOW, {"price_vnd": "19999"}, "B37") == "more_than_price"


def test_b38_at_most_five_in_a_group_and_larger_ones_dissolve():
    pool = Pool("group", "a", ("a", "b", "c", "d"))
    pool = pool.join("e", VPP)
    assert refusal(pool.join, "f", VPP) == "pool_full"
    assert refusal(pool.join, "e", VPP) == "already_in_pool"
    assert not must_dissolve(pool, VPP, TODAY)
    large = Pool("group", "a", (*pool.members, "f"))
    assert must_dissolve(large, VPP, date(2020, 8, 1))
    assert not must_dissolve(large, VPP, date(2020, 7, 31))
    ledger = Ledger()
    ledger.credit("group", 1_003, NOW, date(2027, 1, 31), earned_by="b")
    ledger.hold("group", "h", 100, NOW)
    assert refusal(dissolve, ledger, large, VPP, NOW) == "pool_has_holds"
    ledger.release("h", NOW)
    dissolve(ledger, large, VPP, NOW)
    assert [ledger.balance(member, NOW).available for member in "abcdef"] == [168, 167, 167, 167, 167, 167]
    assert ledger.lots("b", NOW)[0].expires_on == date(2027, 1, 31)


def test_b38_the_switch_renews_shares_to_the_end_of_month_n_plus_12():
    renewed = load_profile(with_parameters(VPP_SOURCE, "B38", shares="renewed"))
    ledger = Ledger()
    ledger.credit("group", 90, NOW, date(2027, 1, 31))
    dissolve(ledger, Pool("group", "a", ("a", "b")), renewed, NOW)
    assert ledger.lots("b", NOW)[0].expires_on == date(2027, 11, 30)


def test_b11_this_programme_does_not_earn_by_tenders():
    assert refusal(accrue_sale, VPP, [("cash", 20_000)], NOW, {}) == "no_fuel_rule"
    assert expiring(LOTS, TODAY).points == 10_000
