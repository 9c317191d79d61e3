"""Whatever the wire loses, controller and pump agree on the litres; no garbage makes a delivery."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, ResumeHead, StopHead
from tests.fakes.two_wire_line import PUMP, TOTALS, TwoWireLine
from tests.fakes.virtual_line import lossy, untouched

HEALING_MS = 30_000
STEPS = (
    *("fill1", "fill1", "fill2", "prepaid", "authorise", "preset", "stop", "resume", "lift1", "lift2"),
    *("flow", "flow", "flow", "hang", "hang", "wait", "long_wait", "unplug"),
)
POWER = ("cut_power", "restore_power", "blink", "open_valve")
"""What makes a pump forget a sale before it was read: the mains, and a valve that opens without our word."""


def play(line: TwoWireLine, step: str) -> None:
    match step:
        case "fill1" | "fill2":
            line.device.hang(PUMP)
            line.run(1_500)
            line.device.lift(PUMP, int(step[-1]))
            line.run(800)
            play(line, "authorise")
            line.run(2_000)
            play(line, "flow")
        case "prepaid":
            play(line, "preset")
            line.run(2_000)
            line.device.lift(PUMP, 2)
        case "authorise":
            line.submit(AuthoriseHead(PUMP, line.new_id()))
        case "preset":
            line.submit(AuthoriseHead(PUMP, line.new_id(), 5_000 if line.unit == 1 else 50_000))
        case "stop":
            line.submit(StopHead(PUMP, line.new_id()))
        case "resume":
            line.submit(ResumeHead(PUMP, line.new_id()))
        case "open_valve":
            line.device.hang(PUMP)
            line.run(1_500)
            line.device.inject(PUMP, "unauthorised", 1)
            line.device.lift(PUMP, 1)
            line.run(700)
            play(line, "flow")
        case "lift1" | "lift2":
            line.device.lift(PUMP, int(step[-1]))
        case "flow":
            line.pour(200)
        case "hang":
            line.device.hang(PUMP)
        case "wait":
            line.run(700)
        case "long_wait":
            line.run(4_000)
        case "unplug":
            line.connected = not line.connected
            if not line.connected:
                line.controller.connection_lost(line.now)
            line.run(1_500)
        case "cut_power":
            line.device.cut_power(PUMP)
        case "restore_power":
            line.device.restore_power(PUMP)
        case "blink":
            line.device.cut_power(PUMP)
            line.device.restore_power(PUMP)


def tell_story(line: TwoWireLine, steps: list[str], seed: int, rate: float, flips: bool) -> None:
    """Play it on a bad wire, then heal the wire, hang up and let everything settle."""
    dice = Random(seed)
    line.to_controller = lossy(dice, rate, True)
    line.to_device = lossy(dice, rate, flips)
    for step in steps:
        play(line, step)
        line.run(dice.choice((0, 50, 300)))
    line.to_device = line.to_controller = untouched
    line.connected = True
    line.device.restore_power(PUMP)
    line.device.hang(PUMP)
    line.run(HEALING_MS)
    line.submit(StopHead(PUMP, "last"))
    line.run(HEALING_MS)
    line.submit(ReadTotals(PUMP, "totals"))
    line.run(5_000)


def believed(line: TwoWireLine) -> list[int]:
    """The totals as the terminal knows them: what was read last, or came with a delivery."""
    totals = list(TOTALS)
    for event in line.events:
        if isinstance(event, e.Delivered | e.TotalRead):
            totals[event.nozzle - 1] = event.total
    return totals


def delivered(line: TwoWireLine) -> list[int]:
    """What was told, in the meter's units, by nozzle."""
    found = [0, 0]
    for event in line.of(e.Delivered):
        found[event.nozzle - 1] += event.volume // line.unit
    return found


def finished(line: TwoWireLine) -> list[str]:
    kinds = (e.CommandDone, e.CommandRefused, e.CommandUnanswered)
    return [x.command_id for x in line.events if isinstance(x, kinds)]


seeds = st.integers(0, 2**32 - 1)
rates = st.sampled_from((0.0, 0.05, 0.2))
devices = st.sampled_from(
    (
        *("", "format=6", "skip_end_states=on", "skip_end_states=peot", "resume=off end_polls=3", "auth_polls=3"),
        *("echo=on", "format=6 echo=on"),
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=25), seeds, rates, devices)
def test_every_litre_is_delivered_once_on_a_lossy_wire(steps: list[str], seed: int, rate: float, device: str):
    line = TwoWireLine(device=device, options="resume=on").ready()
    tell_story(line, steps, seed, rate, flips=False)
    truth = line.device.reading(PUMP).totals
    assert believed(line) == list(truth)
    assert [before + told for before, told in zip(TOTALS, delivered(line), strict=True)] == list(truth)
    assert sorted(finished(line)) == sorted(set(finished(line)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS + POWER), min_size=4, max_size=25), seeds, rates, devices)
def test_power_cuts_and_turned_bits_lose_deliveries_but_no_litre(steps: list[str], seed: int, rate: float, device: str):
    line = TwoWireLine(device=device, options="resume=on").ready()
    tell_story(line, steps, seed, rate, flips=True)
    truth = line.device.reading(PUMP).totals
    assert believed(line) == list(truth)
    assert all(before + told <= after for before, told, after in zip(TOTALS, delivered(line), truth, strict=True))
    assert sorted(finished(line)) == sorted(set(finished(line)))


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=4_000), seeds)
def test_garbage_makes_no_delivery(garbage: bytes, seed: int):
    dice = Random(seed)
    line = TwoWireLine()
    at = 0
    while at < len(garbage):
        size = dice.randint(1, 40)
        line.controller.data_to_send(line.now)
        line.controller.receive_data(garbage[at : at + size], line.now)
        line.now += dice.choice((1, 10, 200))
        at += size
    while (event := line.controller.next_event()) is not None:
        assert not isinstance(event, e.Delivered | e.TotalRead)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_another_speed_is_garbage_too(seed: int):
    """A wrong baud rate turns every answer into other bytes of another length: no sale is made of it."""
    dice = Random(seed)
    line = TwoWireLine()
    line.to_controller = lambda raw: dice.randbytes(max(1, len(raw) * dice.choice((1, 2, 3)) // 2))
    line.device.lift(PUMP, 1)
    line.run(20_000)
    assert not line.of(e.Delivered)
    assert not line.of(e.TotalRead)
