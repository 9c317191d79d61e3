"""Which prices are in force, whose clock says so, and what a fuelling says of its own."""

from __future__ import annotations

from datetime import datetime

import pytest

from pos_client.domain import facts as f
from pos_client.domain.identifiers import NozzleId, PointId, PriceSetId
from pos_client.domain.journal import decode, encode
from pos_client.domain.price_book import KEPT_SETS, PriceBook, PriceSet, adoption
from pos_client.domain.price_mark import Lift, Listing, PriceMark, listing, recovered_listing
from pos_client.domain.prices import PriceEntry, PriceList
from tests.unit.domain.test_prices import THURSDAY, at

P1, P2, N1 = PointId(1), PointId(2), NozzleId(1)


def take(book: PriceBook, listed: PriceList, wall: datetime, name: str = "s") -> PriceBook:
    """The book after a look at list and clock."""
    fact = adoption(book.held, listed, wall, PriceSetId(name))
    if fact is None:
        return book
    assert decode(*encode(fact)) == fact
    return book.apply(fact)


def held(book: PriceBook) -> PriceSet:
    assert book.held is not None
    return book.held


def shows(book: PriceBook, point: PointId) -> PriceBook:
    """A point is seen to show what is in force."""
    return book.apply(f.PumpPriced(held(book).price_set, point, ((N1, held(book).price("E10")),)))


EMPTY = PriceBook()
MORNING = take(EMPTY, THURSDAY, at(8), "morning")
AFTERNOON = take(MORNING, THURSDAY, at(15), "afternoon")


def test_an_empty_book_holds_nothing():
    assert EMPTY.held is None
    assert EMPTY.may_have_held("E10", P1) == frozenset()


def test_the_first_set_is_what_holds_now():
    assert held(MORNING) == PriceSet(PriceSetId("morning"), None, (("E10", 27_080), ("DO", 30_490)), THURSDAY)
    assert take(MORNING, THURSDAY, at(14)) is MORNING, "nothing has changed"


def test_a_change_that_comes_due_is_taken_once():
    assert (held(AFTERNOON).price("E10"), held(AFTERNOON).price("XX"), held(AFTERNOON).since) == (27_450, 0, at(15))
    assert take(AFTERNOON, THURSDAY, at(15, 1)) is AFTERNOON


def test_a_clock_that_jumps_back_takes_nothing_back():
    for wall in (at(14, 59), at(8), at(0, days=-4_000)):
        assert take(AFTERNOON, THURSDAY, wall) is AFTERNOON
        assert held(AFTERNOON).instant(wall) == at(15)
    assert held(AFTERNOON).instant(at(16)) == at(16)


def test_a_clock_that_wakes_up_late_takes_the_last_change_alone():
    late = held(take(MORNING, THURSDAY, at(9, days=2)))
    assert (late.price("E10"), late.since) == (27_300, at(0, days=1))


def test_a_change_there_and_back_while_nobody_looked_is_a_floor_all_the_same():
    there_and_back = PriceList(
        (PriceEntry("E10", 1_000), PriceEntry("E10", 2_000, at(15)), PriceEntry("E10", 1_000, at(16)))
    )
    slept = take(take(EMPTY, there_and_back, at(14)), there_and_back, at(17))
    assert held(take(slept, there_and_back, at(15, 30))).price("E10") == 1_000


def test_a_clock_that_ran_ahead_is_put_right_by_a_person_who_edits_the_list():
    ahead = take(MORNING, THURSDAY, at(8, days=400))
    assert held(take(ahead, THURSDAY, at(9))).price("E10") == 27_300, "the list alone does not go back"
    mended = take(ahead, PriceList(THURSDAY.entries[:2]), at(9))
    assert (held(mended).price("E10"), held(mended).since) == (27_080, None)
    again = take(mended, THURSDAY, at(9))
    assert (held(again).price("E10"), held(again).since) == (27_080, None), "it comes when it is due"
    assert held(take(again, THURSDAY, at(15))).price("E10") == 27_450


def test_an_edited_list_is_written_down_even_when_no_price_changes():
    longer = PriceList((*THURSDAY.entries, PriceEntry("DO", 31_000, at(15, days=7))))
    edited = held(take(AFTERNOON, longer, at(16), "edited"))
    assert (edited.price_set, edited.prices, edited.listed) == ("edited", held(AFTERNOON).prices, longer)


# ── what pumps have shown ───────────────────────────────────────────────────────────────────────────────────────────


def names(book: PriceBook) -> list[str]:
    return [each.price_set for each in book.sets]


def test_a_set_is_kept_as_long_as_a_pump_may_have_it():
    both = shows(shows(MORNING, P1), P2)
    changed = take(both, THURSDAY, at(15), "afternoon")
    one = f.PumpPriced(PriceSetId("afternoon"), P1, ())
    assert (names(changed), changed.closed_by(one)) == (["morning", "afternoon"], ())
    other = f.PumpPriced(PriceSetId("afternoon"), P2, ())
    after = changed.apply(one)
    assert after.closed_by(other) == ("morning",)
    assert names(after.apply(other)) == ["afternoon"]


def test_a_set_nobody_has_shown_goes_with_the_next_one():
    fact = adoption(held(MORNING), THURSDAY, at(15), PriceSetId("afternoon"))
    assert fact is not None
    assert MORNING.closed_by(fact) == ("morning",)


def test_a_pump_that_is_silent_for_ever_does_not_keep_every_set_there_ever_was():
    book = shows(MORNING, P1)
    sizes = []
    for n in range(KEPT_SETS + 5):
        book = take(book, PriceList((PriceEntry("E10", 20_000 + n),)), at(8), f"set {n}")
        sizes.append(len(book.sets))
    assert max(sizes) == KEPT_SETS
    assert book.shown_by(P1) is None


def test_a_pump_may_have_charged_any_price_since_what_it_showed_last():
    night = take(shows(AFTERNOON, P2), THURSDAY, at(1, days=1), "night")
    assert night.may_have_held("E10", P2) == {27_450, 27_300}
    assert shows(night, P2).may_have_held("E10", P2) == {27_300}
    behind = take(shows(take(shows(MORNING, P1), THURSDAY, at(15), "x"), P2), THURSDAY, at(1, days=1), "y")
    assert behind.may_have_held("E10", P1) == {27_080, 27_450, 27_300}
    assert behind.may_have_held("E10", P2) == {27_450, 27_300}
    silent = take(take(shows(MORNING, P1), THURSDAY, at(15), "x"), THURSDAY, at(1, days=1), "y")
    assert silent.may_have_held("E10", P1) == {27_080, 27_450, 27_300}
    assert silent.may_have_held("DO", P1) == {30_490}
    assert silent.may_have_held("XX", P1) == frozenset()


# ── what a fuelling says ────────────────────────────────────────────────────────────────────────────────────────────

OLD, NEW = held(MORNING), held(AFTERNOON)
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
    under = NEW if lifted >= at(15) else OLD
    said = listing(grade, pump_price, Lift(lifted, under), ended, THURSDAY, frozenset({27_080, 27_450}))
    assert said == Listing(under.price_set, listed_price, mark)


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


def test_an_older_journal_says_nothing_of_prices():
    kind, body = encode(f.FuellingCompleted("x", P1, 1, "E10", "E10", 27_080, 1, 27, None, 1, "t"))  # type: ignore[arg-type]
    before = body.replace(b'"listed_price":0,', b"").replace(b'"price_mark":"","price_set":"",', b"")
    assert before != body
    fact = decode(kind, before)
    assert isinstance(fact, f.FuellingCompleted)
    assert (fact.listed_price, fact.price_mark, fact.price_set) == (0, "", "")
