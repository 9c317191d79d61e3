"""Wire bytes as a technician has them at hand: any way of writing hex, and faults told in their place."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest

from pos_client.bootstrap.arguments import parse


def decoded(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    """Exit code, and what each object is: its kind, or its error."""
    arguments = parse(["decode", *words])
    code = arguments.run(arguments)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(isinstance(each["ok"], bool) for each in told)
    return code, [each["kind"] if each["ok"] else each["error"] for each in told]


WAYS = [
    ["54", "20", "FA"],
    ["54 20 FA"],
    ["5420fa"],
    ["0x54", "0x20", "0xFA"],
    ["0X5420FA"],
    ["54,20,FA"],
    ["54:20:fa"],
    ["5 4 2 0 F A"],
    ["54\n20\r\n\tFA\n"],
]


@pytest.mark.parametrize("words", WAYS, ids=repr)
def test_every_way_of_writing_hex(capsys: pytest.CaptureFixture[str], words: list[str]):
    assert decoded(capsys, "dart", *words) == (0, ["poll"])


@pytest.mark.parametrize("words", WAYS, ids=repr)
def test_standard_input_is_read_like_arguments(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
):
    given = SimpleNamespace(buffer=io.BytesIO(" ".join(words).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert decoded(capsys, "dart") == (0, ["poll"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("54 20 FA zz 54 70 FA", ["poll", "not_hex", "eot"]),
        ("54 20 FA 5", ["poll", "odd_digits"]),
        ("54 20 F", ["incomplete", "odd_digits"]),
        ("0x5 54 20 FA", ["odd_digits", "poll"]),
        ("0x 54 20 FA", ["not_hex", "poll"]),
        ("54 20 xx FA", ["incomplete", "not_hex", "noise"]),
        ("٥٤ 54 20 FA", ["not_hex", "poll"]),
        ("g" * 5_000, ["not_hex"]),
        ("99 54 20 FA", ["noise", "poll"]),
        ("54 31 01 01 00 6F 61 03 FA 54 20 FA", ["crc", "poll"]),
    ],
)
def test_a_fault_is_an_object_and_the_rest_is_decoded(capsys: pytest.CaptureFixture[str], text: str, told: list[str]):
    assert decoded(capsys, "dart", text) == (1, told)


def test_a_wrong_word_is_shown_but_not_endlessly(capsys: pytest.CaptureFixture[str]):
    arguments = parse(["decode", "dart", "g" * 5_000])
    assert arguments.run(arguments) == 1
    assert len(capsys.readouterr().out) < 200


def test_nothing_is_no_fault(capsys: pytest.CaptureFixture[str]):
    assert decoded(capsys, "dart", " ") == (0, [])


def test_an_unknown_protocol_is_wrong_usage(capsys: pytest.CaptureFixture[str]):
    assert decoded(capsys, "no-such", "00") == (2, [])
    assert decoded(capsys, "gilbarco-two-wire", "05 65") == (0, ["command", "status"])
