"""A printer that keeps what it printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_client.domain.certificate import CertificateOnPaper
from pos_client.domain.receipt import Receipt
from pos_client.domain.reversal_slip import ReversalSlip
from pos_client.domain.shift_report import ShiftReport
from pos_client.ports.peripherals import Printed


@dataclass
class FakePrinter:
    """`ports.peripherals.ReceiptPrinter`."""

    printed: list[Receipt] = field(default_factory=list)
    reports: list[ShiftReport] = field(default_factory=list)
    certificates: list[CertificateOnPaper] = field(default_factory=list)
    slips: list[ReversalSlip] = field(default_factory=list)

    def print(self, printed: Printed) -> None:
        """Keep it."""
        if isinstance(printed, Receipt):
            self.printed.append(printed)
        elif isinstance(printed, CertificateOnPaper):
            self.certificates.append(printed)
        elif isinstance(printed, ReversalSlip):
            self.slips.append(printed)
        else:
            self.reports.append(printed)
