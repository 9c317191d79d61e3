"""The price list against a painted wall: every minute of three days has a price, painted over by each entry in turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.identifiers import PriceSetId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.price_book import PriceBook, adoption
from pos_client.domain.prices import PriceEntry, PriceList

FIRST = datetime(2026, 11, 25, tzinfo=VIETNAM)
MINUTES = 3 * 24 * 60
NOTABLE = (0, 15 * 60, 24 * 60, 39 * 60, 48 * 60)
"""midnights, and 15:00"""

minutes = st.one_of(st.sampled_from(NOTABLE), st.integers(-60, MINUTES + 60))
priced = st.integers(1_000, 1_009)
entries = st.lists(st.tuples(st.one_of(st.none(), minutes), priced, st.booleans()), max_size=8)


def instant(minute: int, utc: bool = False) -> datetime:
    when = FIRST + timedelta(minutes=minute)
    return when.astimezone(UTC) if utc else when


def made(painted: list[tuple[int | None, int, bool]], grade: str = "A") -> PriceList:
    return PriceList(
        tuple(PriceEntry(grade, price, None if at is None else instant(at, utc)) for at, price, utc in painted)
    )


def wall_of(painted: list[tuple[int | None, int, bool]]) -> list[int | None]:
    """Price of each minute. Later instants are painted after earlier ones, of equal ones the later in the list."""
    wall: list[int | None] = [None] * MINUTES
    for at, price, _ in sorted(painted, key=lambda entry: -(10**9) if entry[0] is None else entry[0]):
        for minute in range(max(0, at if at is not None else 0), MINUTES):
            wall[minute] = price
    return wall


@given(entries, st.integers(0, MINUTES - 1), st.integers(0, MINUTES - 1))
def test_the_list_agrees_with_the_painted_wall(painted: list[tuple[int | None, int, bool]], a: int, b: int):
    listed, wall = made(painted), wall_of(painted)
    held = listed.in_force("A", instant(a))
    assert (held.unit_price if held else None) == wall[a]
    assert dict(listed.prices(instant(a))).get("A") == wall[a]
    assert listed.in_force("B", instant(a)) is None
    stretch = {price for price in wall[a : b + 1] if price is not None}
    assert set(listed.held_between("A", instant(a), instant(b))) == (stretch if a <= b else {wall[a]} - {None})
    assert listed.crossed("A", instant(a), instant(b)) is (a <= b and len(stretch) > 1)
    coming = next((m for m in range(a, MINUTES) if wall[m] != wall[a]), None)
    following = listed.next_entry("A", instant(a))
    if coming is not None:
        assert following is not None
        assert (following.effective_from, following.unit_price) == (instant(coming), wall[coming])
    else:
        assert following is None or following.effective_from is None or following.effective_from >= instant(MINUTES)


readings = st.lists(
    st.one_of(st.tuples(st.just("clock"), minutes), st.tuples(st.just("edit"), st.integers(0, 2))), max_size=25
)


@given(st.lists(entries, min_size=3, max_size=3), readings)
def test_whatever_the_clock_does_the_latest_change_seen_since_the_last_edit_stays(
    lists: list[list[tuple[int | None, int, bool]]], story: list[tuple[str, int]]
):
    """The plain model keeps no set: only the highest reading of the clock since somebody edited the list."""
    listed, wall, highest = made(lists[0]), instant(0), instant(0)
    book = PriceBook()
    for n, (what, number) in enumerate([("clock", 0), *story]):
        if what == "clock":
            wall = instant(number)
            highest = max(highest, wall)
        elif set(made(lists[number]).entries) != set(listed.entries):
            listed, highest = made(lists[number]), wall
        fact = adoption(book.held, listed, wall, PriceSetId(str(n)))
        book = book.apply(fact) if fact is not None else book
        assert book.held is not None
        assert book.held.prices == listed.prices(highest)
        assert adoption(book.held, listed, wall, PriceSetId("again")) is None, "taken once"
