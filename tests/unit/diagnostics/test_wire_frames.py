"""Recorded bytes as frames, however they were cut into reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.diagnostics.wire_frames import DAMAGED, GAP_MS, UNKNOWN, frames_of
from pos_client.domain.wire import Direction, WireFilter, WireRecord, filtered
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.dart_line import DartLine
from tests.fakes.two_wire_line import TwoWireLine

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
DESCRIBE = {"dart-1": PROTOCOLS["dart"].describe, "loop-1": PROTOCOLS["gilbarco-two-wire"].describe}
POLL, EOT = bytes.fromhex("54 20 FA"), bytes.fromhex("54 70 FA")
BLOCK = bytes.fromhex("54 31 01 01 05 03 04 02 15 80 01 9D D8 03 FA")


def record(
    number: int, raw: bytes, direction: Direction = RECEIVED, at_ms: int = 0, line: str = "dart-1"
) -> WireRecord:
    return WireRecord(number, line, at_ms or number * 10, direction, raw)


def spoken(line: DartLine | TwoWireLine, name: str) -> list[WireRecord]:
    """What a working line said, one record a write."""
    return [
        WireRecord(n, name, n * 30, SENT if who == line.asked else RECEIVED, raw)
        for n, (who, raw) in enumerate(line.wire, start=1)
    ]


def dart_talk() -> list[WireRecord]:
    line = DartLine((0x50, 0x54))
    line.run(4_000)
    return spoken(line, "dart-1")


def two_wire_talk() -> list[WireRecord]:
    return spoken(TwoWireLine((1, 5)).ready(), "loop-1")[:400]


TALKS = {"dart-1": dart_talk(), "loop-1": two_wire_talk()}


def test_one_frame_is_said_with_its_meaning():
    (frame,) = frames_of([record(7, POLL, SENT, 99)], DESCRIBE)
    assert (frame.number, frame.line, frame.at_ms, frame.direction) == (7, "dart-1", 99, SENT)
    assert (frame.ok, frame.kind, frame.head, frame.bytes_hex) == (True, "poll", 0x54, "54 20 FA")
    assert frame.meaning


@pytest.mark.parametrize("name", TALKS)
def test_a_whole_conversation_is_understood(name: str):
    frames = frames_of(TALKS[name], DESCRIBE)
    assert len(frames) >= len(TALKS[name])
    assert all(frame.ok and frame.meaning for frame in frames)
    assert b"".join(bytes.fromhex(f.bytes_hex) for f in frames) == b"".join(r.raw for r in TALKS[name])
    assert {frame.number for frame in frames} == {each.number for each in TALKS[name]}


@given(st.data(), st.sampled_from(sorted(TALKS)))
def test_however_reads_cut_it_the_frames_are_the_same(data: st.DataObject, name: str):
    start = data.draw(st.integers(0, len(TALKS[name]) - 20))
    whole = TALKS[name][start : start + 20]
    crumbs: list[WireRecord] = []
    for each in whole:
        size = data.draw(st.integers(1, max(1, len(each.raw))))
        for at in range(0, len(each.raw), size):
            piece = each.raw[at : at + size]
            crumbs.append(WireRecord(len(crumbs) + 1, name, each.at_ms, each.direction, piece))
    told = [(f.kind, f.head, f.meaning, f.bytes_hex, f.direction, f.at_ms) for f in frames_of(whole, DESCRIBE)]
    cut = frames_of(crumbs, DESCRIBE)
    assert [(f.kind, f.head, f.meaning, f.bytes_hex, f.direction, f.at_ms) for f in cut] == told
    assert [f.number for f in cut] == sorted(f.number for f in cut)
    for frame in cut:
        first = crumbs[frame.number - 1]
        assert bytes.fromhex(frame.bytes_hex)[0] in first.raw


def test_two_lines_at_once_do_not_mix():
    mixed = [record(1, BLOCK[:5]), record(2, b"\x65", line="loop-1"), record(3, BLOCK[5:])]
    frames = frames_of(mixed, DESCRIBE)
    assert [(f.number, f.line, f.ok, f.head) for f in frames] == [(1, "dart-1", True, 0x54), (2, "loop-1", True, 5)]


def test_what_is_damaged_is_kept_and_the_next_frame_stands_for_itself():
    torn = BLOCK[:6] + b"\x00" + BLOCK[7:]
    frames = frames_of([record(1, b"\xff\x98"), record(2, torn + EOT)], DESCRIBE)
    assert [(f.number, f.kind, f.ok) for f in frames if f.ok] == [(2, "eot", True)]
    damaged = [f for f in frames if not f.ok]
    assert damaged
    assert all(f.kind == DAMAGED and f.meaning for f in damaged)


def test_a_pause_or_another_speaker_ends_a_frame():
    for second in (record(2, BLOCK[5:], at_ms=10 + GAP_MS + 1), record(2, BLOCK[5:], SENT)):
        frames = frames_of([record(1, BLOCK[:5]), second], DESCRIBE)
        assert {f.number for f in frames} == {1, 2}
        assert not any(f.ok for f in frames)


def test_a_frame_that_is_still_coming_is_not_called_damaged_yet():
    half = [record(1, POLL, SENT, 1_000), record(2, BLOCK[:5], at_ms=1_020)]
    assert [f.kind for f in frames_of(half, DESCRIBE, now_ms=1_030)] == ["poll"]
    assert [f.kind for f in frames_of(half, DESCRIBE, now_ms=1_020 + GAP_MS + 1)] == ["poll", DAMAGED]
    assert [f.kind for f in frames_of(half, DESCRIBE)] == ["poll", DAMAGED]


def test_a_line_nobody_knows_is_shown_in_bytes():
    (frame,) = frames_of([record(1, b"\x01"), record(2, b"\x02")], {})
    assert (frame.ok, frame.kind, frame.bytes_hex, frame.number) == (True, UNKNOWN, "01 02", 1)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=20), st.sampled_from(Direction), st.integers(0, 400))))
def test_no_bytes_are_lost_and_none_make_it_fall_over(said: list[tuple[bytes, Direction, int]]):
    at, records = 0, []
    for number, (raw, direction, pause) in enumerate(said, start=1):
        at += pause
        records.append(WireRecord(number, "loop-1", at, direction, raw))
    frames = frames_of(records, DESCRIBE)
    assert b"".join(bytes.fromhex(f.bytes_hex) for f in frames) == b"".join(raw for raw, _, _ in said)


def test_a_filter_shows_what_is_wanted():
    frames = frames_of([*TALKS["dart-1"][:60], record(900, b"\x00\xfa")], DESCRIBE)
    everything = filtered(frames, WireFilter())
    assert list(everything) == frames
    assert {f.head for f in filtered(frames, WireFilter(head=0x54))} == {0x54}
    assert {f.kind for f in filtered(frames, WireFilter(kind="poll"))} == {"poll"}
    assert [f.number for f in filtered(frames, WireFilter(only_damaged=True))] == [900]
    assert filtered(frames, WireFilter(line="loop-1")) == ()
    assert filtered(frames, WireFilter("dart-1", 0x50, "poll", True)) == ()
