"""Somebody looks at the wires: recorded bytes become frames in a thread of its own, in pieces, and are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.diagnostics.wire_frames import Describe, frames_of, settled
from pos_client.domain.wire import WireFrame, WireRecord

LOOK_S = 0.25
"""Four times a second; a person reads no faster."""
FIRST_RECORDS = 20_000
"""Of what is remembered so many records are told when somebody begins to look: about three minutes of a busy line."""
PIECE = 500
"""Records put into words at once; between two pieces others may work."""
BREATH_S = 0.01

Tell = Callable[[tuple[WireFrame, ...]], None]


class WireWatch:
    """`watch` and `unwatch` from any thread; `run` in its own."""

    def __init__(self, recorder: FrameRecorder, describe: Mapping[str, Describe], now_ms: Callable[[], int]) -> None:
        self._recorder, self._describe, self._now_ms = recorder, describe, now_ms
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._tell: Tell | None = None
        self._seen = 0
        self._open: list[WireRecord] = []

    def watch(self, tell: Tell) -> None:
        """From now on frames are told: what is remembered first (or, after a pause, what came meanwhile)."""
        with self._lock:
            self._tell = tell
            self._wanted.set()

    def unwatch(self) -> None:
        """Nobody looks."""
        with self._lock:
            self._tell = None
            self._wanted.clear()

    def run(self, stop: threading.Event) -> None:
        """Until it shall end; asleep while nobody looks."""
        while not stop.is_set():
            if self._wanted.wait(LOOK_S):
                self.look(stop)
                stop.wait(LOOK_S)

    def look(self, stop: threading.Event) -> None:
        """Tell what is new."""
        fresh = self._recorder.since(self._seen)[-FIRST_RECORDS:]
        for start in range(0, max(1, len(fresh)), PIECE):
            piece, tell = fresh[start : start + PIECE], self._tell
            if stop.is_set() or tell is None:
                return
            is_last = start + PIECE >= len(fresh)
            now_ms = self._now_ms() if is_last else piece[-1].at_ms
            done, self._open = settled([*self._open, *piece], now_ms)
            self._seen = piece[-1].number if piece else self._seen
            if done:
                tell(tuple(frames_of(done, self._describe)))
            if not is_last:
                stop.wait(BREATH_S)
