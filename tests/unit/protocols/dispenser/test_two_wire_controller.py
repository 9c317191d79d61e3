"""Our end of a Two-Wire loop against the device, in virtual time: sections 5 to 8 of the notes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, SetPrices, StopHead
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import ChooseLevel, Preset, SetPrice, host_block_from
from pos_client.protocols.dispenser.gilbarco_two_wire.controller import TwoWireController
from pos_client.protocols.dispenser.interface import HeadSetup, LineSetup
from tests.fakes.two_wire_line import PRICES, PUMP, TOTALS, TwoWireLine


def sent(line: TwoWireLine, since: int = 0) -> list[bytes]:
    return [raw for way, raw in line.wire[since:] if way == "H>P"]


def blocks(line: TwoWireLine, since: int = 0) -> list[object]:
    return [host_block_from(raw) for raw in sent(line, since) if len(raw) > 1]


def calling(line: TwoWireLine, nozzle: int = 1, pump: int = PUMP) -> TwoWireLine:
    line.device.lift(pump, nozzle)
    assert line.run_until(lambda: line.state(pump) is HeadState.CALLING)
    line.run(300)
    return line


@pytest.mark.parametrize("device", ["", "format=6", "unused_grades=3", "format=6 unused_grades=4"])
def test_a_line_comes_up_with_totals_and_our_prices(device: str):
    line = TwoWireLine(device=device).ready()
    assert line.events == [
        e.HeadFound(PUMP),
        e.StateChanged(PUMP, HeadState.NOT_PROGRAMMED),
        e.TotalRead(PUMP, 1, TOTALS[0]),
        e.TotalRead(PUMP, 2, TOTALS[1]),
        e.StateChanged(PUMP, HeadState.IDLE),
    ]
    digits = 4 if "6" in device else 6
    assert [x for x in blocks(line) if isinstance(x, SetPrice)] == [
        SetPrice(1, nozzle, price, digits) for nozzle, price in enumerate(line.prices)
    ]


def test_a_delivery_from_lift_to_proof():
    line = TwoWireLine().ready()
    line.events.clear()
    assert line.fuel(1_500, nozzle=2) == e.Delivered(PUMP, 2, 15_000, 279_600, PRICES[1], TOTALS[1] + 1_500)
    line.run(2_000)
    told = [event for event in line.events if not isinstance(event, e.Delivering)]
    assert told == [
        e.StateChanged(PUMP, HeadState.CALLING, None),
        e.NozzleLifted(PUMP, 2, PRICES[1]),
        e.StateChanged(PUMP, HeadState.CALLING, 2),
        e.StateChanged(PUMP, HeadState.STARTED, 2),
        e.CommandDone(PUMP, "c1"),
        e.StateChanged(PUMP, HeadState.DELIVERING, 2),
        e.StateChanged(PUMP, HeadState.ENDING, 2),
        e.NozzleReturned(PUMP),
        e.StateChanged(PUMP, HeadState.ENDING, None),
        line.of(e.Delivered)[0],
        e.StateChanged(PUMP, HeadState.IDLE, None),
    ]
    running = line.of(e.Delivering)
    assert [figure.amount for figure in running] == sorted(figure.amount for figure in running)
    assert all(figure.volume == figure.amount * 1_000 // PRICES[1] for figure in running), "derived, for the eye"


@pytest.mark.parametrize("device", ["skip_end_states=on", "end_polls=5", "a_word=EB", "resume=off"])
def test_whatever_the_pump_does_at_the_end_the_sale_is_told_once(device: str):
    line = TwoWireLine(device=device).ready()
    assert line.fuel(463).volume == 4_630
    line.run(10_000)
    assert len(line.of(e.Delivered)) == 1
    assert line.state() is HeadState.IDLE


def test_a_preset_of_money_shows_exactly_the_money_and_volume_is_cut():
    line = calling(TwoWireLine().ready())
    start = len(line.wire)
    assert line.authorise(100_000) == e.CommandDone(PUMP, "c1")
    assert blocks(line, start) == [Preset(True, 100_000, 8)]
    line.pour(1_000)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(PUMP, 1, 4_630, 100_000, PRICES[0], TOTALS[0] + 463)]


@pytest.mark.parametrize(
    ("device", "options", "volume", "block", "units"),
    [
        ("", "", 25_000, Preset(False, 25_000, 8), 2_500),
        ("format=6", "", 2_500, Preset(False, 2_500, 5), 2_500),
        ("format=6", "preset_volume_digits=6", 2_500, Preset(False, 2_500, 6), 2_500),
        ("format=6", "preset_volume_decimals=1", 2_505, Preset(False, 250, 5), 250),
    ],
)
def test_a_preset_of_volume(device: str, options: str, volume: int, block: Preset, units: int):
    line = calling(TwoWireLine(device=device, options=options).ready())
    start = len(line.wire)
    assert line.authorise(volume=volume) == e.CommandDone(PUMP, "c1")
    assert blocks(line, start) == [block]
    line.pour(4_000)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].total == TOTALS[0] + units


def test_a_prepaid_sale_waits_for_its_nozzle():
    line = TwoWireLine().ready()
    assert line.authorise(50_000) == e.CommandDone(PUMP, "c1")
    assert line.state() is HeadState.AUTHORISED
    line.device.lift(PUMP, 2)
    assert line.run_until(lambda: line.state() is HeadState.STARTED)
    line.pour(1_000)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].nozzle == 2, "as the sale itself says; nobody could ask before"


@pytest.mark.parametrize(
    ("options", "nozzles", "block"),
    [
        ("", (), Preset(True, 50_000, 8)),
        ("", (2,), Preset(True, 50_000, 8, None, 1)),
        ("preset_hose=always", (2,), Preset(True, 50_000, 8, 1, 1)),
        ("preset_hose=always", (), Preset(True, 50_000, 8, 1, None)),
        ("preset_money_digits=6", (), Preset(True, 50_000, 6)),
    ],
)
def test_level_and_grade_in_presets(options: str, nozzles: tuple[int, ...], block: Preset):
    line = TwoWireLine(options=options).ready()
    start = len(line.wire)
    assert line.authorise(50_000, nozzles) == e.CommandDone(PUMP, "c1")
    assert blocks(line, start) == [block]


def test_a_hose_that_is_not_allowed_gives_nothing():
    line = TwoWireLine().ready()
    line.authorise(50_000, (2,))
    line.device.lift(PUMP, 1)
    line.run(1_000)
    assert line.device.pulse(PUMP, 10) == 0


@pytest.mark.parametrize(
    ("options", "nozzles", "amount", "out", "reason"),
    [
        ("", (1,), None, None, "nozzles_cannot_be_limited"),
        ("preset_hose=never", (1,), 50_000, None, "nozzles_cannot_be_limited"),
        ("hose_needs_volume=on", (1,), 50_000, None, "nozzles_cannot_be_limited"),
        ("", (1,), None, 2, "other_nozzle_out"),
        ("", (3,), None, None, "nozzle_not_for_sale"),
        ("", (), 0, None, "preset_out_of_range"),
        ("", (), 100_000_000, None, "preset_out_of_range"),
        ("preset_money_digits=5", (), 100_000, None, "preset_out_of_range"),
    ],
)
def test_what_cannot_be_permitted_is_refused_before_a_word(
    options: str, nozzles: tuple[int, ...], amount: int | None, out: int | None, reason: str
):
    line = TwoWireLine(options=options).ready()
    if out is not None:
        calling(line, out)
    start = len(line.wire)
    assert line.authorise(amount, nozzles) == e.CommandRefused(PUMP, "c1", reason)
    assert b"\x15" not in sent(line, start)


def test_the_allowed_nozzle_that_is_out_needs_no_preset():
    line = calling(TwoWireLine().ready(), 2)
    assert line.authorise(nozzles=(2,)) == e.CommandDone(PUMP, "c1")


def test_an_unused_preset_is_taken_back_before_a_sale_without_limit():
    line = TwoWireLine().ready()
    line.authorise(50_000)
    assert line.done(StopHead(PUMP, "stop")) == e.CommandDone(PUMP, "stop")
    assert line.run_until(lambda: line.state() is HeadState.IDLE)
    start = len(line.wire)
    assert line.authorise() == e.CommandDone(PUMP, "c2")
    assert blocks(line, start) == [Preset(True, 0, 8)]
    assert not line.of(e.Delivered)


@pytest.mark.parametrize(("resume", "expected"), [("on", e.CommandDone), ("off", e.CommandRefused)])
def test_stop_freezes_and_the_nozzle_ends_the_sale(resume: str, expected: type):
    line = calling(TwoWireLine(options=f"resume={resume}").ready())
    line.authorise()
    line.pour(200)
    assert line.done(StopHead(PUMP, "stop")) == e.CommandDone(PUMP, "stop")
    assert line.state() is HeadState.SUSPENDED
    assert line.device.pulse(PUMP, 10) == 0
    assert line.done(ReadTotals(PUMP, "t")) == e.CommandRefused(PUMP, "t", "delivering")
    assert isinstance(line.authorise(), expected)
    line.pour(40)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].volume == (2_400 if resume == "on" else 2_000)


@pytest.mark.parametrize(("option", "word"), [("", b"\xfc"), ("stop_all=F0", b"\xf0")])
def test_all_pumps_are_stopped_by_one_word_and_each_is_asked(option: str, word: bytes):
    line = TwoWireLine((1, 2, 16), options=option).ready()
    for pump in (1, 2, 16):
        calling(line, 1, pump)
        line.authorise(pump=pump)
    start = len(line.wire)
    for pump in (1, 2, 16):
        line.submit(StopHead(pump, f"s{pump}"))
    assert line.run_until(lambda: all(line.ended(f"s{pump}") for pump in (1, 2, 16)))
    assert all(isinstance(line.ended(f"s{pump}"), e.CommandDone) for pump in (1, 2, 16))
    assert sent(line, start).count(word) == 1
    assert {line.device.reading(pump).status for pump in (1, 2, 16)} == {"stop"}


def test_one_stop_does_not_stop_the_others():
    line = TwoWireLine((1, 2)).ready()
    for pump in (1, 2):
        calling(line, 1, pump)
        line.authorise(pump=pump)
    line.done(StopHead(1, "s"))
    assert [line.device.reading(pump).status for pump in (1, 2)] == ["stop", "busy"]


def test_new_prices_are_written_and_read_back():
    line = TwoWireLine(options="price_levels=2").ready()
    start = len(line.wire)
    assert line.done(SetPrices(PUMP, "p", (21_900, 18_640))) == e.CommandDone(PUMP, "p")
    assert blocks(line, start) == [SetPrice(1, 0, 21_900, 6), SetPrice(2, 0, 21_900, 6)]
    assert line.fuel(100).price == 21_900


def test_prices_change_only_while_the_whole_cabinet_hangs():
    line = TwoWireLine((5, 6, 7)).ready()
    calling(line, 1, 6)
    prices = (21_900, 18_640)
    assert line.done(SetPrices(5, "a", prices)) == e.CommandRefused(5, "a", "cabinet_busy")
    assert line.done(SetPrices(7, "b", prices)) == e.CommandDone(7, "b")
    alone = TwoWireLine((5, 6), options="cabinet_heads=1").ready()
    calling(alone, 1, 6)
    assert alone.done(SetPrices(5, "a", prices)) == e.CommandDone(5, "a")


@pytest.mark.parametrize("prices", [(0, 1), (1_000_000, 1), (1,)])
def test_prices_that_cannot_be_are_refused(prices: tuple[int, ...]):
    line = TwoWireLine().ready()
    assert line.done(SetPrices(PUMP, "p", prices)) == e.CommandRefused(PUMP, "p", "price_out_of_range")


def test_the_second_price_level_is_chosen_before_a_sale():
    line = TwoWireLine(options="price_level=2").ready()
    start = len(line.wire)
    assert line.authorise() == e.CommandDone(PUMP, "c1")
    assert blocks(line, start) == [ChooseLevel(2)]
    line.device.lift(PUMP, 1)
    line.pour(100)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].price == PRICES[0]


def test_a_pump_that_does_not_know_function_010_calls_without_a_nozzle():
    line = TwoWireLine(device="function_010=off").ready()
    calling(line).run(5_000)
    asked = [x for x in blocks(line) if not isinstance(x, SetPrice)]
    assert len(asked) == 2
    assert not line.of(e.NozzleLifted)
    assert line.fuel(300).volume == 3_000
    assert [x for x in blocks(line) if not isinstance(x, SetPrice)] == asked, "not asked again"


def test_a_pump_with_one_nozzle_needs_no_question():
    line = calling(TwoWireLine(nozzles=1).ready())
    assert line.of(e.NozzleLifted) == [e.NozzleLifted(PUMP, 1, PRICES[0])]
    assert not [x for x in blocks(line) if not isinstance(x, SetPrice)]


def test_nothing_sold_is_told_as_nothing():
    line = calling(TwoWireLine().ready(), 2)
    line.authorise()
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(PUMP, 2, 0, 0, PRICES[1], TOTALS[1])]
    line.run(3_000)
    assert line.state() is HeadState.IDLE


def test_a_pump_that_keeps_its_end_state_is_read_in_the_end():
    line = calling(TwoWireLine().ready())
    line.authorise(100_000)
    line.pour(1_000)
    line.run(10_000)
    assert not line.of(e.Delivered), "the nozzle is still out"
    line.run(30_000)
    assert len(line.of(e.Delivered)) == 1
    line.device.hang(PUMP)
    line.run(5_000)
    assert len(line.of(e.Delivered)) == 1
    assert line.state() is HeadState.IDLE


def test_an_order_during_totals_and_the_time_after_a_word_are_kept():
    """Nothing is sent while something is asked, and no poll comes within 68 ms after `1p` or 200 ms after `3p`."""
    line = TwoWireLine()
    times: list[tuple[int, bytes]] = []
    write = line.to_device

    def note(raw: bytes) -> bytes:
        times.append((line.now, raw))
        return write(raw)

    line.to_device = note
    calling(line.ready())
    line.authorise(50_000)
    line.done(StopHead(PUMP, "s"))
    for (at, raw), (then, _) in pairwise(times):
        wait = {b"\x15": 68, b"\x35": 200}.get(raw, 10 if len(raw) > 1 else 20)
        assert then - at >= wait, raw
    pauses = [then - at for (at, raw), (then, block) in pairwise(times) if raw == b"\x25"]
    assert all(20 + 10 <= pause <= 20 + 50 for pause in pauses), "10..50 ms after Dp"


@pytest.mark.parametrize(
    "setup",
    [
        LineSetup((HeadSetup(0, (1,)),)),
        LineSetup((HeadSetup(17, (1,)),)),
        LineSetup((HeadSetup(1, (1,)), HeadSetup(1, (1,)))),
        LineSetup((HeadSetup(1, (1_000_000,)),)),
        LineSetup((HeadSetup(1, ()),)),
        LineSetup((HeadSetup(1, (1,) * 7),)),
        LineSetup((HeadSetup(1, (1,)),), options="echo=perhaps"),
        LineSetup((HeadSetup(1, (1,)),), options="colour=red"),
    ],
)
def test_a_setup_that_makes_no_sense(setup: LineSetup):
    with pytest.raises(LocalProtocolError):
        TwoWireController(setup)


def test_commands_nobody_can_do():
    line = TwoWireLine().ready()
    assert line.done(AuthoriseHead(9, "x")) == e.CommandRefused(9, "x", "unknown_address")
    line.device.cut_power(PUMP)
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    assert line.done(AuthoriseHead(PUMP, "y")) == e.CommandUnanswered(PUMP, "y")
