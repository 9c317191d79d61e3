"""Where receipts go, as the settings name it: a device or file, one on the network, a serial port, a USB device."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from pos_client.value import dataclass

RAW_PORT = 9100
"""The port every network receipt printer listens on."""
BAUD_RATE = 9600
FLOWS = ("none", "rts", "xon")
_USB = re.compile(r"usb:([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A device such as `/dev/usb/lp0`, or a file that receipts are appended to."""

    path: Path


@dataclass(frozen=True, slots=True)
class NetworkTarget:
    """A printer that prints what it is sent over TCP. One connection a receipt: most allow one at a time."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SerialTarget:
    """A printer on a serial port. `flow`: how it says that it is busy (none, RTS/CTS lines, XON/XOFF bytes)."""

    port: str
    baud_rate: int = BAUD_RATE
    flow: str = "none"


@dataclass(frozen=True, slots=True)
class UsbTarget:
    """A USB printer without a device file, by the numbers of its maker."""

    vendor: int
    product: int


Target = FileTarget | NetworkTarget | SerialTarget | UsbTarget


def parse_target(text: str) -> Target:
    """`file:PATH`, `tcp://host[:port]`, `serial:PORT[?baud=19200&flow=rts]` or `usb:04b8:0e15`. Raises `ValueError`."""
    if text.startswith("file:") and len(text) > len("file:"):
        return FileTarget(Path(text.removeprefix("file:")))
    if (usb := _USB.fullmatch(text)) is not None:
        return UsbTarget(int(usb[1], 16), int(usb[2], 16))
    if text.startswith("serial:"):
        return _serial(text.removeprefix("serial:"))
    parts = urlsplit(text)
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return NetworkTarget(parts.hostname, parts.port or RAW_PORT)
    raise ValueError(f"no printer: {text!r}")


def _serial(text: str) -> SerialTarget:
    port, _, rest = text.partition("?")
    options = dict(parse_qsl(rest, strict_parsing=True)) if rest else {}
    flow = options.pop("flow", "none")
    baud = options.pop("baud", str(BAUD_RATE))
    if not port or options or flow not in FLOWS or not baud.isascii() or not baud.isdecimal():
        raise ValueError(f"no serial printer: {text!r}")
    return SerialTarget(port, int(baud), flow)
