"""Heads that share an address, answer for one another, or deliver without having been told to. Virtual time."""

from __future__ import annotations

from random import Random

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, StopHead
from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.frames import Eot
from pos_client.protocols.dispenser.dart.states import FAULTS
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.events import HeadState
from tests.fakes.dart_line import ADDRESS, PRICES, TOTALS, DartLine
from tests.fakes.dart_story import authorise, connected, ended, fuel
from tests.fakes.virtual_line import untouched

HEADS = (0x50, 0x52, ADDRESS)


@pytest.fixture
def line() -> DartLine:
    return connected(DartLine(HEADS))


def alarms(line: DartLine) -> list[str]:
    return [alarm.code for alarm in line.of(e.Alarm)]


# ── two heads with one address ─────────────────────────────────────────────────────────────────────────────────────


def test_two_heads_speaking_at_once_are_told_as_one_address_twice(line: DartLine):
    line.device.inject(ADDRESS, "collision", 1_000)
    line.events.clear()
    line.run(20_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "address_conflict")]
    assert line.of(e.HeadLost) == [e.HeadLost(ADDRESS)]
    assert line.of(e.Delivered) == []


def test_a_second_answer_to_one_poll_is_a_second_head_and_nothing_is_permitted_there(line: DartLine):
    line.device.inject(ADDRESS, "second_answer", 1_000)
    line.run(5_000)
    assert alarms(line) == ["address_conflict"]
    assert authorise(line) == e.CommandRefused(ADDRESS, "c1", "address_conflict")
    line.submit(AuthoriseHead(0x50, "other"))
    assert line.run_until(lambda: ended(line, "other") == e.CommandDone(0x50, "other")), "the others are not concerned"


def test_the_suspicion_goes_when_the_signs_do(line: DartLine):
    line.device.inject(ADDRESS, "second_answer", 20)
    line.run(15_000)
    assert isinstance(authorise(line), e.CommandDone)
    line.device.inject(ADDRESS, "second_answer", 1_000)
    line.run(5_000)
    assert alarms(line) == ["address_conflict", "address_conflict"], "told anew when it comes back"


def test_a_bad_line_is_not_taken_for_a_bad_address(line: DartLine):
    dice = Random(5)
    line.to_controller = lambda raw: dice.randbytes(len(raw)) if dice.random() < 0.4 else raw
    line.run(60_000)
    assert alarms(line) == []


def test_a_head_alone_on_a_bad_cable_is_lost_and_not_accused():
    line = connected(DartLine())
    line.device.inject(ADDRESS, "collision", 1_000)
    line.run(20_000)
    assert alarms(line) == []
    assert line.of(e.HeadLost) == [e.HeadLost(ADDRESS)]


def test_answers_that_come_too_late_accuse_nobody():
    dice = Random(7)
    line = DartLine(HEADS, delay=lambda: dice.choice((20, 20, 150, 200)))
    line.run(60_000)
    assert alarms(line) == []


# ── a head that answers for another ────────────────────────────────────────────────────────────────────────────────


def test_an_answer_with_another_address_is_not_believed_and_is_told(line: DartLine):
    line.device.inject(ADDRESS, "wrong_address", 1_000)
    line.device.lift(ADDRESS, 1)
    line.events.clear()
    line.run(20_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "foreign_answer")]
    assert line.of(e.NozzleLifted) == []
    assert line.of(e.HeadLost) == [e.HeadLost(ADDRESS)]


def test_a_head_that_speaks_as_its_neighbour_changes_nothing_there():
    line = connected(DartLine((ADDRESS, ADDRESS + 1)))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.device.inject(ADDRESS, "wrong_address", 12)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 30_000)
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, 300, 64_740, PRICES[0], TOTALS[0] + 300)]
    assert [lifted.address for lifted in line.of(e.NozzleLifted)] == [ADDRESS]


def test_a_single_stray_frame_is_no_sign(line: DartLine):
    line.to_controller = lambda raw: Eot(0x53).to_bytes() if line.now % 7 == 0 else raw
    line.run(2_000)
    line.to_controller = untouched
    line.run(20_000)
    assert alarms(line) in ([], ["foreign_answer"])
    line.events.clear()
    line.run(20_000)
    assert alarms(line) == []


# ── a head that delivers unasked ───────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_nobody_permitted_is_told_and_its_litres_count(line: DartLine):
    line.device.inject(ADDRESS, "unauthorised", 1)
    line.events.clear()
    line.device.lift(ADDRESS, 1)
    line.run(1_000)
    line.device.pulse(ADDRESS, 300)
    line.run(1_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "unauthorised_delivery")]
    assert HeadState.DELIVERING in [change.state for change in line.of(e.StateChanged)]
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, 300, 64_740, PRICES[0], TOTALS[0] + 300)]
    assert alarms(line) == ["unauthorised_delivery"]
    line.device.inject(ADDRESS, "unauthorised", 1)
    line.device.lift(ADDRESS, 2)
    line.run(1_000)
    assert alarms(line) == ["unauthorised_delivery"] * 2, "each one is told"


def test_it_can_be_stopped_like_any_other(line: DartLine):
    line.device.inject(ADDRESS, "unauthorised", 1)
    line.device.lift(ADDRESS, 1)
    line.run(1_000)
    line.submit(StopHead(ADDRESS, "s"))
    assert line.run_until(lambda: ended(line, "s") == e.CommandDone(ADDRESS, "s"))
    assert line.device.pulse(ADDRESS, 10) == 0


def test_one_that_began_while_the_cable_was_out_is_told_too(line: DartLine):
    line.connected = False
    line.controller.connection_lost(line.now)
    line.device.inject(ADDRESS, "unauthorised", 1)
    line.device.lift(ADDRESS, 1)
    line.run(3_000)
    line.connected = True
    line.run(3_000)
    assert alarms(line) == ["unauthorised_delivery"]


def test_what_we_permitted_is_no_alarm_however_it_was_heard_of(line: DartLine):
    """Sent, not acknowledged, found running later; and a program that starts in the middle of a delivery."""
    cut = False

    def cut_after_authorise(raw: bytes) -> bytes:
        nonlocal cut
        cut = cut or line.device.reading(ADDRESS).status == "authorised"
        return b"" if cut and raw[0] == ADDRESS else raw

    line.to_controller = cut_after_authorise
    assert isinstance(authorise(line), e.CommandUnanswered)
    line.device.lift(ADDRESS, 1)
    line.run(5_000)
    line.to_controller = untouched
    line.run(5_000)
    line.controller = DartController(line.setup)
    line.run(5_000)
    assert alarms(line) == []


def test_ordinary_days_raise_no_alarm(line: DartLine):
    for volume in (100, 0, 250):
        fuel(line, volume)
    authorise(line)
    line.submit(StopHead(ADDRESS, "s"))
    line.run(5_000)
    assert alarms(line) == []


# ── the device's own list of what it can do wrong ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_head_does_wrong_three_times_ends_in_the_right_litres(line: DartLine, fault: str):
    line.device.lift(ADDRESS, 1)
    assert isinstance(authorise(line), e.CommandDone)
    line.device.inject(ADDRESS, fault, 3)
    line.run(1_000)
    line.device.pulse(ADDRESS, 100)
    line.device.inject(ADDRESS, "suspended", 0)
    line.run(500)
    line.device.pulse(ADDRESS, 100)
    line.run(500)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 30_000)
    total = line.device.reading(ADDRESS).totals[0]
    assert [(d.nozzle, d.volume, d.total) for d in line.of(e.Delivered)] == [(1, total - TOTALS[0], total)]


def test_a_fault_nobody_has_is_refused(line: DartLine):
    with pytest.raises(LocalProtocolError, match="flood"):
        line.device.inject(ADDRESS, "flood", 1)


@pytest.mark.parametrize(("times", "authorised"), [(3, True), (100, False)])
def test_a_head_that_refuses_good_blocks_is_asked_again_with_number_zero(line: DartLine, times: int, authorised: bool):
    line.device.inject(ADDRESS, "refused_block", times)
    start = len(line.wire)
    assert isinstance(authorise(line), e.CommandDone) is authorised
    ours = [raw for way, raw in line.wire[start:] if way == "C>P" and raw[0] == ADDRESS and raw[1] >> 4 == 3]
    assert [raw[1] & 0x0F for raw in ours[1:4]] == [0, 0, 0]
