"""The prize draw (A30-A33): who gets a code, and a drawing that can be repeated and cannot be bent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme import draw as d
from tests.programmes import PLX

SEED = bytes(range(32))
CODES = tuple(d.DrawCode(f"{n:07d}", f"{n:09d}") for n in range(1, 1501))
PRIZES = d.prize_table(PLX)
OPENS = datetime(2021, 11, 19, tzinfo=VIETNAM)
CLOSES = datetime(2022, 3, 31, 23, 59, 59, tzinfo=VIETNAM)


def the_drawing(codes=CODES, beacon="XSMB 14/4/2022: 48213"):
    return d.draw(codes, PRIZES, SEED, d.commitment_to(SEED), beacon)


def test_a30_the_campaign_is_a_lucky_draw_of_14_april_2022():
    assert PLX.terms("A30", c.Campaign) == c.Campaign("lucky_draw", date(2022, 4, 14))


def test_a31_one_special_prize_and_its_winner_is_masked():
    win = the_drawing().wins[0]
    assert (win.prize, win.what) == ("special", "Toyota Corolla Cross Hybrid")
    shown = d.as_published(the_drawing(), {win.account: "Nguyễn Văn Thông"})[0]
    assert shown["name"] == "Nguyễn V***"
    assert shown["account"] == f"{win.account[:3]} *** {win.account[-3:]}"
    assert "Thông" not in str(d.as_published(the_drawing(), {win.account: "Nguyễn Văn Thông"}))


def test_a32_1113_prizes_each_code_wins_once():
    drawing = the_drawing()
    counts = [sum(win.prize == prize.name for win in drawing.wins) for prize in PRIZES]
    assert counts == [1, 2, 10, 100, 1_000]
    assert len({win.code for win in drawing.wins}) == 1_113


def test_a33_the_first_verified_purchase_in_the_window_gives_one_code():
    purchases = [
        d.Purchase("early", OPENS - timedelta(seconds=1)),
        d.Purchase("first", OPENS),
        d.Purchase("twice", OPENS + timedelta(days=2)),
        d.Purchase("twice", OPENS + timedelta(days=1)),
        d.Purchase("last", CLOSES),
        d.Purchase("late", CLOSES + timedelta(seconds=1)),
    ]
    codes = d.issue_codes(PLX, purchases)
    assert [(one.code, one.account) for one in codes] == [
        ("0000001", "first"),
        ("0000002", "twice"),
        ("0000003", "last"),
    ]
    assert d.issue_codes(PLX, reversed(purchases)) == codes


def test_a30_golden_a_published_drawing_stays_what_it_was():
    """Fixed for ever: a change here would make every drawing that was published unverifiable."""
    drawing = the_drawing()
    assert drawing.commitment == d.commitment_to(SEED) == GOLDEN_COMMITMENT
    assert [win.code for win in drawing.wins[:3]] == GOLDEN_WINNERS


GOLDEN_COMMITMENT = "8a52a7b6457203d62b7fe9ab93b88d7e3956556c1feb8d323788e43b288a5f34"
GOLDEN_WINNERS = ["0001281", "0000610", "0000262"]


def test_a30_anybody_can_verify_and_nothing_can_be_bent():
    drawing = the_drawing()
    assert d.verify(drawing, CODES, PRIZES)
    assert d.verify(drawing, CODES[::-1], PRIZES)
    swapped = (replace(drawing.wins[0], code=drawing.wins[1].code), *drawing.wins[1:])
    assert not d.verify(replace(drawing, wins=swapped), CODES, PRIZES)
    assert not d.verify(replace(drawing, seed=bytes(32).hex()), CODES, PRIZES)
    assert not d.verify(replace(drawing, seed="no hex"), CODES, PRIZES)
    assert not d.verify(replace(drawing, beacon="another"), CODES, PRIZES)
    assert not d.verify(drawing, CODES[:-1], PRIZES)
    assert not d.verify(drawing, CODES, PRIZES[1:])


@pytest.mark.parametrize(
    ("codes", "seed", "refused"),
    [((), SEED, "no_codes"), ((CODES[0], CODES[0]), SEED, "codes_twice"), (CODES, bytes(32), "seed_does_not_match")],
)
def test_a30_a_draw_that_makes_no_sense_is_refused(codes, seed, refused):
    with pytest.raises(RuleViolation, match=refused):
        d.draw(codes, PRIZES, seed, d.commitment_to(SEED), "")
    with pytest.raises(ValueError, match="bytes"):
        d.commitment_to(b"short")


@given(st.integers(1, 40), st.binary(min_size=32, max_size=32), st.text(max_size=20))
def test_a30_whatever_the_seed_everybody_has_one_place_and_few_codes_leave_small_prizes(count, seed, beacon):
    drawing = d.draw(CODES[:count], PRIZES, seed, d.commitment_to(seed), beacon)
    assert sorted(win.code for win in drawing.wins) == [one.code for one in CODES[:count]]
    assert drawing.wins[0].prize == "special"
    assert d.verify(drawing, CODES[:count], PRIZES)


def test_a30_the_chances_are_even():
    """Each of ten codes wins the car about as often over many seeds (chi-square, 9 degrees of freedom, 0.001)."""
    wins = [0] * 10
    for n in range(2_000):
        seed = n.to_bytes(32, "big")
        first = d.draw(CODES[:10], PRIZES[:1], seed, d.commitment_to(seed), "").wins[0]
        wins[int(first.code) - 1] += 1
    assert sum((won - 200) ** 2 / 200 for won in wins) < 27.9
