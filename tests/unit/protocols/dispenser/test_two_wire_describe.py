"""Words in words: one dictionary a frame, errors as dictionaries too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.vectors.dispenser.test_two_wire_vectors import HOST, PUMP_SAYS

describe = PROTOCOLS["gilbarco-two-wire"].describe
DAMAGED = "FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EE F0"
Frames = list[dict[str, object]]


def read(text: str, sender: str | None = None) -> Frames:
    found = describe(bytes.fromhex(text), sender)
    json.dumps(found)
    return found


def one(text: str, sender: str | None = None) -> dict[str, object]:
    (frame,) = read(text, sender)
    return frame


def values(frame: dict[str, object]) -> dict[str, int]:
    """The fields of a frame, each found by its own name and as name and value."""
    fields = frame["fields"]
    assert isinstance(fields, list)
    assert all(field[field["name"]] == field["value"] for field in fields)
    return {field["name"]: field["value"] for field in fields}


def kinds(frames: Frames) -> list[object]:
    """The kind of each frame, or what is wrong with it."""
    return [frame.get("error") or frame["kind"] for frame in frames]


EXAMPLES: dict[str, tuple[str, str, dict[str, object], dict[str, int], str]] = {
    "1 poll": ("05", "controller", {"kind": "command", "pump": 5, "command": "POLL"}, {}, "how do you stand? (pump 5)"),
    "1 off": ("65", "dispenser", {"kind": "status", "pump": 5, "state": "OFF"}, {"status": 6}, "pump 5: off"),
    "2 call": ("75", "dispenser", {"kind": "status", "pump": 5, "state": "CALL"}, {"status": 7}, "pump 5: call"),
    "2 auth": ("85", "dispenser", {"kind": "status", "pump": 5, "state": "AUTH"}, {"status": 8}, "pump 5: auth"),
    "2 busy": ("95", "dispenser", {"kind": "status", "pump": 5, "state": "BUSY"}, {"status": 9}, "pump 5: busy"),
    "2 peot": ("A5", "dispenser", {"kind": "status", "pump": 5, "state": "PEOT"}, {"status": 10}, "pump 5: peot"),
    "2 feot": ("B5", "dispenser", {"kind": "status", "pump": 5, "state": "FEOT"}, {"status": 11}, "pump 5: feot"),
    "2 stop": ("C5", "dispenser", {"kind": "status", "pump": 5, "state": "STOP"}, {"status": 12}, "pump 5: stop"),
    "2 send data": (
        "D5", "dispenser", {"kind": "status", "pump": 5, "state": "SEND_DATA"}, {"status": 13}, "pump 5: send data",
    ),
    "3": (
        HOST[3][0], "controller", {"kind": "block", "block": "price"},
        {"level": 1, "grade": 1, "nozzle": 2, "price": 2_158}, "price 1 of nozzle 2 = 2158",
    ),
    "4": (
        HOST[4][0], "controller", {"kind": "block", "block": "price"},
        {"level": 1, "grade": 1, "nozzle": 2, "price": 21_580}, "price 1 of nozzle 2 = 21580",
    ),
    "5": (
        HOST[5][0], "controller", {"kind": "block", "block": "preset"},
        {"preset_amount": 100_000}, "preset amount 100000",
    ),
    "6": (
        HOST[6][0], "controller", {"kind": "block", "block": "preset"},
        {"level": 1, "grade": 1, "nozzle": 2, "preset_amount": 100_000}, "preset amount 100000 for nozzle 2",
    ),
    "7": (
        HOST[7][0], "controller", {"kind": "block", "block": "preset"},
        {"preset_amount": 100_000}, "preset amount 100000",
    ),
    "8": (
        HOST[8][0], "controller", {"kind": "block", "block": "preset"},
        {"level": 1, "grade": 0, "nozzle": 1, "preset_volume": 2_500}, "preset volume 2500 for nozzle 1",
    ),
    "9": (
        PUMP_SAYS[9][1], "dispenser", {"kind": "block", "pump": 5, "block": "transaction"},
        {"grade": 1, "nozzle": 2, "level": 1, "price": 2_158, "volume": 4_634, "amount": 10_000},
        "sale at nozzle 2: price 2158, volume 4634, amount 10000",
    ),
    "10": (
        PUMP_SAYS[10][1], "dispenser", {"kind": "block", "pump": 5, "block": "transaction"},
        {"grade": 1, "nozzle": 2, "level": 1, "price": 21_580, "volume": 4_634, "amount": 100_000},
        "sale at nozzle 2: price 21580, volume 4634, amount 100000",
    ),
    "11": (
        PUMP_SAYS[11][1], "dispenser", {"kind": "block", "block": "totals"},
        {"grade": 0, "nozzle": 1, "total": 4_567_891, "total_amount": 9_876_543, "price_1": 2_158, "price_2": 2_158},
        "nozzle 1: total 4567891, total amount 9876543, prices 2158 / 2158",
    ),
    "12": (
        PUMP_SAYS[12][1], "dispenser", {"kind": "block", "block": "totals"},
        {"grade": 0, "nozzle": 1, "total": 4_567_891, "total_amount": 9_876_543_210, "price_1": 21_580, "price_2": 0},
        "nozzle 1: total 4567891, total amount 9876543210, prices 21580 / 0",
    ),
    "13": (
        "E7 E6 E5 E0 E7 E0", "dispenser", {"kind": "digits", "money": 70_567},
        {"amount": 70_567}, "running money 70567",
    ),
    "14": (
        PUMP_SAYS[14][1], "dispenser", {"kind": "block", "pump": 5, "block": "nozzle_answer"},
        {"function": 10, "nozzle_out": 2, "total_digit": 0, "details": 0x1011}, "nozzle 2 is out",
    ),
    "15": (
        PUMP_SAYS[15][1], "dispenser", {"kind": "block", "pump": 5, "block": "nozzle_answer"},
        {"function": 10, "nozzle_out": 0, "total_digit": 0, "details": 0x1001}, "no nozzle is out",
    ),
    "level": ("FF EC F5 FB E5 F0", "controller", {"kind": "block", "block": "level"}, {"level": 2}, "price level 2"),
    "function": (
        "FF E9 FE E0 E1 E0 FB EE F0", "controller", {"kind": "block", "block": "function"},
        {"function": 10}, "special function 010",
    ),
    "stop all": ("FC", "controller", {"kind": "command", "command": "STOP_ALL"}, {}, "stop, all pumps"),
    "pump 16": ("60", "dispenser", {"kind": "status", "pump": 16, "state": "OFF"}, {"status": 6}, "pump 16: off"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sender", "about", "fields", "meaning"), EXAMPLES.values(), ids=list(EXAMPLES))
@pytest.mark.parametrize("told", [True, False], ids=["sender told", "sender guessed"])
def test_every_worked_example(
    text: str, sender: str, about: dict[str, object], fields: dict[str, int], meaning: str, told: bool
):
    frame = one(text, sender if told else None)
    assert values(frame) == fields
    del frame["fields"]
    assert frame == {"ok": True, "from": sender, **about, "meaning": meaning, "bytes": text}


@pytest.mark.parametrize(("text", "sender", "_about", "_fields", "meaning"), EXAMPLES.values(), ids=list(EXAMPLES))
@pytest.mark.parametrize("rubbish", ["00", "13", "F9", DAMAGED, "E1 E2", "FF E3"])
def test_every_worked_example_between_rubbish(
    text: str, sender: str, _about: object, _fields: object, meaning: str, rubbish: str
):
    """Digits run into digits; everything else is found again at once, whatever stood before it."""
    if text.startswith("E") and rubbish.rsplit(maxsplit=1)[-1].startswith("E"):
        return
    found = read(f"{rubbish} {text} {rubbish}", sender)
    assert sum(frame.get("meaning") == meaning for frame in found) == 1


def test_totals_of_several_grades_have_their_fields_one_after_the_other():
    nozzles = [field for field in _fields_of(one(_two_grades())) if field["name"] in ("nozzle", "total")]
    assert [(field["name"], field["value"]) for field in nozzles] == [
        ("nozzle", 1), ("total", 10), ("nozzle", 2), ("total", 20),
    ]  # fmt: skip


def _fields_of(frame: dict[str, object]) -> list[dict[str, object]]:
    fields = frame["fields"]
    assert isinstance(fields, list)
    return fields


def _two_grades() -> str:
    from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import GradeTotals, Totals
    from pos_client.protocols.dispenser.gilbarco_two_wire.formats import SIX

    grades = (GradeTotals(0, 10, 1, 2_158, 0), GradeTotals(1, 20, 2, 1_864, 0))
    return Totals(grades, SIX).to_bytes().hex(" ")


def test_a_length_word_that_is_wrong_is_told_and_no_error():
    frame = one("FF E4 F2 F8 E0 E0 E0 E0 E0 E1 FB E7 F0")
    assert (frame["ok"], frame["meaning"]) == (True, "preset amount 100000 (its length word is wrong)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05 65", ["command", "status"]),
        ("05 05", ["command", "status"]),
        ("05 05 05", ["command", "status", "command"]),
        ("15 05 85", ["command", "command", "status"]),
        ("05 75 25 D5", ["command", "status", "command", "status"]),
        ("05 95 65 E7 E6 E5 E0 E7 E0", ["command", "status", "command", "digits"]),
        ("65 E7 E6 E5 E0 E7 E0", ["command", "digits"]),
        ("65 66 67", ["status"] * 3),
        ("05 65 06 66", ["command", "status", "command", "status"]),
        ("FC 05 C5", ["command", "command", "status"]),
    ],
)
def test_who_says_a_word_follows_from_what_stands_around_it(text: str, expected: list[str]):
    assert kinds(read(text)) == expected


def test_the_sender_that_is_given_counts_more_than_a_guess():
    assert one("65", "controller")["command"] == "MONEY"
    assert one("05", "dispenser")["state"] == "DATA_ERROR"
    assert one("F0", "controller")["command"] == "STOP_ALL", "one host's word"
    assert kinds(read("F0")) == ["control"]
    assert kinds(read("FC", "dispenser")) == ["control"]
    assert kinds(read("75", "controller")) == ["command"]
    assert kinds(read("15", "dispenser")) == ["status"]
    assert read("75", "controller")[0]["ok"] is read("15", "dispenser")[0]["ok"] is False
    assert kinds(read("E7 E6 E5 E0 E7 E0", "controller")) == ["digits"]
    assert read("E7 E6 E5 E0 E7 E0", "controller")[0]["ok"] is False
    assert one(HOST[3][0], "dispenser")["ok"] is False
    assert one(PUMP_SAYS[9][1], "controller")["ok"] is False


def test_a_block_and_digits_are_of_the_pump_that_was_asked():
    talk = f"05 75 25 D5 {HOST[3][0]} 05 75 55 {PUMP_SAYS[11][1]} 65 E7 E6 E5 E0 E7 E0 {HOST[3][0]} {PUMP_SAYS[11][1]}"
    pumps = [frame.get("pump") for frame in read(talk) if frame["kind"] in ("block", "digits")]
    assert pumps == [5, 5, 5, None, None]
    assert one(PUMP_SAYS[9][1])["pump"] == 5, "a sale names its pump"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DAMAGED, ["lrc"]),
        (f"{DAMAGED} 65 {HOST[4][0]}", ["lrc", "status", "block"]),
        ("F9 65", ["control", "status"]),
        ("E1 E2 65", ["length", "status"]),
        ("EA E1 E1 E1 E1 E1 65", ["digits", "status"]),
        (f"FF E3 {HOST[4][0]}", ["incomplete", "block"]),
        (f"FF E3 05 {HOST[4][0]}", ["incomplete", "command", "block"]),
        ("FF F1", ["incomplete"]),
        ("FF" + " E1" * 300 + " F0 65", ["length", "status"]),
        ("FF E0 F3 FB E3 F0 65", ["content", "status"]),
        (f"{PUMP_SAYS[14][1][:-8]}B8 8D 8A 65", ["lrc", "status"]),
        (f"{PUMP_SAYS[14][1][:20]} 65 05", ["length"]),
        ("BA B5", ["status", "status"]),
    ],
)
def test_damage_is_told_and_the_next_frame_is_read(text: str, expected: list[str]):
    found = read(text)
    assert kinds(found)[: len(expected)] == expected
    assert all(frame["ok"] is ("error" not in frame) for frame in found)


@given(st.binary(max_size=300), st.sampled_from((None, "controller", "dispenser")))
def test_anything_can_be_described_and_no_byte_is_lost(raw: bytes, sender: str | None):
    found = describe(raw, sender)
    json.dumps(found)
    assert b"".join(bytes.fromhex(str(frame["bytes"])) for frame in found) == raw
