"""Counters of eight digits near their end: identity, volume and start stay right, and nothing is invented (I2)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import PRICES, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.journal import decode, encode
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.settings.model import Settings

P1, N1 = PointId(1), NozzleId(1)
END = 1_000_000_000
"""One million litres, in millilitres."""
SMALL = 100_000


def with_digits(total_digits: int) -> Settings:
    """The usual station with counters of so many digits, two of them decimals."""
    lines = (
        replace(line, points=tuple(replace(point, total_digits=total_digits) for point in line.points))
        for line in SETTINGS.lines
    )
    return replace(SETTINGS, lines=tuple(lines))


EIGHT_DIGITS = with_digits(8)


def near_the_end(left_ml: int) -> Rig:
    """A station whose first pump has so much left on its first counter."""
    rig = Rig(EIGHT_DIGITS, totals={(1, 1): END - left_ml})
    assert rig.desk.state.totalizers[P1, N1] == END - left_ml
    return rig


def small_counter() -> Rig:
    """A station whose counters begin anew after a hundred litres, and whose central knows the customer."""
    return Rig(with_digits(4), totals={(1, 1): 50_000, (1, 2): 0, (2, 1): 0})


def sell(rig: Rig) -> None:
    """What waits at the first pump, to a customer who gets points for it."""
    rig.select(1)
    rig.identify()
    rig.pay()


def close(rig: Rig) -> None:
    rig.settle(60)
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def test_a_delivery_whose_end_wraps_is_like_any_other():
    rig = near_the_end(3_000)
    rig.fuel(1, 10_000)
    rig.fuel(1, 5_000)
    first, second = rig.facts(f.FuellingCompleted)
    assert (first.start_totalizer_ml, first.end_totalizer_ml, first.volume_ml) == (END - 3_000, 7_000, 10_000)
    assert first.fuelling_id == f"CHXD018-1-1-{END + 7_000}"
    assert not first.recovered
    assert (second.start_totalizer_ml, second.end_totalizer_ml) == (7_000, 12_000)
    assert rig.notices == []
    close(rig)


def test_a_delivery_that_ends_exactly_at_the_end():
    rig = near_the_end(10_000)
    rig.fuel(1, 10_000)
    assert rig.only(f.FuellingCompleted).end_totalizer_ml == 0
    rig.fuel(1, 2_000)
    close(rig)


def test_litres_recovered_across_the_end():
    rig = near_the_end(1_000)
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 4_000)
    rig.act(rig.forecourt.cut_power, 1)
    rig.advance(3_000)
    rig.act(rig.forecourt.restore_power, 1)
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.amount_vnd, completed.recovered) == (4_000, 4 * PRICES["E10"], True)
    assert (completed.start_totalizer_ml, completed.end_totalizer_ml) == (END - 1_000, 3_000)
    close(rig)


def test_a_rise_through_the_end_read_once_is_not_believed():
    rig = near_the_end(1_000)
    rig.terminal.take(r.TotalizerRead(P1, N1, 3_000), rig.clock.now())
    assert rig.facts(f.FuellingCompleted) == []
    rig.run()
    assert rig.facts(f.FuellingCompleted) == []
    close(rig)


def test_litres_nobody_saw_before_a_delivery_through_the_end():
    rig = near_the_end(6_000)
    rig.forecourt.pumps[P1].count(N1, 4_000)
    rig.fuel(1, 5_000)
    found = rig.facts(f.FuellingCompleted)
    assert [(x.volume_ml, x.recovered, x.end_totalizer_ml) for x in found] == [
        (4_000, True, END - 2_000),
        (5_000, False, 3_000),
    ]
    close(rig)


def test_a_delivery_told_again_after_the_counter_began_anew_is_old():
    rig = near_the_end(12_000)
    rig.fuel(1, 10_000)
    told = rig.forecourt.pumps[P1].told
    rig.fuel(1, 5_000)
    rig.tell(told)
    assert len(rig.facts(f.FuellingCompleted)) == 2
    close(rig)


def test_another_meter_is_an_error_and_no_litres():
    """Read twice alike it stands in the journal; the first delivery told from it makes it the books' own."""
    rig = near_the_end(END // 2)
    rig.forecourt.pumps[P1].totals[N1] = 40_000
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.plug, 1)
    noted = rig.facts(f.TotalizerNoted)[-1]
    assert (noted.totalizer_ml, noted.gap_ml) == (40_000, 40_000 - END // 2)
    assert rig.notices[-1] == "totalizer_went_down"
    assert rig.desk.state.totalizers[P1, N1] == END // 2
    assert rig.facts(f.FuellingCompleted) == []
    rig.fuel(1, 2_000)
    assert rig.only(f.FuellingCompleted).start_totalizer_ml == 40_000
    assert rig.desk.state.totalizers[P1, N1] == 42_000
    count = len(rig.facts(f.TotalizerNoted))
    rig.fuel(1, 2_000)
    assert len(rig.facts(f.TotalizerNoted)) == count


def test_litres_through_another_meter_that_nobody_saw_show_at_its_first_delivery():
    rig = near_the_end(END // 2)
    pump = rig.forecourt.pumps[P1]
    pump.totals[N1] = 40_000
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.plug, 1)
    pump.totals[N1] += 3_000
    rig.fuel(1, 2_000)
    found = rig.facts(f.FuellingCompleted)
    assert [(x.volume_ml, x.recovered) for x in found] == [(3_000, True), (2_000, False)]


@pytest.mark.parametrize("left_ml", [1_000, 4_000, 30_000])
def test_a_gift_through_the_end_is_debited_once(left_ml: int):
    rig = near_the_end(left_ml)
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), m.KeypadKey.OK)
    rig.select(1)
    for verb, arguments in ((rig.forecourt.lift, (1,)), (rig.forecourt.flow, (1, 2_000)), (rig.forecourt.hang, (1,))):
        rig.act(verb, *arguments)
    assert rig.debits() == [54_160]
    close(rig)


def test_the_same_reading_a_turn_later_is_another_fuelling():
    """Kept over a restart, sold, and its points booked: neither the books nor central take it for the first one."""
    rig = small_counter()
    rig.fuel(1, 10_000)
    sell(rig)
    for _ in range(9):
        rig.fuel(1, 10_000)
        sell(rig)
    rig.fuel(1, 10_000)
    rig.restart()
    sell(rig)
    done = rig.facts(f.FuellingCompleted)
    assert done[0].end_totalizer_ml == done[10].end_totalizer_ml == 60_000
    assert [done[n].fuelling_id for n in (0, 10)] == ["CHXD018-1-1-60000", "CHXD018-1-1-160000"]
    assert rig.facts(f.AccrualRefused) == []
    ends = [sale["end_totalizer_ml"] for sale in rig.central.ledger.accruals.values()]
    assert ends == [60_000 + 10_000 * n for n in range(11)]
    close(rig)


def test_a_gift_a_turn_later_is_captured_where_it_stands():
    rig = small_counter()
    for _ in range(10):
        rig.fuel(1, 9_500)
    rig.sell_everything()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), m.KeypadKey.OK)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.central.down = True
    rig.act(rig.forecourt.hang, 1)
    capture = next(json.loads(item.body) for item in rig.store.open_books().items if item.key.endswith(":capture"))
    rig.central.down = False
    assert (capture["start_totalizer_ml"], capture["end_totalizer_ml"]) == (SMALL + 45_000, SMALL + 47_000)
    close(rig)


@pytest.mark.parametrize("settings", [SETTINGS, EIGHT_DIGITS, with_digits(12)], ids=["unknown", "eight", "twelve"])
def test_a_meter_exchanged_again_and_again_repeats_no_name_and_stays_within_the_contract(settings: Settings):
    """Twenty new meters, all from 40 litres on: whatever is known of their digits, central books every sale."""
    rig = Rig(settings, totals={(1, 1): 500_000_000})
    for _ in range(20):
        rig.forecourt.pumps[P1].totals[N1] = 40_000
        for _ in range(2):
            rig.fuel(1, 2_000)
            rig.restart()
            sell(rig)
    done = rig.facts(f.FuellingCompleted)
    assert len({x.fuelling_id for x in done}) == len(done) == 40
    ends = [sale["end_totalizer_ml"] for sale in rig.central.ledger.accruals.values()]
    assert ends == [500_000_000 + 2_000 * n for n in range(1, 41)]


def test_a_meter_that_only_reads_lower_counts_nothing_before_fuel_flows():
    rig = near_the_end(END // 2)
    rig.forecourt.pumps[P1].totals[N1] = 40_000
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.plug, 1)
    assert rig.desk.state.turned[P1, N1] == 0
    assert rig.store.open_books().turned[P1, N1] == 0


def test_the_first_delivery_ever_may_pass_the_end():
    """Nobody has read the counter before: the delivery itself says where it began."""
    rig = Rig(EIGHT_DIGITS, totals={(1, 1): 7_000})
    del rig.desk.state.totalizers[P1, N1]
    rig.tell(r.DeliveryEnded(P1, N1, 10_000, 270_800, 27_080, 7_000))
    completed = rig.only(f.FuellingCompleted)
    assert (completed.start_totalizer_ml, completed.end_totalizer_ml) == (END - 3_000, 7_000)
    assert (completed.start_odometer_ml, completed.end_odometer_ml) == (END - 3_000, END + 7_000)


def test_a_journal_from_before_turns_were_counted_can_be_read():
    rig = near_the_end(12_000)
    rig.fuel(1, 10_000)
    kind, body = encode(rig.only(f.FuellingCompleted))
    old = {name: value for name, value in json.loads(body).items() if name != "turned_ml"}
    assert decode(kind, json.dumps(old).encode()) == rig.only(f.FuellingCompleted)
