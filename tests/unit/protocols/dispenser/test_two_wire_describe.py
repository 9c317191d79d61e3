"""Words in words: one dictionary a frame, errors as dictionaries too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.vectors.dispenser.test_two_wire_vectors import HOST, PUMP_SAYS

describe = PROTOCOLS["gilbarco-two-wire"].describe


def one(text: str, sender: str | None = None) -> dict[str, object]:
    (frame,) = describe(bytes.fromhex(text), sender)
    json.dumps(frame)
    return frame


def values(frame: dict[str, object]) -> dict[str, int]:
    fields = frame["fields"]
    assert isinstance(fields, list)
    return {field["name"]: field["value"] for field in fields}


@pytest.mark.parametrize(
    ("text", "kind", "pump", "meaning"),
    [
        ("05", "command", 5, "how do you stand? (pump 5)"),
        ("65", "status", 5, "pump 5: off"),
        ("60", "status", 16, "pump 16: off"),
        ("15", "command", 5, "authorise (pump 5)"),
        ("D5", "status", 5, "pump 5: send data"),
        ("FC", "command", None, "stop, all pumps"),
        (HOST[3][0], "block", None, "price 1 of nozzle 2 = 2158"),
        (HOST[8][0], "block", None, "preset volume 2500 for nozzle 1"),
        ("FF E4 F2 F8 E0 E0 E0 E0 E0 E1 FB E7 F0", "block", None, "preset amount 100000 (its length word is wrong)"),
        (PUMP_SAYS[10][1], "block", None, "sale at nozzle 2: price 21580, volume 4634, amount 100000"),
        (PUMP_SAYS[11][1], "block", None, "nozzle 1: total 4567891, amount total 9876543, price 2158"),
        (PUMP_SAYS[14][1], "block", 5, "nozzle 2 is out"),
        ("E7 E6 E5 E0 E7 E0", "digits", None, "running money 70567"),
    ],
)
def test_meaning(text: str, kind: str, pump: int | None, meaning: str):
    frame = one(text)
    assert (frame["ok"], frame["kind"], frame.get("pump"), frame["meaning"]) == (True, kind, pump, meaning)


def test_fields_are_raw_numbers():
    assert values(one(PUMP_SAYS[10][1])) == {
        "pump": 5, "nozzle": 2, "level": 1, "price": 21_580, "volume": 4_634, "amount": 100_000,
    }  # fmt: skip
    assert values(one(PUMP_SAYS[12][1]))["total"] == 4_567_891
    assert values(one(HOST[6][0])) == {"level": 1, "nozzle": 2, "amount": 100_000}
    assert values(one("95")) == {"status": 9}


def test_an_answer_follows_its_question():
    """`05 65` is poll and OFF, `95 65 E0..` is BUSY and the question for money, `05 05` is poll and DATA ERROR."""
    kinds = [frame["kind"] for frame in describe(bytes.fromhex("05 65 05 05 05 75 25 D5"), None)]
    assert kinds == ["command", "status"] * 4
    assert one("65", "controller")["kind"] == "command"
    assert one("05", "dispenser")["status"] == "DATA_ERROR"


def test_damage_is_told_and_the_next_frame_is_read():
    damaged = "FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EE F0"
    found = describe(bytes.fromhex(f"{damaged} 65 F9 E1 E2 FF E3 {HOST[4][0]} FF F1"), None)
    assert [frame.get("error") or frame["kind"] for frame in found] == [
        "lrc", "status", "control", "length", "incomplete", "block", "incomplete",
    ]  # fmt: skip
    assert all(frame["ok"] is ("error" not in frame) for frame in found)


@given(st.binary(max_size=300), st.sampled_from((None, "controller", "dispenser")))
def test_anything_can_be_described_and_no_byte_is_lost(raw: bytes, sender: str | None):
    found = describe(raw, sender)
    json.dumps(found)
    assert b"".join(bytes.fromhex(str(frame["bytes"])) for frame in found) == raw
