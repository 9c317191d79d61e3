"""Ways to earn, lives and caps against slow, obvious sums that share nothing with the engine."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme.accrual import accrue
from pos_client.domain.programme.calendar import add_months, end_of_month, whole_years
from pos_client.domain.programme.dying import expire
from pos_client.domain.programme.lots import Lot, given_back_until
from pos_client.domain.programme.spending import redeem
from tests.programmes import VPP

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
RATES = {
    "B07": ("0.00025", {}),
    "B12": ("0.003", {"merchant": "standard", "revenue": "yes"}),
    "B13": ("0.001", {"class": "VIP"}),
    "B19": ("0.005", {}),
    "B22": ("0.05", {"uses_mobile": "yes"}),
    "B23": ("0.05", {"used_mb": "0,49"}),
    "B27": ("0.0003", {"category": "other_phone"}),
}
amounts = st.integers(1, 100_000_000_000)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(st.sampled_from(sorted(RATES)), amounts, st.integers(0, 60_000))
def test_b01_b18_every_rate_is_the_decimal_product_half_up_and_then_the_cap(row, amount, before):
    rate, facts = RATES[row]
    given_ = {**facts, "amount_vnd": str(amount)}
    expected = int((Decimal(amount) * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))
    if row in ("B12", "B13"):
        given_["earned_this_month"] = str(before)
        while before + expected > 50_000 and expected:  # one point after the other is refused
            expected = max(0, 50_000 - before) if expected > 50_000 else expected - 1
    accrual = accrue(VPP, row, NOW, given_)
    assert accrual.points == expected
    assert sum(lot.points for lot in accrual.lots) == expected


@given(days, st.integers(0, 40))
def test_b14_a_month_later_is_the_same_day_or_the_last_one(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days, st.integers(0, 40))
def test_b19_the_end_of_month_n_plus_k_is_the_day_before_a_first(day, months):
    end = end_of_month(day, months)
    assert (end + timedelta(days=1)).day == 1
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months


@given(days, st.integers(0, 20_000))
def test_b09_years_of_use_are_counted_by_anniversaries(since, passed):
    on = since + timedelta(days=passed)
    years = whole_years(since, on)
    anniversaries = [add_months(since, 12 * n) for n in range(1, 70)]
    assert years == sum(anniversary <= on for anniversary in anniversaries)


@given(st.lists(st.integers(0, 12), max_size=8))
def test_b16_the_longest_run_up_to_now_decides(counts):
    text = "".join("x" if count >= 6 else "." for count in counts)
    run = len(text) - len(text.rstrip("x"))
    expected = {0: 0, 1: 300, 2: 600}.get(run, 1_500)
    assert accrue(VPP, "B16", NOW, {"transactions": ",".join(map(str, counts))}).points == expected


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_points_that_come_back_never_have_fewer_days_than_they_had_left(taken_on, left, kept):
    last, back_on = taken_on + timedelta(days=left), taken_on + timedelta(days=kept)
    until = given_back_until(last, taken_on, back_on)
    if back_on <= last:
        assert until == last
    else:
        assert until - back_on == max(timedelta(days=left), timedelta(days=1))


lots = st.lists(st.tuples(st.integers(1, 900), st.integers(-40, 40), st.integers(0, 60)), max_size=10).map(
    lambda rows: [
        Lot(n, points, NOW + timedelta(hours=start), NOW.date() + timedelta(days=max(start // 24, 0) + life - 20))
        for n, (points, start, life) in enumerate(rows, 1)
    ]
)


@given(lots, st.integers(100, 3_000))
def test_b04_b28_a_redemption_takes_single_points_in_order_or_says_no(there, wanted):
    singles = sorted(
        (lot.expires_on, lot.credited_at, lot.entry_id)
        for lot in there
        if lot.credited_at <= NOW and lot.expires_on >= NOW.date()
        for _ in range(lot.points_left)
    )
    if len(singles) < 1_000 or wanted > len(singles):
        with pytest.raises(Exception, match=r"threshold_not_reached|insufficient_points"):
            redeem(VPP, there, wanted, NOW)
        return
    redemption = redeem(VPP, there, wanted, NOW)
    assert [part.entry_id for part in redemption.lots for _ in range(part.points)] == [
        entry for _, _, entry in singles[:wanted]
    ]
    assert redemption.left == len(singles) - wanted


@given(lots, st.integers(0, 90))
def test_b05_every_point_is_dead_usable_or_not_yet_credited(there, passed):
    at = datetime.combine(NOW.date() + timedelta(days=passed), time(12), VIETNAM)
    death = expire(VPP, there, at)
    pending = sum(lot.points_left for lot in there if lot.credited_at > at and lot.expires_on >= at.date())
    assert death.points + death.left + pending == sum(lot.points_left for lot in there)
