"""The port behind a line: a serial device, a pseudo-terminal, `socket://host:port`, or whatever else pyserial opens.

Where the operating system announces arrivals (serial devices on POSIX, sockets everywhere) a line sleeps until there is
a byte, a command or a deadline. Where it does not (COM ports, RFC 2217) reads are cut into short pieces: that costs up
to `PIECE_S` of delay, and nobody above notices another difference.

pyserial is imported when a line is opened, not before: it is of no use to a screen.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.port import WRITE_TIMEOUT_S, EchoRemoved, Port, PortFailed
from pos_client.settings.model import LineSettings

if TYPE_CHECKING:
    from serial import Serial

PIECE_S = 0.01
"""How long one piece of a read waits where arrivals are not announced: how late a deadline or command may be seen."""
CONNECT_S = 3.0
READ_SIZE = 4096
_KEEP_ALIVE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 10_000}
"""A far end that vanished without a word is noticed within about ten seconds. What a system lacks is left out."""

Failures = tuple[type[Exception], ...]
Opener = Callable[[LineSettings, Bell], Port]


def open_port(settings: LineSettings, bell: Bell) -> Port:
    """Open a line's port for us alone. Raises `PortFailed`."""
    opened = _open(settings, bell)
    return EchoRemoved(opened) if settings.echo else opened


def _open(settings: LineSettings, bell: Bell) -> Port:
    if settings.port.startswith("socket://"):
        return ReadyPort(_connect(settings.port), bell, (OSError,))
    import serial

    failures = serial_failures()
    try:
        port = serial.serial_for_url(
            settings.port,
            baudrate=settings.baud_rate,
            bytesize=serial.EIGHTBITS,
            parity=settings.parity,
            stopbits=serial.STOPBITS_ONE,
            timeout=PIECE_S,
            write_timeout=WRITE_TIMEOUT_S,
            exclusive=True,
        )
    except failures as error:
        raise PortFailed("cannot_open", str(error)) from error
    if os.name == "posix" and isinstance(port, serial.Serial):
        if settings.parity != serial.PARITY_NONE:
            drop_damaged_bytes(port.fileno())
        return ReadyPort(SerialWire(port), bell, failures)
    return PiecewisePort(port, bell, failures)


def drop_damaged_bytes(descriptor: int) -> None:
    """Let the driver drop bytes whose parity bit is wrong: pyserial sets the parity and leaves the check of what
    comes in switched off, and a status word of one byte has no other protection."""
    import termios

    attributes = termios.tcgetattr(descriptor)
    attributes[0] |= termios.INPCK | termios.IGNPAR
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)


def serial_failures() -> Failures:
    """Every way in which a serial port fails. ValueError: a setting no driver knows; `termios.error` is no OSError."""
    from serial import SerialException

    try:
        import termios
    except ImportError:
        return (SerialException, OSError, ValueError)
    return (SerialException, OSError, ValueError, termios.error)


class Wire(Protocol):
    """Something with a descriptor that can be waited for."""

    def fileno(self) -> int:
        """The descriptor."""

    def receive(self) -> bytes:
        """What has come, after the descriptor was announced as ready; nothing: there is nobody any more."""

    def send(self, raw: bytes) -> None:
        """All of it, within `WRITE_TIMEOUT_S`."""

    def close(self) -> None:
        """Give it back."""


class SerialWire:
    """A serial device of a POSIX system, opened by pyserial."""

    def __init__(self, port: Serial) -> None:
        self._port = port
        self._descriptor: int = port.fileno()

    def fileno(self) -> int:
        """The device's."""
        return self._descriptor

    def receive(self) -> bytes:
        """What has come."""
        return os.read(self._descriptor, READ_SIZE)

    def send(self, raw: bytes) -> None:
        """All of it."""
        self._port.write(raw)

    def close(self) -> None:
        """Give it back."""
        self._port.close()


class TcpWire:
    """A converter in the network. Sends at once; asks now and then whether the far end is still there."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        connection.settimeout(WRITE_TIMEOUT_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEP_ALIVE.items():
            if (option := getattr(socket, name, None)) is not None:
                connection.setsockopt(socket.IPPROTO_TCP, option, value)

    def fileno(self) -> int:
        """The connection's."""
        return self._socket.fileno()

    def receive(self) -> bytes:
        """What has come."""
        return self._socket.recv(READ_SIZE)

    def send(self, raw: bytes) -> None:
        """All of it."""
        self._socket.sendall(raw)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _connect(url: str) -> TcpWire:
    try:
        where = urlsplit(url)
        host, port = where.hostname, where.port
    except ValueError as error:
        raise PortFailed("cannot_open", f"{url}: {error}") from error
    if not host or not port:
        raise PortFailed("cannot_open", f"{url}: socket://HOST:PORT is expected")
    try:
        return TcpWire(socket.create_connection((host, port), CONNECT_S))
    except OSError as error:
        raise PortFailed("cannot_open", f"{url}: {error.strerror or error}") from error


class ReadyPort:
    """A port whose arrivals are announced: waits for a byte, the bell or the moment, whichever is first."""

    def __init__(self, wire: Wire, bell: Bell, failures: Failures) -> None:
        self._wire = wire
        self._bell = bell
        self._failures = failures
        try:
            self._watch = bell.watch(wire.fileno())
        except failures as error:
            self._wire.close()
            raise PortFailed("cannot_open", str(error)) from error

    def read(self, until_ms: int) -> bytes:
        """What has come."""
        try:
            has_come = self._watch.wait(until_ms)
            self._bell.rang()
            if not has_come:
                return b""
            raw = self._wire.receive()
        except BlockingIOError:  # announced, and gone again
            return b""
        except self._failures as error:
            raise PortFailed("port_gone", str(error)) from error
        if not raw:
            raise PortFailed("port_gone")
        return raw

    def write(self, raw: bytes) -> None:
        """Send."""
        try:
            self._wire.send(raw)
        except self._failures as error:
            raise PortFailed("cannot_send", str(error)) from error

    def close(self) -> None:
        """Give the port back; a port that is gone cannot fail any more."""
        self._watch.close()
        try:
            self._wire.close()
        except self._failures:
            return


class PiecewisePort:
    """A port whose arrivals nobody announces: reads wait `PIECE_S` at a time and look at bell and clock between.

    The time-out is never changed: on Windows that would set up the port anew each time.
    """

    def __init__(self, port: Any, bell: Bell, failures: Failures) -> None:
        self._port = port
        self._bell = bell
        self._failures = failures

    def read(self, until_ms: int) -> bytes:
        """What has come."""
        try:
            while True:
                first: bytes = self._port.read(1)
                if first:
                    more = self._port.in_waiting
                    return first + self._port.read(more) if more else first
                if self._bell.rang() or monotonic_ms() >= until_ms:
                    return b""
        except self._failures as error:
            raise PortFailed("port_gone", str(error)) from error

    def write(self, raw: bytes) -> None:
        """Send."""
        try:
            self._port.write(raw)
        except self._failures as error:
            raise PortFailed("cannot_send", str(error)) from error

    def close(self) -> None:
        """Give the port back; a port that is gone cannot fail any more."""
        try:
            self._port.close()
        except self._failures:
            return
