"""Things on the counter."""

from __future__ import annotations

from typing import Protocol

from pos_client.domain.certificate import CertificateOnPaper
from pos_client.domain.receipt import Receipt
from pos_client.domain.reversal_slip import ReversalSlip
from pos_client.domain.shift_report import ShiftReport

Printed = Receipt | ShiftReport | CertificateOnPaper | ReversalSlip


class Stop(Protocol):
    """Says when a device's thread is to end."""

    def is_set(self) -> bool:
        """Whether it is."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it, so many seconds at most; whether it is."""


class CustomerKeypad(Protocol):
    """A keypad that is a device of its own, in a thread of its own. Its keys are `KeypadKeyed`, in order.

    Whether it can be typed on is a `KeypadReported`, each time that changes. It is no keyboard of the cashier's window.
    """

    def run(self, stop: Stop) -> None:
        """Until it is stopped. A keypad that is not there is looked for, for as long as it takes."""

    def lend(self) -> None:
        """Let go of the device until it is taken back: a technician listens to every keypad there is."""

    def take_back(self) -> None:
        """It is this till's again."""


class ReceiptPrinter(Protocol):
    """Prints in its own time; a sale never waits for paper."""

    def print(self, printed: Printed) -> None:
        """Queue a receipt, the report of a shift, the certificate of a day, or what was undone. What became of it is a
        `PrinterReported`. Never blocks."""
