"""Keypads on Linux: found in the kernel's own list, read through evdev, grabbed so that no window gets their keys.

The list (`/sys/class/input`) needs no permission, so a keypad that is there and may not be read is told from one that
is not there. The same keypad can have several nodes (`input0` for keys, `input1` for volume); all with digits are read.
`evdev` is imported when a device is opened, in the keypad's thread; where there is no wheel of it the till says so.
"""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from struct import calcsize
from typing import TYPE_CHECKING

from pos_client.adapters.peripherals.keypad_input import KeyEvent, KeypadFailed
from pos_client.domain.keypad import KeypadIdentity, KeypadTrouble, KnownKeypad, udev_rule
from pos_client.protocols.keypad.strokes import DIGIT_CODES

if TYPE_CHECKING:
    from evdev import InputDevice

SYS, DEV = Path("/sys/class/input"), Path("/dev/input")
_LONG_BITS = calcsize("l") * 8
_TROUBLE = {
    errno.EACCES: KeypadTrouble.DENIED,
    errno.EPERM: KeypadTrouble.DENIED,
    errno.EBUSY: KeypadTrouble.TAKEN,
    errno.ENODEV: KeypadTrouble.MISSING,
    errno.ENOENT: KeypadTrouble.MISSING,
    errno.ENXIO: KeypadTrouble.MISSING,
}
OpenNode = Callable[[str], "InputDevice[str]"]


def open_node(node: str) -> InputDevice[str]:
    """A node with the real library. Raises `ImportError` and `OSError`."""
    from evdev import InputDevice

    return InputDevice(node, readonly=True)


class EvdevKeypads:
    """`KeypadDevices` of Linux."""

    def __init__(self, sys: Path = SYS, dev: Path = DEV, open_node: OpenNode = open_node) -> None:
        self._sys, self._dev, self._open_node = sys, dev, open_node

    def known(self) -> Sequence[KnownKeypad]:
        """By the kernel's list; a device that goes away while it is looked at is not in it."""
        found: dict[KeypadIdentity, KnownKeypad] = {}
        for folder in sorted(self._sys.glob("event[0-9]*"), key=lambda each: (len(each.name), each.name)):
            with suppress(OSError, ValueError):
                one = self._look(folder)
                if one is not None:
                    first = found.setdefault(one.identity, one)
                    if first is not one:
                        found[one.identity] = KnownKeypad(first.identity, first.name, (*first.nodes, *one.nodes))
        return tuple(found.values())

    def _look(self, folder: Path) -> KnownKeypad | None:
        about = folder / "device"
        keys = _bits((about / "capabilities" / "key").read_text("ascii"))
        if not any(keys >> code & 1 for code in DIGIT_CODES):
            return None
        vendor, product = (int((about / "id" / name).read_text("ascii"), 16) for name in ("vendor", "product"))
        place = _text(about / "phys").rpartition("/")[0] or _text(about / "phys")
        identity = KeypadIdentity(vendor, product, _text(about / "uniq"), place)
        return KnownKeypad(identity, _text(about / "name"), (str(self._dev / folder.name),))

    def open(self, keypad: KnownKeypad, *, alone: bool) -> EvdevKeypad:
        """All its nodes. Raises `KeypadFailed`; one that may not be read says which rule would let it."""
        device = EvdevKeypad()
        try:
            for node in keypad.nodes:
                device.add(self._open_node(node), alone)
        except ImportError as error:
            raise KeypadFailed(KeypadTrouble.UNSUPPORTED, str(error)) from error
        except OSError as error:
            device.close()
            trouble = _TROUBLE.get(error.errno or 0, KeypadTrouble.FAILED)
            detail = udev_rule(keypad.identity) if trouble is KeypadTrouble.DENIED else str(error)
            raise KeypadFailed(trouble, detail) from error
        return device


class EvdevKeypad:
    """`KeypadDevice` of Linux: the open nodes of one keypad."""

    def __init__(self) -> None:
        self._nodes: list[InputDevice[str]] = []

    def add(self, node: InputDevice[str], alone: bool) -> None:
        """One more node of it. Raises `OSError` when another program has grabbed it."""
        self._nodes.append(node)
        if alone:
            node.grab()

    def read(self, wait_s: float) -> Sequence[KeyEvent]:
        """Events of all nodes, in the order of each."""
        ready, _, _ = select.select([node.fd for node in self._nodes], [], [], wait_s)
        events: list[KeyEvent] = []
        for node in self._nodes:
            if node.fd in ready:
                came = [(event.type, event.code, event.value) for event in node.read()]
                if not came:
                    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))  # its end: there is nothing behind it
                events += came
        return events

    def close(self) -> None:
        """A grab ends with its descriptor."""
        for node in self._nodes:
            node.close()
        self._nodes.clear()


def _bits(text: str) -> int:
    """The kernel's words of a bit field, the most significant first, as one number."""
    number = 0
    for word in text.split():
        number = number << _LONG_BITS | int(word, 16)
    return number


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
