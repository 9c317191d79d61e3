"""Errands of the technician's page: one thread that does one thing after another, so that no window waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

LOOK_S = 0.1
"""How soon the thread ends once it shall; an errand that came is begun at once."""


class Errands:
    """`post` from any thread."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def post(self, errand: Callable[[], None]) -> None:
        """To be done after what was posted before."""
        self._waiting.put(errand)

    def run(self, stop: threading.Event) -> None:
        """Do what comes until it shall end. What an errand raises is a fault of the program and ends the run; it is
        not tried again."""
        while not stop.is_set():
            try:
                errand = self._waiting.get(timeout=LOOK_S)
            except Empty:
                continue
            errand()
