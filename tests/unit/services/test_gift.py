"""Gift fuel first: permit, arming, what really flowed is captured, the rest released. Only the pump knows."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import CANCEL, OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, StopPoint
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState, PointsPhase

GIFT_VND = 100_000
GIFT_ML = 3_692


def with_a_permit(amount_vnd: int | None = GIFT_VND) -> Rig:
    """A customer has consented; no pump is named yet."""
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(amount_vnd))
    rig.keys(rig.code(), OK)
    assert phase(rig) is PointsPhase.PERMIT
    assert rig.picture.dialogue.state is DialogueState.CHOOSE_PUMP
    return rig


def armed(point: int = 1) -> Rig:
    """The pump is authorised with the preset."""
    rig = with_a_permit()
    rig.select(point)
    assert rig.forecourt.pumps[PointId(point)].state is FuellingPointState.AUTHORISED
    assert phase(rig) is PointsPhase.ARMED
    return rig


def phase(rig: Rig) -> PointsPhase | None:
    return rig.picture.points_panel.phase if rig.picture.points_panel else None


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def test_a_full_preset_is_captured_to_the_dong():
    rig = armed()
    rig.act(rig.forecourt.lift, 1)
    assert phase(rig) is PointsPhase.FUELLING
    assert rig.picture.dialogue.state is DialogueState.MIRROR
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [GIFT_VND]
    assert phase(rig) is PointsPhase.DONE
    assert [receipt.amount_vnd for receipt in rig.printer.printed] == [GIFT_VND]
    close(rig)


def test_the_rest_of_a_partial_fuelling_is_released():
    rig = armed()
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [54_160]
    assert rig.only(f.Captured).points_released == GIFT_VND - 54_160
    close(rig)


@pytest.mark.parametrize("ended_before_idle", [False, True])
def test_lifted_and_hung_up_again_debits_nothing(ended_before_idle: bool):
    rig = armed()
    rig.forecourt.ended_before_idle = ended_before_idle
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.hang, 1)
    assert rig.states() == ["VOIDED"]
    assert rig.debits() == []
    close(rig)


def test_a_pump_nobody_comes_to_is_disarmed_after_three_minutes():
    rig = armed()
    rig.advance(178_000)
    assert rig.states() == ["AUTHORISED"]
    rig.advance(5_000)
    assert rig.forecourt.pumps[PointId(1)].state is FuellingPointState.IDLE
    assert rig.states() == ["VOIDED"]
    close(rig)


@pytest.mark.parametrize("way", ["panel", "stop", "stop all", "keypad"])
def test_an_armed_pump_can_be_taken_back(way: str):
    rig = armed()
    if way == "keypad":
        rig.keys(CANCEL)
    else:
        rig.tell({"panel": m.CancelRedemption(), "stop": m.StopFuelling(PointId(1)), "stop all": m.StopAll()}[way])
    assert rig.forecourt.pumps[PointId(1)].state is FuellingPointState.IDLE
    assert rig.states() == ["VOIDED"]
    close(rig)


def test_a_permit_nobody_uses_runs_out():
    rig = with_a_permit()
    rig.advance(121_000)
    assert rig.states() == ["VOIDED"]
    close(rig)


def test_an_overrun_within_tolerance_is_the_stations():
    rig = armed()
    rig.forecourt.overrun_vnd = 100
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [GIFT_VND]
    assert [(t.kind, t.amount_vnd) for t in rig.facts(f.TenderTaken)] == [("points", GIFT_VND), ("waived", 100)]
    assert rig.facts(f.SalePaid)
    close(rig)


def test_an_overrun_above_tolerance_is_due_and_never_debited():
    rig = armed()
    rig.forecourt.overrun_vnd = 101
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [GIFT_VND]
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == 101
    rig.restart()
    assert rig.picture.sale is not None
    assert rig.picture.sale.due_vnd == 101
    rig.pay()
    close(rig)


def test_the_gift_goes_on_without_the_counter():
    """Somebody else pays and even spends points while the gift is fuelled; nobody gets the other's points."""
    rig = armed()
    rig.fuel(2, 1_000)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.select(2)
    assert rig.picture.customer is None
    rig.identify("000100004")
    rig.tell(m.StartRedemption(20_000))
    assert phase(rig) is PointsPhase.WAITING_SECRET
    rig.act(rig.forecourt.hang, 1)
    assert phase(rig) is PointsPhase.WAITING_SECRET
    assert rig.look().customer is not None
    rig.keys(rig.code("000100004"), OK)
    rig.pay()
    assert sorted(rig.debits()) == [20_000, 27_080]
    assert [entry.account for entry in rig.central.ledger.entries if entry.kind == "credit"] == ["000100004"]
    close(rig)


def test_the_next_sale_is_not_the_gifts_customers():
    rig = armed()
    rig.fuel(2, 10_000)
    rig.select(2)
    rig.pay()
    assert rig.facts(f.CustomerAttached) == []
    close(rig)


def test_a_gift_that_ends_leaves_the_customer_at_the_counter_alone():
    rig = armed()
    rig.act(rig.forecourt.lift, 1)
    rig.fuel(2, 5_000)
    rig.select(2)
    rig.identify("000100004")
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.picture.customer is not None
    assert rig.picture.sale is not None
    rig.pay()
    close(rig)


def test_pressing_the_armed_pump_brings_its_panel_back():
    rig = armed()
    rig.tell(m.DismissMessage())
    assert phase(rig) is None
    rig.select(1)
    assert phase(rig) is PointsPhase.ARMED
    rig.tell(m.CancelRedemption())
    assert rig.states() == ["VOIDED"]
    close(rig)


# ── which pump may be armed ────────────────────────────────────────────────────────────────────────────────────────


def refused(rig: Rig) -> bool:
    rig.select(1)
    return rig.notices[-1] == "point_not_ready_for_gift" and rig.facts(f.ArmIntended) == []


def test_a_pump_with_an_unpaid_sale_is_not_armed():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.identify()
    rig.tell(m.StartRedemption(GIFT_VND))
    rig.keys(rig.code(), OK)
    assert refused(rig)
    close(rig)


def test_a_pump_that_is_not_heard_is_not_armed():
    rig = with_a_permit()
    rig.act(rig.forecourt.unplug, 1)
    assert refused(rig)
    close(rig)


@pytest.mark.parametrize("nozzle", [NozzleId(1), None])
def test_a_pump_that_still_owes_the_end_of_a_delivery_is_not_armed(nozzle: NozzleId | None):
    rig = with_a_permit()
    for state in (FuellingPointState.AUTHORISED, FuellingPointState.STARTED, FuellingPointState.IDLE):
        rig.tell(r.PointStateReported(PointId(1), state, nozzle))
    assert refused(rig)


def test_a_pump_whose_meter_rose_unseen_is_not_armed_until_that_is_booked():
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(GIFT_VND))
    rig.keys(rig.code(), OK)
    rig.act(rig.forecourt.unplug, 1)
    rig.forecourt.pumps[PointId(1)].totals[NozzleId(1)] += 5_000
    rig.forecourt.pumps[PointId(1)].linked = True
    rig.tell(r.PointLinkChanged(PointId(1), rig.picture.points[1].link))
    rig.tell(r.PointStateReported(PointId(1), FuellingPointState.IDLE))
    rig.select(1)
    assert rig.facts(f.ArmIntended) == []
    (unseen,) = rig.facts(f.FuellingCompleted)
    assert (unseen.volume_ml, unseen.recovered, unseen.redemption_id) == (5_000, True, None)
    close(rig)


def test_an_armed_pump_is_not_authorised_for_anything_else():
    rig = armed()
    rig.forecourt.faults.append("lost")
    rig.tell(m.CancelRedemption())
    rig.tell(m.AuthorisePoint(PointId(1)))
    assert rig.notices[-1] == "point_not_ready"
    assert sum(isinstance(command, Authorise) for command in rig.forecourt.commands) == 1
    close(rig)


# ── commands that are not answered ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "faults", [("refused",), ("lost",), ("done_unanswered",), ("done_unanswered", "lost")], ids=str
)
def test_an_authorisation_that_is_not_confirmed_is_withdrawn(faults: tuple[str, ...]):
    """Answer lost or not, stop lost or not: the hold comes back only when the pump is known to be disarmed."""
    rig = with_a_permit()
    rig.forecourt.faults.extend(faults)
    rig.select(1)
    rig.advance(10_000)
    assert rig.states() == ["VOIDED"]
    assert rig.forecourt.pumps[PointId(1)].state is FuellingPointState.IDLE
    close(rig)


def test_an_unconfirmed_authorisation_somebody_fuelled_on_is_captured():
    rig = with_a_permit()
    rig.forecourt.faults.extend(["done_unanswered", "lost", "lost"])
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.advance(20_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [27_080]
    close(rig)


def test_a_line_that_never_reports_a_command_does_not_bind_the_points_for_ever():
    rig = with_a_permit()
    rig.forecourt.send = lambda command: None  # type: ignore[method-assign]
    rig.select(1)
    del rig.forecourt.send
    rig.advance(240_000)
    assert rig.states() == ["VOIDED"]
    close(rig)


def test_unchecked_totalizers_are_asked_for_again():
    rig = armed()
    rig.forecourt.faults.extend(["ok", "lost", "lost", "ok", "lost"])
    rig.tell(m.CancelRedemption())
    assert rig.states() == ["AUTHORISED"]
    rig.advance(15_000)
    assert rig.states() == ["VOIDED"]
    close(rig)


def test_a_stop_nobody_heard_is_repeated_before_anything_is_read():
    rig = armed()
    rig.forecourt.faults.append("lost")
    before = len(rig.forecourt.commands)
    rig.tell(m.CancelRedemption())
    assert [type(command) for command in rig.forecourt.commands[before:]] == [StopPoint]
    rig.advance(4_000)
    assert rig.states() == ["VOIDED"]
    close(rig)


@pytest.mark.parametrize(
    "doubt",
    ["authorised", "fuelling", "inoperative", "a rise read once", "not read", "end not told"],
)
def test_points_come_back_only_when_nothing_is_in_doubt(doubt: str):
    """Each reason by itself keeps the hold: what the pump says now decides, not what it said before."""
    rig = armed()
    track, (redemption,) = rig.desk.state.points[PointId(1)], rig.desk.state.redemptions.values()
    track.state = FuellingPointState.IDLE
    match doubt:
        case "authorised":
            track.state = FuellingPointState.AUTHORISED
        case "fuelling":
            track.state = FuellingPointState.FUELLING
        case "inoperative":
            track.state = FuellingPointState.INOPERATIVE
        case "a rise read once":
            track.suspected[NozzleId(2)] = 1
        case "not read":
            track.compared.discard(NozzleId(1))
        case "end not told":
            track.delivery_open = True
    rig.terminal._gift._decide_by_totalizers(redemption)
    assert rig.facts(f.VoidIntended) == []


# ── power and cables ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tells_totals", [True, False], ids=["totals told", "totals asked for"])
@pytest.mark.parametrize("how", ["cut", "cut, hung up in the dark", "blink", "blink, hung up at once"])
def test_a_power_cut_during_a_gift_captures_what_the_meter_counted(how: str, tells_totals: bool):
    rig = armed()
    hall = rig.forecourt
    hall.tells_totals = tells_totals
    rig.act(hall.lift, 1)
    rig.act(hall.flow, 1, 2_000)
    if how.startswith("cut"):
        rig.act(hall.cut_power, 1)
        if "dark" in how:
            rig.act(hall.hang, 1)
        rig.advance(4_000)
        rig.act(hall.restore_power, 1)
    else:
        hall.blink(1)
        if "at once" in how:
            hall.hang(1)
        rig.run()
    rig.act(hall.hang, 1)
    rig.advance(10_000)
    (completed,) = rig.facts(f.FuellingCompleted)
    assert (completed.volume_ml, completed.recovered) == (2_000, True)
    assert rig.debits() == [54_160]
    close(rig)


def test_a_zero_sale_told_with_a_grown_meter_is_no_zero_sale():
    """A pump that forgot what it delivered says 0; its totalizer does not."""
    rig = armed()
    rig.act(rig.forecourt.lift, 1)
    pump = rig.forecourt.pumps[PointId(1)]
    pump.totals[NozzleId(1)] += 1_500
    assert pump.current is not None
    pump.current.volume_ml = 0
    rig.act(rig.forecourt.hang, 1)
    rig.advance(10_000)
    assert rig.states() == ["CAPTURED"]
    assert rig.debits() == [40_620]


@pytest.mark.parametrize("remembers", [True, False], ids=["the pump tells", "totalizers tell"])
def test_a_gift_that_ends_while_the_line_is_down(remembers: bool):
    rig = armed()
    hall = rig.forecourt
    hall.remembers = remembers
    rig.act(hall.lift, 1)
    rig.act(hall.flow, 1, 1_000)
    rig.act(hall.unplug, 1)
    rig.act(hall.flow, 1, 1_000)
    rig.act(hall.hang, 1)
    rig.advance(400_000)
    assert rig.states() == ["AUTHORISED"]
    rig.act(hall.plug, 1)
    rig.advance(10_000)
    assert rig.debits() == [54_160]
    assert rig.only(f.FuellingCompleted).recovered is not remembers
    close(rig)


def test_litres_from_before_the_gift_are_not_the_gifts():
    """A meter that ran on without us is booked by itself; the gift pays for its own delivery alone."""
    rig = armed()
    pump = rig.forecourt.pumps[PointId(1)]
    pump.totals[NozzleId(1)] += 4_000
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [27_080]
    unseen, gift = rig.facts(f.FuellingCompleted)
    assert (unseen.volume_ml, unseen.recovered, unseen.redemption_id) == (4_000, True, None)
    assert gift.redemption_id is not None
    close(rig)


# ── restart ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_restart_an_armed_pump_is_disarmed_and_the_points_come_back():
    rig = armed()
    rig.restart()
    rig.run()
    rig.advance(10_000)
    assert rig.states() == ["VOIDED"]
    assert rig.forecourt.pumps[PointId(1)].state is FuellingPointState.IDLE
    close(rig)


def test_after_a_restart_a_gift_that_is_fuelling_goes_on():
    rig = armed()
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.restart()
    rig.run()
    assert phase(rig) is PointsPhase.FUELLING
    rig.act(rig.forecourt.flow, 1, 500)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [40_620]
    close(rig)


@pytest.mark.parametrize("repeats_last", [False, True], ids=["totalizers tell", "the pump tells again"])
def test_a_gift_that_ended_while_the_program_was_dead(repeats_last: bool):
    rig = armed()
    rig.forecourt.repeats_last = repeats_last
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.die()
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    rig.boot()
    rig.run()
    rig.advance(10_000)
    assert rig.debits() == [54_160]
    assert rig.only(f.FuellingCompleted).recovered is not repeats_last
    close(rig)


def test_a_permit_in_hand_does_not_survive_a_restart():
    rig = with_a_permit()
    rig.restart()
    rig.run()
    rig.select(1)
    assert rig.facts(f.ArmIntended) == []
    assert rig.states() == ["VOIDED"]
    close(rig)
