"""Stop at once, go on with a reason; and never a stop that was not heard, or a pump that cannot go on, unsaid."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.services import messages as m
from pos_client.services.snapshots import Notice

P1, P2 = PointId(1), PointId(2)
S = FuellingPointState
SAFE = m.RestartReason.CHECKED_SAFE


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def both_fuelling() -> Rig:
    rig = Rig()
    for point in (1, 2):
        rig.act(rig.forecourt.lift, point)
        rig.tell(m.AuthorisePoint(PointId(point)))
        rig.act(rig.forecourt.flow, point, 1_000)
    return rig


def states(rig: Rig) -> list[FuellingPointState]:
    return [rig.forecourt.pumps[point].state for point in (P1, P2)]


def stopped(rig: Rig) -> list[bool]:
    return [tile.stopped for tile in rig.picture.points]


def told(rig: Rig) -> Notice:
    notice = rig.look().notice
    assert notice is not None
    return notice


def test_all_stop_and_all_go_on_with_a_reason_in_the_journal():
    rig = both_fuelling()
    rig.tell(m.StopAll())
    assert (states(rig), stopped(rig)) == ([S.SUSPENDED_FUELLING] * 2, [True, True])
    rig.tell(m.RestartFuelling(SAFE))
    assert (states(rig), stopped(rig)) == ([S.FUELLING] * 2, [False, False])
    restarted = rig.only(f.RestartIntended)
    assert (restarted.points, restarted.reason) == ((1, 2), "checked_safe")
    for point in (1, 2):
        rig.act(rig.forecourt.flow, point, 1_000)
        rig.act(rig.forecourt.hang, point)
    assert [fact.volume_ml for fact in rig.facts(f.FuellingCompleted)] == [2_000, 2_000]
    close(rig)


def test_one_point_goes_on_and_the_other_stays_stopped():
    rig = both_fuelling()
    rig.tell(m.StopAll(), m.RestartFuelling(m.RestartReason.CUSTOMER_READY, P2))
    assert (states(rig), stopped(rig)) == ([S.SUSPENDED_FUELLING, S.FUELLING], [True, False])
    rig.tell(m.StopFuelling(P2), m.RestartFuelling(SAFE))
    assert stopped(rig) == [False, False]
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_no_pump_goes_on_before_the_reason_is_written():
    rig = both_fuelling()
    rig.tell(m.StopAll())
    rig.store.fault = "disk_full"
    rig.tell(m.RestartFuelling(SAFE))
    assert (states(rig), stopped(rig)) == ([S.SUSPENDED_FUELLING] * 2, [True, True])
    rig.store.fault = None
    rig.tell(m.RestartFuelling(SAFE))
    assert states(rig) == [S.FUELLING] * 2
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_a_full_disk_never_stops_a_stop():
    rig = both_fuelling()
    rig.store.fault = "disk_full"
    rig.tell(m.StopAll())
    assert states(rig) == [S.SUSPENDED_FUELLING] * 2
    rig.store.fault = None
    close(rig)


def test_pumps_that_cannot_go_on_are_named_together_and_paid_as_they_are():
    rig = both_fuelling()
    rig.forecourt.resumes = False
    rig.tell(m.StopAll(), m.RestartFuelling(SAFE))
    assert (told(rig).code, dict(told(rig).params)) == ("cannot_resume", {"points": "1, 2"})
    assert stopped(rig) == [True, True]
    rig.act(rig.forecourt.hang, 1)
    assert stopped(rig) == [False, True]
    rig.select(1)
    assert rig.picture.sale is not None
    assert rig.picture.sale.volume_ml == 1_000
    close(rig)


@pytest.mark.parametrize("fault", ["lost", "refused"])
def test_a_restart_that_was_not_heard_is_said(fault: str):
    rig = both_fuelling()
    rig.tell(m.StopAll())
    rig.forecourt.faults.append(fault)
    rig.tell(m.RestartFuelling(SAFE))
    assert (told(rig).code, dict(told(rig).params)) == ("restart_unconfirmed", {"points": "1"})
    assert stopped(rig) == [True, False]
    close(rig)


def test_a_restart_that_was_done_and_not_answered_is_no_news():
    rig = both_fuelling()
    rig.tell(m.StopAll(), m.DismissMessage())
    rig.forecourt.faults.append("done_unanswered")
    rig.tell(m.RestartFuelling(SAFE, P1))
    assert (rig.picture.notice, stopped(rig)) == (None, [False, True])
    close(rig)


def test_a_stop_nobody_heard_does_not_look_like_one():
    rig = both_fuelling()
    rig.forecourt.faults.append("lost")
    rig.tell(m.StopAll())
    assert told(rig).code == "stop_unconfirmed"
    assert stopped(rig) == [False, True]
    close(rig)


def test_a_point_that_had_not_begun_is_simply_permitted_again():
    rig = Rig()
    rig.tell(m.AuthorisePoint(P1), m.StopFuelling(P1))
    assert (states(rig)[0], stopped(rig)[0]) == (S.IDLE, False)
    rig.tell(m.RestartFuelling(SAFE))
    assert told(rig).code == "nothing_stopped"
    assert rig.facts(f.RestartIntended) == []
    rig.fuel(1, 1_000)
    close(rig)


def test_a_stopped_point_whose_nozzle_is_hung_up_is_not_stopped_any_more():
    rig = both_fuelling()
    rig.tell(m.StopAll())
    for point in (1, 2):
        rig.act(rig.forecourt.hang, point)
    assert stopped(rig) == [False, False]
    rig.fuel(1, 1_000)
    assert stopped(rig) == [False, False]
    close(rig)


def test_after_a_restart_of_the_program_one_point_can_still_be_let_go_on():
    rig = both_fuelling()
    rig.tell(m.StopAll())
    rig.restart()
    rig.tell(m.RestartFuelling(SAFE))
    assert told(rig).code == "nothing_stopped"
    rig.tell(m.RestartFuelling(SAFE, P1))
    assert states(rig) == [S.FUELLING, S.SUSPENDED_FUELLING]
    close(rig)


def test_a_gift_that_is_stopped_and_goes_on_is_one_gift():
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.tell(m.StopAll(), m.RestartFuelling(SAFE))
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.debits() == [54_160]
    close(rig)


def test_a_gift_stopped_before_a_drop_is_given_back():
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    rig.tell(m.StopFuelling(P1))
    rig.advance(10_000)
    assert rig.states() == ["VOIDED"]
    close(rig)
