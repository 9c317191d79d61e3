"""Keypads without a kernel that has them: its list as files, its events as bytes of `struct input_event` in a pipe.

The bytes are read by the library that reads a real device (`evdev`'s own C code); only its `ioctl`s are missing, so
whether a grab was asked for is remembered here instead.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_client.adapters.peripherals.evdev_input import EvdevKeypads

if TYPE_CHECKING or sys.platform == "linux":
    from evdev import InputDevice
else:
    InputDevice = object

EVENT = struct.Struct("llHHi")
"""`struct input_event` of this machine: seconds, microseconds, kind, code, value."""
PAD = {0: 82, 1: 79, 2: 80, 3: 81, 4: 75, 5: 76, 6: 77, 7: 71, 8: 72, 9: 73}
ENTER, BACKSPACE = 96, 14
DIGITS = sum(1 << code for code in (*PAD.values(), ENTER, BACKSPACE))


class PipedDevice(InputDevice):  # type: ignore[type-arg, unused-ignore]
    """`evdev.InputDevice` over a descriptor that is no device."""

    def __init__(self, path: str, descriptor: int, plug: Plug) -> None:
        self.path, self.fd, self._plug = path, descriptor, plug

    __slots__ = ("_plug",)

    def grab(self) -> None:
        """EVIOCGRAB."""
        if self._plug.grabbed:
            raise OSError(16, "Device or resource busy")
        self._plug.grabbed = True

    def close(self) -> None:
        self._plug.grabbed = False
        descriptor, self.fd = self.fd, -1
        os.close(descriptor)

    def __del__(self) -> None:
        """Closed by whoever opened it."""


@dataclass
class Plug:
    """A node that is plugged in: its other end."""

    write_end: int = -1
    grabbed: bool = False
    opened: int = 0


@dataclass
class FakeKernel:
    """A list of devices under a folder, and their keys. A node can be opened once at a time, as only we do."""

    folder: Path
    plugs: dict[str, Plug] = field(default_factory=dict)
    denied: bool = False
    held_by_another: bool = False

    def __post_init__(self) -> None:
        (self.folder / "sys").mkdir(parents=True)

    def devices(self) -> EvdevKeypads:
        return EvdevKeypads(self.folder / "sys", self.folder / "dev", self._open)

    def plug(
        self,
        node: str,
        model: str = "046a:0023",
        serial: str = "",
        place: str = "usb-0000:00:14.0-2/input0",
        name: str = "Cherry Keypad",
        keys: int = DIGITS,
    ) -> None:
        about = self.folder / "sys" / node / "device"
        (about / "id").mkdir(parents=True)
        (about / "capabilities").mkdir()
        vendor, product = model.split(":")
        words = [f"{keys >> 64 * n & (1 << 64) - 1:x}" for n in reversed(range(max(1, -(-keys.bit_length() // 64))))]
        for file, text in (
            ("id/vendor", vendor),
            ("id/product", product),
            ("uniq", serial),
            ("phys", place),
            ("name", name),
            ("capabilities/key", " ".join(words)),
        ):
            (about / file).write_text(text + "\n", encoding="utf-8")
        self.plugs[node] = Plug()

    def unplug(self, node: str) -> None:
        """Its folder goes, and whoever reads it comes to its end."""
        import shutil

        plug = self.plugs.pop(node)
        shutil.rmtree(self.folder / "sys" / node)
        if plug.write_end >= 0:
            os.close(plug.write_end)

    def _open(self, path: str) -> Any:
        if self.denied:
            raise PermissionError(13, "Permission denied", path)
        plug = self.plugs.get(Path(path).name)
        if plug is None:
            raise FileNotFoundError(2, "No such file or directory", path)
        if plug.write_end >= 0:
            os.close(plug.write_end)
        read_end, plug.write_end = os.pipe()
        os.set_blocking(read_end, False)
        plug.grabbed = self.held_by_another
        plug.opened += 1
        return PipedDevice(path, read_end, plug)

    def send(self, node: str, events: Iterable[tuple[int, int, int]]) -> None:
        """Events as the kernel writes them, a report behind each."""
        raw = b"".join(EVENT.pack(0, 0, *event) + EVENT.pack(0, 0, 0, 0, 0) for event in events)
        os.write(self.plugs[node].write_end, raw)

    def press(self, node: str, codes: Sequence[int]) -> None:
        """Fingers, one after the other."""
        for code in codes:
            self.send(node, ((4, 4, 0x70000 + code), (1, code, 1), (1, code, 0)))

    def type(self, node: str, digits: str, *then: int) -> None:
        self.press(node, (*(PAD[int(digit)] for digit in digits), *then))

    def close(self) -> None:
        for node in list(self.plugs):
            self.unplug(node)
