"""Petrolimex ID row by row: earning, expiry, spending order, against the golden numbers of the rule table."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import (
    Lot,
    Profile,
    ProfileError,
    Rounding,
    available,
    earn,
    expiring,
    expiry_of,
    load_profile,
    spend,
)
from pos_client.domain.tender import TenderClass

FILE = Path(__file__).parents[4] / "resources" / "programmes" / "petrolimex-id.toml"
SOURCE = tomllib.loads(FILE.read_text(encoding="utf-8"))
PLX = load_profile(SOURCE)
PROPORTIONAL = replace(PLX, rounding=Rounding.PROPORTIONAL)
SOME_DAY = date(2026, 11, 23)
E, C, P, O = TenderClass.ELECTRONIC, TenderClass.CASH, TenderClass.POINTS, TenderClass.OTHER  # noqa: E741
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

GOLDEN = [
    (9_999, 0, 0),
    (10_000, 50, 0),
    (19_999, 50, 0),
    (20_000, 100, 50),
    (95_400, 450, 200),
    (100_000, 500, 250),
    (199_999, 950, 450),
    (1_000_000, 5_000, 2_500),
]


def points(profile: Profile, *tenders: tuple[TenderClass, int], on: date = SOME_DAY) -> int:
    return earn(profile, tenders, on).points


@pytest.mark.parametrize(("amount", "electronic", "cash"), GOLDEN)
def test_a20_a21_full_blocks(amount, electronic, cash):
    assert points(PLX, (E, amount)) == electronic
    assert points(PLX, (C, amount)) == cash


def test_a20_says_the_sum_in_both_languages():
    earned = earn(PLX, [(E, 95_400)], SOME_DAY)
    assert earned.formula_vi == "95.400 đ điện tử: 9 × 50 = 450 điểm"
    assert earned.formula_en == "95.400 đ electronic: 9 × 50 = 450 points"
    assert earned.rules == ("A20",)


def test_a20_b01_proportional_rounds_half_up_once_at_the_end():
    assert points(PROPORTIONAL, (E, 95_400)) == 477
    earned = earn(PROPORTIONAL, [(C, 95_400)], SOME_DAY)
    assert earned.points == 239
    assert earned.formula_vi == "95.400 đ tiền mặt: 95.400 × 50 / 20.000 = 238,5 điểm → 239 điểm"
    assert "B01" in earned.rules
    # two halves of half a point: once at the end is 1, each part by itself would be 2
    assert points(PROPORTIONAL, (C, 200), (C, 200)) == 1


@pytest.mark.parametrize(("cash", "expected"), [(199, 0), (200, 1), (599, 1), (600, 2), (19_000, 48)])
def test_b01_below_a_half_goes_down_a_half_and_above_goes_up(cash, expected):
    assert points(PROPORTIONAL, (C, cash)) == expected


def test_a24_each_part_by_its_own_rate_and_blocks():
    earned = earn(PLX, [(E, 70_000), (C, 25_400)], SOME_DAY)
    assert earned.points == 400
    assert earned.formula_vi == "70.000 đ điện tử: 7 × 50 = 350 điểm + 25.400 đ tiền mặt: 1 × 50 = 50 điểm"
    assert earned.formula_en == "70.000 đ electronic: 7 × 50 = 350 points + 25.400 đ cash: 1 × 50 = 50 points"
    assert earned.rules == ("A20", "A21", "A24")
    assert points(PLX, (E, 9_999), (E, 9_999)) == 0


def test_a25_what_points_paid_earns_nothing():
    earned = earn(PLX, [(P, 50_000), (E, 45_400)], SOME_DAY)
    assert earned.points == 200
    assert earned.formula_vi.startswith("50.000 đ bằng điểm: 0 điểm + ")
    assert points(PLX, (P, 1_000_000)) == 0
    assert points(PROPORTIONAL, (P, 1_000_000)) == 0


def test_a23_what_is_neither_electronic_nor_cash_earns_nothing():
    assert earn(PLX, [(O, 500_000)], SOME_DAY).rules == ("A23",)
    assert points(PLX, (O, 500_000)) == 0


def test_a02_a_product_that_earns_nothing():
    earned = earn(PLX, [(E, 500_000)], SOME_DAY, earns=False)
    assert (earned.points, earned.rules) == (0, ("A02",))


@pytest.mark.parametrize(("on", "expected"), [(date(2021, 11, 14), 0), (date(2021, 11, 15), 50)])
def test_a01_nothing_before_the_start(on, expected):
    assert points(PLX, (E, 10_000), on=on) == expected


def test_nothing_paid_earns_nothing_and_a_negative_part_is_our_own_fault():
    assert earn(PLX, [], SOME_DAY).points == 0
    with pytest.raises(ValueError, match="negative"):
        earn(PLX, [(E, -1)], SOME_DAY)


@pytest.mark.parametrize(
    ("fuelled", "last_day"),
    [
        (date(2021, 11, 15), date(2023, 3, 31)),
        (date(2021, 12, 31), date(2023, 3, 31)),
        (date(2022, 1, 1), date(2023, 3, 31)),
        (date(2022, 12, 31), date(2023, 3, 31)),
        (date(2023, 1, 1), date(2024, 3, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
        (date(2027, 1, 1), date(2028, 3, 31)),
    ],
)
def test_a26_a27_a28_last_usable_day(fuelled, last_day):
    assert expiry_of(PLX, fuelled) == last_day


def test_a26_the_other_reading_is_one_switch():
    assert PLX.expiry is not None
    assert expiry_of(replace(PLX, expiry=replace(PLX.expiry, inclusive=False)), date(2024, 5, 1)) == date(2025, 3, 30)


def test_a26_a_lot_lives_through_its_last_day():
    lot = Lot(1, 500, NOON, date(2027, 3, 31))
    assert available([lot], date(2027, 3, 31)) == 500
    assert available([lot], date(2027, 4, 1)) == 0


def test_b04_b29_first_expiry_first_then_first_credited():
    early, late = date(2027, 3, 31), date(2028, 3, 31)
    lots = [
        Lot(1, 1_000, NOON, late),
        Lot(2, 200, NOON + timedelta(days=2), early),
        Lot(3, 200, NOON + timedelta(days=1), early),
        Lot(4, 200, NOON + timedelta(days=1), early),
        Lot(5, 9_999, NOON, date(2026, 3, 31)),
    ]
    assert spend(lots, 700, SOME_DAY).parts == ((3, 200), (4, 200), (2, 200), (1, 100))
    assert expiring(lots, SOME_DAY).points == 600
    assert expiring(lots, SOME_DAY).on == early


def test_a37_b02_at_least_a_hundred():
    lots = [Lot(1, 500, NOON, date(2027, 3, 31))]
    assert spend(lots, 100, SOME_DAY).points == 100
    with pytest.raises(RuleViolation) as refused:
        spend(lots, 99, SOME_DAY)
    assert (refused.value.code, refused.value.params) == ("below_minimum", {"minimum": 100})
    with pytest.raises(RuleViolation) as refused:
        spend(lots, 501, SOME_DAY)
    assert (refused.value.code, refused.value.params) == ("insufficient_points", {"available": 500})


def test_nothing_left_to_die():
    assert expiring([], SOME_DAY).on is None


def test_every_rule_says_its_row_and_reading():
    assert [rule.row for rule in PLX.rules if not rule.reading] == []
    assert PLX.rule("A21").phrase.startswith("Thanh toán tiền mặt")
    with pytest.raises(KeyError):
        PLX.rule("A99")


@pytest.mark.parametrize(
    ("row", "name", "value", "says"),
    [
        ("A01", "earns_from", "15.11.2021", "A01"),
        ("A20", "block_vnd", 0, "A20"),
        ("A20", "tender", "barter", "A20"),
        ("A24", "rounding", "up", "A24"),
        ("A26", "day", 45, "A26"),
        ("A37", "minimum", True, "A37"),
    ],
)
def test_a_programme_file_that_makes_no_sense_is_refused_by_its_row(row, name, value, says):
    rules = [
        {**rule, "parameters": {**rule["parameters"], name: value}} if rule["row"] == row else rule
        for rule in SOURCE["rules"]
    ]
    with pytest.raises(ProfileError, match=says):
        load_profile({**SOURCE, "rules": rules})


def test_a_programme_needs_each_kind_once():
    with pytest.raises(ProfileError, match="expiry"):
        load_profile({**SOURCE, "rules": [r for r in SOURCE["rules"] if r["row"] != "A26"]})
    with pytest.raises(ProfileError, match="A20"):
        load_profile({**SOURCE, "rules": [*SOURCE["rules"], next(r for r in SOURCE["rules"] if r["row"] == "A20")]})
