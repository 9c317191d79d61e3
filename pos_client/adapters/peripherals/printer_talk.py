"""A conversation with an ESC/POS printer: how it is, the job, and whether it came out. Nothing here waits for ever.

`DLE EOT n` is answered at once, whatever the printer is doing; `GS r 1` when all that was sent before it has been
printed. Answers are told apart by their fixed bits (Epson's command reference): of a status bits 1 and 4 are set and
bits 0 and 7 clear; of the sensor's answer bits 4 and 7 are clear. Printers that answer neither are common, and are
printed on all the same.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from pos_client.adapters.peripherals.printer_link import SLICE_S, Ended, Link
from pos_client.domain.printer_trouble import PrinterTrouble

ANSWER_S = 0.7
STALL_S = 8.0
"""A printer that takes no byte for so long hangs: the slowest prints a line of dots in a few milliseconds."""
CONFIRM_S = 15.0
PIECE = 4096

_STATE, _OFF_LINE_CAUSE, _PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
_SENSOR = b"\x1dr\x01"
_OFF_LINE, _COVER, _STOPPED_BY_PAPER, _ERROR = 0x08, 0x04, 0x20, 0x40
_PAPER_END, _PAPER_NEAR_END = 0x60, 0x0C


class Troubled(Exception):
    """Nothing comes out, and why."""

    def __init__(self, trouble: PrinterTrouble, detail: str = "") -> None:
        super().__init__(detail or trouble.value)
        self.trouble = trouble


class PrinterTalk:
    """`heard`: whether the printer has answered anything on this link."""

    def __init__(self, link: Link, stop: threading.Event) -> None:
        self._link, self._stop = link, stop
        self.heard = False
        self._statuses: deque[int] = deque()
        self._sensed = False

    def look(self) -> PrinterTrouble | None:
        """What the printer says is wrong with it; None: nothing, or it says nothing. Raises `OSError`, `Ended`."""
        cause = self._ask(_OFF_LINE_CAUSE)
        if cause is None:
            return None
        if cause & _COVER:
            return PrinterTrouble.COVER_OPEN
        paper = self._ask(_PAPER) or 0
        if cause & _STOPPED_BY_PAPER or paper & _PAPER_END:
            return PrinterTrouble.PAPER_OUT
        if cause & _ERROR:
            return PrinterTrouble.BROKEN
        if (self._ask(_STATE) or 0) & _OFF_LINE:
            return PrinterTrouble.OFF_LINE
        return PrinterTrouble.PAPER_LOW if paper & _PAPER_NEAR_END else None

    def hand_over(self, raw: bytes) -> None:
        """All of it. Raises `Troubled` when the printer stops taking, `OSError`, `Ended`."""
        rest, last = memoryview(raw), monotonic()
        while rest:
            if self._stop.is_set():
                raise Ended
            taken = self._link.write(bytes(rest[:PIECE]))
            if taken:
                rest, last = rest[taken:], monotonic()
            elif monotonic() - last >= STALL_S:
                raise Troubled(PrinterTrouble.HANGS, f"{len(rest)} bytes were not taken")

    def confirm(self, tell: Callable[[PrinterTrouble], None]) -> None:
        """Wait until it has come out; `tell` what keeps it, as often as that changes or stays. What the printer holds
        it prints as soon as it can, so a new roll of paper ends the waiting. Raises `Troubled`, `OSError`, `Ended`.
        """
        self.hand_over(_SENSOR)
        until = monotonic() + CONFIRM_S
        while not self._hear_the_sensor():
            self.heard = False
            trouble = self.look()
            if trouble is not None and trouble is not PrinterTrouble.PAPER_LOW:
                tell(trouble)
                until = monotonic() + CONFIRM_S
            elif not self.heard:
                raise Troubled(PrinterTrouble.HANGS, "it has stopped answering")
            elif monotonic() >= until:
                return  # it is well, has taken all, and does not know the question

    def _ask(self, question: bytes) -> int | None:
        self._statuses.clear()
        self.hand_over(question)
        self._listen(ANSWER_S, lambda: bool(self._statuses))
        if not self._statuses:
            return None
        self.heard = True
        return self._statuses.popleft()

    def _hear_the_sensor(self) -> bool:
        self._listen(ANSWER_S, lambda: self._sensed)
        return self._sensed

    def _listen(self, seconds: float, enough: Callable[[], bool]) -> None:
        until = monotonic() + seconds
        while not enough() and (left := until - monotonic()) > 0:
            if self._stop.is_set():
                raise Ended
            for answer in self._link.read(min(left, SLICE_S)):
                if answer & 0x93 == 0x12:
                    self._statuses.append(answer)
                elif answer & 0x90 == 0:
                    self._sensed = True
