"""The last minutes of every wire: bounded, in order, read while they grow, and the same after a file."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.diagnostics import recordings as kept
from pos_client.adapters.diagnostics.frame_recorder import JOIN_MS, FrameRecorder
from pos_client.adapters.diagnostics.recordings import Recordings
from pos_client.adapters.diagnostics.wire_file import RecordedWire, load, save
from pos_client.bootstrap.simulate.clock import START
from pos_client.domain.wire import Direction, WireRecord

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
WIRES = {"a": RecordedWire("dart", {"baud_rate": 9600}), "b": RecordedWire("gilbarco-two-wire")}


def test_records_are_numbered_over_all_lines_and_read_from_any_number_on():
    recorder = FrameRecorder()
    recorder.record("a", 100, SENT, b"\x50\x20\xfa")
    recorder.record("b", 101, SENT, b"\x01")
    recorder.record("a", 130, RECEIVED, b"\x50\x70\xfa")
    everything = recorder.since(0)
    assert everything == [
        WireRecord(1, "a", 100, SENT, b"\x50\x20\xfa"),
        WireRecord(2, "b", 101, SENT, b"\x01"),
        WireRecord(3, "a", 130, RECEIVED, b"\x50\x70\xfa"),
    ]
    assert recorder.since(1) == everything[1:]
    assert recorder.since(0, "a") == [everything[0], everything[2]]
    assert recorder.since(3) == []


def test_a_frame_in_crumbs_is_one_record_unless_somebody_has_read_its_beginning():
    recorder = FrameRecorder()
    for at, crumb in enumerate((b"\x50", b"\x70", b"\xfa")):
        recorder.record("a", 100 + at, RECEIVED, crumb)
        recorder.record("b", 100 + at, RECEIVED, crumb)
    assert [record.raw for record in recorder.since(0)] == [b"\x50\x70\xfa"] * 2
    recorder.record("a", 103, RECEIVED, b"!")
    recorder.record("a", 103 + JOIN_MS + 1, RECEIVED, b"?")
    assert [(record.number, record.raw) for record in recorder.since(2)] == [(3, b"!"), (4, b"?")]


def test_what_is_old_or_too_much_is_forgotten_a_line_for_itself():
    recorder = FrameRecorder(age_ms=1_000, size=1_000)
    recorder.record("quiet", 0, SENT, b"once")
    for at in range(0, 5_000, 100):
        recorder.record("loud", at, SENT if at % 200 else RECEIVED, b"x")
    loud = recorder.since(0, "loud")
    assert loud[-1].at_ms == 4_900
    assert len(loud) <= 5
    assert [record.raw for record in recorder.since(0, "quiet")] == [b"once"]
    recorder.record("quiet", 5_000, SENT, b"again")
    assert [record.raw for record in recorder.since(0, "quiet")] == [b"again"]


chunks = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.sampled_from(Direction), st.binary(min_size=1, max_size=6)),
    max_size=40,
)


@given(chunks, st.sets(st.integers(0, 40)))
def test_a_reader_who_comes_now_and_then_gets_every_byte_once_and_in_order(said, reads: set[int]):
    recorder, seen, now = FrameRecorder(), list[WireRecord](), 0
    for index, (line, pause, direction, raw) in enumerate(said):
        now += pause
        recorder.record(line, now, direction, raw)
        if index in reads:
            seen += recorder.since(seen[-1].number if seen else 0)
    seen += recorder.since(seen[-1].number if seen else 0)
    assert [record.number for record in seen] == list(range(1, len(seen) + 1))
    for line in "ab":
        for direction in Direction:
            heard = b"".join(r.raw for r in seen if (r.line, r.direction) == (line, direction))
            assert heard == b"".join(raw for at, _, way, raw in said if (at, way) == (line, direction))


def test_lines_and_readers_do_not_get_into_each_others_way():
    recorder, seen = FrameRecorder(), list[WireRecord]()

    def babble(line: str) -> None:
        for at in range(500):
            recorder.record(line, at * 50, SENT, b"%d;" % at)

    threads = [threading.Thread(target=babble, args=(line,)) for line in "abc"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen += recorder.since(seen[-1].number if seen else 0)
    for thread in threads:
        thread.join()
    seen += recorder.since(seen[-1].number if seen else 0)
    for line in "abc":
        assert b"".join(r.raw for r in seen if r.line == line) == b"".join(b"%d;" % at for at in range(500))


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

records = st.builds(
    WireRecord,
    st.just(0),
    st.sampled_from("ab"),
    st.integers(0, 10**9),
    st.sampled_from(Direction),
    st.binary(min_size=1, max_size=20),
)


@given(st.lists(records, max_size=10))
def test_what_was_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, said: list[WireRecord]):
    path = tmp_path_factory.mktemp("wire") / "x.jsonl"
    save(path, WIRES, said, START.isoformat(), 7)
    loaded = load(path)
    assert [(r.line, r.at_ms, r.direction, r.raw) for r in loaded.records] == [
        (r.line, r.at_ms, r.direction, r.raw) for r in said
    ]
    assert [r.number for r in loaded.records] == list(range(1, len(said) + 1))
    assert loaded.wires == {line: WIRES[line] for line in {r.line for r in said}}
    assert loaded.faults == ()


@pytest.mark.parametrize(
    "damage",
    [
        "no json",
        "[]",
        '{"line": "a"}',
        '{"line": "a", "protocol": "dart", "at_ms": "1", "direction": "sent", "hex": "50"}',
        '{"line": "a", "protocol": "dart", "at_ms": 1, "direction": "sideways", "hex": "50"}',
        '{"line": "a", "protocol": "dart", "at_ms": 1, "direction": "sent", "hex": "5"}',
        '{"line": "a", "protocol": "dart", "at_ms": 1, "direction": "sent"}',
        '{"line": "a", "protocol": "dart", "at_ms": 1, "setup": 3}',
        "\ufffd\x00",
    ],
)
def test_a_damaged_line_of_a_file_is_told_and_the_rest_is_read(tmp_path: Path, damage: str):
    path = tmp_path / "x.jsonl"
    good = '{"line": "a", "protocol": "dart", "at_ms": 1, "direction": "sent", "hex": "50 20 fa"}'
    path.write_text(f"{good}\n{damage}\n\n{good}\n", "utf-8")
    loaded = load(path)
    assert [record.raw for record in loaded.records] == [b"\x50\x20\xfa"] * 2
    assert [number for number, _ in loaded.faults] == [2]


class Desk:
    """Recordings under a clock that is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.wall: datetime = START
        self.recorder = FrameRecorder()
        self.recordings = Recordings(self.recorder, WIRES, folder, lambda: (12_345, self.wall))
        self.recorder.record("a", 100, SENT, b"\x50\x20\xfa")
        self.recorder.record("b", 110, SENT, b"\x01")


def test_a_recording_is_saved_on_request_of_one_line_or_all(tmp_path: Path):
    desk = Desk(tmp_path / "logs")
    assert [r.line for r in load(desk.recordings.save("b")).records] == ["b"]
    path = desk.recordings.save()
    assert [r.line for r in load(path).records] == ["a", "b"]
    assert path.name == "wire-20261123-080000-all.jsonl"
    assert desk.recordings.save().name == "wire-20261123-080000-all-2.jsonl"
    assert list(tmp_path.glob("**/*.part")) == []


def test_only_the_newest_recordings_are_kept(tmp_path: Path):
    desk = Desk(tmp_path)
    names = []
    for _ in range(kept.KEPT + 3):
        desk.wall += timedelta(seconds=1)
        names.append(desk.recordings.save().name)
    (tmp_path / "pos-client.log").touch()
    assert sorted(path.name for path in tmp_path.glob("wire-*")) == names[3:]
    assert (tmp_path / "pos-client.log").exists()


def test_a_line_that_fails_again_and_again_is_kept_once_in_a_while(tmp_path: Path):
    desk = Desk(tmp_path)
    for _ in range(10):
        desk.recordings.save_after_fault("a")
        desk.wall += timedelta(seconds=10)
    assert len(list(tmp_path.glob("wire-*-a.jsonl"))) == 1
    desk.wall += kept.FAULT_EVERY
    desk.recordings.save_after_fault("a")
    desk.recordings.save_after_fault("b")
    assert len(list(tmp_path.glob("wire-*-a.jsonl"))) == 2
    assert len(list(tmp_path.glob("wire-*-b.jsonl"))) == 1
    desk.wall -= timedelta(hours=1)
    desk.recordings.save_after_fault("a")
    assert len(list(tmp_path.glob("wire-*-a.jsonl"))) == 3, "a clock that was set back does not silence it"


def test_a_folder_that_takes_no_file_is_no_fault_of_the_line(tmp_path: Path):
    (tmp_path / "file").touch()
    desk = Desk(tmp_path / "file" / "logs")
    desk.recordings.save_after_fault("a")
    with pytest.raises(OSError, match="logs"):
        desk.recordings.save()
