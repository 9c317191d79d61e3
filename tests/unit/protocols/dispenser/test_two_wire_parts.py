"""The parts of Two-Wire alone: echo, options, the judgement of a sale, the device's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import blocks as b
from pos_client.protocols.dispenser.gilbarco_two_wire.echo import Echo
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import Evidence, Verdict, judge
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.words import digits, number
from pos_client.protocols.dispenser.gilbarco_two_wire.words import fields as words_of
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.options_text import parse

# ── echo ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_auto_learns_that_there_is_an_echo_and_then_knows_data_error():
    echo = Echo("auto")
    for _ in range(3):
        echo.sent(b"\x05")
        assert echo.strip(b"\x05\x65") == b"\x65"
    echo.sent(b"\x05")
    assert echo.strip(b"\x05") == b""
    assert echo.strip(b"\x05") == b"\x05"


def test_auto_learns_that_there_is_none_and_then_believes_data_error():
    echo = Echo("auto")
    for _ in range(3):
        echo.sent(b"\x05")
        assert echo.strip(b"\x65") == b"\x65"
    echo.sent(b"\x05")
    assert echo.strip(b"\x05") == b"\x05"
    echo.doubt()
    echo.sent(b"\x05")
    assert echo.strip(b"\x05") == b"", "found out anew"


def test_echo_in_crumbs_and_of_words_that_have_no_answer():
    echo = Echo("on")
    echo.sent(b"\x15")
    echo.sent(b"\x05")
    assert [echo.strip(raw) for raw in (b"\x15", b"\x05\x85")] == [b"", b"\x85"]


def test_what_only_seemed_to_be_an_echo_is_given_back():
    echo = Echo("auto")
    echo.sent(b"\xff\xe5\xf4")
    assert [echo.strip(raw) for raw in (b"\xff", b"\xf1")] == [b"", b"\xff\xf1"]


def test_off_takes_nothing_out():
    echo = Echo("off")
    echo.sent(b"\x05")
    assert echo.strip(b"\x05\x65") == b"\x05\x65"


# ── options ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_defaults_are_those_the_notes_name():
    line = parse(LineOptions, "")
    assert (line.format, line.echo, line.stop_all, line.preset_hose) == ("auto", "auto", "FC", "auto")
    assert (line.data_retry_ms, line.authorise_pause_ms, line.money_after_ms) == (2000, 100, 1500)


# ── judgement ──────────────────────────────────────────────────────────────────────────────────────────────────────

SETUP = HeadSetup(5, (1, 1), 3, 0, 0, 2)
SALE = b.Transaction(5, 0, 1, 21_580, 4_630, 99_915, EIGHT)
OLD = replace(SALE, volume=10_000, money=215_800)


def totals(first: int, second: int = 700, form=EIGHT) -> b.Totals:
    return b.Totals((b.GradeTotals(0, first, 0, 1, 1), b.GradeTotals(1, second, 0, 1, 1)), form)


PROVED = Evidence(SALE, totals(1_463), {1: 1_000, 2: 700}, OLD, ran=True, cross_check=True)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.SALE),
        ({"ran": False}, Verdict.SALE),
        ({"totals": totals(1_464)}, Verdict.SALE),
        ({"totals": totals(1_461)}, Verdict.SALE),
        ({"totals": totals(1_000)}, Verdict.NOTHING),
        ({"totals": totals(1_300)}, Verdict.UNPROVED),
        ({"totals": totals(2_000)}, Verdict.SALE),
        ({"totals": totals(2_000), "remembered": SALE}, Verdict.FORGOTTEN),
        ({"totals": totals(2_000), "remembered": None}, Verdict.FORGOTTEN),
        ({"totals": totals(900)}, Verdict.UNPROVED),
        ({"totals": totals(1_000, 1_163)}, Verdict.UNPROVED),
        ({"sale": replace(SALE, grade=5)}, Verdict.UNPROVED),
        ({"before": {}}, Verdict.SALE),
        ({"before": {}, "ran": False}, Verdict.NOTHING),
        ({"before": {}, "sale": replace(SALE, volume=0, money=0)}, Verdict.NOTHING),
        ({"cross_check": False, "totals": totals(1_300)}, Verdict.SALE),
        ({"cross_check": False, "ran": False}, Verdict.FORGOTTEN),
        ({"sale": replace(SALE, volume=3, money=65), "totals": totals(1_000)}, Verdict.SALE),
        ({"sale": OLD, "totals": totals(1_000)}, Verdict.NOTHING),
        ({"before": {1: 10**12 - 400, 2: 700}, "totals": totals(63)}, Verdict.SALE),
    ],
)
def test_what_an_ended_sale_came_to(changes: dict[str, object], verdict: Verdict):
    assert judge(replace(PROVED, **changes), SETUP) is verdict  # type: ignore[arg-type]


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", [-1, 10_000])
def test_a_number_that_does_not_fit(value: int):
    with pytest.raises(LocalProtocolError):
        digits(value, 4)


@pytest.mark.parametrize("text", ["", "EA", "E1 F0", "31"])
def test_words_that_are_no_number(text: str):
    with pytest.raises(RemoteProtocolError):
        number(bytes.fromhex(text))


@pytest.mark.parametrize("text", ["", "FF F0", "FF FB E6 F0 F0", "FF 31 FB E3 F0", "FE E0 FB E5 F0"])
def test_words_that_are_no_block(text: str):
    with pytest.raises(RemoteProtocolError):
        words_of(bytes.fromhex(text))
