"""A PIN pad on a pseudo-terminal (or a loopback port): keys when somebody presses them, a heartbeat all the time.

It can be pulled out and put back, fall silent with its cable in, and send lines that are damaged or lost.
"""

from __future__ import annotations

import threading
from dataclasses import field
from time import monotonic

from pos_client.protocols.keypad.keys import Key
from pos_client.protocols.keypad.serial_pad import HEARTBEAT_MS, PadWriter
from pos_client.sandbox.dispenser.endpoint import Endpoint, open_endpoint
from pos_client.value import dataclass

TURN_S = 0.02


@dataclass(slots=True)
class SimulatedPad:
    """One pad. Its switches may be used from any thread."""

    number: str = "PAD0001"
    listen: str = "pty"
    heartbeat_ms: int = HEARTBEAT_MS
    silent: bool = False
    """True: power is gone, the cable is in"""
    _writer: PadWriter = field(default_factory=PadWriter)
    _endpoint: Endpoint = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._endpoint = open_endpoint(self.listen, "pad")

    @property
    def url(self) -> str:
        """What the till opens."""
        return self._endpoint.url

    def serve(self) -> None:
        """Say that it is there, until it is closed."""
        due = monotonic()
        while not self._stop.wait(TURN_S):
            with self._lock:
                self._endpoint.read()
            if monotonic() >= due:
                due = monotonic() + self.heartbeat_ms / 1000
                self._send(self._writer.here(self.number))

    def press(self, key: Key) -> None:
        """A finger."""
        self._send(self._writer.key(key))

    def lose(self, key: Key) -> None:
        """A finger, and a line that is lost on the way."""
        with self._lock:
            self._writer.key(key)

    def unplug(self) -> None:
        """Pull its cable out of the till."""
        with self._lock:
            self._endpoint.unplug()

    def replug(self) -> None:
        """Put it back; the pad begins to count anew."""
        with self._lock:
            self._writer = PadWriter()
            self._endpoint.replug()

    def close(self) -> None:
        """End `serve`, and leave nothing behind."""
        self._stop.set()
        with self._lock:
            self._endpoint.close()

    def _send(self, raw: bytes) -> None:
        with self._lock:
            if not (self.silent or self._stop.is_set()):
                self._endpoint.write(raw)
