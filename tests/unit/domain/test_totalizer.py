"""A counter that grows, fills up and begins at 0 again: what two readings of it prove."""

from __future__ import annotations

import pytest

from pos_client.domain.totalizer import PLAUSIBLE_ML, Meter, Rose, Same, Step, WentDown, Wrapped, advance, meter

M = 1_000_000_000
"""One million litres: eight digits, two of them decimals."""


@pytest.mark.parametrize(
    ("last", "reading", "step"),
    [
        (500, 500, Same()),
        (500, 510, Rose(10)),
        (500, 490, WentDown(10)),
        (M - 30, 20, Wrapped(50)),
        (M - 1, 0, Wrapped(1)),
        (M - PLAUSIBLE_ML, 0, Wrapped(PLAUSIBLE_ML)),
        (M - PLAUSIBLE_ML, 1, WentDown(M - PLAUSIBLE_ML - 1)),
        (731_054_420, 40_000, WentDown(731_014_420)),
        (0, M // 2, Rose(M // 2)),
        (0, M // 2 + 1, WentDown(M // 2 - 1)),
        (20, M - 30, WentDown(50)),
    ],
)
def test_what_two_readings_prove(last: int, reading: int, step: Step):
    assert advance(last, reading, M, PLAUSIBLE_ML) == step


def test_without_a_known_end_lower_is_down():
    assert advance(M - 1, 0, None, PLAUSIBLE_ML) == WentDown(M - 1)
    assert advance(0, 10 * M, None, PLAUSIBLE_ML) == Rose(10 * M)


def test_a_told_delivery_makes_more_plausible():
    whole = Meter(10, M)
    last = M - 50_000_000
    assert whole.advance(last, 10_000_000) == WentDown(M - 60_000_000)
    assert whole.advance(last, 10_000_000, told_ml=60_000_000) == Wrapped(60_000_000)


def test_a_small_counter_believes_a_tenth_of_itself():
    small = Meter(10, 1_000_000)
    assert small.advance(950_000, 50_000) == Wrapped(100_000)
    assert small.advance(950_000, 50_010) == WentDown(899_990)


def test_a_reading_beyond_the_end_shows_more_digits():
    """The technician set eight digits, the pump sends twelve: nothing is taken for a beginning anew."""
    whole = Meter(10, M)
    assert whole.advance(M + 50, 20) == WentDown(M + 30)
    assert whole.advance(M - 50, M + 50) == Rose(100)
    assert whole.on_from(M + 50, 10) == M + 60


@pytest.mark.parametrize(
    ("digits", "decimals", "resolution", "modulus"),
    [(10, 2, 10, 100_000_000_000), (8, 2, 10, M), (8, 1, 100, 10 * M), (8, 3, 1, M // 10), (12, 4, 1, 10**11)],
)
def test_digits_and_decimals_make_a_meter(digits: int, decimals: int, resolution: int, modulus: int):
    assert meter(digits, decimals) == Meter(resolution, modulus)
    assert meter(digits, decimals).tolerance_ml == 2 * resolution
