"""Where a simulated line can be reached: a pseudo-terminal, or a loopback port for machines without one.

An endpoint belongs to the thread that serves it. `unplug` is the cable pulled out: whoever holds the other end gets an
error, and nobody can open it; `replug` brings it back under the same address. Behind the address of a pseudo-terminal
is another device each time, as with an adapter that was put into another socket.
"""

from __future__ import annotations

import os
import select
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

READ_SIZE = 4096


class Endpoint(Protocol):
    """One end of a wire."""

    @property
    def url(self) -> str:
        """What the other side opens."""

    def watched(self) -> Sequence[int]:
        """File descriptors that become readable when something happens."""

    def read(self) -> bytes:
        """What has come, without waiting."""

    def write(self, raw: bytes) -> None:
        """Send; into the void when nobody listens."""

    def unplug(self) -> None:
        """Pull the cable."""

    def replug(self) -> None:
        """Put it back; where devices have names, under another one."""

    def close(self) -> None:
        """Leave nothing behind."""


def open_endpoint(listen: str, name: str) -> Endpoint:
    """An endpoint for `pty` or `tcp://host:port`. Raises `ValueError` for another word, and `OSError`."""
    if listen == "pty":
        return PtyEndpoint(name)
    scheme, _, rest = listen.partition("://")
    host, _, port = rest.rpartition(":")
    if scheme != "tcp" or not host or not port.isdigit():
        raise ValueError(f"listen is 'pty' or 'tcp://HOST:PORT', not {listen!r}")
    return TcpEndpoint(host, int(port))


class PtyEndpoint:
    """A pseudo-terminal in raw mode behind a link of our own, because its number may be another after a replug."""

    def __init__(self, name: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dispenser-")
        self._link = Path(self._folder.name) / name
        self._master = self._slave = -1
        self._was_called = ""
        self.replug()

    @property
    def url(self) -> str:
        """Path of the link."""
        return str(self._link)

    def watched(self) -> Sequence[int]:
        """The master side."""
        return () if self._master < 0 else (self._master,)

    def read(self) -> bytes:
        """What has come."""
        if self._master < 0:
            return b""
        self._stay_settable()
        if not select.select([self._master], [], [], 0)[0]:
            return b""
        return os.read(self._master, READ_SIZE)

    def write(self, raw: bytes) -> None:
        """Send."""
        if self._master >= 0:
            os.write(self._master, raw)

    def _stay_settable(self) -> None:
        """Let the next opener's settings differ from what is set.

        A pseudo-terminal has no parity, and setting it is an error when nothing else can be set along with it: a
        terminal that was killed and started again could never open the line. So the speed, which means nothing here
        either, is put back to one no dispenser has.
        """
        import termios

        attributes = termios.tcgetattr(self._slave)
        if attributes[4] != termios.B50:
            attributes[4] = attributes[5] = termios.B50
            termios.tcsetattr(self._slave, termios.TCSANOW, attributes)

    def unplug(self) -> None:
        """Both sides close; the link dangles no longer."""
        if self._master >= 0:
            self._link.unlink()
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def replug(self) -> None:
        """A new pair; our hold on the far side keeps it alive while nobody has it open."""
        if self._master < 0:
            import tty

            self._master, self._slave = _pty_not_called(self._was_called)
            tty.setraw(self._slave)
            self._was_called = os.ttyname(self._slave)
            self._link.symlink_to(self._was_called)

    def close(self) -> None:
        """Leave nothing behind."""
        self.unplug()
        self._folder.cleanup()


def _pty_not_called(name: str) -> tuple[int, int]:
    """A pseudo-terminal; the system gives the name that was freed last, so that one is held while another is made."""
    pair = os.openpty()
    if os.ttyname(pair[1]) != name:
        return pair
    try:
        return os.openpty()
    finally:
        for end in pair:
            os.close(end)


class TcpEndpoint:
    """One client at a time on a loopback port; a second one waits."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self.replug()

    @property
    def url(self) -> str:
        """As pyserial opens it."""
        return f"socket://{self._address[0]}:{self._address[1]}"

    def watched(self) -> Sequence[int]:
        """The client, or, while there is none, the port."""
        current = self._client or self._listener
        return () if current is None else (current.fileno(),)

    def read(self) -> bytes:
        """What has come; takes a client in, lets one go."""
        if self._client is None:
            self._accept()
            return b""
        try:
            raw = self._client.recv(READ_SIZE)
        except BlockingIOError:
            return b""
        except OSError:
            raw = b""
        if not raw:
            self._hang_up()
        return raw

    def write(self, raw: bytes) -> None:
        """Send."""
        if self._client is not None:
            try:
                self._client.sendall(raw)
            except OSError:
                self._hang_up()

    def unplug(self) -> None:
        """Client and port close."""
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def replug(self) -> None:
        """Listen on the same port again."""
        if self._listener is None:
            self._listener = socket.create_server(self._address)
            self._listener.setblocking(False)
            self._address = self._listener.getsockname()[:2]

    def close(self) -> None:
        """Leave nothing behind."""
        self.unplug()

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            self._client, _ = self._listener.accept()
        except OSError:
            return
        self._client.setblocking(False)
        self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
