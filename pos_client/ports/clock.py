"""Time and identity come from outside the core."""

from __future__ import annotations

from typing import Protocol

from pos_client.domain.moment import Moment


class Clock(Protocol):
    """Both clocks at once."""

    def now(self) -> Moment:
        """Wall clock in UTC+7, a monotonic reading in milliseconds, and which start of the machine that belongs to."""


class Dice(Protocol):
    """Unpredictable values."""

    def new_id(self) -> str:
        """A fresh UUIDv7, lower case with hyphens; unique, not secret."""

    def spread(self) -> float:
        """A number in [0, 1] for the jitter of retries."""
