"""Who can say what a day's books are worth: he reads them from outside, as anybody else could."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Certifier(Protocol):
    """Checks the books in its own time; nothing waits for it."""

    def ask(self, day: date) -> None:
        """What the books say of a day arrives as `CertificateMade`, or `CertificateFailed`. Never blocks."""


class NoCertifier:
    """Of a till whose books nobody reads from outside."""

    def ask(self, day: date) -> None:
        """Nothing arrives."""
