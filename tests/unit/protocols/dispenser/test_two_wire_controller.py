"""Our end of a Two-Wire loop against the device, in virtual time: sections 5 to 8 of the notes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, ResumeHead, SetPrices, StopHead
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
        e.PriceSeen(PUMP, 1, line.prices[0]),
        e.PriceSeen(PUMP, 2, line.prices[1]),
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
        e.PriceSeen(PUMP, 2, PRICES[1]),
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


@pytest.mark.parametrize(
    "device",
    ["skip_end_states=on", "skip_end_states=peot", "skip_end_states=feot", "end_polls=5", "a_word=EB"],
)
def test_whatever_the_pump_does_at_the_end_the_sale_is_told_once(device: str):
    line = TwoWireLine(device=device).ready()
    assert line.fuel(463).volume == 4_630
    line.run(10_000)
    assert len(line.of(e.Delivered)) == 1
    assert line.state() is HeadState.IDLE


def test_a_pump_may_stay_authorised_for_a_while_with_its_nozzle_out():
    line = calling(TwoWireLine(device="auth_polls=5").ready())
    assert line.authorise() == e.CommandDone(PUMP, "c1")
    line.run(1_000)
    told = [event.state for event in line.of(e.StateChanged)]
    assert told[-2:] == [HeadState.AUTHORISED, HeadState.STARTED]
    assert not line.of(e.Alarm)


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


def stopped(line: TwoWireLine, amount: int | None = None) -> TwoWireLine:
    """Two litres into a sale, frozen."""
    calling(line)
    line.authorise(amount)
    line.pour(200)
    assert line.done(StopHead(PUMP, "stop")) == e.CommandDone(PUMP, "stop")
    return line


def test_stop_freezes_and_the_nozzle_ends_the_sale():
    line = stopped(TwoWireLine().ready())
    assert line.state() is HeadState.SUSPENDED
    assert line.device.pulse(PUMP, 10) == 0
    assert line.done(ReadTotals(PUMP, "t")) == e.CommandRefused(PUMP, "t", "delivering")
    assert line.authorise() == e.CommandRefused(PUMP, "c2", "delivering")
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].volume == 2_000


def test_a_stopped_sale_goes_on_where_pumps_can_do_that():
    line = stopped(TwoWireLine(options="resume=on").ready())
    assert line.done(ResumeHead(PUMP, "r")) == e.CommandDone(PUMP, "r")
    assert line.device.reading(PUMP).status == "busy"
    line.pour(40)
    line.device.hang(PUMP)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].volume == 2_400
    assert not line.of(e.Alarm)


@pytest.mark.parametrize(
    ("options", "device", "words"),
    [("", "", 0), ("resume=on", "resume=off", 1)],
    ids=["nobody said that it can", "the pump ignores the word"],
)
def test_a_sale_that_stays_stopped(options: str, device: str, words: int):
    line = stopped(TwoWireLine(options=options, device=device).ready())
    start = len(line.wire)
    assert line.done(ResumeHead(PUMP, "r")) == e.CommandRefused(PUMP, "r", "cannot_resume")
    assert sent(line, start).count(b"\x15") == words, "said once: at rest the same word would permit a new sale"
    assert line.state() is HeadState.SUSPENDED


def test_only_what_is_stopped_can_go_on():
    line = TwoWireLine(options="resume=on").ready()
    assert line.done(ResumeHead(PUMP, "r")) == e.CommandRefused(PUMP, "r", "cannot_resume")
    assert line.device.reading(PUMP).status == "off"


def test_a_nozzle_that_is_hung_while_its_sale_shall_go_on_permits_no_new_sale():
    """`1p` reaches a pump that is at rest by then: it is authorised, and the authorisation taken back."""
    line = stopped(TwoWireLine(options="resume=on", device="skip_end_states=on").ready())

    def hang_first(raw: bytes) -> bytes:
        if raw == b"\x15":
            line.device.hang(PUMP)
        return raw

    line.to_device = hang_first
    assert line.done(ResumeHead(PUMP, "r")) == e.CommandRefused(PUMP, "r", "cannot_resume")
    assert line.device.reading(PUMP).status == "off"
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert [sale.volume for sale in line.of(e.Delivered)] == [2_000]


def busy(line: TwoWireLine) -> TwoWireLine:
    """Every pump of the line delivers."""
    for head in line.setup.heads:
        calling(line, 1, head.address)
        assert isinstance(line.authorise(pump=head.address), e.CommandDone)
    return line


def stop_each(line: TwoWireLine, *pumps: int) -> int:
    """A stop for each, all at once; where on the wire that was."""
    start = len(line.wire)
    for pump in pumps:
        line.submit(StopHead(pump, f"s{pump}"))
    assert line.run_until(lambda: all(line.ended(f"s{pump}") for pump in pumps))
    return start


@pytest.mark.parametrize(("option", "word"), [("", b"\xfc"), ("stop_all=F0", b"\xf0")])
@pytest.mark.parametrize("heard", ["FC", "F0", "off"])
def test_all_pumps_are_stopped_by_one_word_and_each_is_asked(option: str, word: bytes, heard: str):
    line = busy(TwoWireLine((1, 2, 16), options=option, device=f"stop_all={heard}").ready())
    start = stop_each(line, 1, 2, 16)
    assert all(isinstance(line.ended(f"s{pump}"), e.CommandDone) for pump in (1, 2, 16))
    words = sent(line, start)
    assert words.index(word) == 0, "nothing goes before it"
    assert words.count(word) == 1
    assert {line.device.reading(pump).status for pump in (1, 2, 16)} == {"stop"}
    obeyed = heard == word.hex().upper()
    assert [words.count(bytes((0x30 | pump & 0x0F,))) for pump in (1, 2, 16)] == [int(not obeyed)] * 3


def test_without_a_word_for_all_each_pump_gets_its_own():
    line = busy(TwoWireLine((1, 2, 3), options="stop_all=off").ready())
    words = sent(line, stop_each(line, 1, 2, 3))
    assert sorted(words[:3]) == [b"\x31", b"\x32", b"\x33"]


def test_the_pumps_that_deliver_are_stopped_first():
    line = TwoWireLine((1, 2, 3, 4), options="stop_all=off cabinet_heads=1").ready()
    calling(line, 1, 3)
    line.authorise(pump=3)
    line.run(300)
    words = sent(line, stop_each(line, 1, 2, 3, 4))
    assert words[0] == b"\x33"


def test_a_stop_that_is_under_way_does_not_keep_the_others_from_one_word():
    """The cashier stops one pump, and a moment later all."""
    line = busy(TwoWireLine((1, 2, 3)).ready())
    line.submit(StopHead(1, "first"))
    line.run(50)
    words = sent(line, stop_each(line, 1, 2, 3))
    assert words.count(b"\xfc") == 1
    assert b"\x32" not in words
    assert b"\x33" not in words
    assert {line.device.reading(pump).status for pump in (1, 2, 3)} == {"stop"}


def test_a_pump_that_does_not_answer_hears_the_word_for_all():
    line = busy(TwoWireLine((1, 2, 3)).ready())
    line.device.inject(2, "no_answer", 1_000)
    assert line.run_until(lambda: e.HeadLost(2) in line.events)
    stop_each(line, 1, 2, 3)
    assert line.ended("s2") == e.CommandUnanswered(2, "s2")
    assert {line.device.reading(pump).status for pump in (1, 2, 3)} == {"stop"}


def test_a_stop_goes_before_everything_on_a_full_line():
    line = TwoWireLine(range(1, 17), options="cabinet_heads=1").ready()
    calling(line, 1, 9)
    line.authorise(pump=9)
    line.run(40)
    start = len(line.wire)
    line.submit(StopHead(9, "s"))
    line.run(100)
    assert sent(line, start)[0] == b"\x39"


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
    assert len(asked) == 3
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


# ── prices ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_prices_the_pump_shows_are_told_when_they_are_read_changed_and_lifted():
    line = TwoWireLine().ready()
    shown = [e.PriceSeen(PUMP, 1, PRICES[0]), e.PriceSeen(PUMP, 2, PRICES[1])]
    assert line.of(e.PriceSeen) == shown
    line.events.clear()
    assert line.done(ReadTotals(PUMP, "t")) == e.CommandDone(PUMP, "t")
    assert line.of(e.PriceSeen) == shown
    line.events.clear()
    line.done(SetPrices(PUMP, "p", (21_900, 18_640)))
    assert line.of(e.PriceSeen) == [e.PriceSeen(PUMP, 1, 21_900), shown[1]]
    line.events.clear()
    line.fuel(100)
    assert line.of(e.PriceSeen) == [e.PriceSeen(PUMP, 1, 21_900)]


def test_the_price_told_is_that_of_the_level_in_force():
    line = TwoWireLine(options="price_level=2").ready()
    line.device._heads[PUMP]._prices[0] = [1, 2]
    line.events.clear()
    line.done(ReadTotals(PUMP, "t"))
    assert line.of(e.PriceSeen) == [e.PriceSeen(PUMP, 1, PRICES[0]), e.PriceSeen(PUMP, 2, PRICES[1])]


@pytest.mark.parametrize("device", ["", "format=6"])
def test_every_grade_on_every_level_is_written_and_read_back(device: str):
    line = TwoWireLine(device=device, options="price_levels=2").ready()
    prices = tuple(price + 10 for price in line.prices)
    start = len(line.wire)
    assert line.done(SetPrices(PUMP, "p", prices)) == e.CommandDone(PUMP, "p")
    count = 4 if device else 6
    assert blocks(line, start) == [SetPrice(level, grade, prices[grade], count) for level in (1, 2) for grade in (0, 1)]
    assert line.device._heads[PUMP]._prices == [list(prices)] * 2
    assert sent(line, start).count(b"\x55") >= 2, "the pump's own word, read twice"


def test_new_prices_stay_in_force_when_the_pump_starts_with_old_ones():
    line = TwoWireLine().ready()
    line.done(SetPrices(PUMP, "p", (21_900, 18_700)))
    line.device.cut_power(PUMP)
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    line.device._heads[PUMP]._prices[0] = list(PRICES)
    line.device.restore_power(PUMP)
    line.run(10_000)
    assert line.device._heads[PUMP]._prices[0] == [21_900, 18_700]
    assert line.of(e.PriceSeen)[-2:] == [e.PriceSeen(PUMP, 1, 21_900), e.PriceSeen(PUMP, 2, 18_700)]


# ── how the line fares ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_line_is_counted():
    line = TwoWireLine((5, 6)).ready()
    line.controller.take_counts(line.now)
    line.run(3_000)
    counts = line.controller.take_counts(line.now)
    assert 150 <= counts.cycle_ms <= 250
    assert 30 <= counts.answered <= 42
    assert (counts.unanswered, counts.damaged) == (0, 0)
    line.device.inject(5, "no_answer", 2)
    line.to_controller = lambda raw: b"\x21" if raw[0] & 0x0F == 6 else raw
    line.run(1_500)
    counts = line.controller.take_counts(line.now)
    assert counts.unanswered == 2
    assert counts.damaged > 0
    line.controller.connection_lost(line.now)
    assert line.controller.take_counts(line.now).cycle_ms == 0


# ── what only some hosts know ──────────────────────────────────────────────────────────────────────────────────────


def test_states_of_one_other_host_are_understood_when_they_are_tolerated():
    """E for OFF, 1 for BUSY, 3 for the end, F for STOP."""
    other = {0x65: 0xE5, 0x95: 0x15, 0xA5: 0x35, 0xB5: 0x35, 0xC5: 0xF5}
    line = TwoWireLine(options="tolerant_states=on echo=off")
    line.to_controller = lambda raw: bytes((other.get(raw[0], raw[0]),)) if len(raw) == 1 else raw
    assert line.ready().fuel(300).volume == 3_000
    assert {told.state for told in line.of(e.StateChanged)} >= {HeadState.STARTED, HeadState.ENDING, HeadState.IDLE}
    assert stopped(line).state() is HeadState.SUSPENDED
    strict = TwoWireLine(options="echo=off")
    strict.to_controller = line.to_controller
    strict.run(5_000)
    assert not strict.of(e.HeadFound)


@pytest.mark.parametrize(
    ("device", "options", "alarms"),
    [
        ("total_digit=2", "", []),
        ("total_digit=0", "", ["total_decimals_differ"]),
        ("total_digit=1", "", ["total_decimals_differ"]),
        ("total_digit=0", "total_digit=off", []),
    ],
)
def test_decimals_of_the_totals_are_compared_with_what_function_010_says(device: str, options: str, alarms: list[str]):
    line = TwoWireLine(device=device, options=options).ready()
    for _ in range(2):
        calling(line)
        line.device.hang(PUMP)
        line.run(2_000)
    assert [alarm.code for alarm in line.of(e.Alarm)] == alarms, "told once"


def test_a_nozzle_that_is_not_for_sale_keeps_no_price():
    line = TwoWireLine(prices=(PRICES[0], 0)).ready()
    assert line.done(SetPrices(PUMP, "a", (21_900, 0))) == e.CommandDone(PUMP, "a")
    assert line.done(SetPrices(PUMP, "b", (0, 0))) == e.CommandRefused(PUMP, "b", "price_out_of_range")
    assert line.of(e.PriceSeen)[-1] == e.PriceSeen(PUMP, 1, 21_900)
