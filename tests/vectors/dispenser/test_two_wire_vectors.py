"""Golden bytes of the Two-Wire notes, section 11: pump 5, second hose (grade 1)."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import blocks as b
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Expect
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT, SIX
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import NozzleAnswer, nozzle_answer_from
from pos_client.protocols.dispenser.gilbarco_two_wire.reader import find, status_of
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status
from pos_client.protocols.dispenser.gilbarco_two_wire.words import digits

PUMP = 5
HOST: dict[int, tuple[str, b.HostBlock]] = {
    3: ("FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EF F0", b.SetPrice(1, 1, 2_158, 4)),
    4: ("FF E3 F4 F6 E1 F7 E0 E8 E5 E1 E2 E0 FB E1 F0", b.SetPrice(1, 1, 21_580, 6)),
    5: ("FF E5 F2 F8 E0 E0 E0 E0 E0 E1 FB E6 F0", b.Preset(True, 100_000, 6)),
    6: ("FF E2 F2 F4 F6 E1 F8 E0 E0 E0 E0 E0 E1 FB EE F0", b.Preset(True, 100_000, 6, 1, 1)),
    7: ("FF E3 F2 F8 E0 E0 E0 E0 E0 E1 E0 E0 FB E8 F0", b.Preset(True, 100_000, 8)),
    8: ("FF E3 F1 F4 F6 E0 F8 E0 E0 E5 E2 E0 FB E9 F0", b.Preset(False, 2_500, 5, 1, 0)),
}
PUMP_SAYS: dict[int, tuple[Expect, str, b.Transaction | b.Totals | NozzleAnswer]] = {
    9: (
        Expect.TRANSACTION,
        "FF F1 F8 EA E4 E0 E0 E0 F6 E1 F4 F7 E8 E5 E1 E2 F9 E4 E3 E6 E4 E0 E0 FA E0 E0 E0 E0 E1 E0 FB E8 F0",
        b.Transaction(PUMP, 1, 1, 2_158, 4_634, 10_000, SIX),
    ),
    10: (
        Expect.TRANSACTION,
        "FF F1 F8 EB E4 E0 E0 E0 F6 E1 F4 F7 E0 E8 E5 E1 E2 E0 "
        "F9 E4 E3 E6 E4 E0 E0 E0 E0 FA E0 E0 E0 E0 E0 E1 E0 E0 FB E7 F0",
        b.Transaction(PUMP, 1, 1, 21_580, 4_634, 100_000, EIGHT, a=0x0B),
    ),
    11: (
        Expect.TOTALS,
        "FF F6 E0 F9 E1 E9 E8 E7 E6 E5 E4 E0 FA E3 E4 E5 E6 E7 E8 E9 E0 F4 E8 E5 E1 E2 F5 E8 E5 E1 E2 FB E2 F0",
        b.Totals((b.GradeTotals(0, 4_567_891, 9_876_543, 2_158, 2_158),), SIX),
    ),
    12: (
        Expect.TOTALS,
        "FF F6 E0 F9 E1 E9 E8 E7 E6 E5 E4 E0 E0 E0 E0 E0 FA E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 E0 E0 "
        "F4 E0 E8 E5 E1 E2 E0 F5 E0 E0 E0 E0 E0 E0 FB EF F0",
        b.Totals((b.GradeTotals(0, 4_567_891, 9_876_543_210, 21_580, 0),), EIGHT),
    ),
    14: (
        Expect.NOZZLE,
        "BA B0 B3 B5 B0 B1 B0 B0 B0 B0 B1 B0 B1 B1 B2 B8 B9 8D 8A",
        NozzleAnswer(PUMP, 2, "01011"),
    ),
    15: (
        Expect.NOZZLE,
        "BA B0 B3 B5 B0 B1 B0 B0 B0 B0 B1 B0 B0 B1 B0 B8 C3 8D 8A",
        NozzleAnswer(PUMP, 0, "01001"),
    ),
}
PARSERS = {
    Expect.TRANSACTION: b.transaction_from,
    Expect.TOTALS: b.totals_from,
    Expect.NOZZLE: nozzle_answer_from,
}
ANSWERS = [
    pytest.param(expect, bytes.fromhex(text), value, id=str(n)) for n, (expect, text, value) in PUMP_SAYS.items()
]
ANSWERS.append(pytest.param(Expect.MONEY, bytes.fromhex("E7 E6 E5 E0 E7 E0"), 70_567, id="13"))
ANSWERS.append(pytest.param(Expect.STATUS, b"\x65", Status.OFF, id="1"))


def search(expect: Expect, words: bytes) -> Answer | None:
    return find(expect, PUMP, words, 6, False)


@pytest.mark.parametrize(("text", "block"), HOST.values(), ids=map(str, HOST))
def test_a_block_of_ours_both_ways(text: str, block: b.HostBlock):
    raw = bytes.fromhex(text)
    assert block.to_bytes() == raw
    assert b.host_block_from(raw) == block
    assert b.length_is_right(raw)


@pytest.mark.parametrize(("expect", "text", "value"), PUMP_SAYS.values(), ids=map(str, PUMP_SAYS))
def test_an_answer_of_a_pump_both_ways(expect: Expect, text: str, value: b.Transaction | b.Totals | NozzleAnswer):
    raw = bytes.fromhex(text)
    assert PARSERS[expect](raw) == value
    assert value.to_bytes() == raw


def test_status_words_and_running_money():
    words = bytes.fromhex("65 75 85 95 A5 B5 C5 D5")
    assert [status_of(word) for word in words] == list(Status)[1:]
    assert digits(70_567, 6) == bytes.fromhex("E7 E6 E5 E0 E7 E0")


def test_words_of_one_host_are_states_only_when_tolerated():
    words = (0xE5, 0x15, 0x35, 0xF5)
    assert [status_of(word) for word in words] == [None] * 4
    assert [status_of(word, tolerant=True) for word in words] == [Status.OFF, Status.BUSY, Status.PEOT, Status.STOP]


@pytest.mark.parametrize(("expect", "raw", "value"), ANSWERS)
def test_an_answer_whole_and_byte_by_byte(expect: Expect, raw: bytes, value: Answer):
    assert search(expect, raw) == value
    assert [search(expect, raw[:size]) for size in range(len(raw))] == [None] * len(raw)


@pytest.mark.parametrize(("expect", "raw", "value"), ANSWERS)
@pytest.mark.parametrize("before", [b"", b"\x61", b"\xfe", b"\xff", b"\x00\x13", b"\xf0\x81"])
@pytest.mark.parametrize("after", [b"", b"\x05", b"\xff\xe3", b"\xf0"])
def test_an_answer_with_rubbish_around_it(expect: Expect, raw: bytes, value: Answer, before: bytes, after: bytes):
    assert search(expect, before + raw + after) == value


@pytest.mark.parametrize("expect", [Expect.TRANSACTION, Expect.TOTALS, Expect.NOZZLE])
def test_no_single_turned_bit_is_believed(expect: Expect):
    """In a sale and in totals every bit of the figures is proved by the check word, the layout or the digits."""
    for kind, text, value in PUMP_SAYS.values():
        if kind is not expect:
            continue
        raw = bytes.fromhex(text)
        for at in range(len(raw)):
            for bit in range(8):
                turned = raw[:at] + bytes((raw[at] ^ 1 << bit,)) + raw[at + 1 :]
                assert search(expect, turned) in (None, value), (at, bit)


def test_a_damaged_copy_of_example_3_is_no_block():
    with pytest.raises(RemoteProtocolError, match="lrc"):
        b.host_block_from(bytes.fromhex("FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EE F0"))


def test_pump_16_is_nibble_0():
    assert find(Expect.STATUS, 16, b"\x60", 8, False) is Status.OFF
    sale = b.Transaction(16, 0, 1, 1, 2, 3, EIGHT)
    assert sale.to_bytes()[4] == 0xEF
    assert b.transaction_from(sale.to_bytes()) == sale


@pytest.mark.parametrize(("count", "form", "words"), [(1, SIX, 34), (3, SIX, 94), (1, EIGHT, 46), (6, EIGHT, 256)])
def test_totals_have_30_or_42_words_a_grade_and_4(count: int, form, words: int):
    totals = b.Totals(tuple(b.GradeTotals(n, n, n, n, n) for n in range(count)), form)
    assert len(totals.to_bytes()) == words
    assert b.totals_from(totals.to_bytes()) == totals
