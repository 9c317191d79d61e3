"""The receipt printer: its own thread, its own time. A sale never waits for paper, and no receipt is lost to a jam.

A receipt that could not be printed stays first in line and is tried again every few seconds; the terminal is told each
time the state changes, with the cause. Between receipts the printer is asked now and then how it is, so that the
cashier knows of an empty roll before a customer waits for paper.

A job that was handed over whole and never confirmed may have come out: it is printed again as a copy.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import field, replace
from functools import partial
from pathlib import Path

from pos_client.adapters.peripherals import escpos_bytes
from pos_client.adapters.peripherals.printer_faults import FAILURES, detail_of, trouble_of
from pos_client.adapters.peripherals.printer_link import Ended, Link, opened
from pos_client.adapters.peripherals.printer_talk import PrinterTalk, Troubled
from pos_client.adapters.peripherals.printer_target import Target, parse_target
from pos_client.domain import certificate_layout, receipt_layout, reversal_slip, shift_report_layout
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.certificate import CertificateOnPaper
from pos_client.domain.paper import Align, Line, Style, fitted
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.domain.receipt import Receipt
from pos_client.domain.receipt_template import STANDARD, ReceiptTemplate
from pos_client.domain.reversal_slip import ReversalSlip
from pos_client.ports.peripherals import Printed
from pos_client.ports.reports import PrinterReported, PrinterState, Sink
from pos_client.settings.model import PrinterSettings
from pos_client.value import dataclass

KEPT_MAX = 50
"""Receipts kept while the printer is down; the oldest is given up then (each can be printed again from the journal)."""


def encoded(lines: tuple[Line, ...], settings: PrinterSettings, fonts: Path) -> bytes:
    """A paper as the bytes of one job, the way the settings want it. Raises `Troubled` when a font is missing,
    `ValueError` for a printer nobody knows."""
    try:
        if settings.text_mode == "text":
            return escpos_bytes.as_code_pages(lines, settings.columns, fonts, settings.profile)
        return escpos_bytes.as_raster(lines, settings.columns, fonts)
    except OSError as error:
        raise Troubled(PrinterTrouble.PROGRAM, detail_of(error)) from error


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, seconds."""

    retry_s: float = 5.0
    look_s: float = 15.0
    """between two looks at a printer that has nothing to do"""
    turn_s: float = 0.2
    """how often the thread looks whether it is to stop"""


@dataclass(slots=True)
class EscposPrinter:
    """`ports.peripherals.ReceiptPrinter` on ESC/POS. `run` belongs to one thread, `print` may be called from any.

    `fonts`: folder of the bundled Be Vietnam Pro.
    """

    settings: PrinterSettings
    catalogue: Catalogue
    fonts: Path
    sink: Sink
    pace: Pace = Pace()
    template: ReceiptTemplate = STANDARD
    mark: str = ""
    """stands at the head and the foot of every paper, where papers are worth nothing"""
    _asked: queue.SimpleQueue[Printed] = field(default_factory=queue.SimpleQueue)
    _kept: deque[Printed] = field(default_factory=lambda: deque(maxlen=KEPT_MAX))
    _last: PrinterReported | None = None
    _speaks: bool | None = None
    """whether it answers questions; None: not asked yet"""
    _broke_off: bool = False
    """whether it may still wait for the rest of a picture"""

    def print(self, printed: Printed) -> None:
        """Queue a receipt or a report. What became of it is a `PrinterReported`. Never blocks."""
        self._asked.put(printed)

    def run(self, stop: threading.Event) -> None:
        """Print until told to stop. A job that is under way then is dropped: it is in the journal."""
        try:
            self._run(stop)
        except Ended:
            return

    def _run(self, stop: threading.Event) -> None:
        self._attempt(None, partial(self._look, stop))
        idle_s = 0.0
        while not stop.is_set():
            try:
                self._kept.append(self._asked.get(timeout=self.pace.turn_s))
            except queue.Empty:
                idle_s += self.pace.turn_s
                if idle_s >= self.pace.look_s:
                    self._attempt(None, partial(self._look, stop))
                    idle_s = 0.0
                continue
            idle_s = 0.0
            self._print_what_is_kept(stop)

    def _print_what_is_kept(self, stop: threading.Event) -> None:
        while self._kept and not stop.is_set():
            first = self._kept[0]
            number = first.receipt_number if isinstance(first, Receipt) else ""
            if self._attempt(number, partial(self._put_on_paper, first, number, stop)):
                self._kept.popleft()
            else:
                stop.wait(self.pace.retry_s)
                self._take_what_was_asked()

    # ── one visit to the printer ───────────────────────────────────────────────────────────────────────────────

    def _look(self, stop: threading.Event) -> PrinterTrouble | None:
        with opened(parse_target(self.settings.target), stop) as link:
            return self._ask(link, PrinterTalk(link, stop))

    def _put_on_paper(self, printed: Printed, number: str, stop: threading.Event) -> PrinterTrouble | None:
        target = parse_target(self.settings.target)
        raw = self._bytes_of(printed)
        with opened(target, stop) as link:
            talk = PrinterTalk(link, stop)
            warning = self._ask(link, talk) if self._speaks else None
            if self._broke_off:
                raw = escpos_bytes.after_a_broken_job(self.settings.columns) + raw
            self._broke_off = True
            talk.hand_over(raw)
            self._broke_off = False
            if talk.heard:
                try:
                    talk.confirm(lambda trouble: self._tell(PrinterState.FAILED, number, trouble))
                except FAILURES:
                    self._may_have_come_out(printed)
                    raise
        return warning

    def _ask(self, link: Link, talk: PrinterTalk) -> PrinterTrouble | None:
        """What it warns of. Raises `Troubled` with what keeps it from printing."""
        if not link.two_way:
            return None
        trouble = talk.look()
        if self._speaks and not talk.heard:
            raise Troubled(PrinterTrouble.HANGS, "it has stopped answering")
        self._speaks = talk.heard
        if trouble is None or trouble is PrinterTrouble.PAPER_LOW:
            return trouble
        raise Troubled(trouble)

    def _may_have_come_out(self, printed: Printed) -> None:
        if isinstance(printed, Receipt | CertificateOnPaper):
            self._kept[0] = replace(printed, copy=True)

    def _bytes_of(self, printed: Printed) -> bytes:
        return encoded(self.lines_of(printed), self.settings, self.fonts)

    def lines_of(self, printed: Printed) -> tuple[Line, ...]:
        """A paper, with its mark at both ends if there is one."""
        mark = (Line(self.mark, align=Align.CENTRE, style=Style.STRONG),) if self.mark else ()
        marked = fitted(mark, self.settings.columns)
        return (*marked, *self._lines(printed), *marked)

    def _lines(self, printed: Printed) -> tuple[Line, ...]:
        if isinstance(printed, Receipt):
            return receipt_layout.layout(printed, self.catalogue, self.settings.columns, self.template)
        if isinstance(printed, CertificateOnPaper):
            return certificate_layout.layout(printed, self.catalogue, self.settings.columns)
        if isinstance(printed, ReversalSlip):
            return reversal_slip.layout(printed, self.catalogue, self.settings.columns)
        return shift_report_layout.layout(printed, self.catalogue, self.settings.columns)

    # ── what became of it ──────────────────────────────────────────────────────────────────────────────────────

    def _attempt(self, number: str | None, deed: Callable[[], PrinterTrouble | None]) -> bool:
        """Do it and say what became of it: of each job that is done, of anything else when it is new. `number`: of the
        receipt, empty for a job without one, None for a look."""
        try:
            warning = deed()
        except FAILURES as error:
            self._tell(PrinterState.FAILED, number or "", trouble_of(error, self._target()), detail_of(error))
            return False
        if number is not None:
            self._last = None
        self._tell(PrinterState.READY, number or "", warning)
        return True

    def _target(self) -> Target | None:
        try:
            return parse_target(self.settings.target)
        except ValueError:
            return None

    def _tell(
        self, state: PrinterState, receipt_number: str, trouble: PrinterTrouble | None = None, detail: str = ""
    ) -> None:
        report = PrinterReported(state, receipt_number, detail, trouble)
        if report != self._last:
            self.sink.post(report)
        self._last = report

    def _take_what_was_asked(self) -> None:
        """Line up what came in meanwhile, so that the limit on kept receipts holds for it too."""
        while True:
            try:
                self._kept.append(self._asked.get_nowait())
            except queue.Empty:
                return
