"""Head office's word on a closed shift reaches the till, whatever it is doing by then."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.shift import StatedShift, Verdict
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.shift_verdicts import PATIENT_MS


def closed(rig: Rig, cashier: str = "Lan") -> None:
    rig.tell(m.OpenShift(cashier))
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)
    rig.tell(m.CloseShift())
    shift = rig.look().shift
    assert shift is not None
    rig.tell(m.CountCash(shift.cash_expected_vnd))


def newest(rig: Rig) -> StatedShift:
    stated = rig.look().stated_shift
    assert stated is not None
    return stated


def test_before_any_shift_was_closed_there_is_nothing_to_say():
    rig = Rig()
    assert rig.look().stated_shift is None
    rig.advance(600_000)
    assert "AskShift" not in rig.central.handled


def test_the_result_comes_when_the_journal_has_arrived():
    rig = Rig()
    closed(rig)
    rig.advance(2_000)
    assert newest(rig).verdict == Verdict.AWAITED
    rig.advance(60_000)
    assert (newest(rig).verdict, newest(rig).cashier, newest(rig).is_final) == (Verdict.MATCHED, "Lan", True)
    asked = rig.central.handled.count("AskShift")
    rig.advance(600_000)
    assert rig.central.handled.count("AskShift") == asked
    assert "shift_mismatch" not in rig.notices


def test_a_difference_is_said_in_the_middle_of_the_next_shift_and_stands_in_nobodys_way():
    rig = Rig()
    rig.central.differs = (("cash", 100, 90),)
    closed(rig)
    rig.tell(m.OpenShift("Bình"))
    rig.fuel(2)
    rig.advance(60_000)
    rig.select(2)
    rig.pay(TenderKind.CARD)
    assert "shift_mismatch" in rig.notices
    assert (newest(rig).verdict, newest(rig).differences) == (Verdict.MISMATCH, (("cash", 100, 90),))
    shift = rig.look().shift
    assert shift is not None
    assert (shift.cashier, shift.sales) == ("Bình", 1)


def test_several_shifts_closed_while_head_office_was_away_are_each_compared():
    rig = Rig()
    rig.central.down = True
    for cashier in ("Lan", "Bình", "Hoa"):
        closed(rig, cashier)
        rig.advance(60_000)
    assert newest(rig).verdict is None
    rig.restart()
    rig.central.down = False
    rig.advance(PATIENT_MS, step_ms=5_000)
    final = [fact for fact in rig.facts(f.ShiftCompared) if fact.result != Verdict.AWAITED]
    assert [fact.result for fact in final] == [Verdict.MATCHED] * 3
    assert len({fact.shift_id for fact in final}) == 3
    assert newest(rig).cashier == "Hoa"


@pytest.mark.parametrize("before", [True, False], ids=["before it is known", "after"])
def test_a_restart_forgets_neither_the_question_nor_the_answer(before: bool):
    rig = Rig()
    closed(rig)
    rig.advance(2_000)
    if not before:
        rig.advance(60_000)
    rig.restart()
    rig.advance(60_000)
    assert (newest(rig).verdict, newest(rig).cashier) == (Verdict.MATCHED, "Lan")
    closed(rig, "Bình")
    rig.advance(60_000)
    assert newest(rig).cashier == "Bình"
    assert list(rig.desk.state.stated) == [newest(rig).shift_id]


@pytest.mark.parametrize("fate", ["cut", "silent", "problem:unavailable", "not_sent"])
def test_a_question_that_is_lost_is_asked_again(fate: str):
    rig = Rig()
    rig.central.fail("AskShift", fate, fate)
    closed(rig)
    rig.advance(300_000, step_ms=5_000)
    assert newest(rig).verdict == Verdict.MATCHED
