"""Central's business clock: injected, so that tests and the control address can move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from pos_client.domain.moment import VIETNAM, aware_time, business_day
from pos_client.protocols.central.errors import MalformedMessage

Now = Callable[[], datetime]
"""An aware wall-clock time."""


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, whole."""
    delta = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """The time in Vietnam."""
    return datetime.fromtimestamp(ms / 1000, VIETNAM)


def day_of(ms: int) -> date:
    """The business day in Vietnam (A28)."""
    return business_day(from_ms(ms))


def text_of(ms: int) -> str:
    """ISO 8601 with offset, to the second."""
    return from_ms(ms).isoformat(timespec="seconds")


def read_time(text: str, message: str, field: str) -> datetime:
    """A time with its offset, as a terminal states it: the year in which points die hangs on it (A28).

    Raises `MalformedMessage`.
    """
    at = aware_time(text)
    if at is None:
        raise MalformedMessage(message, f"{field} is an ISO 8601 time with its offset")
    return at


def ms_of_text(text: str) -> int | None:
    """Milliseconds of a time as a terminal wrote it down; None for what is none."""
    at = aware_time(text)
    return None if at is None else to_ms(at)
