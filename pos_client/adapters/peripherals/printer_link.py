"""An open way to the printer that can never hold us: each call takes what it can within a moment and comes back.

python-escpos has connections of its own. They send all or wait for ever (`sendall` without an end, a serial `write`
without a time-out, a `close` that drains), and a printer that hangs would take this thread along, and with it the end
of the program. So the library makes the bytes and we carry them.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import stat
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from pos_client.adapters.peripherals.printer_target import FileTarget, NetworkTarget, SerialTarget, Target, UsbTarget

if TYPE_CHECKING:
    from serial import Serial

SLICE_S = 0.1
"""The longest any call here waits: how late the end of the program is noticed."""
CONNECT_S = 3.0
DRAIN_S = 1.0
SEND_BUFFER = 8192
"""Bytes on our side of a connection. What the system has taken is not yet what the printer has taken."""
READ_SIZE = 64
_DEVICES = Path("/dev")
_APPEND = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
_DEVICE = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_NONE = -1


class Ended(Exception):
    """The program ends; nobody waits for paper any more."""


class Link(Protocol):
    """One open connection."""

    two_way: bool
    """whether a printer could answer here"""

    def write(self, part: bytes) -> int:
        """How many of the bytes were taken within `SLICE_S`; 0: none. Raises `OSError`."""

    def read(self, wait_s: float) -> bytes:
        """What came within `wait_s` (at the most `SLICE_S`); nothing: nothing came. Raises `OSError`."""

    def close(self, whole: bool) -> None:
        """Let go at once; with `whole` what was handed over is left to arrive, without it is dropped."""


@contextmanager
def opened(target: Target, stop: threading.Event) -> Iterator[Link]:
    """A link to a target. What is on its way when the block is left by an exception is dropped. Raises `OSError`."""
    link = _open(target, stop)
    try:
        yield link
    except BaseException:
        link.close(whole=False)
        raise
    link.close(whole=True)


def _open(target: Target, stop: threading.Event) -> Link:
    match target:
        case FileTarget(path):
            return FileLink(path)
        case NetworkTarget(host, port):
            return SocketLink(_connect(host, port, stop))
        case SerialTarget():
            return SerialLink(target)
        case UsbTarget(vendor, product):
            from pos_client.adapters.peripherals.usb_link import UsbLink

            return UsbLink(vendor, product)


class FileLink:
    """A file, or a device the system shows as one. A file is made by what is printed into it and by no look at it, and
    never among the devices: a printer that is unplugged would be printed into the memory of the computer."""

    def __init__(self, path: Path) -> None:
        device = path.exists() and not stat.S_ISREG(path.stat().st_mode)
        self._path = path
        new = not path.exists() and not path.is_relative_to(_DEVICES)
        if new and not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
        self._file = _NONE if new else os.open(path, _DEVICE if device else _APPEND)
        self.two_way = self._waits = device and os.name == "posix"
        if self._waits and os.isatty(self._file):
            import tty

            tty.setraw(self._file)  # a terminal would turn line feeds inside a picture into two bytes

    def write(self, part: bytes) -> int:
        """To the file at once; to a device when it is ready."""
        if self._file == _NONE:
            self._file = os.open(self._path, _APPEND | os.O_CREAT, 0o644)
        if self._waits and not select.select([], [self._file], [], SLICE_S)[1]:
            return 0
        try:
            return os.write(self._file, part)
        except BlockingIOError:
            return 0

    def read(self, wait_s: float) -> bytes:
        """Of a device."""
        if not self._waits or not select.select([self._file], [], [], wait_s)[0]:
            return b""
        try:
            return os.read(self._file, READ_SIZE)
        except BlockingIOError:
            return b""

    def close(self, whole: bool) -> None:
        """Close; a terminal's kernel would wait half a minute for what a hanging printer does not take."""
        if self._waits and not whole and os.isatty(self._file):
            import termios

            termios.tcflush(self._file, termios.TCOFLUSH)
        if self._file != _NONE:
            os.close(self._file)


class SocketLink:
    """A connection to a printer on the network."""

    two_way = True

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def write(self, part: bytes) -> int:
        """When there is room."""
        if not select.select([], [self._socket], [], SLICE_S)[1]:
            return 0
        try:
            return self._socket.send(part)
        except BlockingIOError:
            return 0

    def read(self, wait_s: float) -> bytes:
        """What it says. A printer that hangs up is a cable that is out."""
        if not select.select([self._socket], [], [], wait_s)[0]:
            return b""
        try:
            heard = self._socket.recv(READ_SIZE)
        except BlockingIOError:
            return b""
        if not heard:
            raise ConnectionResetError("the printer has closed the connection")
        return heard

    def close(self, whole: bool) -> None:
        """Say that this was all and hear it out for a moment (a connection closed on unread answers is reset, and what
        is on its way is lost with it); otherwise drop all."""
        try:
            if whole:
                self._socket.shutdown(socket.SHUT_WR)
                until = monotonic() + DRAIN_S
                while monotonic() < until:
                    self.read(SLICE_S)
            else:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass  # it is being closed
        finally:
            self._socket.close()


def _connect(host: str, port: int, stop: threading.Event) -> socket.socket:
    """Raises `OSError` when nobody answers within `CONNECT_S`, `Ended`."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        connection.connect_ex(address)
        until = monotonic() + CONNECT_S
        while True:
            _, ready, failed = select.select([], [connection], [connection], SLICE_S)
            if ready or failed:
                break
            if stop.is_set():
                raise Ended
            if monotonic() >= until:
                raise TimeoutError("nobody answers")
        if (error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) != 0:
            raise OSError(error, os.strerror(error))
    except BaseException:
        connection.close()
        raise
    return connection


class SerialLink:
    """A serial port, by pyserial."""

    two_way = True

    def __init__(self, target: SerialTarget) -> None:
        import serial

        self._port: Serial = serial.Serial(
            target.port,
            target.baud_rate,
            timeout=0,
            write_timeout=SLICE_S,
            rtscts=target.flow == "rts",
            xonxoff=target.flow == "xon",
            exclusive=True,
        )

    def write(self, part: bytes) -> int:
        """POSIX by its descriptor, because pyserial does not say how much it sent before its time was up."""
        if os.name != "posix":
            return int(self._port.write(part) or 0)
        if not select.select([], [self._port.fileno()], [], SLICE_S)[1]:
            return 0
        try:
            return os.write(self._port.fileno(), part)
        except BlockingIOError:
            return 0

    def read(self, wait_s: float) -> bytes:
        """What it says."""
        waits: list[Any] = [self._port.fileno()] if os.name == "posix" else []
        if waits and not select.select(waits, [], [], wait_s)[0]:
            return b""
        return bytes(self._port.read(READ_SIZE))

    def close(self, whole: bool) -> None:
        """Drop what the driver still holds of a job that failed: closing would wait for it."""
        if not whole:
            self._port.reset_output_buffer()
        self._port.close()
