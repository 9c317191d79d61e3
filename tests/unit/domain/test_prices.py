"""The dated list: what is in force at an instant, what comes next, what is crossed; and whose clock counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId, PriceSetId
from pos_client.domain.journal import decode, encode
from pos_client.domain.moment import VIETNAM
from pos_client.domain.prices import (
    Lift,
    Listing,
    PriceEntry,
    PriceList,
    PriceMark,
    PriceSet,
    adopted,
    adoption,
    listing,
    recovered_listing,
)

DAY = datetime(2026, 11, 26, tzinfo=VIETNAM)
P1 = PointId(1)


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


# ── whose clock counts ──────────────────────────────────────────────────────────────────────────────────────────────


def take(held: PriceSet | None, listed: PriceList, wall: datetime, name: str = "s") -> PriceSet | None:
    fact = adoption(held, listed, wall, PriceSetId(name))
    if fact is None:
        return None
    assert decode(*encode(fact)) == fact
    return adopted(fact)


def in_force(held: PriceSet | None, listed: PriceList, wall: datetime) -> PriceSet:
    after = take(held, listed, wall) or held
    assert after is not None
    return after


def test_the_first_set_replaces_nothing():
    first = take(None, THURSDAY, at(8), "one")
    assert first == PriceSet(PriceSetId("one"), None, (("E10", 27_080), ("DO", 30_490)), (), THURSDAY)
    assert take(first, THURSDAY, at(14)) is None, "nothing has changed"


def test_a_change_that_comes_due_is_taken_once_and_remembers_what_it_replaced():
    first = in_force(None, THURSDAY, at(8)).priced(P1)
    second = take(first, THURSDAY, at(15), "two")
    assert second is not None
    assert (second.price("E10"), second.price_before("E10"), second.since) == (27_450, 27_080, at(15))
    assert second.pumps == frozenset()
    assert take(second, THURSDAY, at(15, 1)) is None


def test_a_clock_that_jumps_back_takes_nothing_back():
    second = in_force(in_force(None, THURSDAY, at(8)), THURSDAY, at(15))
    for wall in (at(14, 59), at(8), at(0, days=-4_000)):
        assert take(second, THURSDAY, wall) is None
        assert second.instant(wall) == at(15)


def test_a_clock_that_wakes_up_late_takes_the_last_change_alone():
    late = in_force(in_force(None, THURSDAY, at(8)), THURSDAY, at(9, days=2))
    assert (late.price("E10"), late.price_before("E10"), late.since) == (27_300, 27_080, at(0, days=1))


def test_a_change_there_and_back_while_nobody_looked_is_a_floor_all_the_same():
    there_and_back = PriceList(
        (PriceEntry("E10", 1_000), PriceEntry("E10", 2_000, at(15)), PriceEntry("E10", 1_000, at(16)))
    )
    slept = in_force(in_force(None, there_and_back, at(14)), there_and_back, at(17))
    assert in_force(slept, there_and_back, at(15, 30)).price("E10") == 1_000


def test_a_clock_that_ran_ahead_is_put_right_by_a_person_who_edits_the_list():
    ahead = in_force(in_force(None, THURSDAY, at(8)), THURSDAY, at(8, days=400))
    assert in_force(ahead, THURSDAY, at(9)).price("E10") == 27_300, "the list alone does not go back"
    shorter = PriceList(THURSDAY.entries[:2])
    mended = in_force(ahead, shorter, at(9))
    assert (mended.price("E10"), mended.since) == (27_080, None)
    again = in_force(mended, THURSDAY, at(9))
    assert (again.price("E10"), again.since) == (27_080, None), "what was put in again comes when it is due"
    assert in_force(again, THURSDAY, at(15)).price("E10") == 27_450


def test_an_edited_list_that_changes_nothing_now_forgets_no_pump():
    first = in_force(in_force(None, THURSDAY, at(8)), THURSDAY, at(15)).priced(P1)
    longer = PriceList((*THURSDAY.entries, PriceEntry("DO", 31_000, at(15, days=7))))
    edited = take(first, longer, at(16), "edited")
    assert edited is not None
    assert (edited.pumps, edited.price_before("E10"), edited.listed) == (frozenset({P1}), 27_080, longer)


# ── what a fuelling says ────────────────────────────────────────────────────────────────────────────────────────────

OLD = in_force(None, THURSDAY, at(8))
NEW = in_force(OLD, THURSDAY, at(15))
NONE, CROSSED, MISMATCH = PriceMark


@pytest.mark.parametrize(
    ("grade", "pump_price", "lifted", "ended", "mark", "listed_price"),
    [
        ("E10", 27_080, at(14), at(14, 5), NONE, 27_080),
        ("E10", 27_080, at(14, 58), at(15, 2), CROSSED, 27_080),
        ("E10", 27_450, at(15), at(15, 2), NONE, 27_450),
        ("E10", 27_080, at(15), at(15, 2), MISMATCH, 27_450),
        ("E10", 27_450, at(14, 59), at(15, 2), MISMATCH, 27_080),
        ("E10", 0, at(14), at(14, 5), MISMATCH, 27_080),
        ("DO", 30_490, at(14, 58), at(15, 2), NONE, 30_490),
        ("XX", 10_000, at(14), at(14, 5), MISMATCH, 0),
    ],
)
def test_a_lift_that_was_seen(
    grade: str, pump_price: int, lifted: datetime, ended: datetime, mark: PriceMark, listed_price: int
):
    held = NEW if lifted >= at(15) else OLD
    said = listing(grade, pump_price, Lift(lifted, held), ended, THURSDAY, frozenset())
    assert said == Listing(held.price_set, listed_price, mark)


@pytest.mark.parametrize(
    ("pump_price", "possible", "mark"),
    [
        (27_450, {27_450}, NONE),
        (27_450, {27_080, 27_450}, NONE),
        (27_080, {27_080, 27_450}, CROSSED),
        (27_080, {27_450}, MISMATCH),
        (26_000, {27_080, 27_450}, MISMATCH),
    ],
)
def test_a_lift_nobody_saw(pump_price: int, possible: set[int], mark: PriceMark):
    lift = Lift(at(15, 5), NEW, seen=False)
    said = listing("E10", pump_price, lift, at(15, 6), THURSDAY, frozenset(possible))
    assert said == Listing(NEW.price_set, 27_450 if mark is MISMATCH else pump_price, mark)


@pytest.mark.parametrize(
    ("grade", "possible", "mark"),
    [("E10", {27_450}, NONE), ("E10", {27_080, 27_450}, CROSSED), ("E10", {27_080}, CROSSED), ("XX", set(), NONE)],
)
def test_litres_found_again_cost_the_price_in_force(grade: str, possible: set[int], mark: PriceMark):
    said = recovered_listing(grade, NEW, frozenset(possible))
    assert said == Listing(NEW.price_set, NEW.price(grade), mark)


def test_a_point_that_has_not_shown_a_set_may_still_fuel_at_the_one_before():
    assert NEW.may_have_held("E10", P1) == {27_080, 27_450}
    assert NEW.priced(P1).may_have_held("E10", P1) == {27_450}
    assert OLD.may_have_held("E10", P1) == {27_080}
    assert OLD.may_have_held("XX", P1) == frozenset()


def test_an_older_journal_says_nothing_of_prices():
    kind, body = encode(f.FuellingCompleted("x", P1, 1, "E10", "E10", 27_080, 1, 27, None, 1, "t"))  # type: ignore[arg-type]
    before = body.replace(b'"listed_price":0,', b"").replace(b'"price_mark":"","price_set":"",', b"")
    assert before != body
    fact = decode(kind, before)
    assert isinstance(fact, f.FuellingCompleted)
    assert (fact.listed_price, fact.price_mark, fact.price_set) == (0, "", "")
