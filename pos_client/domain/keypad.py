"""The customer's keypad: its keys, which device it is, and what may be wrong with it.

A keypad is known by what it says of itself, never by the name the system gave it this time: maker, model and serial
number; where it has none, or shares it with another one, the socket it is plugged into.

    usb:046a:0023:A1B2C3                        maker, model, serial number
    usb:046a:0023@usb-0000:00:14.0-2            maker, model, socket
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from pos_client.value import dataclass


class KeypadKey(StrEnum):
    """Keys of the customer's keypad that are no digits."""

    OK = "ok"
    CLEAR = "clear"
    CANCEL = "cancel"


Key = int | KeypadKey
"""A digit 0..9, or one of the others."""


class KeypadKind(StrEnum):
    """What a customer types his code on."""

    SCREEN = "screen"
    """keys painted on his own screen"""
    USB = "usb"
    SERIAL = "serial"


class KeypadTrouble(StrEnum):
    """Why no code can be typed now. The words are in the catalogue: `notice.keypad_<value>`, `strip.keypad.<value>`."""

    MISSING = "missing"
    """not plugged in, or in another socket than the one it was paired in"""
    DENIED = "denied"
    """the system does not let this program read it"""
    TAKEN = "taken"
    """another program has it for itself"""
    ALIKE = "alike"
    """two are plugged in that cannot be told apart"""
    SILENT = "silent"
    """its port is open, and it does not say that it is there"""
    GARBLED = "garbled"
    """a key was lost on the way: what was typed cannot be what was meant"""
    LENT = "lent"
    """a technician is pairing keypads"""
    UNSUPPORTED = "unsupported"
    """this computer has no way to read a keypad for itself"""
    FAILED = "failed"
    """anything else the system said"""


_FORM = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([^\s@]+)|@(\S+))?")
_NOT_IN_A_NAME = re.compile(r"[^\w.\-]")


@dataclass(frozen=True, slots=True)
class KeypadIdentity:
    """What a USB keypad says of itself, and where it is plugged in."""

    vendor: int
    product: int
    serial: str = ""
    place: str = ""

    @classmethod
    def parse(cls, text: str) -> KeypadIdentity | None:
        """An identity as the settings hold it; None for a text that is none."""
        found = _FORM.fullmatch(text)
        return cls(int(found[1], 16), int(found[2], 16), found[3] or "", found[4] or "") if found else None

    def __str__(self) -> str:
        model = f"usb:{self.vendor:04x}:{self.product:04x}"
        if self.serial:
            return f"{model}:{_NOT_IN_A_NAME.sub('_', self.serial)}"
        return f"{model}@{self.place}" if self.place else model

    def means(self, there: KeypadIdentity) -> bool:
        """Whether a keypad that is there may be this one: what this identity says is so of that one."""
        if (self.vendor, self.product) != (there.vendor, there.product):
            return False
        if self.serial:
            return self.serial == _NOT_IN_A_NAME.sub("_", there.serial)
        return not self.place or self.place == there.place


@dataclass(frozen=True, slots=True)
class KnownKeypad:
    """A keypad that is plugged in. `nodes`: what the system calls its parts now."""

    identity: KeypadIdentity
    name: str
    nodes: tuple[str, ...]


def name_of(keypad: KnownKeypad, among: Iterable[KnownKeypad]) -> str:
    """The identity to remember it by: its serial number while no other one there has the same, else its socket."""
    own = keypad.identity
    same = [other for other in among if other.nodes != keypad.nodes and own.means(other.identity)]
    if own.serial and not same:
        return str(own)
    return str(KeypadIdentity(own.vendor, own.product, "", own.place))


def udev_rule(identity: KeypadIdentity) -> str:
    """The line that lets whoever sits at a Linux till read this keypad, and keeps the desktop from reading it too."""
    own = f'ATTRS{{idVendor}}=="{identity.vendor:04x}", ATTRS{{idProduct}}=="{identity.product:04x}"'
    return f'SUBSYSTEM=="input", {own}, TAG+="uaccess", ENV{{LIBINPUT_IGNORE_DEVICE}}="1"'
