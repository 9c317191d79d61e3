"""The sandbox's business clock: the wall clock in Vietnam, which the control address can move."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from pos_client.domain.moment import VIETNAM


class Offset(Protocol):
    """Seconds ahead of the real clock; perhaps in memory that several processes share."""

    value: int


class _Mine:
    """An offset of this process."""

    value = 0


class MovableClock:
    """The wall clock in Vietnam, moved by an offset."""

    def __init__(self, offset: Offset | None = None) -> None:
        self.offset: Offset = _Mine() if offset is None else offset

    def now(self) -> datetime:
        """The business time of the sandbox."""
        return datetime.now(VIETNAM) + timedelta(seconds=self.offset.value)

    def move(self, offset_s: int) -> None:
        """Run this many seconds ahead of (or behind) the real clock."""
        self.offset.value = offset_s
