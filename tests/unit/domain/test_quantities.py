"""Whole numbers and the one place where anything is rounded (I13, B01)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.quantities import amount_of, divide_half_up, volume_for


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(0, 1, 0), (1, 2, 1), (-1, 2, -1), (47_5, 10, 48), (49, 100, 0), (50, 100, 1), (-49, 100, 0), (2385, 10, 239)],
)
def test_b01_half_goes_up(numerator: int, denominator: int, expected: int):
    assert divide_half_up(numerator, denominator) == expected


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_b01_agrees_with_decimal_arithmetic(numerator: int, denominator: int):
    exact = Fraction(numerator, denominator)
    rounded = divide_half_up(numerator, denominator)
    assert abs(exact - rounded) <= Fraction(1, 2)
    if denominator in (1, 2, 4, 5, 8, 10, 100, 1000):
        decimal = Decimal(numerator) / Decimal(denominator)
        assert rounded == int(decimal.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_is_positive(denominator: int):
    with pytest.raises(ValueError, match="positive"):
        divide_half_up(1, denominator)


@given(st.integers(0, 10**9), st.integers(1, 200_000))
def test_a_volume_never_costs_more_than_the_amount_it_was_found_for(amount_vnd: int, unit_price: int):
    volume = volume_for(amount_vnd, unit_price)
    assert amount_of(volume, unit_price) <= amount_vnd
    assert (volume + 1) * unit_price > amount_vnd * 1000


def test_without_a_price_nothing_is_bought():
    assert volume_for(100_000, 0) == 0
    assert amount_of(12_925, 27_080) == 350_009
