"""Bytes of Windows' raw input, written down after the documented layout, and whose ordinary messages are swallowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.keypad.raw_input import OwnMessages, RawKey, parse, told_by
from pos_client.protocols.keypad.strokes import KEYS

HEADER_64 = "01000000 28000000 4500010000000000 0000000000000000"
HEADER_32 = "01000000 20000000 45000100 00000000"
BODY = {
    "5 on the pad": "4c00 0000 0000 6500 00010000 00000000",
    "5 on the pad comes up": "4c00 0100 0000 6500 01010000 00000000",
    "5 on the pad without NumLock": "4c00 0000 0000 0c00 00010000 00000000",
    "Enter on the pad": "1c00 0200 0000 0d00 00010000 00000000",
    "the arrow up": "4800 0200 0000 2600 00010000 00000000",
    "Pause": "1d00 0400 0000 1300 00010000 00000000",
    "Q": "1000 0000 0000 5100 00010000 00000000",
}


def raw(body: str, header: str = HEADER_64) -> bytes:
    return bytes.fromhex(f"{header} {BODY[body]}".replace(" ", ""))


@pytest.mark.parametrize(
    ("body", "key", "down"),
    [
        ("5 on the pad", 5, True),
        ("5 on the pad comes up", 5, False),
        ("5 on the pad without NumLock", 5, True),
        ("Enter on the pad", "ok", True),
        ("the arrow up", 8, True),
        ("Pause", None, True),
        ("Q", None, True),
    ],
)
@pytest.mark.parametrize(("header", "pointer"), [(HEADER_64, 8), (HEADER_32, 4)])
def test_a_key_of_a_device(body: str, key: object, down: bool, header: str, pointer: int):
    told = parse(raw(body, header), pointer)
    assert told is not None
    assert (told.device, KEYS.get(told.code), told.down) == (0x10045, key, down)


def test_a_mouse_an_overrun_and_bytes_that_are_cut_off_are_nothing():
    whole = raw("5 on the pad")
    mouse = b"\0" + whole[1:]
    overrun = whole[:24] + b"\xff" + whole[25:]
    assert [parse(each) for each in (mouse, overrun, whole[:39], b"")] == [None] * 4
    assert parse(whole + b"more") == parse(whole)


@given(st.binary(max_size=60))
def test_no_bytes_make_it_stumble(noise: bytes):
    assert parse(noise) is None or len(noise) >= 40


def test_a_key_does_not_tell_itself():
    assert "4c" not in repr(parse(raw("5 on the pad")))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            r"\\?\HID#VID_046A&PID_0023&MI_00#7&2AF5C1&0&0000#{884b96c3-56ef-11d1-bc8c-00a0c91405dd}",
            (0x046A, 0x0023, "7&2af5c1&0&0000"),
        ),
        (r"\\?\HID#VID_13BA&PID_0017#6&1#{884b96c3}", (0x13BA, 0x0017, "6&1")),
        (r"\\?\ACPI#PNP0303#4&1d401fb5&0#{884b96c3-56ef-11d1-bc8c-00a0c91405dd}", None),
        ("", None),
    ],
)
def test_who_a_device_is_by_its_name(name: str, told: tuple[int, int, str] | None):
    assert told_by(name) == told


def _lparam(key: RawKey) -> int:
    return 1 | key.scan << 16 | key.extended << 24


def test_only_the_keypads_own_messages_are_swallowed_and_each_once():
    own, five = OwnMessages(), parse(raw("5 on the pad"))
    assert five is not None
    assert not own.swallows(0x100, _lparam(five)), "the cashier's 5"
    own.heard(five)
    assert not own.swallows(0x101, _lparam(five)), "the cashier's 5 comes up"
    assert not own.swallows(0x102, _lparam(five)), "no key message"
    assert own.swallows(0x100, _lparam(five))
    assert not own.swallows(0x100, _lparam(five)), "the cashier's 5 again"


def test_what_is_awaited_in_vain_is_bounded():
    own, five, enter = OwnMessages(), parse(raw("5 on the pad")), parse(raw("Enter on the pad"))
    assert five is not None
    assert enter is not None
    own.heard(five)
    for _ in range(64):
        own.heard(enter)
    assert not own.swallows(0x100, _lparam(five))
