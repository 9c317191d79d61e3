"""What went over a wire, as values: for the recorder, the monitor, a replay. No meaning is kept, only bytes and times.

Nothing here is personal: dispensers know litres and money, no customers.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pos_client.value import dataclass


class Direction(StrEnum):
    """Who said it."""

    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class WireRecord:
    """Bytes that were written or read together. `number` grows by one over all lines; `at_ms` is the line's clock."""

    number: int
    line: str
    at_ms: int
    direction: Direction
    raw: bytes


@dataclass(frozen=True, slots=True)
class WireFrame:
    """One frame in words. `kind` as `pos-client decode` names it, "error" for a damaged one; `head` its address."""

    number: int
    line: str
    at_ms: int
    direction: Direction
    ok: bool
    kind: str
    head: int | None
    meaning: str
    bytes_hex: str


@dataclass(frozen=True, slots=True)
class WireFilter:
    """What of the wires somebody wants to see; what is empty or None lets everything through."""

    line: str = ""
    head: int | None = None
    kind: str = ""
    only_damaged: bool = False
    text: str = ""
    """in its meaning, its kind or its bytes; capitals are small ones"""

    def lets_through(self, frame: WireFrame) -> bool:
        """Whether a frame is shown."""
        return (
            self.line in ("", frame.line)
            and self.head in (None, frame.head)
            and self.kind in ("", frame.kind)
            and not (self.only_damaged and frame.ok)
            and (not self.text or self.text.casefold() in f"{frame.meaning} {frame.kind} {frame.bytes_hex}".casefold())
        )


def filtered(frames: Iterable[WireFrame], wanted: WireFilter) -> tuple[WireFrame, ...]:
    """The frames somebody wants to see, in order."""
    return tuple(frame for frame in frames if wanted.lets_through(frame))
