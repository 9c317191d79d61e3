"""Windows' raw input where there is no Windows: the calls are a fake's, the messages are bytes in this memory."""

from __future__ import annotations

import ctypes

import pytest

from pos_client.adapters.peripherals.keypad_input import KeypadFailed
from pos_client.adapters.peripherals.windows_input import User32, WindowsKeypads, _Message
from pos_client.domain.keypad import KeypadTrouble

KEYPAD, CASHIERS = r"\\?\HID#VID_046A&PID_0023#7&2af5c1&0&0000#{884b}", r"\\?\HID#VID_046D&PID_C31C#6&1#{884b}"
BODY = "4c00 0{up}00 0000 6500 000{up}0000 00000000"


class FakeUser32(User32):
    """Two keyboards, and a raw message when somebody asks for one."""

    def __init__(self) -> None:
        self.there = {0x10045: KEYPAD, 0x10047: CASHIERS, 0x10049: r"\\?\ACPI#PNP0303#4&1#{884b}"}
        self.raw = b""
        self.window = 0

    def register(self, window: int) -> bool:
        self.window = window
        return True

    def keyboards(self) -> dict[int, str]:
        return self.there

    def raw_input(self, handle: int) -> bytes:
        return self.raw


def press(keypads: WindowsKeypads, user32: FakeUser32, device: int, up: int = 0) -> tuple[bool, bool]:
    """A 5 of a device: its raw message, then its ordinary one. Whether each is kept from the windows."""
    header = bytes.fromhex("01000000 28000000") + device.to_bytes(8, "little") + bytes(8)
    user32.raw = header + bytes.fromhex(BODY.format(up=up).replace(" ", ""))
    raw = _Message(None, 0xFF, 0, 77)
    ordinary = _Message(None, 0x101 if up else 0x100, 0x65, 1 | 0x4C << 16)
    return keypads.message(ctypes.addressof(raw)), keypads.message(ctypes.addressof(ordinary))


def test_the_keypads_keys_reach_its_reader_and_no_window_and_the_cashiers_the_windows_alone():
    user32 = FakeUser32()
    keypads = WindowsKeypads(user32)
    assert keypads.attach(4711)
    assert user32.window == 4711
    known = keypads.known()
    assert [str(each.identity) for each in known] == ["usb:046a:0023@7&2af5c1&0&0000", "usb:046d:c31c@6&1"]
    device = keypads.open(known[0], alone=True)
    assert press(keypads, user32, 0x10047) == (False, False)
    assert press(keypads, user32, 0x10045) == (False, True)
    assert press(keypads, user32, 0x10045, up=1) == (False, True)
    assert [*device.read(0.01), *device.read(0.01), *device.read(0.01)] == [(1, 76, 1), (1, 76, 0)]
    device.close()
    assert press(keypads, user32, 0x10045) == (False, False)


def test_listening_without_having_it_alone_swallows_nothing():
    user32 = FakeUser32()
    keypads = WindowsKeypads(user32)
    device = keypads.open(keypads.known()[0], alone=False)
    assert press(keypads, user32, 0x10045) == (False, False)
    assert device.read(0.01) == ((1, 76, 1),)


def test_a_keypad_pulled_out_is_noticed_after_a_turn_of_silence():
    user32 = FakeUser32()
    keypads = WindowsKeypads(user32)
    known = keypads.known()[0]
    device = keypads.open(known, alone=True)
    user32.there = {}
    with pytest.raises(OSError, match="No such device"):
        device.read(0.01)
    with pytest.raises(KeypadFailed) as failed:
        keypads.open(known, alone=True)
    assert failed.value.trouble is KeypadTrouble.MISSING
