"""Golden bytes of the DART notes, section 11: address 54h, prices 21 580 and 18 640, volume with two decimals.

Source: the worked examples of those notes, made by their author from the rules; no vendor document or recording.
"""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.checksums import crc16_arc
from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.describe import describe
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Nak, Poll, from_bytes
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.states import CommandCode, Status

A = 0x54
TOTAL = 73_105_442


def block(number: int, *transactions: t.ControllerTransaction | t.PumpTransaction) -> Data:
    return Data(A, number, tuple(x.to_tlv() for x in transactions))


CONTROLLER: dict[int, tuple[str, Frame]] = {
    1: ("54 20 FA", Poll(A)),
    3: ("54 31 01 01 00 6F 60 03 FA", block(1, t.Command(CommandCode.RETURN_STATUS))),
    5: ("54 32 05 06 02 15 80 01 86 40 BE 7B 03 FA", block(2, t.Prices((21_580, 18_640)))),
    6: ("54 33 01 01 05 AE DB 03 FA", block(3, t.Command(CommandCode.RESET))),
    7: (
        "54 34 02 01 01 04 04 00 10 00 00 01 01 06 57 EF 03 FA",
        block(4, t.AllowedNozzles((1,)), t.PresetAmount(100_000), t.Command(CommandCode.AUTHORISE)),
    ),
    11: ("54 37 65 01 02 AF F6 03 FA", block(7, t.AskTotals(2))),
}
PUMP: dict[int, tuple[str, Frame]] = {
    2: ("54 70 FA", Eot(A)),
    4: (
        "54 31 01 01 05 03 04 02 15 80 01 9D D8 03 FA",
        block(1, t.StatusIs(Status.COMPLETED), t.NozzlePrice(21_580, 1, False)),
    ),
    8: ("54 32 03 04 02 15 80 11 57 4F 03 FA", block(2, t.NozzlePrice(21_580, 1, True))),
    9: ("54 35 02 08 00 00 03 27 00 07 05 67 DE 86 03 FA", block(5, t.Filled(327, 70_567))),
    10: (
        "54 36 02 08 00 00 04 63 00 10 00 00 03 04 02 15 80 01 01 01 06 6D 70 03 FA",
        block(6, t.Filled(463, 100_000), t.NozzlePrice(21_580, 1, False), t.StatusIs(Status.MAX_REACHED)),
    ),
    12: ("54 38 65 10 02 00 73 10 54 42 00 73 10 54 42 00 00 00 00 00 5B 46 03 FA", block(8, t.Totals(2, TOTAL))),
    13: (
        "54 38 65 0D 02 00 00 73 10 54 42 00 13 62 75 48 91 E6 84 03 FA",
        block(8, t.Totals(2, TOTAL, 1_362_754_891, form=0x0D)),
    ),
    14: ("54 35 02 08 00 00 02 34 00 05 04 97 10 FA 80 03 FA", block(5, t.Filled(234, 50_497))),
    15: ("54 35 02 08 00 00 10 10 00 21 79 58 A8 10 FA 03 FA", block(5, t.Filled(1010, 217_958))),
}
EITHER: dict[str, tuple[str, Frame]] = {
    "16 ack": ("54 C5 FA", Ack(A, 5)),
    "16 nak": ("54 55 FA", Nak(A, 5)),
}
ALL = [pytest.param(*pair, id=str(name)) for name, pair in (*CONTROLLER.items(), *PUMP.items(), *EITHER.items())]


@pytest.mark.parametrize(("text", "frame"), ALL)
def test_example_both_ways(text: str, frame: Frame):
    raw = bytes.fromhex(text)
    assert frame.to_bytes() == raw
    assert from_bytes(raw) == frame


@pytest.mark.parametrize(("text", "frame"), ALL)
@pytest.mark.parametrize("rubbish", ["", "99", "FF 98", "54", "00 FA", "54 31 01"])
def test_example_byte_by_byte_with_rubbish_before_and_after(text: str, frame: Frame, rubbish: str):
    reader = FrameReader()
    found: list[Frame | Damage] = []
    for byte in bytes.fromhex(rubbish + text + rubbish):
        reader.receive(bytes((byte,)))
        while (item := reader.next_frame()) is not None:
            found.append(item)
    assert [item for item in found if not isinstance(item, Damage)] == [frame]


@pytest.mark.parametrize(("text", "frame"), [pytest.param(*x, id=str(n)) for n, x in CONTROLLER.items()])
def test_what_the_controller_says_is_understood(text: str, frame: Frame):
    if isinstance(frame, Data):
        meant = [t.from_controller(tlv) for tlv in frame.transactions]
        assert block(frame.number, *(x for x in meant if x is not None)) == frame


@pytest.mark.parametrize(("text", "frame"), [pytest.param(*x, id=str(n)) for n, x in PUMP.items()])
def test_what_the_pump_says_is_understood(text: str, frame: Frame):
    if isinstance(frame, Data):
        meant = [t.from_pump(tlv) for tlv in frame.transactions]
        assert block(frame.number, *(x for x in meant if x is not None)) == frame


@pytest.mark.parametrize(
    ("data", "crc"),
    [(b"123456789", 0xBB3D), (b"", 0x0000), (bytes.fromhex("54 31 01 01 00"), 0x606F)],
)
def test_crc_check_values(data: bytes, crc: int):
    assert crc16_arc(data) == crc
    assert crc16_arc(data + crc.to_bytes(2, "little")) == 0


@pytest.mark.parametrize("size", [0x10, 0x0D, 0x06])
def test_every_form_of_totals_is_read_by_its_length(size: int):
    told = t.Totals(3, 12_345, form=size).to_tlv()
    read = t.from_pump(told)
    assert len(told.data) == size
    assert isinstance(read, t.Totals)
    assert (read.nozzle, read.total, read.of_amount) == (3, 12_345, False)


# ── the same examples decoded: kind, sender, block, and every value by its name ───────────────────────────────────────

Values = list[tuple[str, str, int]]
DECODED: dict[int, tuple[str, str, int | None, Values]] = {
    1: ("poll", "controller", None, []),
    2: ("eot", "dispenser", None, []),
    3: ("data", "controller", 1, [("CD1", "command", 0)]),
    4: (
        "data",
        "dispenser",
        1,
        [("DC1", "status", 5), ("DC3", "price", 21_580), ("DC3", "nozzle", 1), ("DC3", "nozzle_out", 0)],
    ),
    5: ("data", "controller", 2, [("CD5", "price", 21_580), ("CD5", "price", 18_640)]),
    6: ("data", "controller", 3, [("CD1", "command", 5)]),
    7: (
        "data",
        "controller",
        4,
        [("CD2", "allowed_nozzle", 1), ("CD4", "preset_amount", 100_000), ("CD1", "command", 6)],
    ),
    8: ("data", "dispenser", 2, [("DC3", "price", 21_580), ("DC3", "nozzle", 1), ("DC3", "nozzle_out", 1)]),
    9: ("data", "dispenser", 5, [("DC2", "volume", 327), ("DC2", "amount", 70_567)]),
    10: (
        "data",
        "dispenser",
        6,
        [
            *(("DC2", "volume", 463), ("DC2", "amount", 100_000), ("DC3", "price", 21_580)),
            *(("DC3", "nozzle", 1), ("DC3", "nozzle_out", 0), ("DC1", "status", 6)),
        ],
    ),
    11: ("data", "controller", 7, [("CD101", "nozzle", 2)]),
    12: ("data", "dispenser", 8, [("DC101", "total", TOTAL), ("DC101", "meter_1", TOTAL), ("DC101", "meter_2", 0)]),
    13: ("data", "dispenser", 8, [("DC101", "total", TOTAL), ("DC101", "total_amount", 1_362_754_891)]),
    14: ("data", "dispenser", 5, [("DC2", "volume", 234), ("DC2", "amount", 50_497)]),
    15: ("data", "dispenser", 5, [("DC2", "volume", 1010), ("DC2", "amount", 217_958)]),
}
BYTES = {name: bytes.fromhex(pair[0]) for name, pair in (*CONTROLLER.items(), *PUMP.items())}


def values(told: dict[str, object]) -> Values:
    fields = told.get("fields", [])
    assert isinstance(fields, list)
    for field in fields:
        assert field["value"] == field[field["name"]]
    return [(field["transaction"], field["name"], field["value"]) for field in fields]


@pytest.mark.parametrize("example", DECODED)
def test_example_decoded(example: int):
    kind, sender, number, expected = DECODED[example]
    (told,) = describe(BYTES[example], sender)
    assert (told["ok"], told["kind"], told["from"], told["address"]) == (True, kind, sender, A)
    assert told.get("block") == number
    assert values(told) == expected
    (unsaid,) = describe(BYTES[example], None)
    assert set(expected) <= set(values(unsaid)), "without a sender at least the true reading is among them"


@pytest.mark.parametrize("example", DECODED)
@pytest.mark.parametrize("rubbish", ["99", "54", "54 31 02", "00 FA", "FA FA", "54 35 02 08 00 00 10 FA"])
def test_example_decoded_after_rubbish(example: int, rubbish: str):
    (alone,) = describe(BYTES[example], None)
    *spoilt, found = describe(bytes.fromhex(rubbish) + BYTES[example], None)
    assert found == alone
    assert spoilt
    assert not any(each["ok"] for each in spoilt)
    assert describe(BYTES[example] + bytes.fromhex(rubbish), None)[0] == alone


def test_nozzles_of_prices_are_numbered_and_totals_name_theirs():
    (prices,) = describe(BYTES[5], None)
    fields = prices["fields"]
    assert isinstance(fields, list)
    assert [(field["nozzle"], field["price"]) for field in fields] == [(1, 21_580), (2, 18_640)]
    (totals,) = describe(BYTES[12], None)
    assert isinstance(totals["fields"], list)
    assert {field["nozzle"] for field in totals["fields"]} == {2}


@pytest.mark.parametrize(("text", "kind"), [("54 C5 FA", "ack"), ("54 55 FA", "nak"), ("54 E5 FA", "ackpoll")])
def test_short_frames_with_a_number_decoded(text: str, kind: str):
    (told,) = describe(bytes.fromhex(text), None)
    assert (told["ok"], told["kind"], told["address"], told["block"]) == (True, kind, A, 5)
