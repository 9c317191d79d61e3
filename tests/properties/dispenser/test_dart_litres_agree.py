"""Whatever the wire loses, controller and dispenser agree on the litres; no garbage makes a delivery."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, StopHead
from pos_client.protocols.dispenser.dart.controller import DartController
from tests.fakes.dart_line import ADDRESS, TOTALS, DartLine
from tests.fakes.virtual_line import lossy, untouched

HEALING_MS = 30_000
STEPS = (
    *("fill1", "fill1", "fill2", "prepaid", "authorise", "preset", "stop", "lift1", "lift2"),
    *("flow", "flow", "flow", "hang", "hang", "wait", "long_wait", "unplug"),
)
POWER = ("cut_power", "restore_power", "blink")


def play(line: DartLine, step: str) -> None:
    match step:
        case "fill1" | "fill2":
            line.device.hang(ADDRESS)
            line.run(1_500)
            line.device.lift(ADDRESS, int(step[-1]))
            play(line, "authorise")
            line.run(2_000)
            play(line, "flow")
        case "prepaid":
            play(line, "preset")
            line.run(2_000)
            line.device.lift(ADDRESS, 2)
        case "authorise":
            line.submit(AuthoriseHead(ADDRESS, line.new_id()))
        case "preset":
            line.submit(AuthoriseHead(ADDRESS, line.new_id(), 50_000))
        case "stop":
            line.submit(StopHead(ADDRESS, line.new_id()))
        case "lift1":
            line.device.lift(ADDRESS, 1)
        case "lift2":
            line.device.lift(ADDRESS, 2)
        case "flow":
            for _ in range(8):
                line.device.pulse(ADDRESS, 25)
                line.run(100)
        case "hang":
            line.device.hang(ADDRESS)
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
            line.device.cut_power(ADDRESS)
        case "restore_power":
            line.device.restore_power(ADDRESS)
        case "blink":
            line.device.cut_power(ADDRESS)
            line.device.restore_power(ADDRESS)


def tell_story(line: DartLine, steps: list[str], seed: int, rate: float) -> None:
    """Play it on a bad wire, then heal the wire, hang up and let everything settle."""
    dice = Random(seed)
    line.to_device = line.to_controller = lossy(dice, rate)
    for step in steps:
        play(line, step)
        line.run(dice.choice((0, 50, 300)))
    line.to_device = line.to_controller = untouched
    line.connected = True
    line.device.restore_power(ADDRESS)
    line.device.hang(ADDRESS)
    line.run(HEALING_MS)
    line.submit(StopHead(ADDRESS, "last"))
    line.run(HEALING_MS)


def believed(line: DartLine) -> list[int]:
    """The totals as the terminal knows them: what was read last, or came with a delivery."""
    totals = list(TOTALS)
    for event in line.events:
        if isinstance(event, e.Delivered | e.TotalRead):
            totals[event.nozzle - 1] = event.total
    return totals


def finished(line: DartLine) -> list[str]:
    kinds = (e.CommandDone, e.CommandRefused, e.CommandUnanswered)
    return [x.command_id for x in line.events if isinstance(x, kinds)]


seeds = st.integers(0, 2**32 - 1)
rates = st.sampled_from((0.0, 0.05, 0.2))
options = st.sampled_from(
    (
        *("", "ack_match=strict", "wrap=0", "totals_form=0D", "totals_form=06", "nozzle_in=zero", "quiet_change=on"),
        *("nak_repeat=at_once", "number_jump=on end_order=132", "status_with_price=off", "announce=off end_order=312"),
    )
)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=25), seeds, rates, options)
def test_every_litre_is_delivered_once_on_a_lossy_wire(steps: list[str], seed: int, rate: float, how: str):
    line = DartLine(device=how, delay=lambda: 20)
    line.run(3_000)
    tell_story(line, steps, seed, rate)
    truth = line.device.reading(ADDRESS).totals
    delivered = [0, 0]
    for d in line.of(e.Delivered):
        delivered[d.nozzle - 1] += d.volume
    assert believed(line) == list(truth)
    assert [TOTALS[n] + delivered[n] for n in (0, 1)] == list(truth)
    assert sorted(finished(line)) == sorted(set(finished(line)))


@settings(max_examples=80)
@given(st.lists(st.sampled_from(STEPS + POWER), min_size=4, max_size=25), seeds, rates, options)
def test_power_cuts_lose_deliveries_but_no_litre(steps: list[str], seed: int, rate: float, how: str):
    line = DartLine(device=how)
    line.run(3_000)
    tell_story(line, steps, seed, rate)
    truth = line.device.reading(ADDRESS).totals
    assert believed(line) == list(truth)
    for d in line.of(e.Delivered):
        before = max(
            (
                x.total
                for x in line.events[: line.events.index(d)]
                if isinstance(x, e.Delivered | e.TotalRead) and x.nozzle == d.nozzle
            ),
            default=0,
        )
        assert d.total - before >= d.volume, "never more delivered than the totals show"


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=4_000), seeds)
def test_garbage_makes_no_delivery(garbage: bytes, seed: int):
    dice = Random(seed)
    line = DartLine()
    line.connected = False
    line.controller = DartController(line.setup)
    at = 0
    while at < len(garbage):
        size = dice.randint(1, 40)
        line.controller.data_to_send(line.now)
        line.controller.receive_data(garbage[at : at + size], line.now)
        line.now += dice.choice((1, 10, 130))
        at += size
    while (event := line.controller.next_event()) is not None:
        assert not isinstance(event, e.Delivered | e.TotalRead)


@settings(max_examples=40)
@given(seeds)
def test_another_speed_is_garbage_too(seed: int):
    """A wrong baud rate turns every answer into other bytes of another length: nothing of it is believed."""
    dice = Random(seed)
    line = DartLine()
    line.to_controller = lambda raw: dice.randbytes(max(1, len(raw) * dice.choice((1, 2, 3)) // 2))
    line.device.lift(ADDRESS, 1)
    line.run(20_000)
    assert {type(event) for event in line.events} <= {e.HeadLost, e.HeadFound}
