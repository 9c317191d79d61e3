"""What a line needs of a port, however it is reached; and the echo some adapters return, taken out again."""

from __future__ import annotations

from typing import Protocol

WRITE_TIMEOUT_S = 1.0
"""A frame is a few bytes; a port that cannot take them for so long is broken."""


class PortFailed(Exception):
    """The port cannot be opened, or has gone.

    `code` is a stable word (`tech.line_detail.<code>` in the catalogues), `what` names the thing it is about: a device,
    an adapter, the operating system's own sentence.
    """

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code = code
        self.what = what


class Port(Protocol):
    """A way to the wire. One thread owns it."""

    def read(self, until_ms: int) -> bytes:
        """What has come; waits for a first byte until `bell.monotonic_ms()` reaches `until_ms` or the line's bell
        rings. Raises `PortFailed`."""

    def write(self, raw: bytes) -> None:
        """Send. Raises `PortFailed`."""

    def close(self) -> None:
        """Give the port back; never raises."""


class EchoRemoved:
    """A port whose adapter returns our own bytes first: they are taken out as long as they agree."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._expected = b""

    def read(self, until_ms: int) -> bytes:
        """What has come, less the echo; where it disagrees with what was sent (a collision) nothing more is removed."""
        raw = self._port.read(until_ms)
        size = min(len(raw), len(self._expected))
        if raw[:size] != self._expected[:size]:
            self._expected = b""
            return raw
        self._expected = self._expected[size:]
        return raw[size:]

    def write(self, raw: bytes) -> None:
        """Send, and expect to hear it. An echo that never came is not waited for any longer."""
        self._expected = raw
        self._port.write(raw)

    def close(self) -> None:
        """Give the port back."""
        self._port.close()
