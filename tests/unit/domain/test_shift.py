"""Meters compared with fuellings, and sums that can be written down and read on from anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId, ShiftId
from pos_client.domain.journal import decode, encode
from pos_client.domain.shift import MeterState, compare
from pos_client.domain.shift_sums import NozzleSums, ShiftSums
from pos_client.domain.totalizer import Meter
from tests.unit.domain.samples import sample

P1, N1 = PointId(1), NozzleId(1)
METER = Meter(10, 100_000)
BEGIN = ShiftSums(nozzles={(P1, N1): NozzleSums(500, 500)}).summed("sum-0")


def fuelled(end: int, volume: int = 100, *, sale_type: str = "sale", recovered: bool = False) -> f.FuellingCompleted:
    name, start = FuellingId(f"S-1-1-{end}"), METER.on_from(end, -volume)
    return f.FuellingCompleted(
        *(name, P1, N1, "E10", "E10", 20_000, volume, 20 * volume, start, end, "t"), recovered, None, sale_type
    )


def after(*facts: f.Fact) -> ShiftSums:
    sums = ShiftSums({P1: METER}).apply(BEGIN)
    for fact in facts:
        sums = sums.apply(fact)
    return sums


def nozzle(*facts: f.Fact) -> NozzleSums:
    return after(*facts).nozzles[P1, N1]


def test_before_there_ever_was_a_shift_nothing_is_added_up():
    sums = ShiftSums({P1: METER})
    assert sums.apply(fuelled(600)) == sums


@pytest.mark.parametrize(
    ("sums", "read", "state", "variance"),
    [
        (NozzleSums(0, 1_000, 1_000, 1_000, fuellings=3), True, MeterState.AGREES, 0),
        (NozzleSums(0, 1_050, 1_050, 1_000, fuellings=3), True, MeterState.AGREES, 50),
        (NozzleSums(0, 1_060, 1_060, 1_000, fuellings=3), True, MeterState.VARIANCE, 60),
        (NozzleSums(0, 940, 940, 1_000, fuellings=3), True, MeterState.VARIANCE, -60),
        (NozzleSums(0, 20, 20, 0), True, MeterState.AGREES, 20),
        (NozzleSums(0, 30, 30, 0), True, MeterState.VARIANCE, 30),
        (NozzleSums(0, 5, 1_000, 1_000, wrapped=True, fuellings=3), True, MeterState.WRAPPED, 0),
        (NozzleSums(0, 5, 1_100, 1_000, wrapped=True, fuellings=3), True, MeterState.VARIANCE, 100),
        (NozzleSums(0, 5, 1_000, 1_000, went_down=True), True, MeterState.WENT_DOWN, None),
        (NozzleSums(0, 5, 1_000, 1_000, went_down=True), False, MeterState.WENT_DOWN, None),
        (NozzleSums(0, 1_000, 1_000, 1_000), False, MeterState.NOT_READ, None),
        (NozzleSums(), True, MeterState.NOT_READ, None),
    ],
)
def test_meter_against_fuellings(sums: NozzleSums, read: bool, state: MeterState, variance: int | None):
    found = compare(sums, METER, read=read)
    assert (found.state, found.variance_ml) == (state, variance)
    assert (found.metered_ml is None) is (variance is None)


def test_a_busy_nozzle_hides_no_litres():
    """A thousand sales of forty litres: ten litres are a variance, though a four-thousandth."""
    sums = NozzleSums(0, 0, 40_010_030, 40_000_000, fuellings=1_000)
    assert compare(sums, METER, read=True).state is MeterState.VARIANCE


def test_two_turns_of_a_counter_in_one_shift():
    sums = nozzle(*(fuelled(METER.on_from(500, 9_000 * n), 9_000) for n in range(1, 24)))
    assert (sums.metered_ml, sums.told_ml, sums.wrapped, sums.went_down) == (207_000, 207_000, True, False)
    assert compare(sums, METER, read=True).state is MeterState.WRAPPED


def test_what_a_nozzles_fuellings_add_up_to():
    sums = nozzle(fuelled(600), fuelled(700, sale_type="pump_test"), fuelled(800, recovered=True))
    assert (sums.told_ml, sums.test_ml, sums.recovered_ml, sums.amount_vnd, sums.fuellings) == (300, 100, 100, 4_000, 3)


def test_a_nozzle_nobody_has_read_begins_with_its_first_delivery():
    other = f.FuellingCompleted(FuellingId("x"), P1, NozzleId(2), "", "", 0, 100, 0, 900, 1_000, "t")
    sums = after(other).nozzles[P1, NozzleId(2)]
    assert (sums.opening_ml, sums.last_ml, sums.metered_ml, sums.told_ml) == (900, 1_000, 100, 100)


def test_litres_that_get_a_price_later_count_once():
    name = fuelled(600).fuelling_id
    sums = after(fuelled(600), f.FuellingPriced(name, "E10", "E10", 30_000, 3_000))
    assert (sums.nozzles[P1, N1].amount_vnd, sums.stories[name].amount_vnd) == (3_000, 3_000)


def test_a_fuelling_another_till_sells_is_told_here_and_paid_there():
    sums = after(fuelled(600), f.FuellingTakenOver(fuelled(600).fuelling_id, "T2"))  # type: ignore[arg-type]
    assert (sums.nozzles[P1, N1].told_ml, sums.sales, sums.stories) == (100, 0, {})


def test_a_sale_given_back_is_not_paid_by_the_next_one_twice():
    opened = [f.SaleOpened(SaleId(f"s{n}"), fuelled(600).fuelling_id, f"{n}") for n in (1, 2)]
    sums = after(
        fuelled(600),
        opened[0],
        f.SaleReleased(SaleId("s1"), "cashier"),
        opened[1],
        f.TenderTaken(SaleId("s2"), "cash", 2_000),
        f.SalePaid(SaleId("s2"), "t", 0, "", ""),
        f.SalePaid(SaleId("s2"), "t", 0, "", ""),
    )
    assert (sums.sales, sums.volume_ml, sums.amount_vnd, dict(sums.tenders)) == (1, 100, 2_000, {"cash": (1, 2_000)})
    assert (sums.stories, sums.open_sales) == ({}, {})


FACTS = st.one_of(
    st.builds(fuelled, st.integers(0, 9_999).map(lambda n: n * 10), st.integers(1, 900), recovered=st.booleans()),
    st.builds(f.SaleOpened, st.sampled_from("abc").map(SaleId), st.just(fuelled(600).fuelling_id), st.just("r")),
    st.builds(f.SaleReleased, st.sampled_from("abc").map(SaleId), st.just("")),
    st.builds(f.TenderTaken, st.sampled_from("abc").map(SaleId), st.sampled_from(["cash", "qr"]), st.integers(1, 999)),
    st.builds(f.SalePaid, st.sampled_from("abc").map(SaleId), st.just("t"), st.just(0), st.just(""), st.just("")),
    st.builds(f.PumpTestMarked, st.just(fuelled(600).fuelling_id)),
    st.builds(f.DroveOff, st.just(fuelled(600).fuelling_id), st.just("t"), st.just(""), st.just("")),
    st.builds(f.DriveOffReturned, st.just(fuelled(600).fuelling_id)),
    st.builds(f.MetersRead, st.just(ShiftId("x")), st.integers(0, 9_999).map(lambda n: ((P1, N1, n * 10),))),
    st.builds(f.TotalizerNoted, st.just("r"), st.just(P1), st.just(N1), st.integers(0, 9_999), st.integers(-9, 9)),
    st.just(sample(f.ShiftOpened)),
    st.just(sample(f.ShiftClosed)),
    st.just(fuelled(600)),
)


@given(st.lists(FACTS, max_size=30), st.integers(0, 30))
def test_sums_written_down_anywhere_are_read_on_from(facts: list[f.Fact], at: int):
    """Through the journal's own bytes, and whatever the facts are: the same sums as without stopping."""
    whole = after(*facts)
    written = decode(*encode(after(*facts[:at]).summed("sum-1")))
    resumed = ShiftSums({P1: METER}).apply(written)
    for fact in facts[at:]:
        resumed = resumed.apply(fact)
    assert resumed.summed("same") == whole.summed("same")


@given(st.lists(FACTS, max_size=30))
def test_a_close_begins_anew_where_the_meters_stand(facts: list[f.Fact]):
    before = after(*facts)
    closed = before.apply(sample(f.ShiftClosed))
    assert (closed.sales, closed.drive_offs, dict(closed.tenders)) == (0, 0, {})
    for place, sums in closed.nozzles.items():
        assert sums == NozzleSums(before.nozzles[place].last_ml, before.nozzles[place].last_ml)
    assert set(closed.stories) == set(before.stories)
    assert all(story.earlier for story in closed.stories.values())
