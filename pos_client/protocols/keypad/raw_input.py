"""Windows' raw input as bytes in, key events out; and which ordinary key messages are the keypad's own. No call here.

    RAWINPUTHEADER   type u32 | size u32 | device handle | wParam      16 bytes in a program of 32 bits, 24 of 64
    RAWKEYBOARD      make code u16 | flags u16 | reserved u16 | virtual key u16 | message u32 | extra u32

Windows has one queue of ordinary key messages for all keyboards together, and no way to take one keyboard out of it:
RIDEV_NOLEGACY silences every keyboard of the program, the cashier's among them. So the keypad's messages are let come
and are swallowed: for each of its keys the raw message stands in the window's queue before the ordinary one.
Source: Microsoft's documentation of RAWINPUT, RAWKEYBOARD and WM_KEYDOWN.
"""

from __future__ import annotations

import re
import struct
from collections import deque

from pos_client.value import dataclass

KEYBOARD = 1
BREAK, EXTENDED, EXTENDED_TWICE = 1, 2, 4
OVERRUN = 0xFF
"""The keyboard's own "too many keys at once"."""
KEY_DOWN, KEY_UP, SYSTEM_KEY_DOWN, SYSTEM_KEY_UP = 0x100, 0x101, 0x104, 0x105
MOST_AWAITED = 64
_HEADER = {4: struct.Struct("<IIII"), 8: struct.Struct("<IIQQ")}
"""By the size of a pointer."""
_BODY = struct.Struct("<HHHHII")
_EXTENDED_CODES = {
    **{0x1C: 96, 0x35: 98, 0x47: 102, 0x48: 103, 0x49: 104, 0x4B: 105},
    **{0x4D: 106, 0x4F: 107, 0x50: 108, 0x51: 109, 0x52: 110, 0x53: 111},
}
"""Scan codes behind E0, as Linux numbers them."""


_NAME = re.compile(r"[^#]*#VID_([0-9A-F]{4})&PID_([0-9A-F]{4})[^#]*#([^#]+)#.*", re.IGNORECASE)


def told_by(name: str) -> tuple[int, int, str] | None:
    r"""Maker, model and socket in a device's name: `\\?\HID#VID_046A&PID_0023&MI_00#7&2af5c1&0&0000#{...}`. None for
    one that is not on USB (a laptop's own keyboard). What names the socket is Windows' own; it has no serial number."""
    found = _NAME.fullmatch(name)
    return (int(found[1], 16), int(found[2], 16), found[3].lower()) if found else None


@dataclass(frozen=True, slots=True, repr=False)
class RawKey:
    """One key of one device went down or came up. `code` is Linux's, 0 for a key no keypad has."""

    device: int
    code: int
    down: bool
    scan: int
    extended: bool

    def __repr__(self) -> str:
        return f"RawKey({self.device:#x})"


def parse(raw: bytes, pointer_bytes: int = 8) -> RawKey | None:
    """A key event; None for a mouse, another device, an overrun, or bytes that are cut off."""
    header = _HEADER[pointer_bytes]
    if len(raw) < header.size + _BODY.size:
        return None
    kind, _size, device, _wparam = header.unpack_from(raw)
    scan, flags, _reserved, _virtual, _message, _extra = _BODY.unpack_from(raw, header.size)
    if kind != KEYBOARD or scan in (0, OVERRUN):
        return None
    extended = bool(flags & EXTENDED)
    plain = 0 if flags & EXTENDED_TWICE or scan > 0x7F else scan
    code = _EXTENDED_CODES.get(scan, 0) if extended else plain
    return RawKey(device, code, not flags & BREAK, scan, extended)


class OwnMessages:
    """Ordinary key messages that belong to the keypad, awaited from its raw ones."""

    def __init__(self) -> None:
        self._awaited: deque[tuple[int, bool, bool]] = deque(maxlen=MOST_AWAITED)

    def heard(self, key: RawKey) -> None:
        """A raw message of the keypad: its ordinary one follows."""
        self._awaited.append((key.scan, key.extended, key.down))

    def swallows(self, message: int, lparam: int) -> bool:
        """Whether an ordinary key message is the keypad's, and nobody else's to see."""
        if message not in (KEY_DOWN, KEY_UP, SYSTEM_KEY_DOWN, SYSTEM_KEY_UP):
            return False
        down = message in (KEY_DOWN, SYSTEM_KEY_DOWN)
        meant = ((lparam >> 16) & 0xFF, bool(lparam >> 24 & 1), down)
        if meant not in self._awaited:
            return False
        self._awaited.remove(meant)
        return True
