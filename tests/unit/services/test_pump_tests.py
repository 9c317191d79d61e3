"""Pump tests: written before the pump is told, counted and never sold, and no customer's litres among them."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.books import Crash
from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.sale_type import SaleType
from pos_client.services import messages as m

P1, N1 = PointId(1), NozzleId(1)
TEST = m.AuthorisePoint(P1, sale_type=SaleType.PUMP_TEST)
S = FuellingPointState


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def under_way(millilitres: int = 20_000) -> Rig:
    """A technician's can is being filled."""
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(TEST)
    rig.act(rig.forecourt.flow, 1, millilitres)
    return rig


def types(rig: Rig) -> list[str]:
    return [fact.sale_type for fact in rig.facts(f.FuellingCompleted)]


def test_a_test_is_never_sold_and_earns_nothing():
    rig = under_way()
    assert rig.look().points[0].sale_type is SaleType.PUMP_TEST
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.sale_type, completed.volume_ml, completed.redemption_id) == ("pump_test", 20_000, None)
    assert rig.only(f.PumpTestEnded).fuelling_id == completed.fuelling_id
    assert (rig.look().points[0].unpaid, rig.picture.points[0].sale_type) == ((), SaleType.SALE)
    assert rig.notices[-1] == "pump_test_done"
    rig.select(1)
    assert rig.notices[-1] == "nothing_to_sell"
    rig.fuel(1, 1_000)
    assert types(rig) == ["pump_test", "sale"]
    close(rig)


def test_the_intent_is_written_before_the_pump_is_told():
    rig = Rig()
    rig.store.crash_after = rig.store.commits + 1
    with pytest.raises(Crash):
        rig.tell(TEST)
    intent = rig.only(f.PumpTestIntended)
    assert intent.nozzle_totals == ((1, 100_001_000), (2, 100_002_000))
    assert rig.forecourt.pumps[P1].state is S.IDLE
    rig.restart()
    rig.advance(10_000)
    assert rig.only(f.PumpTestEnded).reason == "not_used"
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_without_a_durable_intent_nothing_is_permitted():
    rig = Rig()
    rig.store.fault = "disk_full"
    rig.tell(TEST)
    assert rig.forecourt.pumps[P1].state is S.IDLE
    rig.store.fault = None
    close(rig)


@pytest.mark.parametrize("repeats_last", [False, True])
def test_a_test_survives_a_crash_while_it_flows(repeats_last: bool):
    rig = under_way()
    rig.forecourt.repeats_last = repeats_last
    rig.die()
    rig.act(rig.forecourt.flow, 1, 500)
    rig.act(rig.forecourt.hang, 1)
    rig.boot()
    rig.run()
    rig.advance(10_000)
    assert types(rig) == ["pump_test"]
    assert rig.only(f.FuellingCompleted).volume_ml == 20_500
    close(rig)


def test_a_test_survives_a_crash_while_the_pump_waits_for_its_nozzle():
    rig = Rig()
    rig.tell(TEST)
    rig.restart()
    rig.advance(10_000)
    assert rig.look().points[0].sale_type is SaleType.PUMP_TEST
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 5_000)
    rig.act(rig.forecourt.hang, 1)
    assert types(rig) == ["pump_test"]
    close(rig)


def test_a_power_cut_in_a_test_leaves_a_recovered_test():
    rig = under_way(4_000)
    rig.act(rig.forecourt.blink, 1)
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.recovered, completed.sale_type) == (True, "pump_test")
    close(rig)


def test_a_test_without_a_drop_ends_and_the_next_delivery_is_a_sale():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(TEST)
    rig.act(rig.forecourt.hang, 1)
    rig.advance(20_000)
    assert rig.only(f.PumpTestEnded).reason == "not_used"
    assert rig.notices[-1] == "pump_test_not_used"
    rig.fuel(1, 1_000)
    assert types(rig) == ["sale"]
    close(rig)


@pytest.mark.parametrize("fault", ["refused", "lost"])
def test_a_test_the_pump_did_not_take_is_over_before_the_next_customer(fault: str):
    rig = Rig()
    rig.forecourt.faults.append(fault)
    rig.tell(TEST)
    rig.fuel(1, 1_000)
    assert types(rig) == ["sale"]
    assert rig.only(f.PumpTestEnded).reason == "superseded"
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_no_customer_is_permitted_while_the_end_of_a_test_is_not_written():
    """Or a program that dies would take his litres for the test's."""
    rig = under_way(2_000)
    rig.store.fault = "disk_full"
    rig.act(rig.forecourt.hang, 1)
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    assert rig.forecourt.pumps[P1].state is S.CALLING
    rig.store.fault = None
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert types(rig) == ["pump_test", "sale"]
    close(rig)


def test_a_second_permit_on_its_heels_is_refused():
    """F5 twice, the second time for a test: the delivery under way is the customer's."""
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.inbox.extend([m.AuthorisePoint(P1), TEST])
    rig.run()
    assert rig.facts(f.PumpTestIntended) == []
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert types(rig) == ["sale"]
    close(rig)


def test_a_point_that_cannot_prove_its_litres_is_read_first():
    rig = Rig()
    rig.desk.state.track(P1).compared.clear()
    rig.tell(TEST)
    assert rig.notices[-1] == "point_not_metered"
    assert rig.facts(f.PumpTestIntended) == []
    rig.tell(TEST)
    assert rig.forecourt.pumps[P1].state is S.AUTHORISED
    close(rig)


def test_no_gift_at_a_point_in_test_and_no_test_at_a_point_armed_for_one():
    rig = Rig()
    rig.tell(TEST)
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    assert rig.notices[-1] == "point_not_ready_for_gift"
    rig.select(2)
    rig.tell(m.AuthorisePoint(PointId(2), sale_type=SaleType.PUMP_TEST))
    assert rig.notices[-1] == "point_not_ready"
    assert len(rig.facts(f.PumpTestIntended)) == 1
    rig.act(rig.forecourt.lift, 2)
    rig.act(rig.forecourt.flow, 2, 2_000)
    rig.act(rig.forecourt.hang, 2)
    assert rig.debits() == [60_980]
    close(rig)


def test_an_unpaid_fuelling_and_the_open_sale_can_be_marked_a_test():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.fuel(2, 2_000)
    rig.select(1)
    rig.identify()
    rig.tell(m.MarkPumpTest())
    assert (rig.look().sale, rig.picture.customer) == (None, None)
    (waiting,) = rig.picture.points[1].unpaid
    rig.tell(m.MarkPumpTest(waiting.fuelling_id))
    assert rig.notices[-1] == "pump_test_marked"
    assert [tile.unpaid for tile in rig.look().points] == [(), ()]
    assert len(rig.facts(f.PumpTestMarked)) == 2
    rig.restart()
    assert [tile.unpaid for tile in rig.look().points] == [(), ()]
    close(rig)


def test_what_another_till_holds_is_not_marked():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.HandOver(rig.settings.counter.tills[0]))  # type: ignore[arg-type]  # a till's name
    (waiting,) = rig.picture.points[0].unpaid
    for command in (m.MarkPumpTest(waiting.fuelling_id), m.DriveOff("", waiting.fuelling_id)):
        rig.tell(command)
        assert rig.notices[-1] == "claimed_elsewhere"
    close(rig)
