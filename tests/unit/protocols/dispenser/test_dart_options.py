"""Every option of a DART line and of its simulated heads: what it changes on the wire, and what it may not change."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals, ResumeHead, SetPrices, StopHead
from pos_client.protocols.dispenser.dart import options
from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Nak, Poll, from_bytes
from pos_client.protocols.dispenser.dart.states import CommandCode
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadSetup, LineSetup
from pos_client.protocols.dispenser.options_text import declared
from tests.fakes.dart_line import ADDRESS, PRICES, TOTALS, DartLine
from tests.fakes.dart_story import authorise, connected, ended, fuel

OTHER = ADDRESS ^ 1
"""the other side of its cabinet"""


def said(line: DartLine, since: int = 0) -> list[Data]:
    """Our blocks."""
    frames = [from_bytes(raw) for way, raw in line.wire[since:] if way == "C>P"]
    return [frame for frame in frames if isinstance(frame, Data)]


def meant(line: DartLine, since: int = 0) -> list[list[t.ControllerTransaction | None]]:
    return [[t.from_controller(tlv) for tlv in block.transactions] for block in said(line, since)]


def acks(line: DartLine) -> list[Ack]:
    frames = [from_bytes(raw) for way, raw in line.wire if way == "C>P"]
    return [frame for frame in frames if isinstance(frame, Ack)]


# ── our end ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("wrap", "after_f"), [("1", 1), ("0", 0)])
def test_the_number_after_f(wrap: str, after_f: int):
    line = connected(DartLine(options=f"wrap={wrap}", device=f"wrap={wrap}"))
    for _ in range(20):
        line.submit(ReadTotals(ADDRESS, line.new_id()))
        line.run(2_000)
    numbers = [(a.number, b.number) for a, b in pairwise(said(line))]
    assert {b for a, b in numbers if a == 15} == {after_f}
    assert len(line.of(e.CommandDone)) == 20


def test_an_ack_names_the_block_or_nothing():
    line = connected(DartLine())
    line.run(1_000)
    blocks = [from_bytes(raw) for way, raw in line.wire if way == "P>C" and len(raw) > 3]
    assert [ack.number for ack in acks(line)] == [block.number for block in blocks if isinstance(block, Data)]
    assert {ack.number for ack in acks(connected(DartLine(options="ack_number=zero")))} == {0}


@pytest.mark.parametrize(("match", "sendings"), [("strict", 2), ("lenient", 1)])
def test_an_ack_of_another_number(match: str, sendings: int):
    line = connected(DartLine(options=f"ack_match={match}"))
    done = False

    def other_number(raw: bytes) -> bytes:
        nonlocal done
        frame = from_bytes(raw)
        if isinstance(frame, Ack) and not done:
            done = True
            return Ack(ADDRESS, (frame.number + 3) % 16).to_bytes()
        return raw

    line.to_controller = other_number
    start = len(line.wire)
    line.submit(ReadTotals(ADDRESS, "t"))
    assert line.run_until(lambda: ended(line, "t") is not None)
    assert meant(line, start).count([t.AskTotals(1)]) == sendings


@pytest.mark.parametrize("tries", [1, 3])
def test_sendings_of_a_block(tries: int):
    line = connected(DartLine(options=f"data_tries={tries}"))
    line.to_device = lambda raw: b"" if isinstance(from_bytes(raw), Data) else raw
    start = len(line.wire)
    line.submit(ReadTotals(ADDRESS, "t"))
    assert line.run_until(lambda: ended(line, "t") is not None)
    assert ended(line, "t") == e.CommandUnanswered(ADDRESS, "t")
    assert meant(line, start).count([t.AskTotals(1)]) == tries


@pytest.mark.parametrize(("polls", "lost"), [(1, False), (0, True)])
def test_a_head_that_is_busy_changing_its_state_is_not_lost_for_it(polls: int, lost: bool):
    line = DartLine(device="quiet_change=on")
    line.setup = LineSetup(line.setup.heads, misses_until_offline=1, options=f"quiet_polls={polls}")
    line.controller = DartController(line.setup)
    connected(line)
    line.events.clear()
    line.device.lift(ADDRESS, 1)
    authorise(line)
    assert bool(line.of(e.HeadLost)) is lost


@pytest.mark.parametrize("repeats", ["poll", "at_once"])
def test_a_damaged_block_comes_again_at_once_or_with_the_next_poll(repeats: str):
    line = connected(DartLine(device=f"nak_repeat={repeats}"))
    garbled = False

    def garble(raw: bytes) -> bytes:
        nonlocal garbled
        if len(raw) > 3 and not garbled:
            garbled = True
            return raw[:4] + bytes((raw[4] ^ 0x20,)) + raw[5:]
        return raw

    line.to_controller = garble
    line.run(500)
    start = len(line.wire)
    line.device.lift(ADDRESS, 1)
    assert line.run_until(lambda: bool(line.of(e.NozzleLifted)))
    frames = [from_bytes(raw) for way, raw in line.wire[start:] if way == "C>P"]
    nak = next(n for n, frame in enumerate(frames) if isinstance(frame, Nak))
    between = frames[nak + 1 :]
    assert between == ([] if repeats == "at_once" else [Poll(ADDRESS)])


@pytest.mark.parametrize(("option", "soon"), [("nak_wait=on", False), ("nak_wait=off", True)])
def test_without_waiting_a_poll_follows_the_nak_soon(option: str, soon: bool):
    line = connected(DartLine(options=option))
    line.to_controller = lambda raw: raw[:4] + b"\x7f" + raw[5:] if len(raw) > 3 else raw
    line.device.lift(ADDRESS, 1)
    assert line.run_until(lambda: line.wire[-1][1][1] & 0xF0 == 0x50)
    refused, start = line.now, len(line.wire)
    assert line.run_until(lambda: ("C>P", Poll(ADDRESS).to_bytes()) in line.wire[start:])
    assert (line.now - refused < 60) is soon


@pytest.mark.parametrize(("gap_ms", "heard"), [(15, False), (60, True)])
def test_a_frame_that_comes_in_pieces(gap_ms: int, heard: bool):
    line = connected(DartLine(options=f"gap_ms={gap_ms}", delay=lambda: 100))

    def slowly(raw: bytes) -> bytes:
        if len(raw) > 3:
            line.put(raw[8:], 160)
            return raw[:8]
        return raw

    line.to_controller = slowly
    line.device.lift(ADDRESS, 1)
    line.run(1_500)
    assert bool(line.of(e.NozzleLifted)) is heard


@pytest.mark.parametrize("pause", [5, 50])
def test_the_pause_before_an_ack(pause: int):
    line = connected(DartLine(options=f"ack_pause_ms={pause}"))
    line.device.lift(ADDRESS, 1)
    assert line.run_until(lambda: bool(line.of(e.NozzleLifted)))
    heard = line.now
    assert line.run_until(lambda: line.wire[-1][1][1] & 0xF0 == 0xC0)
    assert line.now - heard == pause


@pytest.mark.parametrize(("seconds", "times"), [(0, 0), (5, 20), (60, 2)])
def test_return_status_as_keep_alive(seconds: int, times: int):
    line = connected(DartLine(options=f"keep_alive_s={seconds}"))
    line.run(5_000)
    start = len(line.wire)
    line.run(120_000)
    asked = meant(line, start).count([t.Command(CommandCode.RETURN_STATUS)])
    assert times <= asked <= times * 1.2


def test_reset_is_repeated_as_often_as_set():
    line = connected(DartLine(options="reset_tries=2"))
    line.device.inject(ADDRESS, "ignored_reset", 2)
    assert authorise(line) == e.CommandRefused(ADDRESS, "c1", "reset_ignored")


ALLOWED, AUTHORISED = t.AllowedNozzles((1, 2)), t.Command(CommandCode.AUTHORISE)


@pytest.mark.parametrize(
    ("text", "preset", "blocks"),
    [
        ("", None, [[ALLOWED, AUTHORISED]]),
        ("", 50_000, [[ALLOWED, t.PresetAmount(50_000), AUTHORISED]]),
        ("authorise_blocks=three", 50_000, [[ALLOWED], [t.PresetAmount(50_000)], [AUTHORISED]]),
        ("prices_first=on", None, [[t.Prices(PRICES)], [ALLOWED, AUTHORISED]]),
        ("no_limit=volume", None, [[ALLOWED, t.PresetVolume(99_900), AUTHORISED]]),
        ("no_limit=amount", None, [[ALLOWED, t.PresetAmount(99_999_999), AUTHORISED]]),
        ("no_limit=amount", 50_000, [[ALLOWED, t.PresetAmount(50_000), AUTHORISED]]),
    ],
)
def test_how_a_delivery_is_permitted(text: str, preset: int | None, blocks: list[list[t.ControllerTransaction]]):
    line = connected(DartLine(options=text))
    start = len(line.wire)
    assert isinstance(authorise(line, preset), e.CommandDone)
    reset, *others = meant(line, start)
    assert reset[0] == t.Command(CommandCode.RESET)
    assert others == blocks
    line.device.lift(ADDRESS, 1)
    assert line.device.pulse(ADDRESS, 200) == 200


def test_a_preset_in_litres():
    line = connected(DartLine())
    start = len(line.wire)
    line.submit(AuthoriseHead(ADDRESS, "a", preset_volume=500))
    assert line.run_until(lambda: ended(line, "a") == e.CommandDone(ADDRESS, "a"))
    assert [ALLOWED, t.PresetVolume(500), AUTHORISED] in meant(line, start)
    line.device.lift(ADDRESS, 2)
    line.run(500)
    assert line.device.pulse(ADDRESS, 10_000) == 500
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 2, 500, 93_200, PRICES[1], TOTALS[1] + 500)]


@pytest.mark.parametrize(("text", "reason"), [("", "cannot_resume"), ("resume=on", None)])
def test_a_suspended_delivery_goes_on_where_there_is_such_a_command(text: str, reason: str | None):
    line = connected(DartLine(options=text))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.inject(ADDRESS, "suspended", 1)
    line.run(500)
    line.submit(ResumeHead(ADDRESS, "r"))
    assert line.run_until(lambda: ended(line, "r") is not None)
    wanted = e.CommandDone(ADDRESS, "r") if reason is None else e.CommandRefused(ADDRESS, "r", reason)
    assert ended(line, "r") == wanted
    assert (line.device.pulse(ADDRESS, 10) == 10) is (reason is None)


def test_what_was_stopped_stays_stopped():
    line = connected(DartLine(options="resume=on"))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.submit(StopHead(ADDRESS, "s"))
    line.submit(ResumeHead(ADDRESS, "r"))
    assert line.run_until(lambda: ended(line, "r") is not None)
    assert ended(line, "r") == e.CommandRefused(ADDRESS, "r", "cannot_resume")


@pytest.mark.parametrize(("text", "stopped"), [("", True), ("emergency_stop=off", False)])
def test_the_emergency_stop_of_a_pump_ends_what_it_delivers(text: str, stopped: bool):
    line = connected(DartLine(options=text))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 100)
    line.device.inject(ADDRESS, "alarm", 1)
    line.run(2_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "emergency_stop")]
    assert (line.device.pulse(ADDRESS, 10) == 0) is stopped
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))


def test_an_emergency_stop_refuses_what_was_about_to_be_permitted():
    line = connected(DartLine())
    line.device.lift(ADDRESS, 1)
    line.submit(AuthoriseHead(ADDRESS, "a"))
    line.submit(AuthoriseHead(ADDRESS, "b"))
    assert line.run_until(lambda: line.device.reading(ADDRESS).status in ("authorised", "filling"))
    line.device.inject(ADDRESS, "alarm", 1)
    line.run(3_000)
    assert ended(line, "b") == e.CommandRefused(ADDRESS, "b", "emergency_stop")
    assert not line.device.reading(ADDRESS).delivering


def test_other_alarms_are_told_and_stop_nothing():
    line = connected(DartLine(device="alarm_code=6"))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.inject(ADDRESS, "alarm", 1)
    line.run(2_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "pulser")]
    assert line.device.pulse(ADDRESS, 10) == 10


@pytest.mark.parametrize(("text", "readings"), [("", 1), ("cross_check=off", 2)])
def test_a_total_that_moved_by_what_was_delivered_is_believed_at_once(text: str, readings: int):
    line = connected(DartLine(options=text))
    start = len(line.wire)
    assert fuel(line, 250).total == TOTALS[0] + 250
    assert meant(line, start).count([t.AskTotals(1)]) == readings


@pytest.mark.parametrize(("text", "changed"), [("", False), ("cabinet_heads=1", True)])
def test_prices_change_only_while_nobody_uses_the_cabinet(text: str, changed: bool):
    line = connected(DartLine((ADDRESS, OTHER), options=text))
    line.device.lift(OTHER, 1)
    line.submit(AuthoriseHead(OTHER, "a"))
    assert line.run_until(lambda: ended(line, "a") == e.CommandDone(OTHER, "a"))
    line.submit(SetPrices(ADDRESS, "p", (22_000, 19_000)))
    assert line.run_until(lambda: ended(line, "p") is not None)
    wanted = e.CommandDone(ADDRESS, "p") if changed else e.CommandRefused(ADDRESS, "p", "cabinet_busy")
    assert ended(line, "p") == wanted
    line.device.hang(OTHER)
    line.run(3_000)
    line.submit(SetPrices(ADDRESS, "q", (22_000, 19_000)))
    assert line.run_until(lambda: ended(line, "q") == e.CommandDone(ADDRESS, "q"))


def test_an_option_that_does_not_exist_is_our_error():
    with pytest.raises(LocalProtocolError, match="no such option: nonsense=1"):
        DartController(LineSetup((HeadSetup(ADDRESS, PRICES),), options="nonsense=1"))
    with pytest.raises(LocalProtocolError, match="no such option: wrap=2"):
        DartDispenser([DeviceHeadSetup(ADDRESS, TOTALS, options="wrap=2")])


# ── the device's end ───────────────────────────────────────────────────────────────────────────────────────────────

WAYS = sorted(
    {
        f"{option.name}={value}"
        for option in declared(options.DeviceOptions)
        for value in (option.choices or (str(option.minimum), str(option.maximum)))
    }
)


@pytest.mark.parametrize("device", WAYS)
def test_whatever_way_a_head_has_a_delivery_is_proved(device: str):
    line = connected(DartLine(device=device))
    for volume, nozzle in ((463, 1), (12, 2), (0, 1)):
        done = fuel(line, volume, nozzle=nozzle)
        assert (done.volume, done.nozzle, done.price) == (volume, nozzle, PRICES[nozzle - 1])
    totals = line.device.reading(ADDRESS).totals
    assert totals == (TOTALS[0] + 463, TOTALS[1] + 12)
    assert line.of(e.HeadLost) == []
    assert line.of(e.Alarm) == []


@pytest.mark.parametrize("byte", ["8", "B"])
@pytest.mark.parametrize("command", [True, False])
def test_suspended_has_two_bytes_and_one_meaning(byte: str, command: bool):
    line = connected(DartLine(device=f"suspended={byte} suspend_commands={'on' if command else 'off'}"))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 100)
    suspend = Data(ADDRESS, 0, (t.Command(CommandCode.SUSPEND).to_tlv(),))
    line.device.receive_data(suspend.to_bytes(), line.now)
    assert line.device.next_answer() is not None
    line.run(1_000)
    told = line.of(e.StateChanged)[-1].state
    assert told is (HeadState.SUSPENDED if command else HeadState.DELIVERING)
    assert (line.device.pulse(ADDRESS, 10) == 0) is command
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered)[0].total == line.device.reading(ADDRESS).totals[0]


@pytest.mark.parametrize(("device", "answers"), [("ack_poll=on", True), ("ack_poll=off", False)])
def test_ack_and_poll_in_one_may_be_unknown(device: str, answers: bool):
    head = DartDispenser([DeviceHeadSetup(ADDRESS, TOTALS, options=device)])
    head.receive_data(bytes((ADDRESS, 0xE0, 0xFA)), 0)
    assert (head.next_answer() is not None) is answers


@pytest.mark.parametrize(("device", "says"), [("announce=on", True), ("announce=off", False)])
def test_a_head_may_tell_by_itself_how_it_stands_after_the_cable_was_out(device: str, says: bool):
    line = connected(DartLine(device=device))
    line.run(2_000)
    line.device.line_restored()
    line.device.receive_data(Poll(ADDRESS).to_bytes(), line.now)
    answer = line.device.next_answer()
    assert answer is not None
    assert isinstance(from_bytes(answer.raw), Data) is says


@pytest.mark.parametrize("order", ["231", "213", "321", "312", "123", "132"])
def test_the_end_of_a_delivery_comes_in_any_order(order: str):
    line = connected(DartLine(device=f"end_order={order}"))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 100)
    line.run(1_000)
    start = len(line.wire)
    line.device.hang(ADDRESS)
    line.run(300)
    told = [from_bytes(raw) for way, raw in line.wire[start:] if way == "P>C" and len(raw) > 3]
    last = [block for block in told if isinstance(block, Data)]
    assert any("".join(str(tlv.number) for tlv in block.transactions) == order for block in last)


def test_numbers_may_jump_after_a_stop():
    line = connected(DartLine(device="number_jump=on"))
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.run(500)
    line.submit(StopHead(ADDRESS, "s"))
    assert line.run_until(lambda: ended(line, "s") == e.CommandDone(ADDRESS, "s"))
    blocks = [from_bytes(raw) for way, raw in line.wire if way == "P>C" and len(raw) > 3]
    numbers = [block.number for block in blocks if isinstance(block, Data)]
    assert [(b - a) % 15 for a, b in pairwise(numbers)].count(4) == 1


# ── decimals ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("decimals", "prices", "volume", "amount"),
    [
        ((2, 0, 0, 2), (21_580,), 463, 99_915),
        ((3, 0, 0, 2), (21_580,), 4_630, 99_915),
        ((2, 2, 2, 2), (215_800,), 463, 999_154),
        ((2, -1, -1, 2), (2_158,), 463, 9_992),
        ((3, 0, 0, 3), (21_580,), 463, 9_992),
        ((2, 0, 0, 3), (21_580,), 46, 9_992),
        ((2, 0, 3, 2), (999_000,), 463, 4_625),
    ],
)
def test_a_delivery_in_any_decimals(
    decimals: tuple[int, int, int, int], prices: tuple[int, ...], volume: int, amount: int
):
    line = DartLine()
    line.setup = LineSetup((HeadSetup(ADDRESS, prices, *decimals),))
    line.controller = DartController(line.setup)
    line.device = DartDispenser([DeviceHeadSetup(ADDRESS, (TOTALS[0],), *decimals)])
    assert line.run_until(lambda: bool(line.of(e.TotalRead)))
    line.device.lift(ADDRESS, 1)
    assert isinstance(authorise(line), e.CommandDone)
    line.device.pulse(ADDRESS, 463)
    line.run(500)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, volume, amount, prices[0], TOTALS[0] + 463)]
