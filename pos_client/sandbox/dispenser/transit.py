"""Answers on their way to the terminal: when each byte of them leaves.

Between processes bytes have no speed. For figures that mean something a line can be paced: then each byte takes its
time, and so does the question before it, of which a device makes nothing before its last byte is there.
"""

from __future__ import annotations

import heapq
from itertools import count

BITS_PER_BYTE = 11
"""Start, eight of data, parity, stop: as both protocols send them."""
_S = 1_000_000_000


class Transit:
    """Times are readings of a clock in nanoseconds, durations too."""

    def __init__(self, paced_at: int = 0) -> None:
        self._byte_ns = BITS_PER_BYTE * _S // paced_at if paced_at > 0 else 0
        self._waiting: list[tuple[int, int, bytes]] = []
        self._order = count()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def question_ns(self, raw: bytes) -> int:
        """How long a question is on the wire."""
        return len(raw) * self._byte_ns

    def put(self, raw: bytes, from_ns: int) -> None:
        """An answer that begins then."""
        if not self._byte_ns:
            heapq.heappush(self._waiting, (from_ns, next(self._order), raw))
            return
        for index in range(len(raw)):
            due = from_ns + (index + 1) * self._byte_ns
            heapq.heappush(self._waiting, (due, next(self._order), raw[index : index + 1]))

    def due_ns(self) -> int | None:
        """When the next of it leaves."""
        return self._waiting[0][0] if self._waiting else None

    def take(self, now_ns: int) -> list[bytes]:
        """What leaves now, in order."""
        leaving = []
        while self._waiting and self._waiting[0][0] <= now_ns:
            leaving.append(heapq.heappop(self._waiting)[2])
        return leaving

    def clear(self) -> None:
        """All of it is lost."""
        self._waiting.clear()
