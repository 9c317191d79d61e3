"""The serial PIN pad's lines: whole, byte by byte, damaged, lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.keypad.keys import Key, OtherKey
from pos_client.protocols.keypad.serial_pad import PadEvent, PadGap, PadHere, PadKey, PadReader, PadWriter

KEYS: tuple[Key, ...] = (*range(10), *OtherKey)


def test_golden_lines():
    writer = PadWriter()
    assert writer.here("PAD0001") == b"@00HPAD0001*1C\r\n"
    assert writer.key(5) == b"@01K5*7F\r\n"
    assert writer.key(OtherKey.OK) == b"@02KO*06\r\n"


def written(keys: list[Key]) -> list[bytes]:
    writer = PadWriter()
    return [writer.here("P1"), *(writer.key(key) for key in keys)]


@given(st.lists(st.sampled_from(KEYS), max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_every_key_arrives_in_order_however_the_bytes_are_cut(keys: list[Key], cuts: list[int]):
    reader, stream, told = PadReader(), b"".join(written(keys)), list[PadEvent]()
    at = 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        told += reader.receive(stream[at : at + size])
        at += size
    assert told == [PadHere("P1"), *map(PadKey, keys)]


@given(st.lists(st.sampled_from(KEYS), min_size=2, max_size=12), st.data())
def test_a_line_that_is_lost_or_damaged_is_a_gap_before_what_follows(keys: list[Key], data: st.DataObject):
    lines = written(keys)
    number = data.draw(st.integers(1, len(keys) - 1))
    line = lines[number]
    at = data.draw(st.integers(0, len(line) - 3))
    damaged = line[:at] + bytes([line[at] ^ data.draw(st.integers(1, 127))]) + line[at + 1 :]
    lines[number] = data.draw(st.sampled_from([b"", damaged]))
    told = list(PadReader().receive(b"".join(lines)))
    assert PadGap() in told
    after = told[len(told) - 1 - told[::-1].index(PadGap()) + 1 :]
    assert after == [PadKey(key) for key in keys[len(keys) - len(after) :]]
    before = [event for event in told[: told.index(PadGap())] if isinstance(event, PadKey)]
    assert before == [PadKey(key) for key in keys[: len(before)]]


def test_a_pad_that_lost_its_power_begins_anew_and_so_does_what_is_typed():
    reader = PadReader()
    first = PadWriter()
    list(reader.receive(first.here("P1") + first.key(2) + first.key(4)))
    again = PadWriter()
    assert list(reader.receive(again.here("P1") + again.key(6))) == [PadGap(), PadHere("P1"), PadKey(6)]


@given(st.binary(max_size=400))
def test_noise_is_no_key(noise: bytes):
    """Of random bytes one in some millions makes a line; none makes the reader stumble or grow."""
    reader = PadReader()
    assert not [event for event in reader.receive(noise) if isinstance(event, PadKey)]
    assert len(reader._line) <= 24


@pytest.mark.parametrize("said", ["KA", "K", "K55", "H", "H-", "Z1"])
def test_whole_lines_that_say_nothing_we_know_are_nothing(said: str):
    assert list(PadReader().receive(PadWriter()._written(said))) == []


def test_what_was_read_is_overwritten_and_says_nothing_of_itself():
    reader = PadReader()
    line = reader._line
    told = list(reader.receive(b"".join(written([7, 3]))))
    assert not any(line)
    assert "7" not in repr(told)
