"""Any frame survives the wire, in any crumbs; any bytes are survived."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.describe import describe
from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll, from_bytes
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.states import CommandCode, Status
from pos_client.protocols.dispenser.errors import RemoteProtocolError

addresses = st.integers(0x50, 0x6F)
numbers = st.integers(0, 15)
nozzles = st.integers(1, 15)
amounts = st.integers(0, 99_999_999)
tlvs = st.builds(t.Tlv, st.integers(0, 255), st.binary(max_size=40))
blocks = st.builds(Data, addresses, numbers, st.lists(tlvs, max_size=5).map(tuple))
frames: st.SearchStrategy[Frame] = st.one_of(
    st.builds(Poll, addresses),
    st.builds(Eot, addresses, numbers),
    st.builds(Ack, addresses, numbers),
    st.builds(Nak, addresses, numbers),
    st.builds(AckPoll, addresses, numbers),
    blocks,
)
from_controller: st.SearchStrategy[t.ControllerTransaction] = st.one_of(
    st.builds(t.Command, st.sampled_from(CommandCode)),
    st.builds(t.AllowedNozzles, st.lists(nozzles, max_size=15).map(tuple)),
    st.builds(t.PresetVolume, amounts),
    st.builds(t.PresetAmount, amounts),
    st.builds(t.Prices, st.lists(st.integers(0, 999_999), min_size=1, max_size=15).map(tuple)),
    st.builds(t.AskTotals, nozzles, st.booleans()),
)
from_pump: st.SearchStrategy[t.PumpTransaction] = st.one_of(
    st.builds(t.StatusIs, st.sampled_from(Status)),
    st.builds(t.Filled, amounts, amounts),
    st.builds(t.NozzlePrice, st.integers(0, 999_999), st.integers(0, 15), st.booleans()),
    st.builds(t.Totals, nozzles, st.integers(0, 10**10 - 1), form=st.sampled_from((0x10, 0x06))),
    st.builds(t.Totals, nozzles, st.integers(0, 10**10 - 1), st.integers(0, 10**10 - 1), form=st.just(0x0D)),
    st.builds(t.AlarmRaised, st.integers(0, 255)),
)


def read(raw: bytes, cuts: list[int]) -> list[Frame | Damage]:
    reader, found = FrameReader(), []
    edges = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    for start, end in pairwise(edges):
        reader.receive(raw[start:end])
        while (item := reader.next_frame()) is not None:
            found.append(item)
    return found


@given(frames)
def test_a_frame_is_its_bytes(frame: Frame):
    assert from_bytes(frame.to_bytes()) == frame


@given(st.lists(frames, max_size=4), st.lists(st.integers(0, 500), max_size=12))
def test_a_stream_of_frames_in_any_crumbs(sent: list[Frame], cuts: list[int]):
    assert read(b"".join(frame.to_bytes() for frame in sent), cuts) == sent


@given(from_controller)
def test_what_a_controller_can_say_is_understood(said: t.ControllerTransaction):
    assert t.from_controller(said.to_tlv()) == said


@given(from_pump)
def test_what_a_pump_can_say_is_understood(said: t.PumpTransaction):
    assert t.from_pump(said.to_tlv()) == said


@given(st.binary(max_size=120), frames)
def test_rubbish_is_survived_and_the_second_frame_after_it_is_whole(rubbish: bytes, frame: Frame):
    raw = rubbish + frame.to_bytes() + frame.to_bytes()
    assert read(raw, [])[-1] == frame


@given(blocks, st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_never_makes_another_block(frame: Data, where: int, flip: int):
    raw = bytearray(frame.to_bytes())
    raw[where % len(raw)] ^= flip
    for found in read(bytes(raw), []):
        assert not isinstance(found, Data) or found == frame


@given(st.binary(max_size=200), st.sampled_from([None, "controller", "dispenser"]))
def test_describing_never_fails_and_is_plain(raw: bytes, sender: str | None):
    json.dumps(describe(raw, sender))


@given(frames, st.sampled_from([None, "controller", "dispenser"]))
def test_describing_a_frame_gives_one_entry(frame: Frame, sender: str | None):
    (about,) = describe(frame.to_bytes(), sender)
    assert about["meaning"] if about["ok"] else about["error"]
    assert bytes.fromhex(str(about["bytes"])) == frame.to_bytes()


@given(st.lists(st.one_of(frames.map(lambda frame: frame.to_bytes()), st.binary(max_size=8)), max_size=8))
def test_describing_loses_no_byte(parts: list[bytes]):
    raw = b"".join(parts)
    assert b"".join(bytes.fromhex(str(about["bytes"])) for about in describe(raw)) == raw


@given(tlvs)
def test_decoding_a_transaction_fails_in_one_way_only(tlv: t.Tlv):
    for decode in (t.from_controller, t.from_pump):
        with suppress(RemoteProtocolError):
            decode(tlv)
