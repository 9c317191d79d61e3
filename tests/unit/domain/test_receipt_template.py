"""The order of a receipt as data: the shipped file, a station's own, and every file that is none."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from pos_client.domain.paper import as_text
from pos_client.domain.receipt_layout import layout
from pos_client.domain.receipt_template import STANDARD, PartName, parse_template
from tests.receipts import FULL
from tests.words import RESOURCES, words

VI = words("vi", "receipt")
NEEDED = '[[part]]\nname="title"\n[[part]]\nname="numbers"\n[[part]]\nname="sale"\n[[part]]\nname="tenders"\n'


def printed(text: str) -> str:
    return as_text(layout(FULL, VI, 42, parse_template(tomllib.loads(text))), 42)


def test_the_shipped_file_is_the_standard():
    assert parse_template(tomllib.loads((RESOURCES / "receipts" / "receipt.toml").read_text("utf-8"))) == STANDARD


def test_a_station_moves_parts_and_adds_lines_of_its_own():
    text = printed(
        '[[part]]\ntext="MST 0100107370"\nstyle="strong"\n[[part]]\nname="qr"\n'
        + NEEDED
        + '[[part]]\ntext="a"\nalign="left"\n'
    )
    lines = text.splitlines()
    assert lines[0].strip() == "MST 0100107370"
    assert lines[1].strip() == "[QR T1-000123]"
    assert lines[-1] == "a"
    assert "Xin cảm ơn" not in text
    assert "TỔNG TIỀN                        350.009 đ" in text


def test_a_line_of_the_station_cannot_command_the_printer_and_is_wrapped():
    text = printed(NEEDED + '[[part]]\ntext="A\\u001b@B ' + "x" * 100 + '"\n')
    assert "\x1b" not in text
    assert all(len(line) <= 42 for line in text.splitlines())


def test_every_part_is_printed_somewhere():
    assert {part.name for part in STANDARD.parts} == set(PartName)
    assert all(layout(replace(FULL, copy=True), VI, 42, STANDARD))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "part = 1",
        "part = []",
        "x = 1\n" + NEEDED,
        NEEDED.replace('name="sale"', 'name="title"'),
        NEEDED.replace('name="tenders"', 'name="gap"'),
        NEEDED + '[[part]]\nname="nothing"',
        NEEDED + '[[part]]\nname="gap"\nstyle="strong"',
        NEEDED + '[[part]]\ntext=""',
        NEEDED + "[[part]]\ntext=7",
        NEEDED + '[[part]]\ntext="a"\nstyle="huge"',
        NEEDED + '[[part]]\ntext="a"\nalign="right"',
        NEEDED + '[[part]]\ntext="a"\nalign=["left"]',
        NEEDED + '[[part]]\ntext="a"\ncolour="red"',
        NEEDED + '[[part]]\ntext="' + "x" * 201 + '"',
        NEEDED + '[[part]]\nname="gap"\n' * 60,
    ],
)
def test_a_file_that_is_no_receipt_is_refused_by_name(text: str):
    with pytest.raises(ValueError, match="part"):
        parse_template(tomllib.loads(text))
