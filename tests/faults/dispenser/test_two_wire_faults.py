"""A loop that loses, garbles, echoes; pumps that misbehave (section 9). Virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from random import Random

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, ResumeHead, StopHead
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import SetPrice, host_block_from
from pos_client.protocols.dispenser.gilbarco_two_wire.device_head import PumpHead
from pos_client.protocols.dispenser.gilbarco_two_wire.states import FAULTS
from tests.fakes.two_wire_line import PRICES, PUMP, TOTALS, TwoWireLine
from tests.fakes.virtual_line import lossy, untouched


@pytest.fixture
def line() -> TwoWireLine:
    return TwoWireLine().ready()


def calling(line: TwoWireLine, nozzle: int = 1) -> TwoWireLine:
    line.device.lift(PUMP, nozzle)
    assert line.run_until(lambda: line.state() is HeadState.CALLING)
    line.run(300)
    return line


@pytest.mark.parametrize("seed", range(10))
def test_one_answer_in_five_lost_costs_time_and_nothing_else(seed: int):
    line = TwoWireLine().ready()
    dice = Random(seed)
    line.to_controller = lambda raw: b"" if dice.random() < 0.2 else raw
    line.device.lift(PUMP, 1)
    for _ in range(20):
        line.run(1_000)
        if isinstance(line.authorise(100_000), e.CommandDone) or line.device.reading(PUMP).delivering:
            break
    line.pour(1_000)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 60_000)
    assert line.of(e.Delivered) == [e.Delivered(PUMP, 1, 4_630, 100_000, PRICES[0], TOTALS[0] + 463)]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_pump_does_wrong_sometimes_changes_nothing_that_is_told(line: TwoWireLine, fault: str):
    calling(line)
    line.device.inject(PUMP, fault, 3)
    assert isinstance(line.authorise(100_000), e.CommandDone)
    line.pour(300)
    line.device.inject(PUMP, fault, 3)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 60_000)
    assert line.of(e.Delivered) == [e.Delivered(PUMP, 1, 3_000, 64_740, PRICES[0], TOTALS[0] + 300)]
    assert not line.of(e.HeadLost)


def test_a_pump_knows_no_other_fault(line: TwoWireLine):
    with pytest.raises(LocalProtocolError):
        line.device.inject(PUMP, "missed_ack", 1)


def test_offline_after_five_misses_and_not_after_four(line: TwoWireLine):
    for misses, lost in ((4, False), (5, True)):
        line.events.clear()
        line.device.inject(PUMP, "no_answer", misses)
        line.run(5_000)
        assert bool(line.of(e.HeadLost)) is lost
        assert bool(line.of(e.HeadFound)) is lost


@pytest.mark.parametrize("there", [(5, 6), (5,), (5, 6, 7, 8)])
def test_a_pump_that_answers_for_another_is_not_heard_and_told(there: tuple[int, ...]):
    line = TwoWireLine(there).ready()
    line.device.inject(5, "wrong_pump", 1_000)
    line.device.lift(5, 1)
    line.run(5_000)
    assert line.of(e.HeadLost) == [e.HeadLost(5)]
    assert line.of(e.Alarm) == [e.Alarm(5, "foreign_answer")]
    assert {line.state(other) for other in there} == {HeadState.IDLE}
    line.device.inject(5, "wrong_pump", 0)
    line.run(10_000)
    assert line.state(5) is HeadState.CALLING
    line.device.inject(5, "wrong_pump", 1_000)
    line.run(5_000)
    assert line.of(e.Alarm) == [e.Alarm(5, "foreign_answer")] * 2, "told anew after it was gone"


@pytest.mark.parametrize("there", [(5,), (5, 6), (4, 5, 6, 7)])
@pytest.mark.parametrize("delays", [(20, 30), (30, 20), (10, 50, 20, 40, 35)])
def test_two_pumps_with_one_number_are_told_and_nothing_is_permitted_there(
    there: tuple[int, ...], delays: tuple[int, ...]
):
    delay = cycle(delays)
    line = TwoWireLine(there, delay=lambda: next(delay)).ready()
    line.device.inject(5, "twin", 1_000_000)
    line.device.lift(5, 1)
    line.run(5_000)
    assert line.of(e.Alarm) == [e.Alarm(5, "address_conflict")]
    refused = line.authorise(pump=5)
    assert isinstance(refused, e.CommandRefused | e.CommandUnanswered), "the word would reach both"
    assert "busy" not in {line.device.reading(pump).status for pump in there}
    line.device.inject(5, "twin", 0)
    line.run(10_000)
    assert isinstance(line.authorise(pump=5), e.CommandDone), "one of them was given its own number"
    assert not line.of(e.Delivered)


@pytest.mark.parametrize("merged", [lambda word: word & 0x65, lambda word: word | 0x65], ids=["and", "or"])
def test_answers_on_top_of_each_other_are_a_conflict_too(merged: Callable[[int], int]):
    """A second pump at rest answers at the very same time while ours delivers: both answers become another word."""
    line = calling(TwoWireLine(options="echo=off").ready())
    line.authorise()
    line.to_controller = lambda raw: bytes((merged(raw[0]),)) if len(raw) == 1 else raw
    line.run(5_000)
    assert line.of(e.Alarm) == [e.Alarm(PUMP, "address_conflict")]
    line.to_controller = untouched
    line.pour(300)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert [sale.volume for sale in line.of(e.Delivered)] == [3_000]


def test_one_disturbed_answer_in_five_is_no_conflict():
    for seed in range(5):
        dice = Random(seed)
        line = TwoWireLine((5, 6)).ready()
        line.to_controller = lossy(dice, 0.2, True)
        line.run(30_000)
        assert not line.of(e.Alarm)


def test_a_block_with_a_wrong_check_word_is_told_and_sent_again(line: TwoWireLine):
    """The damaged copy of section 11: the pump says DATA ERROR at the next poll, and the price does not change."""
    damaged = 0

    def damage(raw: bytes) -> bytes:
        nonlocal damaged
        if len(raw) > 1 and damaged < 2:
            damaged += 1
            return raw[:-2] + bytes((0xE0 + (raw[-2] + 1) % 16, raw[-1]))
        return raw

    calling(line)
    line.to_device = damage
    started = line.now
    assert line.authorise(50_000) == e.CommandDone(PUMP, "c1")
    assert ("P>H", b"\x05") in line.wire
    assert line.now - started >= 2 * 2_000, "two seconds before the next try"
    line.pour(1_000)
    assert line.device.reading(PUMP).amount == 50_000


def test_a_preset_that_never_arrives_permits_nothing(line: TwoWireLine):
    calling(line)
    line.to_device = lambda raw: b"" if len(raw) > 1 else raw
    assert line.authorise(50_000) == e.CommandRefused(PUMP, "c1", "data_error")
    assert not line.device.reading(PUMP).delivering


def test_a_pump_that_ignores_its_preset_is_stopped_and_stays_so(monkeypatch: pytest.MonkeyPatch):
    line = TwoWireLine(options="resume=on").ready()
    monkeypatch.setattr(PumpHead, "_volume_limit", lambda pump: None)
    calling(line)
    line.authorise(20_000)
    for _ in range(50):
        line.pour(40)
    assert line.of(e.Alarm) == [e.Alarm(PUMP, "preset_passed")]
    assert line.device.reading(PUMP).status == "stop"
    assert line.done(ResumeHead(PUMP, "r")) == e.CommandRefused(PUMP, "r", "cannot_resume")
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].total == line.device.reading(PUMP).totals[0]


@pytest.mark.parametrize("option", ["", "echo=on"])
def test_a_loop_box_that_returns_our_words(option: str):
    line = TwoWireLine(device="echo=on", options=option).ready()
    calling(line)
    line.device.inject(PUMP, "refused_block", 2)
    assert isinstance(line.authorise(50_000), e.CommandDone), "DATA ERROR and the echo of a poll are one word"
    line.pour(1_000)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].amount == 50_000
    assert not line.of(e.HeadLost)


def test_echo_switched_off_on_a_line_that_echoes_finds_no_pump_at_rest():
    line = TwoWireLine(device="echo=on", options="echo=off")
    line.run(20_000)
    assert not line.of(e.TotalRead)
    assert not line.of(e.StateChanged)


def test_a_pump_that_delivers_without_permission_is_told_at_once_and_its_litres_like_any_other(line: TwoWireLine):
    line.device.inject(PUMP, "unauthorised", 2)
    for nth in (1, 2):
        line.device.lift(PUMP, 2)
        line.pour(300)
        assert line.of(e.Alarm) == [e.Alarm(PUMP, "unauthorised_delivery")] * nth
        line.device.hang(PUMP)
        assert line.run_until(lambda nth=nth: len(line.of(e.Delivered)) == nth)  # type: ignore[misc]
        line.run(2_000)
    assert line.of(e.Delivered) == [
        e.Delivered(PUMP, 2, 3_000, 55_920, PRICES[1], TOTALS[1] + 300),
        e.Delivered(PUMP, 2, 3_000, 55_920, PRICES[1], TOTALS[1] + 600),
    ]


def test_a_stopped_pump_that_goes_on_by_itself_is_told(line: TwoWireLine):
    calling(line)
    line.authorise()
    line.pour(100)
    line.done(StopHead(PUMP, "s"))
    assert not line.of(e.Alarm)
    line.device.receive_data(b"\x15", line.now)
    line.pour(100)
    assert line.of(e.Alarm) == [e.Alarm(PUMP, "unauthorised_delivery")]
    assert line.done(StopHead(PUMP, "s2")) == e.CommandDone(PUMP, "s2"), "it can be stopped like any other"


def test_a_sale_too_short_to_be_seen_is_found_by_its_totals():
    """BUSY, PEOT and FEOT are all missed: AUTH was seen, then OFF."""
    line = TwoWireLine(device="skip_end_states=on").ready()
    line.authorise()
    line.device.lift(PUMP, 1)
    line.device.pulse(PUMP, 7)
    line.device.hang(PUMP)
    line.run(5_000)
    assert [(sale.nozzle, sale.volume) for sale in line.of(e.Delivered)] == [(1, 70)]


def test_a_sale_that_ends_while_the_line_is_gone_is_told_when_it_is_back(line: TwoWireLine):
    calling(line, 2)
    line.authorise()
    line.pour(100)
    line.connected = False
    line.controller.connection_lost(line.now)
    line.pour(200)
    line.device.hang(PUMP)
    line.run(5_000)
    line.connected = True
    line.events.clear()
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(PUMP, 2, 3_000, 55_920, PRICES[1], TOTALS[1] + 300)]
    assert not line.of(e.Alarm)


@pytest.mark.parametrize("device", ["", "format=6"])
def test_a_program_started_in_the_middle_of_a_sale_shows_and_tells_it(device: str):
    """Nothing tells the number format then; running money shows it by its length."""
    line = calling(TwoWireLine(device=device).ready())
    line.authorise()
    line.pour(100)
    late = TwoWireLine(device=device)
    late.device = line.device
    late.run(1_000)
    assert late.state() is HeadState.STARTED
    late.pour(400)
    assert late.state() is HeadState.DELIVERING
    assert late.of(e.Delivering)[-1].amount > 0
    assert not late.of(e.Alarm), "another program may have permitted it"
    late.device.hang(PUMP)
    assert late.run_until(lambda: bool(late.of(e.Delivered)))
    (sale,) = late.of(e.Delivered)
    assert (sale.volume, sale.total) == (500 * line.unit, TOTALS[0] + 500)


@pytest.mark.parametrize("dark_ms", [0, 10_000])
def test_a_power_cut_leaves_the_totals_and_the_sale_before_is_not_told_again(line: TwoWireLine, dark_ms: int):
    line.fuel(500)
    line.run(3_000)
    line.events.clear()
    calling(line)
    line.authorise()
    line.pour(300)
    line.device.cut_power(PUMP)
    line.run(dark_ms)
    line.device.hang(PUMP)
    line.device.restore_power(PUMP)
    line.run(10_000)
    assert line.of(e.Delivered) == []
    assert line.of(e.PowerRestored) == [e.PowerRestored(PUMP)]
    assert e.TotalRead(PUMP, 1, TOTALS[0] + 800) in line.events


def test_a_price_the_pump_does_not_take_stops_sales_and_is_told_once(monkeypatch: pytest.MonkeyPatch):
    take = PumpHead.take
    monkeypatch.setattr(PumpHead, "take", lambda pump, block: isinstance(block, SetPrice) or take(pump, block))
    line = TwoWireLine()
    line.run(40_000)
    assert line.of(e.Alarm) == [e.Alarm(PUMP, "price_not_taken")]
    assert line.state() is HeadState.NOT_PROGRAMMED
    assert line.authorise() == e.CommandRefused(PUMP, "c1", "not_programmed")
    monkeypatch.undo()
    line.run(20_000)
    assert isinstance(line.authorise(), e.CommandDone)


def test_final_figures_that_keep_changing_are_never_told(line: TwoWireLine, monkeypatch: pytest.MonkeyPatch):
    calling(line)
    line.authorise()
    line.pour(100)
    sale = PumpHead.transaction
    seen = iter(range(10**6))
    monkeypatch.setattr(
        PumpHead,
        "transaction",
        lambda pump: replace(found := sale(pump), volume=found.volume + next(seen)),
    )
    line.device.hang(PUMP)
    line.run(10_000)
    assert line.of(e.Delivered) == []
    monkeypatch.undo()
    assert line.run_until(lambda: bool(line.of(e.Delivered)))


@pytest.mark.parametrize(("option", "alarms"), [("", [e.Alarm(PUMP, "pump_number_differs")]), ("pump_number=off", [])])
def test_a_pump_number_that_differs_is_a_warning_and_no_more(
    option: str, alarms: list[e.Alarm], monkeypatch: pytest.MonkeyPatch
):
    line = TwoWireLine(options=option).ready()
    sale = PumpHead._sale
    monkeypatch.setattr(PumpHead, "_sale", lambda pump: replace(sale(pump), pump=2))
    assert line.fuel(100).volume == 1_000
    assert line.of(e.Alarm) == alarms


def test_commands_to_a_pump_that_falls_silent_are_unanswered(line: TwoWireLine):
    line.submit(AuthoriseHead(PUMP, "a"))
    line.submit(ReadTotals(PUMP, "b"))
    line.to_device = lambda raw: b""
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    assert line.ended("a") == e.CommandUnanswered(PUMP, "a")
    assert line.ended("b") == e.CommandUnanswered(PUMP, "b")


def test_late_answers_are_not_mistaken_for_the_next_ones():
    dice = Random(3)
    line = TwoWireLine(delay=lambda: dice.choice((20, 20, 20, 190, 400)))
    assert line.run_until(lambda: len(line.of(e.TotalRead)) >= 2, 60_000)
    assert {read.total for read in line.of(e.TotalRead)} == set(TOTALS)
    line.run(20_000)
    assert not line.of(e.Delivered)


def test_a_length_word_that_is_one_too_small_is_refused_only_when_strict():
    def shorten(raw: bytes) -> bytes:
        if len(raw) == 1:
            return raw
        short = raw[:1] + bytes((0xE0 + (raw[1] - 1) % 16,)) + raw[2:]
        body = short[:-2]
        return body + bytes((0xE0 + -sum(word & 0x0F for word in body) % 16, 0xF0))

    for device, outcome in (("", e.CommandDone), ("strict_length=on", e.CommandRefused)):
        line = TwoWireLine(device=device).ready()
        line.to_device = shorten
        assert isinstance(line.authorise(50_000), outcome)
        host_block_from(shorten(SetPrice(1, 0, 1, 4).to_bytes()))
    assert line.to_controller is untouched


def test_totals_of_another_pump_are_not_believed_for_coming_twice():
    """A totals answer does not say which pump it is of. A turned bit in the question, twice, brings another's."""
    line = TwoWireLine((5, 7)).ready()
    line.fuel(500, pump=7)
    line.run(3_000)
    line.events.clear()
    misled = 0

    def mislead(raw: bytes) -> bytes:
        nonlocal misled
        if raw == b"\x55" and misled < 2:
            misled += 1
            return b"\x57"
        return raw

    line.to_device = mislead
    assert line.done(ReadTotals(5, "t")) == e.CommandDone(5, "t")
    assert misled == 2
    assert line.of(e.TotalRead) == [e.TotalRead(5, 1, TOTALS[0]), e.TotalRead(5, 2, TOTALS[1])]


@pytest.mark.parametrize(("lost", "named", "questions"), [(4, True, 5), (1_000, False, 9)])
def test_which_nozzle_is_out_is_asked_again_but_not_for_ever(lost: int, named: bool, questions: int):
    line = TwoWireLine().ready()
    left = iter(range(lost))
    line.to_controller = lambda raw: b"" if raw[0] == 0xBA and next(left, None) is not None else raw
    for _ in range(3):
        line.device.lift(PUMP, 2)
        line.run(8_000)
        line.device.hang(PUMP)
        line.run(2_000)
    asked = [raw for way, raw in line.wire if way == "H>P" and raw[2:3] == b"\xfe"]
    assert len(asked) == questions + 2 * named
    assert {lift.nozzle for lift in line.of(e.NozzleLifted)} == ({2} if named else set())
    assert not line.of(e.HeadLost)


def test_a_sale_that_comes_between_sale_and_totals_is_not_mixed_up_with_it():
    """Wires that turn bits can permit a sale; it is over before its state was read twice, and the totals have both."""
    line = calling(TwoWireLine(device="skip_end_states=on").ready())
    line.authorise()
    line.pour(300)
    line.device.hang(PUMP)
    assert line.run_until(lambda: line.wire[-1][1][0] == 0xFF and line.wire[-2][1] == b"\x45")

    def sneak(raw: bytes) -> bytes:
        if raw == b"\x55":
            line.to_device = untouched
            line.device.lift(PUMP, 1)
            line.device.receive_data(b"\x15", line.now)
            line.device.pulse(PUMP, 40)
            line.device.hang(PUMP)
        return raw

    line.to_device = sneak
    line.run(10_000)
    assert [(sale.volume, sale.total) for sale in line.of(e.Delivered)] == [(400, TOTALS[0] + 340)]
