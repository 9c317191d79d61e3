"""Wakes the one thread that waits for a line: rung from any other, heard together with the port.

A pair of sockets, because those can be waited for on every operating system; nothing is ever said with the byte in it.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType

_MS = 1_000_000


def monotonic_ms() -> int:
    """The clock of the wire: only grows, whole milliseconds."""
    return time.monotonic_ns() // _MS


def seconds_until(until_ms: int) -> float:
    """How long it is until a reading of `monotonic_ms`; never negative."""
    return max(0, until_ms * _MS - time.monotonic_ns()) / 1e9


class Bell:
    """Belongs to one waiting thread, which opens and closes it (`with bell:`). Rung while closed, nothing happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._button: socket.socket | None = None
        self._clapper: socket.socket | None = None

    def ring(self) -> None:
        """Wake whoever waits, or the next who would; from any thread."""
        with self._lock:
            if self._button is not None:
                with suppress(BlockingIOError):  # it rings already
                    self._button.send(b"!")

    def rang(self) -> bool:
        """Whether somebody rang since this was last asked."""
        rung = False
        if self._clapper is not None:
            with suppress(BlockingIOError):
                while self._clapper.recv(64):
                    rung = True
        return rung

    def watch(self, descriptor: int | None = None) -> Watch:
        """Something to wait with: for the bell, and for a file descriptor that may have something to read."""
        assert self._clapper is not None, "a bell is opened by the thread that waits for it"
        return Watch(self, self._clapper.fileno(), descriptor)

    def wait(self, until_ms: int) -> bool:
        """Wait for the bell alone; whether it rang."""
        with self.watch() as watch:
            watch.wait(until_ms)
        return self.rang()

    def __enter__(self) -> Bell:
        with self._lock:
            self._button, self._clapper = socket.socketpair()
            self._button.setblocking(False)
            self._clapper.setblocking(False)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        with self._lock:
            for end in (self._button, self._clapper):
                if end is not None:
                    end.close()
            self._button = self._clapper = None


class Watch:
    """What a bell and a descriptor are waited for with; belongs to the bell's thread."""

    def __init__(self, bell: Bell, clapper: int, descriptor: int | None) -> None:
        self._bell = bell
        self._clapper = clapper
        self._selector = selectors.DefaultSelector()
        try:
            self._selector.register(clapper, selectors.EVENT_READ)
            if descriptor is not None:
                self._selector.register(descriptor, selectors.EVENT_READ)
        except (ValueError, KeyError, OSError):
            self._selector.close()
            raise

    def wait(self, until_ms: int) -> bool:
        """Wait until then at the longest. True: the descriptor has something (the bell is left as it is)."""
        ready = self._selector.select(seconds_until(until_ms))
        return any(key.fd != self._clapper for key, _ in ready)

    def close(self) -> None:
        """Nobody waits any more."""
        self._selector.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()
