"""Recordings in words, and played again into a protocol object and a simulated device."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.diagnostics.wire_file import RecordedWire, save
from pos_client.bootstrap.arguments import parse
from pos_client.domain.facts import FuellingCompleted
from pos_client.domain.wire import Direction, WireRecord
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.wired_station import ML, Station

SPOKEN = ("dart", "gilbarco-two-wire")
STORY: tuple[tuple[int, Callable[[Station], object]], ...] = (
    (6_000, lambda station: station.device.lift(station.address, 1)),
    (2_000, Station.authorise),
    (3_000, Station.flow),
    (300, Station.flow),
    (300, lambda station: station.device.hang(station.address)),
)


class Recorded:
    """A file with a fuelling in it, and what became of that."""

    def __init__(self, spoken: str, patch: pytest.MonkeyPatch, folder: Path) -> None:
        station = Station(spoken, lambda name, offered: patch.setitem(PROTOCOLS, name, offered))
        station.play([(pause, partial(action, station)) for pause, action in STORY])
        self.spoken, self.path = spoken, folder / "wire.jsonl"
        self.fuelling = station.rig.only(FuellingCompleted)
        self.records = station.recorder.since(0)
        self.setup = asdict(station.setup)
        self.keep(self.records)

    def keep(self, records: list[WireRecord], setup: dict[str, Any] | None = None) -> None:
        wires = {"l": RecordedWire(self.spoken, self.setup if setup is None else setup)}
        save(self.path, wires, records, "2026-11-23T08:00:00+07:00", 0)


@pytest.fixture(params=SPOKEN)
def recorded(request: pytest.FixtureRequest, tmp_path: Path) -> Recorded:
    with pytest.MonkeyPatch.context() as patch:
        return Recorded(request.param, patch, tmp_path)


Replay = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def replay(capsys: pytest.CaptureFixture[str]) -> Replay:
    def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
        arguments = parse(["replay", *words])
        code = arguments.run(arguments)
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_a_recording_is_told_as_decode_tells_it_with_time_and_line(recorded: Recorded, replay: Replay):
    code, told = replay(str(recorded.path))
    assert code == 0
    assert {frame["line"] for frame in told} == {"l"}
    assert all(frame["ok"] for frame in told)
    assert [frame["at_ms"] for frame in told] == sorted(frame["at_ms"] for frame in told)
    assert {frame["from"] for frame in told} >= {"controller", "dispenser"}
    spoken = "".join(frame["bytes"] for frame in told).replace(" ", "").lower()
    assert spoken == "".join(record.raw.hex() for record in recorded.records)


def events(told: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in told if event["event"] == kind]


@pytest.mark.parametrize("keep_setup", [True, False])
def test_a_protocol_object_made_anew_tells_the_same_litres(recorded: Recorded, replay: Replay, keep_setup: bool):
    if not keep_setup:
        recorded.keep(recorded.records, {})
    code, told = replay(str(recorded.path), "--into", "controller")
    assert code == 0
    assert [event["at_ms"] for event in told] == sorted(event["at_ms"] for event in told)
    totals = [event["total"] * ML for event in told if event["event"] in ("Delivered", "TotalRead")]
    assert recorded.fuelling.start_totalizer_ml in totals
    assert len(events(told, "HeadFound")) == 1
    assert events(told, "HeadLost") == []
    if keep_setup or recorded.spoken == "dart":  # a Two-Wire sale cannot be judged without its decimals
        assert recorded.fuelling.end_totalizer_ml in totals
        (delivered,) = events(told, "Delivered")
        assert delivered["total"] * ML == recorded.fuelling.end_totalizer_ml
        assert delivered["amount"] == recorded.fuelling.amount_vnd


def test_a_recording_that_begins_in_the_middle_invents_nothing(recorded: Recorded, replay: Replay):
    for begin in range(0, len(recorded.records), 37):
        recorded.keep(recorded.records[begin:])
        code, told = replay(str(recorded.path), "--into", "controller")
        assert code == 0
        delivered = events(told, "Delivered")
        assert all(event["total"] * ML == recorded.fuelling.end_totalizer_ml for event in delivered)
        assert len(delivered) <= 1
        assert events(told, "HeadLost") == []


def test_a_simulated_device_answers_beside_the_one_recorded(recorded: Recorded, replay: Replay):
    code, told = replay(str(recorded.path), "--into", "dispenser")
    assert len(told) == sum(record.direction is Direction.SENT for record in recorded.records)
    assert any(each["same"] and each["recorded"] for each in told), "what does not depend on hands is the same"
    assert (code == 0) == all(each["same"] for each in told)


def test_only_the_line_that_was_asked_for(recorded: Recorded, replay: Replay):
    other = [WireRecord(9, "m", 5, Direction.SENT, b"\x50\x20\xfa")]
    wires = {"l": RecordedWire(recorded.spoken), "m": RecordedWire("dart")}
    save(recorded.path, wires, [*recorded.records[:5], *other], "", 0)
    assert {frame["line"] for frame in replay(str(recorded.path))[1]} == {"l", "m"}
    code, told = replay(str(recorded.path), "--line", "m")
    assert (code, [frame["kind"] for frame in told]) == (0, ["poll"])


# ── bad input ───────────────────────────────────────────────────────────────────────────────────────────────────────

POLL = '{"line": "a", "protocol": "dart", "at_ms": 1, "direction": "sent", "hex": "50 20 fa"}'


@pytest.mark.parametrize(
    ("text", "words", "error"),
    [
        (f"{POLL}\nrubbish\n", (), "no_record"),
        (POLL.replace("dart", "morse"), (), "unknown_protocol"),
        (POLL.replace("50 20 fa", "50 31 01"), (), "incomplete"),
        (
            f'{{"line": "a", "protocol": "dart", "at_ms": 0, "setup": {{"x": 1}}}}\n{POLL}',
            ("controller",),
            "wrong_setup",
        ),
        (
            f'{{"line": "a", "protocol": "dart", "at_ms": 0, "setup": {{"heads": [{{"address": "P"}}]}}}}\n{POLL}',
            ("controller",),
            "wrong_setup",
        ),
        (
            '{"line": "a", "protocol": "dart", "at_ms": 0, '
            f'"setup": {{"heads": [{{"address": 999, "prices": [1]}}]}}}}\n{POLL}',
            ("controller",),
            "wrong_setup",
        ),
    ],
)
def test_what_is_wrong_is_an_object_and_never_a_traceback(
    tmp_path: Path, replay: Replay, text: str, words: tuple[str, ...], error: str
):
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    code, told = replay(str(path), *(("--into", *words) if words else ()))
    assert code == 1
    assert error in [each.get("error") for each in told]


def test_a_file_or_a_line_that_is_not_there_is_wrong_usage(tmp_path: Path, replay: Replay):
    assert replay(str(tmp_path / "none"))[0] == 2
    (tmp_path / "x.jsonl").write_text(POLL, "utf-8")
    assert replay(str(tmp_path / "x.jsonl"), "--line", "b")[0] == 2


def test_an_empty_recording_is_nothing(tmp_path: Path, replay: Replay):
    (tmp_path / "x.jsonl").write_text("", "utf-8")
    assert replay(str(tmp_path / "x.jsonl"), "--into", "controller") == (0, [])
