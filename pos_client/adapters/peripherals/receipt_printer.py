"""The receipt printer: its own thread, its own time. A sale never waits for paper, and no receipt is lost to a jam.

A receipt that could not be printed stays first in line and is tried again every few seconds; the terminal is told each
time the state changes, with the cause.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pos_client.adapters.peripherals import escpos_bytes
from pos_client.adapters.peripherals.printer_target import parse_target
from pos_client.domain import receipt_layout, shift_report_layout
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.receipt import Receipt
from pos_client.ports.peripherals import Printed
from pos_client.ports.reports import PrinterReported, PrinterState, Sink
from pos_client.settings.model import PrinterSettings

RETRY_S = 5.0
KEPT_MAX = 50
"""Receipts kept while the printer is down; the oldest is given up then (each can be printed again from the journal)."""
_LOOK_S = 0.2
"""How often the thread looks whether it is to stop."""


class EscposPrinter:
    """`ports.peripherals.ReceiptPrinter` on ESC/POS. `run` belongs to one thread, `print` may be called from any.

    `target` of the settings: `file:PATH` or `tcp://host:port`. `fonts`: folder of the bundled Be Vietnam Pro.
    """

    def __init__(
        self, settings: PrinterSettings, catalogue: Catalogue, fonts: Path, sink: Sink, *, retry_s: float = RETRY_S
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._fonts = fonts
        self._sink = sink
        self._retry_s = retry_s
        self._asked: queue.SimpleQueue[Printed] = queue.SimpleQueue()
        self._kept: deque[Printed] = deque(maxlen=KEPT_MAX)
        self._last: PrinterReported | None = None

    def print(self, printed: Printed) -> None:
        """Queue a receipt or a report. What became of it is a `PrinterReported`. Never blocks."""
        self._asked.put(printed)

    def run(self, stop: threading.Event) -> None:
        """Print until told to stop."""
        self._attempt("", self._probe)
        while not stop.is_set():
            try:
                self._kept.append(self._asked.get(timeout=_LOOK_S))
            except queue.Empty:
                continue
            while self._kept and not stop.is_set():
                first = self._kept[0]
                number = first.receipt_number if isinstance(first, Receipt) else ""
                if self._attempt(number, partial(self._put_on_paper, first)):
                    self._kept.popleft()
                else:
                    stop.wait(self._retry_s)
                    self._take_what_was_asked()

    def _probe(self) -> None:
        parse_target(self._settings.target).probe()

    def _put_on_paper(self, printed: Printed) -> None:
        columns = self._settings.columns
        if isinstance(printed, Receipt):
            lines = receipt_layout.layout(printed, self._catalogue, columns)
        else:
            lines = shift_report_layout.layout(printed, self._catalogue, columns)
        if self._settings.text_mode == "text":
            raw = escpos_bytes.as_code_pages(lines, columns)
        else:
            raw = escpos_bytes.as_raster(lines, columns, self._fonts)
        parse_target(self._settings.target).write(raw)

    def _attempt(self, receipt_number: str, deed: Callable[[], None]) -> bool:
        """Do it and say what became of it. A failure that only repeats is said once."""
        try:
            deed()
        except (OSError, ValueError, ImportError) as error:
            report = PrinterReported(PrinterState.FAILED, receipt_number, _cause(error))
        else:
            report = PrinterReported(PrinterState.READY, receipt_number)
        printed = report.state is PrinterState.READY
        if printed or report != self._last:
            self._sink.post(report)
        self._last = report
        return printed

    def _take_what_was_asked(self) -> None:
        """Line up what came in meanwhile, so that the limit on kept receipts holds for it too."""
        while True:
            try:
                self._kept.append(self._asked.get_nowait())
            except queue.Empty:
                return


def _cause(error: Exception) -> str:
    """The cause in the words of the system, without its numbers."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
