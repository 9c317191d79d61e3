"""A printer that keeps what it printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_client.domain.receipt import Receipt


@dataclass
class FakePrinter:
    """`ports.peripherals.ReceiptPrinter`."""

    printed: list[Receipt] = field(default_factory=list)

    def print(self, receipt: Receipt) -> None:
        """Keep a receipt."""
        self.printed.append(receipt)
