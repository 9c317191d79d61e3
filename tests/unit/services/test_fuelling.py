"""Litres into the journal: once each, whatever the line hears, forgets or repeats (I2)."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import PRICES, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports import reports as r
from pos_client.services import messages as m

P1, N1, N2 = PointId(1), NozzleId(1), NozzleId(2)
S = FuellingPointState


def close(rig: Rig) -> None:
    rig.settle(60)
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def under_way(millilitres: int = 4_000) -> Rig:
    """A nozzle is out and fuel is flowing."""
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, millilitres)
    return rig


@pytest.mark.parametrize("ended_before_idle", [False, True])
def test_a_delivery_is_written_with_its_totalizers(ended_before_idle: bool):
    rig = Rig()
    rig.forecourt.ended_before_idle = ended_before_idle
    before = rig.forecourt.pumps[P1].totals[N1]
    rig.fuel(1, 12_925)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.amount_vnd) == (12_925, 350_009)
    assert (completed.start_totalizer_ml, completed.end_totalizer_ml) == (before, before + 12_925)
    assert not completed.recovered
    close(rig)


def test_the_longest_calling_point_is_authorised_first():
    rig = Rig()
    rig.act(rig.forecourt.lift, 2)
    rig.advance(1_000)
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint())
    assert [rig.forecourt.pumps[PointId(p)].state for p in (1, 2)] == [S.CALLING, S.STARTED]


def test_a_delivery_reported_twice_is_one():
    rig = Rig()
    rig.fuel()
    told = rig.forecourt.pumps[P1].told
    rig.tell(told, told)
    close(rig)


def test_a_power_cut_leaves_a_recovered_fuelling_of_litres_times_price():
    rig = under_way()
    rig.act(rig.forecourt.cut_power, 1)
    rig.advance(3_000)
    rig.act(rig.forecourt.restore_power, 1)
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.amount_vnd, completed.recovered) == (4_000, 4 * PRICES["E10"], True)
    assert rig.notices[-1] == "fuelling_recovered"
    close(rig)


def test_a_rise_read_once_is_not_believed():
    rig = Rig()
    total = rig.forecourt.pumps[P1].totals[N1]
    rig.terminal.take(r.TotalizerRead(P1, N1, total + 5_000), rig.clock.now())
    assert rig.facts(f.FuellingCompleted) == []
    rig.run()
    assert rig.facts(f.FuellingCompleted) == []
    close(rig)


def test_a_recovered_fuelling_is_not_written_again_when_the_pump_remembers_after_all():
    rig = under_way()
    pump = rig.forecourt.pumps[P1]
    end = r.DeliveryEnded(P1, N1, 4_000, 108_320, PRICES["E10"], pump.totals[N1])
    rig.act(rig.forecourt.blink, 1)
    rig.act(rig.forecourt.hang, 1)
    assert rig.only(f.FuellingCompleted).recovered
    rig.tell(end)
    close(rig)


def test_a_delivery_that_goes_on_after_a_part_was_recovered_is_booked_for_the_rest_only():
    rig = under_way()
    pump = rig.forecourt.pumps[P1]
    rig.tell(r.PointRestarted(P1), r.PointStateReported(P1, S.IDLE))
    rig.tell(r.TotalizerRead(P1, N1, pump.totals[N1]))
    assert rig.only(f.FuellingCompleted).volume_ml == 4_000
    rig.tell(r.PointStateReported(P1, S.FUELLING, N1))
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.act(rig.forecourt.hang, 1)
    parts = rig.facts(f.FuellingCompleted)
    assert [(part.volume_ml, part.amount_vnd) for part in parts] == [(4_000, 108_320), (2_000, 54_160)]
    close(rig)


@pytest.mark.parametrize("remembers", [True, False], ids=["the pump tells", "totalizers tell"])
def test_a_link_lost_and_found(remembers: bool):
    rig = under_way()
    hall = rig.forecourt
    hall.remembers = remembers
    rig.act(hall.unplug, 1)
    assert rig.picture.points[0].state is S.FUELLING
    rig.act(hall.flow, 1, 1_000)
    rig.act(hall.hang, 1)
    rig.advance(3_000)
    rig.act(hall.plug, 1)
    rig.advance(3_000)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.amount_vnd) == (5_000, 135_400)
    close(rig)


def test_a_link_lost_and_found_in_the_middle_changes_nothing():
    rig = under_way()
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.plug, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.recovered) == (6_000, False)
    close(rig)


def test_after_a_silence_without_a_litre_the_point_is_reconciled():
    rig = Rig()
    rig.act(rig.forecourt.unplug, 1)
    assert not rig.picture.points[0].reconciled
    rig.act(rig.forecourt.plug, 1)
    (tile, _) = rig.look().points
    assert tile.link is LinkState.UP
    assert tile.reconciled
    close(rig)


@pytest.mark.parametrize("repeats_last", [False, True], ids=["totalizers tell", "the pump tells again"])
def test_a_delivery_that_ended_while_the_program_was_dead(repeats_last: bool):
    rig = under_way()
    rig.forecourt.repeats_last = repeats_last
    rig.die()
    rig.act(rig.forecourt.hang, 1)
    rig.boot()
    rig.run()
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.recovered) == (4_000, not repeats_last)
    rig.restart()
    rig.run()
    close(rig)


def test_litres_nobody_reported_show_at_the_next_delivery():
    rig = Rig()
    rig.forecourt.pumps[P1].totals[N1] += 3_000
    rig.fuel(1, 1_000)
    assert [(x.volume_ml, x.recovered) for x in rig.facts(f.FuellingCompleted)] == [(3_000, True), (1_000, False)]
    close(rig)


def test_an_end_that_is_never_told_is_left_to_the_totalizers():
    rig = Rig()
    rig.tell(*(r.PointStateReported(P1, state, N1) for state in (S.CALLING, S.STARTED, S.FUELLING)))
    rig.forecourt.pumps[P1].totals[N1] += 2_000
    rig.tell(r.PointStateReported(P1, S.IDLE))
    reading = r.TotalizerRead(P1, N1, rig.forecourt.pumps[P1].totals[N1])
    rig.tell(reading)
    assert rig.facts(f.FuellingCompleted) == []
    rig.advance(31_000)
    rig.tell(reading)
    assert rig.only(f.FuellingCompleted).volume_ml == 2_000
    close(rig)


def test_a_meter_that_rolled_over_still_sells_its_litres():
    rig = Rig()
    pump = rig.forecourt.pumps[P1]
    rig.fuel(1, 1_000)
    rolled = pump.totals[N1] = 700
    rig.fuel(1, 2_000)
    rig.fuel(1, 3_000)
    completed = rig.facts(f.FuellingCompleted)
    assert [x.volume_ml for x in completed] == [1_000, 2_000, 3_000]
    assert completed[1].end_totalizer_ml == rolled + 2_000
    assert "totalizer_went_down" in rig.notices
    rig.sell_everything()


def test_a_meter_read_lower_outside_a_delivery_moves_nothing():
    rig = Rig()
    rig.fuel(1, 1_000)
    books = dict(rig.desk.state.totalizers)
    rig.tell(r.TotalizerRead(P1, N1, 5))
    assert rig.notices[-1] == "totalizer_went_down"
    assert rig.desk.state.totalizers == books
    rig.tell(r.TotalizerRead(P1, N1, rig.forecourt.pumps[P1].totals[N1]))
    close(rig)


def test_a_zero_sale_is_no_sale():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.hang, 1)
    assert rig.facts(f.FuellingCompleted) == []
    close(rig)


def test_two_nozzles_of_a_point_are_two_meters():
    rig = Rig()
    rig.fuel(1, 1_000, nozzle=1)
    rig.fuel(1, 2_000, nozzle=2)
    assert [(x.nozzle, x.grade_code) for x in rig.facts(f.FuellingCompleted)] == [(N1, "E10"), (N2, "E5")]
    close(rig)


def test_a_command_the_pump_does_not_answer_is_said():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.forecourt.faults.append("lost")
    rig.tell(m.AuthorisePoint(P1))
    assert rig.notices[-1] == "command_no_answer"
    rig.tell(m.AuthorisePoint(P1))
    assert rig.forecourt.pumps[P1].state is S.STARTED
    rig.act(rig.forecourt.hang, 1)
    close(rig)


def test_stop_all_stops_every_point():
    rig = under_way()
    rig.tell(m.StopAll())
    assert rig.forecourt.pumps[P1].state is S.SUSPENDED_FUELLING
    rig.act(rig.forecourt.hang, 1)
    close(rig)


@pytest.mark.parametrize("fault", ["refused", "lost"])
def test_a_second_reading_that_failed_is_asked_for_again(fault: str):
    rig = under_way()
    rig.die()
    rig.act(rig.forecourt.hang, 1)
    rig.forecourt.faults.append(fault)
    rig.boot()
    rig.run()
    assert rig.facts(f.FuellingCompleted) == []
    rig.advance(6_000)
    assert rig.only(f.FuellingCompleted).recovered
    close(rig)


def test_totalizers_a_line_does_not_read_by_itself_are_asked_for():
    rig = Rig()
    rig.forecourt.tells_totals = False
    rig.act(rig.forecourt.unplug, 1)
    rig.forecourt.pumps[P1].totals[N2] += 2_000
    rig.act(rig.forecourt.plug, 1)
    rig.advance(6_000)
    assert rig.only(f.FuellingCompleted).volume_ml == 2_000
    close(rig)


def test_a_meter_that_reads_lower_is_said_once():
    rig = Rig()
    rig.forecourt.pumps[P1].totals[N1] = 5
    rig.tell(r.TotalizerRead(P1, N1, 5))
    rig.tell(m.DismissMessage())
    rig.tell(r.TotalizerRead(P1, N1, 5))
    assert rig.picture.notice is None
    assert [noted.gap_ml for noted in rig.facts(f.TotalizerNoted)] == [0, 0, 0, 5 - 100_001_000]
