"""Things on the counter."""

from __future__ import annotations

from typing import Protocol

from pos_client.domain.certificate import CertificateOnPaper
from pos_client.domain.receipt import Receipt
from pos_client.domain.reversal_slip import ReversalSlip
from pos_client.domain.shift_report import ShiftReport

Printed = Receipt | ShiftReport | CertificateOnPaper | ReversalSlip


class ReceiptPrinter(Protocol):
    """Prints in its own time; a sale never waits for paper."""

    def print(self, printed: Printed) -> None:
        """Queue a receipt, the report of a shift, the certificate of a day, or what was undone. What became of it is a
        `PrinterReported`. Never blocks."""
