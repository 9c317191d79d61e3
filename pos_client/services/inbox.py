"""The queue in front of the terminal: reports, answers and commands, one at a time, from any thread."""

from __future__ import annotations

import queue
from collections.abc import Iterator

Message = object


class Inbox:
    """First in, first out. `post` never blocks; only the terminal's thread takes."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def post(self, message: Message) -> None:
        """Put a frozen message at the end."""
        self._queue.put(message)

    def take(self, timeout_s: float) -> Message | None:
        """The next message, or None when none came in time."""
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def waiting(self, most: int) -> Iterator[Message]:
        """Messages that are there already, up to `most`; lets a test play the whole terminal without a thread."""
        for _ in range(most):
            try:
                yield self._queue.get_nowait()
            except queue.Empty:
                return
