"""A line that loses, garbles, doubles, delays and echoes; heads that misbehave. Virtual time."""

from __future__ import annotations

from random import Random

import pytest

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, ReadTotals
from pos_client.protocols.dispenser.dart.device_head import DeviceHead
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Nak, Poll, from_bytes
from pos_client.protocols.dispenser.dart.transactions import Filled
from pos_client.protocols.dispenser.events import HeadState
from tests.fakes.dart_line import ADDRESS, PRICES, TOTALS, DartLine
from tests.fakes.dart_story import authorise, connected, ended, fuel
from tests.fakes.virtual_line import untouched


@pytest.fixture
def line() -> DartLine:
    return connected(DartLine())


def asked(line: DartLine, since: int = 0) -> list[Data]:
    """The DATA blocks we sent."""
    frames = [from_bytes(raw) for way, raw in line.wire[since:] if way == "C>P"]
    return [frame for frame in frames if isinstance(frame, Data)]


@pytest.mark.parametrize("seed", range(10))
def test_one_answer_in_five_lost_costs_time_and_nothing_else(seed: int):
    line = connected(DartLine())
    dice = Random(seed)
    line.to_controller = lambda raw: b"" if dice.random() < 0.2 else raw
    line.device.lift(ADDRESS, 1)
    for _ in range(20):
        if isinstance(authorise(line, 100_000), e.CommandDone) or line.device.reading(ADDRESS).delivering:
            break
    for _ in range(60):
        line.device.pulse(ADDRESS, 10)
        line.run(100)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 60_000)
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, 463, 100_000, PRICES[0], TOTALS[0] + 463)]


def test_a_lost_acknowledgement_of_ours_makes_a_repetition_that_is_told_once(line: DartLine):
    line.events.clear()
    line.device.inject(ADDRESS, "alarm", 1)
    line.device.inject(ADDRESS, "missed_ack", 3)
    line.run(3_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "emergency_stop")]


def test_a_damaged_block_is_refused_and_comes_again(line: DartLine):
    damaged = 0

    def garble(raw: bytes) -> bytes:
        nonlocal damaged
        if len(raw) > 3 and damaged < 2:
            damaged += 1
            return raw[:4] + bytes((raw[4] ^ 0x20,)) + raw[5:]
        return raw

    line.to_controller = garble
    start = len(line.wire)
    line.device.lift(ADDRESS, 1)
    assert line.run_until(lambda: bool(line.of(e.NozzleLifted)))
    naks = [raw for way, raw in line.wire[start:] if way == "C>P" and raw[1] & 0xF0 == 0x50]
    assert len(naks) == damaged == 2
    assert line.of(e.HeadLost) == []


@pytest.mark.parametrize("answer", ["nak", "wrong_number"])
def test_counters_that_disagree_start_again_at_zero(line: DartLine, answer: str):
    done = False

    def disagree(raw: bytes) -> bytes:
        nonlocal done
        frame = from_bytes(raw)
        if isinstance(frame, Ack) and not done:
            done = True
            wrong = Nak(ADDRESS, frame.number) if answer == "nak" else Ack(ADDRESS, (frame.number + 3) % 16)
            return wrong.to_bytes()
        return raw

    line.to_controller = disagree
    start = len(line.wire)
    line.submit(ReadTotals(ADDRESS, "t"))
    assert line.run_until(lambda: ended(line, "t") == e.CommandDone(ADDRESS, "t"))
    blocks = asked(line, start)
    assert [block.number for block in blocks[1:]] == list(range(len(blocks) - 1))
    assert blocks[0].transactions == blocks[1].transactions


def test_a_lost_acknowledgement_repeats_the_block_with_its_number(line: DartLine):
    lost = 0

    def lose(raw: bytes) -> bytes:
        nonlocal lost
        if isinstance(from_bytes(raw), Ack) and lost < 2:
            lost += 1
            return b""
        return raw

    line.to_controller = lose
    start = len(line.wire)
    line.submit(ReadTotals(ADDRESS, "t"))
    assert line.run_until(lambda: ended(line, "t") == e.CommandDone(ADDRESS, "t"))
    first, second, third = asked(line, start)[:3]
    assert first == second == third


@pytest.mark.parametrize("rubbish", ["", "99", "FF 98", "54", "00 FA", "55 70"])
def test_a_delivery_byte_by_byte_with_rubbish_before_every_frame(rubbish: str):
    line = DartLine((ADDRESS, 0x57))
    before = bytes.fromhex(rubbish)

    def crumbs_up(raw: bytes) -> bytes:
        for n, byte in enumerate(before + raw):
            line.put(bytes((byte,)), 20 + n)
        return b""

    def crumbs_down(raw: bytes) -> bytes:
        for byte in before + raw[:-1]:
            line.device.receive_data(bytes((byte,)), line.now)
        return raw[-1:]

    line.to_controller, line.to_device = crumbs_up, crumbs_down
    connected(line)
    for volume, nozzle in ((463, 1), (250, 2)):
        done = fuel(line, volume, nozzle)
        assert (done.volume, done.nozzle) == (volume, nozzle)
    assert line.device.reading(ADDRESS).totals == (TOTALS[0] + 463, TOTALS[1] + 250)
    assert line.of(e.HeadLost) == []
    assert line.of(e.Alarm) == []


def test_offline_after_five_misses_and_not_after_four(line: DartLine):
    for misses, lost in ((4, False), (5, True)):
        left = misses

        def lose(raw: bytes) -> bytes:
            nonlocal left
            left -= 1
            return b"" if left >= 0 else raw

        line.events.clear()
        line.to_controller = lose
        line.run(4_000)
        assert bool(line.of(e.HeadLost)) is lost
        assert bool(line.of(e.HeadFound)) is lost


def test_late_answers_are_not_mistaken_for_the_next_ones():
    dice = Random(3)
    line = DartLine(delay=lambda: dice.choice((20, 20, 20, 180, 400)))
    assert line.run_until(lambda: len(line.of(e.TotalRead)) >= 2, 60_000)
    line.device.lift(ADDRESS, 2)
    assert line.run_until(lambda: bool(line.of(e.NozzleLifted)), 30_000)
    assert {read.total for read in line.of(e.TotalRead)} == set(TOTALS)


def test_an_adapter_that_echoes_is_not_believed_even_without_its_setting(line: DartLine):
    line.run(100)

    def echo(raw: bytes) -> bytes:
        line.put(raw, 1)
        return raw

    line.to_device = echo
    line.events.clear()
    assert fuel(line, 250).volume == 250
    assert line.of(e.HeadLost) == []
    assert line.of(e.PowerRestored) == []


def test_frames_cut_off_and_stray_bytes_are_survived(line: DartLine):
    dice = Random(11)

    def spoil(raw: bytes) -> bytes:
        match dice.randrange(5):
            case 0:
                return raw[: dice.randrange(len(raw))]
            case 1:
                return dice.randbytes(2) + raw
        return raw

    line.to_controller = spoil
    line.device.lift(ADDRESS, 1)
    for _ in range(20):
        if isinstance(authorise(line), e.CommandDone) or line.device.reading(ADDRESS).delivering:
            break
    line.device.pulse(ADDRESS, 123)
    line.run(2_000)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)), 60_000)
    line.to_controller = untouched
    line.run(10_000)
    assert [d.volume for d in line.of(e.Delivered)] == [123]


def test_nobody_knows_whether_an_authorisation_was_taken_but_its_litres_are_found(line: DartLine):
    """AUTHORISE arrives, its ACK does not, then the line is gone until the nozzle hangs again."""
    cut = False

    def cut_after_authorise(raw: bytes) -> bytes:
        nonlocal cut
        cut = cut or line.device.reading(ADDRESS).status == "authorised"
        return b"" if cut else raw

    line.to_controller = cut_after_authorise
    assert isinstance(authorise(line, 100_000), e.CommandUnanswered)
    line.device.lift(ADDRESS, 2)
    line.device.pulse(ADDRESS, 300)
    line.device.hang(ADDRESS)
    line.run(5_000)
    line.to_controller = untouched
    line.events.clear()
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 2, 300, 55_920, PRICES[1], TOTALS[1] + 300)]


def test_a_price_the_head_does_not_take_stops_sales_and_is_told_once(line: DartLine):
    line.device.inject(ADDRESS, "ignored_prices", 1_000)
    line.device.cut_power(ADDRESS)
    line.device.restore_power(ADDRESS)
    line.events.clear()
    line.run(30_000)
    assert line.of(e.Alarm) == [e.Alarm(ADDRESS, "price_not_taken")]
    assert line.of(e.StateChanged) == [e.StateChanged(ADDRESS, HeadState.NOT_PROGRAMMED)]
    assert authorise(line) == e.CommandRefused(ADDRESS, "c1", "not_programmed")
    line.device.inject(ADDRESS, "ignored_prices", 0)
    line.run(10_000)
    assert isinstance(authorise(line), e.CommandDone)


def test_final_figures_that_keep_changing_are_never_told(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 100)
    line.run(500)
    line.device.inject(ADDRESS, "unsteady_figures", 1_000)
    line.device.hang(ADDRESS)
    line.run(10_000)
    assert line.of(e.Delivered) == []
    line.device.inject(ADDRESS, "unsteady_figures", 0)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))


def swallow_what_waits(line: DartLine) -> None:
    """Short frames have no checksum: noise that reads like a POLL and an ACK takes what a head had to say."""
    block = Poll(ADDRESS).to_bytes()
    while True:
        line.device.receive_data(block, line.now)
        answer = line.device.next_answer()
        assert answer is not None
        frame = from_bytes(answer.raw)
        if not isinstance(frame, Data):
            return
        line.device.receive_data(Ack(ADDRESS, frame.number).to_bytes(), line.now)


def test_litres_are_told_of_the_nozzle_whose_total_moved_although_another_was_seen(line: DartLine):
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.run(500)
    line.connected = False
    line.device.hang(ADDRESS)
    swallow_what_waits(line)
    line.device.lift(ADDRESS, 2)
    line.run(400)
    line.connected = True
    line.run(300)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: bool(line.of(e.Delivered)))
    assert line.of(e.Delivered) == [e.Delivered(ADDRESS, 1, 300, 64_740, PRICES[0], TOTALS[0] + 300)]


def test_a_display_that_shows_no_sale_of_ours_is_not_believed(line: DartLine, monkeypatch: pytest.MonkeyPatch):
    """The totals moved by something else than the display says: they speak alone."""
    line.device.lift(ADDRESS, 1)
    authorise(line)
    line.device.pulse(ADDRESS, 300)
    line.run(500)
    line.events.clear()
    line.device.pulse(ADDRESS, 40)
    monkeypatch.setattr(DeviceHead, "_filled", lambda head: Filled(500, 107_900))
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == 2)
    line.run(3_000)
    assert line.of(e.Delivered) == []
    assert line.of(e.TotalRead) == [e.TotalRead(ADDRESS, 1, TOTALS[0] + 340), e.TotalRead(ADDRESS, 2, TOTALS[1])]
    assert isinstance(authorise(line), e.CommandDone), "and the head is free again"


def test_commands_to_a_head_that_falls_silent_are_unanswered(line: DartLine):
    line.submit(AuthoriseHead(ADDRESS, "a"))
    line.submit(ReadTotals(ADDRESS, "b"))
    line.to_device = lambda raw: b""
    assert line.run_until(lambda: bool(line.of(e.HeadLost)))
    assert ended(line, "a") == e.CommandUnanswered(ADDRESS, "a")
    assert ended(line, "b") == e.CommandUnanswered(ADDRESS, "b")
