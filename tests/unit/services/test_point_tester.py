"""The technician's test of a point: it is asked, it answers, and nothing changes."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.ports.dispensers import ReadTotalizers
from pos_client.services import messages as m
from pos_client.services.snapshots import PointTest

P1 = PointId(1)


def result(rig: Rig) -> PointTest:
    found = rig.look().point_test
    assert found is not None
    return found


def test_it_says_state_and_totalizers_and_how_long_it_took():
    rig = Rig()
    facts, commands = len(rig.store.journal), len(rig.forecourt.commands)
    assert rig.picture.point_test is None
    rig.tell(m.TestPoint(P1))
    said = result(rig)
    assert (said.point, said.outcome, said.state) == (1, "done", FuellingPointState.IDLE)
    assert said.totalizers == ((1, 100_001_000), (2, 100_002_000))
    assert said.round_trip_ms == 0
    assert len(rig.store.journal) == facts
    assert [type(command) for command in rig.forecourt.commands[commands:]] == [ReadTotalizers]
    assert rig.look().notice is None


def test_it_is_shown_before_it_is_answered():
    rig = Rig()
    rig.terminal.take(m.TestPoint(P1), rig.clock.now())
    pending = rig.terminal.snapshot().point_test
    assert pending == PointTest(P1, rig.clock.now().ticks_ms)
    rig.clock.advance(250)
    rig.run()
    assert result(rig).round_trip_ms == 250


@pytest.mark.parametrize(("fault", "outcome"), [("lost", "no_answer"), ("refused", "refused")])
def test_a_point_that_does_not_answer_or_refuses(fault: str, outcome: str):
    rig = Rig()
    rig.forecourt.faults.append(fault)
    rig.tell(m.TestPoint(P1))
    said = result(rig)
    assert (said.outcome, said.totalizers) == (outcome, ())
    assert (said.round_trip_ms is None) == (outcome == "no_answer")
    assert rig.look().notice is None


def test_a_question_that_was_lost_on_the_way_ends():
    rig = Rig()
    rig.terminal.take(m.TestPoint(P1), rig.clock.now())
    rig.forecourt.forget_commands()
    rig.advance(16_000)
    assert result(rig).outcome == "no_answer"


def test_another_test_begins_anew():
    rig = Rig()
    rig.tell(m.TestPoint(P1), m.TestPoint(PointId(2)))
    assert (result(rig).point, result(rig).totalizers) == (2, ((1, 200_001_000),))


def test_a_point_nobody_configured_is_asked_nothing():
    rig = Rig()
    rig.tell(m.TestPoint(PointId(9)))
    assert rig.look().point_test is None


def test_a_line_is_opened_anew():
    rig = Rig()
    rig.tell(m.RestartLine("line"))
    assert rig.restarted_lines == ["line"]
