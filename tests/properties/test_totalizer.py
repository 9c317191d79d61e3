"""Tiny counters against a plain odometer that never fills up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.totalizer import Meter, Rose, Same, WentDown, Wrapped, advance

moduli = st.integers(20, 500)


@given(moduli, st.data())
def test_a_counter_read_often_enough_counts_like_an_odometer(modulus: int, data: st.DataObject):
    """Whatever flows between readings, as long as it is plausible: the steps add up to all of it."""
    plausible = data.draw(st.integers(1, modulus // 2))
    flows = data.draw(st.lists(st.integers(0, plausible), max_size=30))
    odometer = begin = data.draw(st.integers(0, modulus - 1))
    counted, last = 0, odometer % modulus
    for flow in flows:
        odometer += flow
        step = advance(last, odometer % modulus, modulus, plausible)
        assert not isinstance(step, WentDown)
        assert isinstance(step, Wrapped) == (flow > 0 and odometer % modulus < last)
        counted += 0 if isinstance(step, Same) else step.by_ml
        last = odometer % modulus
    assert counted == odometer - begin


@given(moduli, st.data())
def test_nothing_is_invented_by_a_reading_that_cannot_follow(modulus: int, data: st.DataObject):
    """Another meter, an old reading: never more litres than are plausible, unless they rose within half a turn."""
    plausible = data.draw(st.integers(1, modulus // 2))
    last, reading = (data.draw(st.integers(0, modulus - 1)) for _ in range(2))
    step = advance(last, reading, modulus, plausible)
    if isinstance(step, Wrapped):
        assert step.by_ml <= plausible
        assert (last + step.by_ml) % modulus == reading
    elif isinstance(step, Rose):
        assert step.by_ml <= modulus // 2
        assert last + step.by_ml == reading
    elif isinstance(step, WentDown):
        assert step.by_ml > 0
        assert reading in (last - step.by_ml, last - step.by_ml + modulus)


@given(moduli, st.data())
def test_a_delivery_backwards_and_forwards_again(modulus: int, data: st.DataObject):
    whole = Meter(1, modulus)
    end, volume = data.draw(st.integers(0, modulus - 1)), data.draw(st.integers(0, modulus - 1))
    start = whole.on_from(end, -volume)
    assert 0 <= start < modulus
    assert whole.on_from(start, volume) == end
    assert whole.distance(start, end) == volume
    assert whole.advance(start, end, told_ml=volume) == (
        Same() if volume == 0 else Rose(volume) if end > start else Wrapped(volume)
    )


@given(moduli, st.booleans(), st.data())
def test_what_was_counted_before_makes_every_end_the_only_one(modulus: int, known: bool, data: st.DataObject):
    """Deliveries, meters exchanged in between: an odometer that only grows, by what flowed unless one was exchanged."""
    whole = Meter(1, modulus if known else None)
    last, turned, ends = data.draw(st.integers(0, modulus - 1)), 0, [0]
    ends[0] = last
    for volume in data.draw(st.lists(st.integers(1, modulus // 2), max_size=30)):
        exchanged = data.draw(st.booleans())
        start = data.draw(st.integers(0, modulus - 1)) if exchanged else last
        end = whole.on_from(start, volume)
        turned, last = whole.turned(last, turned, end, volume), end
        assert turned >= 0
        assert end + turned > ends[-1]
        if not exchanged:
            assert end + turned == ends[-1] + volume
        ends.append(end + turned)


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**6))
def test_no_number_of_digits_somebody_set_makes_an_end_come_again(modulus: int, last: int, end: int, volume: int):
    """Also one that the readings contradict."""
    for meter_ in (Meter(10, modulus), Meter(10, None)):
        assert end + meter_.turned(last, 0, end, volume) > last
