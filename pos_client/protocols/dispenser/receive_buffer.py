"""Bytes that came in and are no frame yet.

Bounded, because a line that babbles must not eat the memory; and it remembers how far it was searched, because a
serial port hands over a frame in crumbs and searching each crumb from the start is quadratic.
"""

from __future__ import annotations


class ReceiveBuffer:
    """A queue of bytes, cut at a stop byte. `limit`: the longest piece that can be meant, in bytes."""

    def __init__(self, limit: int) -> None:
        self._bytes = bytearray()
        self._searched = 0
        self._limit = limit

    def __len__(self) -> int:
        return len(self._bytes)

    def append(self, raw: bytes) -> None:
        """Add what was read."""
        self._bytes += raw

    def clear(self) -> bytes:
        """Forget everything; returns what was there."""
        dropped = bytes(self._bytes)
        self._bytes.clear()
        self._searched = 0
        return dropped

    def take_through(self, stop: int, escape: int) -> bytes | None:
        """Everything up to and including the first `stop` byte that does not follow an `escape` byte.

        None while there is no such byte. What has grown above the limit without one is rubbish, and is handed over all
        the same: it ends in another byte.
        """
        while (at := self._bytes.find(stop, self._searched)) >= 0:
            self._searched = at + 1
            if at == 0 or self._bytes[at - 1] != escape:
                taken = bytes(self._bytes[: at + 1])
                del self._bytes[: at + 1]
                self._searched = 0
                return taken
        self._searched = len(self._bytes)
        return self.clear() if len(self._bytes) > self._limit else None
