"""What each protocol makes of what is heard while somebody looks for it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Poll
from pos_client.protocols.dispenser.dart.probing import PROBE as DART
from pos_client.protocols.dispenser.gilbarco_two_wire.probing import PROBE as TWO_WIRE
from pos_client.protocols.dispenser.probing import Evidence
from pos_client.protocols.dispenser.registry import PROTOCOLS

BLOCK = bytes.fromhex("54 31 01 01 05 03 04 02 15 80 01 9D D8 03 FA")
TOTALS = bytes.fromhex(
    "FF F6 E0 F9 E1 E9 E8 E7 E6 E5 E4 E0 FA E3 E4 E5 E6 E7 E8 E9 E0 F4 E8 E5 E1 E2 F5 E8 E5 E1 E2 FB E2 F0"
)
PRICE = bytes.fromhex("FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EF F0")
RECORD = bytes.fromhex("BA B0 B3 B5 B0 B1 B0 B0 B0 B0 B1 B0 B1 B1 B2 B8 B9 8D 8A")
NOTHING = Evidence()


@pytest.mark.parametrize(
    ("raw", "evidence"),
    [
        (b"", NOTHING),
        (Poll(0x54).to_bytes(), NOTHING),
        (Eot(0x54).to_bytes(), Evidence(1, 0, 0, (0x54,))),
        (Poll(0x54).to_bytes() + Eot(0x54).to_bytes(), Evidence(1, 0, 0, (0x54,))),
        (BLOCK, Evidence(1, 1, 0, (0x54,))),
        (b"\xff\x98" + BLOCK, Evidence(1, 1, 1, (0x54,))),
        (Eot(0x55).to_bytes(), Evidence(0, 0, 1)),
        (Poll(0x54).to_bytes() * 2, Evidence(0, 0, 1)),
        (BLOCK[:-3], Evidence(0, 0, 2)),
        (BLOCK.replace(b"\x15", b"\x14"), Evidence(0, 0, 2)),
    ],
)
def test_a_dart_head_is_believed_when_it_says_what_only_it_would(raw: bytes, evidence: Evidence):
    assert DART.score(raw, DART.question(0x54)) == evidence
    assert DART.proof(0x54, raw) is None


@pytest.mark.parametrize(
    ("raw", "evidence"),
    [
        (b"", NOTHING),
        (b"\x05", NOTHING),
        (b"\x65", Evidence(1, 0, 0, (5,))),
        (b"\x05\x65", Evidence(1, 0, 0, (5,))),
        (b"\x05\x05", Evidence(1, 0, 0, (5,))),
        (b"\x66", Evidence(0, 0, 1)),
        (b"\xd5", Evidence(0, 0, 1)),
        (b"\xff\x65", Evidence(1, 0, 1, (5,))),
        (b"\x65\x75", Evidence(0, 0, 2)),
        (b"\x42\x43\x44", Evidence(0, 0, 3)),
    ],
)
def test_a_two_wire_pump_is_believed_when_it_names_itself_once(raw: bytes, evidence: Evidence):
    assert TWO_WIRE.score(raw, TWO_WIRE.question(5)) == evidence


@pytest.mark.parametrize(
    ("raw", "evidence"),
    [
        (TOTALS, Evidence(1, 1, 0, (5,))),
        (b"\x55" + TOTALS, Evidence(1, 1, 0, (5,))),
        (TOTALS[:-1], Evidence(0, 0, 1)),
        (TOTALS.replace(b"\xe9", b"\xe8"), Evidence(0, 0, 1)),
        (b"\x65", Evidence(0, 0, 1)),
        (b"", NOTHING),
    ],
)
def test_totals_prove_a_two_wire_pump(raw: bytes, evidence: Evidence):
    question = TWO_WIRE.proof(5, b"\x65")
    assert question == b"\x55"
    assert TWO_WIRE.score(raw, question) == evidence


@pytest.mark.parametrize("answer", [b"", b"\x05", b"\x75", b"\x85", b"\x95", b"\xa5", b"\xc5", b"\x66", b"\x65\x65"])
def test_only_a_pump_at_rest_is_asked_for_totals(answer: bytes):
    assert TWO_WIRE.proof(5, answer) is None
    assert TWO_WIRE.proof(16, b"\x00\x60") == b"\x50"


def test_a_dart_conversation_names_the_heads_that_answered_and_not_those_that_were_asked():
    said: list[Frame] = [
        Poll(0x50),
        Eot(0x50),
        Poll(0x51),
        Poll(0x52),
        Data(0x52, 1, ()),
        Ack(0x52, 1),
        Data(0x53, 2, ()),
    ]
    raw = b"".join(frame.to_bytes() for frame in said)
    assert DART.score(raw, b"") == Evidence(7, 2, 0, (0x50, 0x52))
    assert DART.score(raw + Ack(0x53, 2).to_bytes(), b"").addresses == (0x50, 0x52, 0x53)


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("01 02 03", NOTHING),
        ("01 61 02 72", Evidence(2, 0, 0, (1, 2))),
        ("05 05 05", NOTHING),
        ("00 60", Evidence(1, 0, 0, (16,))),
        ("01 62", NOTHING),
        ("25 D5 " + PRICE.hex(), Evidence(2, 1, 0, (5,))),
        ("25 65", NOTHING),
        ("55 " + TOTALS.hex(), Evidence(1, 1, 0, (5,))),
        ("55", NOTHING),
        ("65 E7 E6 E5 E0 E7 E0", Evidence(1, 0, 0, (5,))),
        ("65 E7 E6 E5", Evidence(0, 0, 2)),
        (RECORD.hex(), Evidence(1, 1, 0, (5,))),
        ("BA B0", Evidence(0, 0, 1)),
        ("FC", Evidence(0, 0, 1)),
        (TOTALS[:20].hex(), Evidence(0, 0, 10)),
    ],
)
def test_a_two_wire_conversation_counts_answers_and_blocks(said: str, evidence: Evidence):
    assert TWO_WIRE.score(bytes.fromhex(said), b"") == evidence


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_far_more_damage_than_sense(seed: int):
    noise = random.Random(seed).randbytes(3_000)
    for offered in PROTOCOLS.values():
        assert offered.probe is not None
        found = offered.probe().score(noise, b"")
        assert found.damaged > 8 * found.good
        assert found.proved == 0


@given(st.binary(max_size=80), st.integers(1, 16))
def test_no_bytes_make_a_judge_fall_over(raw: bytes, pump: int):
    for spec, address in ((DART, 0x4F + pump), (TWO_WIRE, pump)):
        for sent in (b"", spec.question(address), TWO_WIRE.proof(pump, bytes((0x60 | pump % 16,))) or b""):
            found = spec.score(raw, sent)
            assert found.good >= found.proved >= 0
            assert found.damaged >= 0
            assert bool(found.addresses) <= bool(found.good)
