"""Things on the counter."""

from __future__ import annotations

from typing import Protocol

from pos_client.domain.receipt import Receipt


class ReceiptPrinter(Protocol):
    """Prints in its own time; a sale never waits for paper."""

    def print(self, receipt: Receipt) -> None:
        """Queue a receipt. What became of it is a `PrinterReported`. Never blocks."""
