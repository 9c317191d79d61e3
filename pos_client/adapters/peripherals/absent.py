"""Devices for a counter that has none."""

from __future__ import annotations

from pos_client.domain.receipt import Receipt
from pos_client.ports.reports import PrinterReported, PrinterState, Sink


class AbsentPrinter:
    """`ports.peripherals.ReceiptPrinter` of a site without a printer: says so instead of printing."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def print(self, receipt: Receipt) -> None:
        """Nothing is printed; the receipt stays on the screen."""
        self._sink.post(PrinterReported(PrinterState.ABSENT, receipt.receipt_number))
