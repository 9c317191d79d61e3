"""Bytes in words: one dictionary a frame, errors as dictionaries too."""

from __future__ import annotations

import json

import pytest

from pos_client.protocols.dispenser.dart.frames import Data
from pos_client.protocols.dispenser.dart.transactions import Tlv
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.registry import PROTOCOLS, protocol

describe = PROTOCOLS["dart"].describe


def one(text: str, sender: str | None = None) -> dict[str, object]:
    (frame,) = describe(bytes.fromhex(text), sender)
    json.dumps(frame)
    return frame


@pytest.mark.parametrize(
    ("text", "sender", "meaning"),
    [
        ("54 20 FA", None, "anything to say?"),
        ("54 70 FA", None, "nothing to say"),
        ("54 C5 FA", None, "block 5 accepted"),
        ("54 55 FA", "dispenser", "block 5 was damaged or out of order"),
        ("54 E5 FA", None, "block 5 accepted; anything more to say?"),
        ("54 33 01 01 05 AE DB 03 FA", "controller", "reset"),
        ("54 33 01 01 05 AE DB 03 FA", "dispenser", "state 5, completed"),
        ("54 33 01 01 05 AE DB 03 FA", None, "controller: reset / dispenser: state 5, completed"),
        (
            "54 34 02 01 01 04 04 00 10 00 00 01 01 06 57 EF 03 FA",
            None,
            "allowed nozzles 1; preset amount 100000; authorise",
        ),
        (
            "54 36 02 08 00 00 04 63 00 10 00 00 03 04 02 15 80 01 01 01 06 6D 70 03 FA",
            None,
            "filled volume 463, amount 100000; price 21580, nozzle 1 in; state 6, max reached",
        ),
        ("54 37 65 01 02 AF F6 03 FA", None, "ask volume total of nozzle 2"),
        (
            "54 38 65 0D 02 00 00 73 10 54 42 00 13 62 75 48 91 E6 84 03 FA",
            None,
            "total 73105442 of nozzle 2, total amount 1362754891",
        ),
        ("54 32 05 06 02 15 80 01 86 40 BE 7B 03 FA", None, "prices nozzle 1 = 21580, nozzle 2 = 18640"),
    ],
)
def test_meaning(text: str, sender: str | None, meaning: str):
    assert one(text, sender)["meaning"] == meaning


ONE_LIST_ONLY = Data(0x54, 1, (Tlv(0x07, b"\x0a\x00"), Tlv(0x42, b""))).to_bytes().hex()


def test_transactions_of_which_only_a_name_is_known_are_named_and_shown():
    told = one(ONE_LIST_ONLY, "controller")
    assert told["meaning"] == "transaction 07, output; transaction 42, not known"
    assert told["fields"] == [
        {"name": "data", "value": 2560, "data": 2560, "hex": "0A 00", "transaction": "CD7"},
        {"name": "data", "value": 0, "data": 0, "hex": "", "transaction": "CD66"},
    ]
    assert "parameters" in str(one(ONE_LIST_ONLY, "dispenser")["meaning"])


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("99 54 20 FA", ["noise", None]),
        ("FF 98 54 70 FA", ["noise", None]),
        ("54 31 01 01 00 6F 61 03 FA 54 70 FA 54 20 FA", ["crc", None, None]),
        ("77 54 31 01 01 00 6F 61 03 FA 54 70 FA", ["noise", "crc", None]),
        ("54 31 01 01 54 20 FA", ["incomplete", None]),
        ("54 31 01 01 00 6F 60 10 FA 54 20 FA", ["incomplete", None]),
        ("54 20 54 20 FA", ["incomplete", None]),
        ("54 90 FA 54 20 FA", ["control", None]),
        ("00 FA 54 20 FA", ["noise", None]),
        ("54 20 FA 54 31 01", [None, "incomplete"]),
        ("54 20 FA 01 02", [None, "noise"]),
        ("00 " * 400 + "54 20 FA", ["noise", None]),
        ("00 " * 400, ["noise"]),
    ],
)
def test_rubbish_is_told_and_swallows_nothing(text: str, errors: list[str | None]):
    raw = bytes.fromhex(text)
    found = describe(raw, None)
    assert [frame.get("error") for frame in found] == errors
    assert [frame["ok"] for frame in found] == [error is None for error in errors]
    assert b"".join(bytes.fromhex(str(frame["bytes"])) for frame in found) == raw


def test_content_that_makes_no_sense_from_that_sender_is_an_error():
    told = one("54 33 01 01 03 2E D9 03 FA", "dispenser")
    assert (told["ok"], told["error"], told["kind"], told["block"]) == (False, "status", "data", 3)


def test_an_end_without_meaning_in_its_number_is_shown_as_it_came():
    assert one("54 75 FA") == {
        "ok": True,
        "from": "dispenser",
        "kind": "eot",
        "address": 84,
        "meaning": "nothing to say",
        "bytes": "54 75 FA",
    }


def test_nothing_in_nothing_out():
    assert describe(b"", None) == []


def test_an_unknown_protocol_is_named():
    with pytest.raises(LocalProtocolError, match="no-such"):
        protocol("no-such")
