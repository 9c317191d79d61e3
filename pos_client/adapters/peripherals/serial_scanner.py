"""A scanner on a serial line (or behind a network converter): its own thread; what it reads goes into the inbox.

A scanner that types like a keyboard needs none of this. One on a line ends a code with CR, LF or both, whatever its
manual calls it; one set to send nothing behind a code is taken by the pause that follows. It is opened again for as
long as it takes: an unplugged scanner is no reason for anything else to wait, and F2 is there meanwhile.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

import serial

from pos_client.ports.reports import CodeScanned, Sink
from pos_client.settings.model import ScannerSettings
from pos_client.value import dataclass

log = logging.getLogger(__name__)

LONGEST = 400
"""Characters of a code; a signed voucher has some 300. More is noise, and thrown away up to the next end of line."""
TURN_S, AGAIN_S = 0.15, 3.0
"""The pause that ends a code without an end of line; and between two tries to open the port."""
_END = re.compile(rb"[\r\n]+")
_SYMBOLOGY = re.compile(r"\A\][A-Za-z]\d")
"""ISO/IEC 15424: some scanners say first what kind of code it was: `]Q3`."""


class Port(Protocol):
    """What is needed of a serial port."""

    def read(self, size: int = ..., /) -> bytes:
        """What has come; empty after a turn of silence."""

    def close(self) -> None:
        """Give it back."""


def open_port(settings: ScannerSettings) -> Port:
    """The port of the settings. Raises `OSError` (`serial.SerialException` is one)."""
    port: Port = serial.serial_for_url(settings.port, settings.baud_rate, timeout=TURN_S)
    return port


class Codes:
    """Bytes in, codes out."""

    def __init__(self) -> None:
        self._begun = b""
        self._noise = False

    def take(self, raw: bytes) -> Iterator[str]:
        """What has come; empty: nothing has for a turn, so what was begun is whole."""
        if not raw:
            yield from self._code(self._take_begun())
            return
        *ended, self._begun = _END.split(self._begun + raw)
        for each in ended:
            noise, self._noise = self._noise, False
            if not noise:
                yield from self._code(each)
        if len(self._begun) > LONGEST:
            self._begun, self._noise = b"", True

    def _take_begun(self) -> bytes:
        begun, noise = self._begun, self._noise
        self._begun, self._noise = b"", False
        return b"" if noise else begun

    @staticmethod
    def _code(raw: bytes) -> Iterator[str]:
        text = _SYMBOLOGY.sub("", raw.decode("utf-8", "replace").strip())
        if text and text.isprintable() and len(text) <= LONGEST:
            yield text


@dataclass(slots=True)
class SerialScanner:
    """`run` belongs to one thread."""

    settings: ScannerSettings
    sink: Sink
    opened: Callable[[ScannerSettings], Port] = open_port
    again_s: float = AGAIN_S

    def run(self, stop: threading.Event) -> None:
        """Until it is stopped."""
        while not stop.is_set():
            try:
                self._listen(stop)
            except OSError as gone:
                log.info("the scanner's port: %s", gone)
                stop.wait(self.again_s)

    def _listen(self, stop: threading.Event) -> None:
        port, codes = self.opened(self.settings), Codes()
        try:
            while not stop.is_set():
                for text in codes.take(port.read(LONGEST)):
                    self.sink.post(CodeScanned(text))
        finally:
            port.close()
