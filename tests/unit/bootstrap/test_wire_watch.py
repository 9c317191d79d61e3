"""Frames told to whoever looks at the wires: the same as decoded at once, each once, however reads and looks fall."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.diagnostics.wire_frames import BABBLE_BYTES, GAP_MS, frames_of, settled
from pos_client.bootstrap.wire_watch import PIECE, WireWatch
from pos_client.domain.wire import Direction, WireFrame, WireRecord
from pos_client.protocols.dispenser.registry import PROTOCOLS

DESCRIBE = {"dart-1": PROTOCOLS["dart"].describe}
SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
POLL, EOT = bytes.fromhex("54 20 FA"), bytes.fromhex("54 70 FA")
BLOCK = bytes.fromhex("54 31 01 01 05 03 04 02 15 80 01 9D D8 03 FA")
NEVER = threading.Event()


class Watched:
    """A recorder, a clock, and what was told."""

    def __init__(self) -> None:
        self.now, self.told = 1_000, list[WireFrame]()
        self.recorder = FrameRecorder()
        self.watch = WireWatch(self.recorder, DESCRIBE, lambda: self.now)

    def hear(self, direction: Direction, raw: bytes, after_ms: int = 30) -> None:
        self.now += after_ms
        self.recorder.record("dart-1", self.now, direction, raw)

    def look(self) -> None:
        self.watch.look(NEVER)


def kinds(frames: list[WireFrame]) -> list[tuple[str, str]]:
    return [(frame.kind, frame.bytes_hex) for frame in frames]


def test_nobody_looks_nothing_is_told_and_then_all_of_it_is():
    watched = Watched()
    watched.hear(SENT, POLL)
    watched.look()
    watched.watch.watch(watched.told.extend)
    watched.hear(RECEIVED, EOT)
    watched.now += GAP_MS + 1
    watched.look()
    assert [frame.kind for frame in watched.told] == ["poll", "eot"]
    watched.watch.unwatch()
    watched.hear(SENT, POLL)
    watched.look()
    watched.watch.watch(watched.told.extend)
    watched.now += GAP_MS + 1
    watched.look()
    assert [frame.kind for frame in watched.told] == ["poll", "eot", "poll"]


def test_a_frame_in_crumbs_is_told_when_it_is_whole_not_as_damaged_before():
    watched = Watched()
    watched.watch.watch(watched.told.extend)
    watched.hear(SENT, POLL)
    watched.hear(RECEIVED, BLOCK[:5])
    watched.look()
    assert [frame.kind for frame in watched.told] == ["poll"]
    watched.hear(RECEIVED, BLOCK[5:])
    watched.look()
    watched.hear(SENT, POLL)
    watched.look()
    assert [frame.kind for frame in watched.told] == ["poll", "data"]


def test_more_than_a_piece_is_told_in_pieces_and_whole():
    watched = Watched()
    for _ in range(PIECE):
        watched.hear(SENT, POLL)
        watched.hear(RECEIVED, EOT)
    told: list[int] = []
    watched.watch.watch(lambda frames: told.append(len(frames)))
    watched.now += GAP_MS + 1
    watched.look()
    assert sum(told) == 2 * PIECE
    assert max(told) <= PIECE + 1


@given(st.lists(st.tuples(st.sampled_from([POLL, EOT, BLOCK]), st.integers(1, 14), st.booleans()), max_size=30))
def test_however_it_is_cut_and_looked_at_the_frames_are_those_of_the_whole(talk: list[tuple[bytes, int, bool]]):
    watched = Watched()
    watched.watch.watch(watched.told.extend)
    whole: list[WireRecord] = []
    for number, (raw, cut, looks) in enumerate(talk, start=1):
        direction = SENT if number % 2 else RECEIVED
        for at, part in enumerate((raw[:cut], raw[cut:])):
            if part:
                watched.hear(direction, part, 40 if at else 30)
                if looks:
                    watched.look()
        whole.append(WireRecord(number, "dart-1", number * 1000, direction, raw))
    watched.now += GAP_MS + 1
    watched.look()
    assert kinds(watched.told) == kinds(frames_of(whole, DESCRIBE))


def test_a_wire_that_babbles_is_told_in_time():
    record = WireRecord(1, "dart-1", 1_000, RECEIVED, b"\x00" * BABBLE_BYTES)
    assert settled([record], 1_000) == ([record], [])
    quiet = WireRecord(1, "dart-1", 1_000, RECEIVED, b"\x00")
    assert settled([quiet], 1_000) == ([], [quiet])
