"""Where receipts go: a device file or plain file, or a printer on the network."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECT_S = 3.0
SEND_S = 20.0
"""A long receipt over a slow print server; nobody waits for it."""
RAW_PORT = 9100
"""The port every network receipt printer listens on."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A device such as `/dev/usb/lp0`, or a file that receipts are appended to."""

    path: Path

    def write(self, raw: bytes) -> None:
        """Append. Raises `OSError`."""
        with self.path.open("ab", buffering=0) as device:
            rest = memoryview(raw)
            while rest:
                rest = rest[device.write(rest) or 0 :]

    def probe(self) -> None:
        """Raises `OSError` when it cannot be opened. Makes no file."""
        if not self.path.exists() and not self.path.parent.is_dir():
            raise FileNotFoundError(2, "no such folder", str(self.path.parent))
        if self.path.exists():
            self.path.open("ab").close()


@dataclass(frozen=True, slots=True)
class NetworkTarget:
    """A printer that prints what it is sent over TCP. One connection a receipt: most allow one at a time."""

    host: str
    port: int

    def write(self, raw: bytes) -> None:
        """Send all and wait until the other end has it. Raises `OSError`, a time-out among them."""
        with socket.create_connection((self.host, self.port), timeout=CONNECT_S) as connection:
            connection.settimeout(SEND_S)
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)

    def probe(self) -> None:
        """Raises `OSError` when nobody answers."""
        socket.create_connection((self.host, self.port), timeout=CONNECT_S).close()


def parse_target(text: str) -> FileTarget | NetworkTarget:
    """`file:PATH` or `tcp://host[:port]`. Raises `ValueError`."""
    if text.startswith("file:") and len(text) > len("file:"):
        return FileTarget(Path(text.removeprefix("file:")))
    parts = urlsplit(text)
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return NetworkTarget(parts.hostname, parts.port or RAW_PORT)
    raise ValueError(f"a printer is file:PATH or tcp://host:port, not {text!r}")
