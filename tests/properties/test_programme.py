"""The points engine against plain models that share nothing with it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import Lot, Rounding, available, earn, expiring, expiry_of, load_profile, spend
from pos_client.domain.tender import TenderClass

FILE = Path(__file__).parents[2] / "resources" / "programmes" / "petrolimex-id.toml"
PLX = load_profile(tomllib.loads(FILE.read_text(encoding="utf-8")))
BLOCK = {TenderClass.ELECTRONIC: 10_000, TenderClass.CASH: 20_000}
DAY = date(2026, 6, 1)

tenders = st.lists(st.tuples(st.sampled_from(TenderClass), st.integers(0, 5_000_000)), max_size=5)
moments = st.integers(0, 3).map(lambda hours: datetime(2026, 1, 1, hours, tzinfo=UTC))
lots = st.lists(
    st.tuples(st.integers(0, 500), moments, st.integers(-3, 5)),
    max_size=8,
).map(lambda rows: [Lot(n, left, at, DAY + timedelta(days=d)) for n, (left, at, d) in enumerate(rows)])


@given(tenders)
def test_a20_a21_a24_a25_full_blocks_count_one_block_after_the_other(parts):
    expected = 0
    for kind, amount in parts:
        left = amount
        while kind in BLOCK and left >= BLOCK[kind]:
            left -= BLOCK[kind]
            expected += 50
    assert earn(PLX, parts, DAY).points == expected


@given(tenders)
def test_b01_proportional_is_the_decimal_sum_rounded_half_up(parts):
    exact = sum((Decimal(amount) * 50 / BLOCK[kind] for kind, amount in parts if kind in BLOCK), Decimal(0))
    earned = earn(replace(PLX, rounding=Rounding.PROPORTIONAL), parts, DAY)
    assert earned.points == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(tenders, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_a01_earning_never_depends_on_the_day_but_for_the_start(parts, on):
    assert earn(PLX, parts, on).points == (earn(PLX, parts, DAY).points if on >= date(2021, 11, 15) else 0)


@given(st.dates(date(2021, 11, 15), date(2090, 1, 1)))
def test_a26_a27_points_live_three_months_at_least_and_die_on_31_march(fuelled):
    last = expiry_of(PLX, fuelled)
    assert (last.month, last.day) == (3, 31)
    assert timedelta(days=89) < last - fuelled < timedelta(days=503)


@given(lots, st.integers(-5, 2_500))
def test_b04_b29_spending_equals_taking_single_points_from_the_first_to_die(there, wanted):
    usable = [lot for lot in there if lot.expires_on >= DAY]
    singles = [
        lot.entry_id
        for lot in sorted(usable, key=lambda lot: (lot.expires_on, lot.credited_at, lot.entry_id))
        for _ in range(lot.points_left)
    ]
    assert available(there, DAY) == len(singles)
    if wanted < 100 or wanted > len(singles):
        with pytest.raises(RuleViolation, match="below_minimum" if wanted < 100 else "insufficient_points"):
            spend(there, wanted, DAY)
        return
    plan = spend(there, wanted, DAY)
    assert plan.points == wanted
    assert [entry for entry, points in plan.parts for _ in range(points)] == singles[:wanted]


@given(lots)
def test_expiring_is_what_the_next_dead_day_takes_away(there):
    found = expiring(there, DAY)
    if found.on is None:
        assert available(there, DAY) == 0
        return
    assert available(there, found.on) == available(there, DAY)
    assert available(there, found.on + timedelta(days=1)) == available(there, DAY) - found.points
