"""The dated list: what is in force at an instant, what comes next, what a stretch of time crosses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pos_client.domain.moment import VIETNAM
from pos_client.domain.prices import PriceEntry, PriceList

DAY = datetime(2026, 11, 26, tzinfo=VIETNAM)


def at(hour: int, minute: int = 0, second: int = 0, days: int = 0) -> datetime:
    return DAY + timedelta(days=days, hours=hour, minutes=minute, seconds=second)


THURSDAY = PriceList(
    (
        PriceEntry("E10", 27_080),
        PriceEntry("DO", 30_490),
        PriceEntry("E10", 27_450, at(15)),
        PriceEntry("DO", 30_490, at(15)),
        PriceEntry("E10", 27_300, at(0, days=1)),
    )
)
"""15:00 as on most Thursdays, and once more at midnight; diesel keeps its price."""


@pytest.mark.parametrize(
    ("when", "price"),
    [
        (at(0), 27_080),
        (at(14, 59, 59), 27_080),
        (at(15), 27_450),
        (at(23, 59, 59), 27_450),
        (at(0, days=1), 27_300),
        (at(0, days=3_000), 27_300),
        (at(8).astimezone(UTC), 27_080),
        (datetime(2026, 11, 26, 8, 0, tzinfo=UTC), 27_450),
    ],
)
def test_the_last_entry_that_has_come_is_in_force_wherever_the_clock_stands(when: datetime, price: int):
    held = THURSDAY.in_force("E10", when)
    assert held is not None
    assert held.unit_price == price


def test_midnight_is_vietnams():
    midnight = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    assert dict(THURSDAY.prices(midnight)) == {"E10": 27_300, "DO": 30_490}
    assert dict(THURSDAY.prices(midnight - timedelta(seconds=1))) == {"E10": 27_450, "DO": 30_490}


def test_what_comes_next_is_a_change_of_this_grade():
    coming = THURSDAY.next_entry("E10", at(8))
    assert coming is not None
    assert (coming.unit_price, coming.effective_from) == (27_450, at(15))
    assert THURSDAY.next_entry("DO", at(8)) is None, "the same price again is no change"
    assert THURSDAY.next_change(at(8)) == at(15)
    assert THURSDAY.next_change(at(15)) == at(0, days=1)
    assert THURSDAY.next_change(at(0, days=1)) is None
    assert (THURSDAY.last_change(at(14)), THURSDAY.last_change(at(16))) == (None, at(15))


@pytest.mark.parametrize(
    ("start", "end", "crossed"),
    [
        (at(14), at(14, 59, 59), False),
        (at(14, 59), at(15), True),
        (at(15), at(16), False),
        (at(14), at(1, days=1), True),
        (at(23), at(0, days=1), True),
        (at(16), at(14), False),
    ],
)
def test_a_stretch_of_time_crosses_a_change_that_comes_within_it(start: datetime, end: datetime, crossed: bool):
    assert THURSDAY.crossed("E10", start, end) is crossed
    assert not THURSDAY.crossed("DO", start, end)


def test_there_and_back_again_is_crossed_too():
    there = PriceEntry("E10", 28_000, at(15))
    back = PriceEntry("E10", 27_080, at(16))
    assert PriceList((PriceEntry("E10", 27_080), there, back)).crossed("E10", at(14), at(17))


def test_of_two_entries_for_one_instant_the_later_one_of_the_list_counts():
    twice = PriceList((PriceEntry("E10", 1_000, at(15)), PriceEntry("E10", 2_000, at(15).astimezone(UTC))))
    assert dict(twice.prices(at(15))) == {"E10": 2_000}
    assert twice.prices(at(14)) == ()
