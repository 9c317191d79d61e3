"""Frames and the reader: whole, in crumbs, with rubbish around them, damaged."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.checksums import crc16_arc
from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Poll, from_bytes
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.states import Status
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.receive_buffer import ReceiveBuffer

FILLED = Data(0x54, 5, (t.Filled(234, 50_497).to_tlv(),))
STUFFED = FILLED.to_bytes()


def read(reader: FrameReader) -> list[Frame | Damage]:
    found = []
    while (item := reader.next_frame()) is not None:
        found.append(item)
    return found


def test_a_frame_in_crumbs_is_one_frame_at_its_last_byte():
    reader = FrameReader()
    for byte in STUFFED[:-1]:
        reader.receive(bytes((byte,)))
        assert read(reader) == []
    reader.receive(STUFFED[-1:])
    assert read(reader) == [FILLED]
    assert not reader.unfinished


def test_several_frames_in_one_read():
    reader = FrameReader()
    reader.receive(STUFFED + Eot(0x54).to_bytes() + STUFFED)
    assert read(reader) == [FILLED, Eot(0x54), FILLED]


@pytest.mark.parametrize("noise", ["98", "FF 9C", "5A 00", "54 10", "00 03"])
def test_stray_bytes_before_a_frame_are_left_behind(noise: str):
    reader = FrameReader()
    reader.receive(bytes.fromhex(noise) + STUFFED)
    assert read(reader) == [Damage(bytes.fromhex(noise), "noise"), FILLED]


@pytest.mark.parametrize("cut", ["54", "54 20", "99 54 31", "54 31 01 01 00 6F 60 03", "54 31 01 01 00 6F 60 10 FA"])
def test_a_frame_that_lost_its_end_is_called_so_and_swallows_nothing(cut: str):
    reader = FrameReader()
    reader.receive(bytes.fromhex(cut) + STUFFED)
    assert read(reader) == [Damage(bytes.fromhex(cut), "incomplete", 0x54), FILLED]


def test_a_damaged_block_names_its_number_and_the_next_one_is_whole():
    damaged = bytearray(STUFFED)
    damaged[6] ^= 0x01
    reader = FrameReader()
    reader.receive(bytes(damaged) + STUFFED)
    assert read(reader) == [Damage(bytes(damaged), "crc", 0x54, 5), FILLED]


def test_a_block_cut_in_the_middle_does_not_swallow_the_next():
    reader = FrameReader()
    reader.receive(STUFFED[:7] + STUFFED)
    found = read(reader)
    assert found[-1] == FILLED


def test_endless_rubbish_is_bounded():
    reader = FrameReader()
    for _ in range(100):
        reader.receive(bytes(97))
        assert read(reader) in ([], [Damage(bytes(291), "noise")])
    reader.receive(b"\xfa" + STUFFED)
    assert read(reader)[-1] == FILLED


def test_the_buffer_searches_each_byte_once_and_respects_escapes():
    buffer = ReceiveBuffer(16)
    for byte in b"ab\x10\xfacd\xfa":
        assert len(buffer) < 16
        buffer.append(bytes((byte,)))
    assert buffer.take_through(0xFA, 0x10) == b"ab\x10\xfacd\xfa"
    assert buffer.take_through(0xFA, 0x10) is None
    buffer.append(bytes(17))
    assert buffer.take_through(0xFA, 0x10) == bytes(17), "too long to be anything: handed over as rubbish"
    assert len(buffer) == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("54 FA", "control"),
        ("4F 20 FA", "address"),
        ("70 20 FA", "address"),
        ("54 21 FA", "control"),
        ("54 90 FA", "control"),
        ("54 20 00 FA", "control"),
        ("54 31 01 FA", "control"),
        ("54 31 03 FA", "crc"),
        ("54 31 01 01 00 6F 61 03 FA", "crc"),
    ],
)
def test_what_is_no_frame_says_why(text: str, kind: str):
    with pytest.raises(RemoteProtocolError) as caught:
        from_bytes(bytes.fromhex(text))
    assert caught.value.kind == kind


def test_a_transaction_running_over_its_block_is_refused_although_the_crc_is_right():
    content = bytes((0x54, 0x31, 0x02, 0x08, 0x00))
    broken = content + crc16_arc(content).to_bytes(2, "little") + b"\x03\xfa"
    with pytest.raises(RemoteProtocolError, match="runs over"):
        from_bytes(broken)


def test_values_that_do_not_fit_the_wire_are_ours_to_mend():
    for make in (
        lambda: t.PresetAmount(100_000_000).to_tlv(),
        lambda: t.Prices((1_000_000,)).to_tlv(),
        lambda: t.Filled(-1, 0).to_tlv(),
        lambda: Poll(0x70).to_bytes(),
        lambda: Ack(0x4F, 1).to_bytes(),
    ):
        with pytest.raises(LocalProtocolError):
            make()


@pytest.mark.parametrize(
    ("number", "data", "kind"),
    [
        (0x01, "03", "status"),
        (0x01, "05 05", "length"),
        (0x02, "00 00 00 0A 00 00 00 00", "digits"),
        (0x02, "00", "length"),
        (0x65, "01 00", "length"),
    ],
)
def test_a_pump_transaction_that_makes_no_sense_is_named(number: int, data: str, kind: str):
    with pytest.raises(RemoteProtocolError) as caught:
        t.from_pump(t.Tlv(number, bytes.fromhex(data)))
    assert caught.value.kind == kind


def test_unknown_transactions_are_skipped_by_their_length():
    frame = from_bytes(Data(0x54, 1, (t.Tlv(0x66, b"\x01\x02\x03"), t.StatusIs(Status.RESET).to_tlv())).to_bytes())
    assert isinstance(frame, Data)
    assert [t.from_pump(tlv) for tlv in frame.transactions] == [None, t.StatusIs(Status.RESET)]
    assert t.from_controller(t.Tlv(0x0E, b"")) is None
    assert t.from_controller(t.Tlv(0x01, b"\x1d")) is None
    assert t.from_controller(t.Tlv(0x65, b"\x10")) is None
    assert t.from_controller(t.Tlv(0x65, b"\x21")) is None


def test_what_stands_behind_a_total_may_be_anything():
    told = t.from_pump(t.Tlv(0x65, bytes.fromhex("02 00 73 10 54 42 FF FF FF FF FF 00 00 00 00 00")))
    assert told == t.Totals(2, 73_105_442)
    assert isinstance(told, t.Totals)
    assert told.meters is None


def test_the_unused_top_bytes_of_the_form_with_money_are_not_read():
    told = t.from_pump(t.Tlv(0x65, bytes.fromhex("02 FF 00 73 10 54 42 FF 13 62 75 48 91")))
    assert told == t.Totals(2, 73_105_442, 1_362_754_891, form=0x0D)
