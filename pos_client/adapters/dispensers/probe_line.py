"""A port in the hands of the port doctor: tuned, listened to, asked one question at a time, within a limit of time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import field

from pos_client.adapters.dispensers.bell import Bell
from pos_client.adapters.dispensers.port import Port, PortFailed
from pos_client.adapters.dispensers.probe_plan import Candidate
from pos_client.adapters.dispensers.serial_port import Opener
from pos_client.protocols.dispenser.probing import without_echo
from pos_client.settings.model import LineSettings
from pos_client.value import dataclass

LIMIT_MS = 90_000
READ_MS = 10
"""How often it looks whether it shall end, and how finely it tells answers from silence."""
PATIENCE_MS = 60
"""Beyond a protocol's own answer time: slow heads, and adapters that keep bytes back."""
GAP_MS = 40
"""A pause that ends an answer: USB adapters hand bytes over in lumps 16 ms apart."""
BABBLE_MS = 1_500
"""No answer is that long."""
OPEN_TRIES = 4
OPEN_PAUSE_S = 0.05
_BITS_PER_BYTE = 11


class Cancelled(Exception):
    """Somebody wants it to end."""


class TimeOver(Exception):
    """The limit is reached."""


class SomebodyTalks(Exception):
    """Bytes came that nobody was asked for."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What is to be looked at. `listen_only`: not a byte is sent, come what may. `limit_ms`: after that it ends.

    `line`: only this line's protocol, speed, parity and points are tried: a test of what is set. Else everything is.
    """

    port: str
    listen_only: bool = False
    limit_ms: int = LIMIT_MS
    line: LineSettings | None = None

    @property
    def is_speedless(self) -> bool:
        """Whether speed and parity never reach a wire: a socket, a pseudo-terminal."""
        return self.port.startswith("socket://") or os.path.realpath(self.port).startswith("/dev/pts/")


@dataclass(slots=True)
class ProbeLine:
    """One port. Every verb raises `PortFailed`, `Cancelled`, `TimeOver`; the time runs from the making of this."""

    opener: Opener
    bell: Bell
    now_ms: Callable[[], int]
    order: Examination
    stop: threading.Event
    trying: str = ""
    _port: Port | None = None
    _setting: tuple[int, str] | None = None
    _began_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self._began_ms = self.now_ms()

    @property
    def spent_percent(self) -> int:
        """How much of the time is over."""
        return (self.now_ms() - self._began_ms) * 100 // max(1, self.order.limit_ms)

    def tune(self, candidate: Candidate) -> None:
        """Have the port open at a candidate's speed and parity.

        Only the first opening fails at once: some drivers need a moment between closing and opening again.
        """
        self.trying = str(candidate)
        if self._port is not None and self._setting == candidate.setting:
            return
        opened_before = self._setting is not None
        self.close()
        name = candidate.protocol.name
        settings = LineSettings("doctor", name, self.order.port, candidate.baud_rate, candidate.parity)
        for attempt in range(1, OPEN_TRIES + 1):
            self._keep_on()
            try:
                self._port = self.opener(settings, self.bell)
            except PortFailed:
                if attempt == OPEN_TRIES or not opened_before:
                    raise
                self.stop.wait(OPEN_PAUSE_S)
            else:
                self._setting = candidate.setting
                return

    def close(self) -> None:
        """Give the port back."""
        if self._port is not None:
            self._port.close()
            self._port = None

    def _keep_on(self) -> None:
        if self.stop.is_set():
            raise Cancelled
        if self.now_ms() - self._began_ms >= self.order.limit_ms:
            raise TimeOver

    def read(self) -> bytes:
        """What has come."""
        self._keep_on()
        return self._port.read(self.now_ms() + READ_MS) if self._port is not None else b""

    def listen(self, ms: int) -> bytes:
        """All that is heard in so much time."""
        heard = b""
        end = self.now_ms() + ms
        while self.now_ms() < end:
            heard += self.read()
        return heard

    def ask(self, candidate: Candidate, question: bytes) -> bytes:
        """Say a question; all that comes back, an echo too. Raises `SomebodyTalks` when it does not end."""
        if self._port is None:
            return b""
        wire_ms = 2 * _BITS_PER_BYTE * 1000 * len(question) // candidate.baud_rate + 1  # twice: it may be echoed
        self._port.write(question)
        began = last = self.now_ms()
        silent_from = began + wire_ms + candidate.protocol.answer_timeout_ms + PATIENCE_MS
        heard = b""
        while True:
            raw, now = self.read(), self.now_ms()
            if raw:
                heard, last = heard + raw, now
                if now - began > BABBLE_MS:
                    raise SomebodyTalks
            elif without_echo(heard, question):
                if now - last >= GAP_MS:
                    return heard
            elif now >= silent_from:
                return heard
