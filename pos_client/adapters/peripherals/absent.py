"""Devices for a counter that has none."""

from __future__ import annotations

from pos_client.domain.receipt import Receipt
from pos_client.ports.peripherals import Printed
from pos_client.ports.reports import PrinterReported, PrinterState, Sink


class AbsentPrinter:
    """`ports.peripherals.ReceiptPrinter` of a site without a printer: says so instead of printing."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def print(self, printed: Printed) -> None:
        """Nothing is printed; the receipt stays on the screen."""
        number = printed.receipt_number if isinstance(printed, Receipt) else ""
        self._sink.post(PrinterReported(PrinterState.ABSENT, number))
