"""The port behind a line: opened by address, with its own bytes taken out again where an adapter echoes them.

pyserial is imported when a line is opened, not before: it is of no use to a screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from pos_client.settings.model import LineSettings

if TYPE_CHECKING:
    from serial import Serial

READ_TIMEOUT_S = 0.01
"""How long a read waits: the coarseness of all time-outs of a line, and the longest a command waits to be seen."""
WRITE_TIMEOUT_S = 1.0


class PortFailed(Exception):
    """The port cannot be opened, or has gone. The text is for the technician."""


class Port(Protocol):
    """What a line needs of a port."""

    def read(self) -> bytes:
        """What has come, waiting `READ_TIMEOUT_S` for a first byte. Raises `PortFailed`."""

    def write(self, raw: bytes) -> None:
        """Send. Raises `PortFailed`."""

    def close(self) -> None:
        """Give the port back; never raises."""


Opener = Callable[[LineSettings], Port]


def _failures() -> tuple[type[Exception], ...]:
    """Every way in which a port fails. ValueError: a setting no driver knows; `termios.error` is no OSError."""
    from serial import SerialException

    try:
        import termios
    except ImportError:
        return (SerialException, OSError, ValueError)
    return (SerialException, OSError, ValueError, termios.error)


def open_port(settings: LineSettings) -> Port:
    """Open a line's port for us alone: a device, a pseudo-terminal, `socket://host:port`. Raises `PortFailed`."""
    import serial

    failures = _failures()
    try:
        port = serial.serial_for_url(
            settings.port,
            baudrate=settings.baud_rate,
            bytesize=serial.EIGHTBITS,
            parity=settings.parity,
            stopbits=serial.STOPBITS_ONE,
            timeout=READ_TIMEOUT_S,
            write_timeout=WRITE_TIMEOUT_S,
            exclusive=True,
        )
    except failures as error:
        raise PortFailed(str(error)) from error
    opened = SerialPort(port, failures)
    return EchoRemoved(opened) if settings.echo else opened


class SerialPort:
    """A pyserial port that fails in one way."""

    def __init__(self, port: Serial, failures: tuple[type[Exception], ...]) -> None:
        self._port = port
        self._failures = failures

    def read(self) -> bytes:
        """What has come."""
        try:
            first: bytes = self._port.read(1)
            more = self._port.in_waiting if first else 0
            return first + self._port.read(more) if more else first
        except self._failures as error:
            raise PortFailed(str(error)) from error

    def write(self, raw: bytes) -> None:
        """Send."""
        try:
            self._port.write(raw)
        except self._failures as error:
            raise PortFailed(str(error)) from error

    def close(self) -> None:
        """Give the port back; a port that is gone cannot fail any more."""
        try:
            self._port.close()
        except self._failures:
            return


class EchoRemoved:
    """A port whose adapter returns our own bytes first: they are taken out as long as they agree."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._expected = b""

    def read(self) -> bytes:
        """What has come, less the echo; where it disagrees with what was sent (a collision) nothing more is removed."""
        raw = self._port.read()
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
