"""The master of the line against a faithful device, in virtual time."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, SetPrices, StopHead
from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.frames import Data
from pos_client.protocols.dispenser.dart.transactions import Prices
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.interface import HeadSetup, LineCounts, LineSetup
from tests.fakes.dart_line import ADDRESS, PRICES, TOTALS, DartLine
from tests.fakes.dart_story import authorise, connected, ended, fuel


def states(line: DartLine) -> list[HeadState]:
    return [change.state for change in line.of(e.StateChanged)]


@pytest.fixture
def line() -> DartLine:
    return connected(DartLine())


def test_first_contact_programs_the_head_and_reads_all_totals(line: DartLine):
    assert line.events == [
        e.HeadFound(ADDRESS),
        e.PowerRestored(ADDRESS),
        e.StateChanged(ADDRESS, HeadState.NOT_PROGRAMMED),
        e.PriceSeen(ADDRESS, 1, PRICES[0]),
        e.StateChanged(ADDRESS, HeadState.IDLE),
        e.TotalRead(ADDRESS, 1, TOTALS[0]),
        e.TotalRead(ADDRESS, 2, TOTALS[1]),
    ]


def test_flow_a_lift_then_authorise(line: DartLine):
    line.events.clear()
    done = fuel(line, 463, nozzle=1, preset=100_000)
    line.run(1_000)
    assert done == e.Delivered(ADDRESS, 1, 463, 100_000, PRICES[0], TOTALS[0] + 463)
    assert states(line) == [
        HeadState.CALLING,
        HeadState.STARTED,
        HeadState.DELIVERING,
        HeadState.ENDING,
        HeadState.ENDING,
        HeadState.IDLE,
    ]
    assert line.of(e.TotalRead) == [], "the total belongs to the delivery"
    idle = next(x for x in line.events if isinstance(x, e.StateChanged) and x.state is HeadState.IDLE)
    assert line.events.index(done) < line.events.index(idle), "told as delivered before the head is called idle"


def test_flow_b_authorise_in_advance(line: DartLine):
    line.events.clear()
    assert authorise(line, 50_000) == e.CommandDone(ADDRESS, "c1")
    line.run(2_000)
    assert states(line) == [HeadState.AUTHORISED]
    line.device.lift(ADDRESS, 2)
    line.run(500)
    line.device.pulse(ADDRESS, 1_000)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].amount == 50_000


def test_an_authorisation_taken_back_is_no_delivery(line: DartLine):
    line.events.clear()
    authorise(line, 50_000)
    line.submit(StopHead(ADDRESS, "s"))
    assert line.run_until(lambda: ended(line, "s") == e.CommandDone(ADDRESS, "s"))
    line.run(2_000)
    assert line.of(e.Delivered) == []
    assert states(line) == [HeadState.AUTHORISED, HeadState.IDLE]
    assert authorise(line).__class__ is e.CommandDone, "and the head is free again"


def test_lifted_and_hung_up_is_a_zero_sale(line: DartLine):
    done = fuel(line, 0, nozzle=2)
    assert (done.volume, done.amount, done.nozzle, done.total) == (0, 0, 2, TOTALS[1])


def test_a_nozzle_that_is_not_allowed_stays_dry(line: DartLine):
    authorise(line, nozzles=(2,))
    line.device.lift(ADDRESS, 1)
    line.run(1_000)
    assert line.device.pulse(ADDRESS, 100) == 0
    assert states(line)[-1] is HeadState.AUTHORISED


def test_a_head_that_ignores_reset_is_asked_again(line: DartLine):
    line.device.inject(ADDRESS, "ignored_reset", 4)
    assert isinstance(authorise(line), e.CommandDone)


def test_a_head_that_always_ignores_reset_is_not_authorised(line: DartLine):
    line.device.inject(ADDRESS, "ignored_reset", 5)
    assert authorise(line) == e.CommandRefused(ADDRESS, "c1", "reset_ignored")
    assert line.device.reading(ADDRESS).status == "completed"


def test_commands_that_cannot_be_are_refused_with_a_reason(line: DartLine):
    assert authorise(line, 0) == e.CommandRefused(ADDRESS, "c1", "preset_out_of_range")
    assert authorise(line, 100_000_000) == e.CommandRefused(ADDRESS, "c2", "preset_out_of_range")
    assert authorise(line, nozzles=(3,)) == e.CommandRefused(ADDRESS, "c3", "nozzle_not_for_sale")
    line.submit(StopHead(0x60, "x"))
    assert line.events[-1] == e.CommandRefused(0x60, "x", "unknown_address")
    assert isinstance(authorise(line), e.CommandDone)
    assert authorise(line) == e.CommandRefused(ADDRESS, "c5", "already_authorised")
    line.device.lift(ADDRESS, 1)
    line.run(500)
    assert authorise(line) == e.CommandRefused(ADDRESS, "c6", "delivering")
    line.submit(ReadTotals(ADDRESS, "t"))
    line.submit(SetPrices(ADDRESS, "p", (1, 2)))
    assert line.run_until(lambda: ended(line, "p") is not None)
    assert ended(line, "t") == e.CommandRefused(ADDRESS, "t", "delivering")
    assert ended(line, "p") == e.CommandRefused(ADDRESS, "p", "delivering")


def test_a_nozzle_without_a_price_is_not_for_sale():
    line = DartLine()
    line.controller = DartController(LineSetup((HeadSetup(ADDRESS, (21_580, 0)),)))
    connected(line)
    assert authorise(line, nozzles=(2,)) == e.CommandRefused(ADDRESS, "c1", "nozzle_not_for_sale")
    assert isinstance(authorise(line), e.CommandDone)
    line.device.lift(ADDRESS, 2)
    assert line.device.pulse(ADDRESS, 10) == 0


def test_stop_overtakes_an_authorisation_that_has_not_come_through(line: DartLine):
    line.submit(AuthoriseHead(ADDRESS, "a"))
    line.submit(AuthoriseHead(ADDRESS, "b"))
    line.run(60)
    line.submit(StopHead(ADDRESS, "s"))
    assert line.run_until(lambda: ended(line, "s") is not None)
    assert ended(line, "a") == e.CommandRefused(ADDRESS, "a", "stopped")
    assert ended(line, "b") == e.CommandRefused(ADDRESS, "b", "stopped")
    assert line.device.reading(ADDRESS).status == "completed"


def test_stop_freezes_and_the_rest_comes_when_the_nozzle_hangs(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 250)
    line.submit(StopHead(ADDRESS, "s"))
    assert line.run_until(lambda: ended(line, "s") is not None)
    assert line.device.pulse(ADDRESS, 100) == 0
    line.run(2_000)
    assert line.of(e.Delivered) == []
    assert states(line)[-1] is HeadState.ENDING
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].volume == 250


def test_power_cut_in_the_middle_tells_totals_and_no_delivery(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 777)
    line.run(1_000)
    line.events.clear()
    line.device.cut_power(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    line.device.hang(ADDRESS)
    line.device.restore_power(ADDRESS)
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    line.run(3_000)
    assert line.of(e.PowerRestored) == [e.PowerRestored(ADDRESS)]
    assert line.of(e.Delivered) == []
    assert line.of(e.TotalRead)[0] == e.TotalRead(ADDRESS, 1, TOTALS[0] + 777)
    assert isinstance(authorise(line), e.CommandDone)


def test_power_cut_too_short_to_be_missed_is_noticed_all_the_same(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 777)
    line.run(1_000)
    line.events.clear()
    line.device.cut_power(ADDRESS)
    line.device.restore_power(ADDRESS)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    line.run(2_000)
    assert line.of(e.Delivered) == []
    assert line.of(e.TotalRead)[0].total == TOTALS[0] + 777


def test_an_authorisation_running_into_a_power_cut_is_refused(line: DartLine):
    line.submit(AuthoriseHead(ADDRESS, "a"))
    line.run(60)
    line.device.cut_power(ADDRESS)
    line.device.restore_power(ADDRESS)
    assert line.run_until(lambda: ended(line, "a") is not None)
    assert ended(line, "a") == e.CommandRefused(ADDRESS, "a", "restarted")


def test_a_cable_out_in_the_middle_ends_in_the_delivery_all_the_same(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.run(1_000)
    line.connected = False
    line.controller.connection_lost(line.now)
    line.device.pulse(ADDRESS, 300)
    line.device.hang(ADDRESS)
    line.run(10_000)
    line.connected = True
    line.device.line_restored()
    line.events.clear()
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, 600, 129_480, PRICES[0], TOTALS[0] + 600)]
    first_total = line.events.index(line.of(e.TotalRead)[0])
    assert line.events.index(line.of(e.Delivered)[0]) < first_total, "else the total would look like lost litres"


def test_totals_are_not_read_while_litres_flow(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.run(500)
    line.connected = False
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    line.connected = True
    line.events.clear()
    for _ in range(30):
        line.device.pulse(ADDRESS, 10)
        line.run(200)
    assert line.of(e.HeadFound) == [e.HeadFound(ADDRESS)]
    assert line.of(e.TotalRead) == []


def test_a_terminal_started_in_the_middle_takes_over_the_delivery(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.controller = DartController(line.setup)
    line.events.clear()
    line.run(1_000)
    line.device.pulse(ADDRESS, 100)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    assert [d.volume for d in line.of(e.Delivered)] == [400]


def test_a_terminal_started_after_the_end_invents_nothing(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.run(500)
    line.device.pulse(ADDRESS, 300)
    line.device.hang(ADDRESS)
    line.controller = DartController(line.setup)
    line.events.clear()
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    line.run(3_000)
    assert line.of(e.Delivered) == []
    assert line.of(e.TotalRead)[0].total == TOTALS[0] + 300


def test_another_price_in_the_head_is_corrected_before_anything_is_sold(line: DartLine):
    line.submit(SetPrices(ADDRESS, "p", (22_000, 19_000)))
    assert line.run_until(lambda: ended(line, "p") == e.CommandDone(ADDRESS, "p"))
    assert fuel(line, 100).price == 22_000
    line.controller = DartController(line.setup)
    line.run(3_000)
    assert fuel(line, 100).price == PRICES[0]


def test_prices_the_head_shows_are_told(line: DartLine):
    assert line.of(e.PriceSeen) == [e.PriceSeen(ADDRESS, 1, PRICES[0])], "once, with its status"
    line.events.clear()
    line.device.lift(ADDRESS, 2)
    line.run(1_000)
    line.device.hang(ADDRESS)
    line.run(1_000)
    line.device.lift(ADDRESS, 2)
    line.run(1_000)
    assert line.of(e.PriceSeen) == [e.PriceSeen(ADDRESS, 2, PRICES[1])] * 2, "at every lift"
    line.device.hang(ADDRESS)
    line.run(1_000)
    line.events.clear()
    line.submit(SetPrices(ADDRESS, "p", (22_000, 19_000)))
    assert line.run_until(lambda: ended(line, "p") == e.CommandDone(ADDRESS, "p"))
    assert line.of(e.PriceSeen) == [e.PriceSeen(ADDRESS, 2, 19_000)], "read back; that of the selected nozzle"


def test_a_price_somebody_else_set_is_told_and_corrected(line: DartLine):
    foreign = Data(ADDRESS, 0, (Prices((30_000, 31_000)).to_tlv(),)).to_bytes()
    line.device.receive_data(foreign, line.now)
    assert line.device.next_answer() is not None
    line.events.clear()
    line.run(5_000)
    assert line.of(e.PriceSeen) == [e.PriceSeen(ADDRESS, 1, 30_000), e.PriceSeen(ADDRESS, 1, PRICES[0])]


def test_new_prices_stay_in_force_when_the_head_starts_anew(line: DartLine):
    line.submit(SetPrices(ADDRESS, "p", (22_000, 19_000)))
    assert line.run_until(lambda: ended(line, "p") == e.CommandDone(ADDRESS, "p"))
    line.device.cut_power(ADDRESS)
    line.run(3_000)
    line.device.restore_power(ADDRESS)
    line.run(5_000)
    assert fuel(line, 100).price == 22_000
    assert fuel(line, 100, nozzle=2).price == 19_000


@pytest.mark.parametrize(
    ("configured", "given", "taken"),
    [
        ((21_580, 0), (22_000, 0), True),
        ((21_580, 0), (22_000, 19_000), True),
        ((21_580, 18_640), (22_000, 0), False),
        ((21_580, 18_640), (22_000, 1_000_000), False),
        ((21_580, 18_640), (22_000,), False),
        ((21_580, 18_640), (22_000, 19_000, 1), False),
        ((21_580, 18_640), (-1, 19_000), False),
    ],
)
def test_prices_that_cannot_be_are_refused(configured: tuple[int, ...], given: tuple[int, ...], taken: bool):
    line = DartLine()
    line.controller = DartController(LineSetup((HeadSetup(ADDRESS, configured),)))
    connected(line)
    line.submit(SetPrices(ADDRESS, "p", given))
    assert line.run_until(lambda: ended(line, "p") is not None)
    refused = e.CommandRefused(ADDRESS, "p", "price_out_of_range")
    assert ended(line, "p") == (e.CommandDone(ADDRESS, "p") if taken else refused)


def test_two_presets_at_once_are_refused(line: DartLine):
    line.submit(AuthoriseHead(ADDRESS, "a", preset_amount=1, preset_volume=1))
    line.submit(AuthoriseHead(ADDRESS, "b", preset_volume=100_000_000))
    assert line.run_until(lambda: ended(line, "b") is not None)
    assert ended(line, "a") == e.CommandRefused(ADDRESS, "a", "two_presets")
    assert ended(line, "b") == e.CommandRefused(ADDRESS, "b", "preset_out_of_range")


def test_how_the_line_fares_is_counted(line: DartLine):
    line.run(5_000)
    line.controller.take_counts(line.now)
    line.run(10_000)
    fine = line.controller.take_counts(line.now)
    assert fine.cycle_ms in range(300, 400), "one head at rest, at its own pace"
    assert fine.answered >= 25
    assert (fine.unanswered, fine.damaged) == (0, 0)
    line.to_controller = lambda raw: b""
    line.run(1_000)
    silent = line.controller.take_counts(line.now)
    assert silent.unanswered >= 4
    assert (silent.answered, silent.damaged) == (0, 0)
    line.to_controller = lambda raw: b"\x99" * len(raw)
    line.run(10_000)
    assert line.controller.take_counts(line.now).damaged >= 4
    line.controller.connection_lost(line.now)
    assert line.controller.take_counts(line.now) == LineCounts(0, 0, 0, 0)


def test_heads_are_served_in_turn_and_a_delivery_starves_nobody():
    line = connected(DartLine((0x50, 0x51, 0x52, ADDRESS)))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.wire.clear()
    for _ in range(50):
        line.device.pulse(ADDRESS, 1)
        line.run(100)
    polls = [raw[0] for way, raw in line.wire if way == "C>P" and len(raw) == 3 and raw[1] == 0x20]
    per_head = [polls.count(address) for address in (0x50, 0x51, 0x52, ADDRESS)]
    assert min(per_head) >= 10
    assert per_head[3] > 1.3 * max(per_head[:3])


def test_stopping_everybody_reaches_those_who_deliver_first():
    line = connected(DartLine(range(0x50, 0x60)))
    moving = [0x53, 0x5C]
    for address in moving:
        line.device.lift(address, 1)
        line.submit(AuthoriseHead(address, f"a{address}"))
    assert line.run_until(lambda: all(line.device.reading(address).delivering for address in moving))
    line.run(1_000)
    start = len(line.wire)
    for address in range(0x50, 0x60):
        line.submit(StopHead(address, f"s{address}"))
    assert line.run_until(lambda: not any(line.device.reading(address).delivering for address in moving), 500)
    blocks = [raw[0] for way, raw in line.wire[start:] if way == "C>P" and raw[1] >> 4 == 3]
    assert sorted(blocks[:2]) == moving
    assert line.run_until(lambda: all(ended(line, f"s{address}") is not None for address in range(0x50, 0x60)))


def test_a_missing_head_is_told_once_and_does_not_hold_up_the_others():
    line = DartLine((0x50, 0x51))
    line.device.cut_power(0x51)
    line.run(10_000)
    assert line.of(e.HeadLost) == [e.HeadLost(0x51)]
    assert line.of(e.HeadFound) == [e.HeadFound(0x50)]
    line.submit(AuthoriseHead(0x51, "a"))
    assert line.events[-1] == e.CommandUnanswered(0x51, "a")


def test_the_head_of_a_lost_line_is_silent_until_it_is_found_again(line: DartLine):
    line.submit(ReadTotals(ADDRESS, "t"))
    line.events.clear()
    line.controller.connection_lost(line.now)
    line.connected = False
    line.run(5_000)
    assert line.events == [e.HeadLost(ADDRESS), e.CommandUnanswered(ADDRESS, "t")]
    line.connected = True
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    assert line.of(e.StateChanged) == [], "the state is the one told before"


@pytest.mark.parametrize(
    "heads",
    [
        (HeadSetup(0x4F, PRICES),),
        (HeadSetup(0x70, PRICES),),
        (HeadSetup(0x50, ()),),
        (HeadSetup(0x50, (1_000_000,)),),
        (HeadSetup(0x50, PRICES), HeadSetup(0x50, PRICES)),
    ],
)
def test_a_line_that_cannot_be_is_our_error(heads: tuple[HeadSetup, ...]):
    with pytest.raises(LocalProtocolError):
        DartController(LineSetup(heads))
