"""The last minutes of every wire, in memory: for the technician's monitor, and for a file when something went wrong.

Always on. Bytes that follow each other without a pause in one direction become one record, so a frame that arrives in
crumbs is one line of the monitor; a record somebody has read already is never changed. Each line has its own bounds, so
a babbling line does not push out what a quiet one said.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import field, replace
from itertools import islice

from pos_client.domain.wire import Direction, WireRecord
from pos_client.value import dataclass

AGE_MS = 600_000
"""Ten minutes."""
BYTES = 4_000_000
"""Memory a line may take, about: bytes as recorded and `RECORD_COST` for each record."""
RECORD_COST = 200
JOIN_MS = 20
"""Bytes this soon after the last ones of their direction belong to them; within a frame the pause is 15 ms at most."""
JOIN_BYTES = 512


@dataclass(slots=True)
class _Ring:
    """One line's records, oldest first. `last_ms`: when the newest grew."""

    records: deque[WireRecord] = field(default_factory=deque)
    size: int = 0
    last_ms: int = 0

    def drop_oldest(self) -> None:
        self.size -= _cost(self.records.popleft())


class FrameRecorder:
    """Callable from any thread."""

    def __init__(self, age_ms: int = AGE_MS, size: int = BYTES) -> None:
        self._age_ms, self._size = age_ms, size
        self._lock = threading.Lock()
        self._rings: dict[str, _Ring] = {}
        self._next = 1
        self._read_up_to = 0

    def record(self, line: str, at_ms: int, direction: Direction, raw: bytes) -> None:
        """Keep what was read or written together."""
        with self._lock:
            ring = self._rings.setdefault(line, _Ring())
            newest = ring.records[-1] if ring.records else None
            if newest is not None and self._continues(newest, ring, at_ms, direction):
                ring.records[-1] = replace(newest, raw=newest.raw + raw)
                ring.size += len(raw)
            else:
                ring.records.append(WireRecord(self._next, line, at_ms, direction, bytes(raw)))
                ring.size += _cost(ring.records[-1])
                self._next += 1
            ring.last_ms = at_ms
            while len(ring.records) > 1 and (ring.size > self._size or ring.records[0].at_ms < at_ms - self._age_ms):
                ring.drop_oldest()

    def _continues(self, newest: WireRecord, ring: _Ring, at_ms: int, direction: Direction) -> bool:
        near = newest.direction is direction and at_ms - ring.last_ms <= JOIN_MS
        return near and newest.number > self._read_up_to and len(newest.raw) < JOIN_BYTES

    def since(self, number: int, line: str | None = None) -> list[WireRecord]:
        """What was recorded after a number (0: everything there is), of all lines or one, in order."""
        with self._lock:
            self._read_up_to = self._next - 1
            found = [
                record
                for name, ring in self._rings.items()
                if line in (None, name)
                for record in _after(ring.records, number)
            ]
        return sorted(found, key=lambda record: record.number)


def _after(records: deque[WireRecord], number: int) -> list[WireRecord]:
    """The newest records, back to the number; a reader who comes often is not given all to look through."""
    fresh = 0
    for record in reversed(records):
        if record.number <= number:
            break
        fresh += 1
    return list(islice(records, len(records) - fresh, None))


def _cost(record: WireRecord) -> int:
    return len(record.raw) + RECORD_COST
