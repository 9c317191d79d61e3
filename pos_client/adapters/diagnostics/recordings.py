"""Recordings that were kept: a folder with the newest few, written when a line failed or somebody asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pos_client.adapters.diagnostics import wire_file
from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.diagnostics.wire_file import RecordedWire

log = logging.getLogger(__name__)

KEPT = 12
"""Files; ten minutes of a busy line are about 3 MB."""
FAULT_EVERY = timedelta(minutes=5)
"""A line that fails again and again would push the recording of its first failure out."""
_NAMED = "wire-*.jsonl"


class Recordings:
    """Callable from any thread; writes one file at a time."""

    def __init__(
        self,
        recorder: FrameRecorder,
        wires: Mapping[str, RecordedWire],
        folder: Path,
        now: Callable[[], tuple[int, datetime]],
    ) -> None:
        """`now`: the line's clock in milliseconds, and the wall clock."""
        self.recorder = recorder
        self._wires = wires
        self._folder = folder
        self._now = now
        self._lock = threading.Lock()
        self._last_fault: dict[str, datetime] = {}

    def save(self, line: str | None = None) -> Path:
        """Write what is remembered of one line or all; where to. Raises `OSError`."""
        with self._lock:
            at_ms, wall = self._now()
            name = f"wire-{wall:%Y%m%d-%H%M%S}-{line or 'all'}"
            path = self._folder / f"{name}.jsonl"
            again = 2
            while path.exists():
                path, again = self._folder / f"{name}-{again}.jsonl", again + 1
            wire_file.save(path, self._wires, self.recorder.since(0, line), wall.isoformat(), at_ms)
            self._forget_oldest()
            return path

    def save_after_fault(self, line: str) -> None:
        """A line failed: keep what led to it. A disk that does not take it is told to the log alone."""
        wall = self._now()[1]
        last = self._last_fault.get(line)
        if last is not None and timedelta(0) <= wall - last < FAULT_EVERY:
            return
        self._last_fault[line] = wall
        try:
            log.info("line %s failed; what went over its wire is in %s", line, self.save(line).name)
        except OSError as error:
            log.info("line %s failed; its recording could not be kept: %s", line, error)

    def _forget_oldest(self) -> None:
        files = sorted(self._folder.glob(_NAMED), key=lambda path: (path.stat().st_mtime_ns, path.name))
        for path in files[:-KEPT]:
            path.unlink(missing_ok=True)
