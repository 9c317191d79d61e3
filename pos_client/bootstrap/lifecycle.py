"""Threads: made here and nowhere else, started in order, stopped in reverse, each joined within a bound."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

JOIN_S = 5.0

Body = Callable[[threading.Event], None]
"""What a thread runs: returns soon after the event is set."""


@dataclass(slots=True)
class Lifecycle:
    """The threads of one terminal. A body that dies takes the terminal down through `on_fault`, never silently."""

    on_fault: Callable[[BaseException], None]
    _threads: list[tuple[threading.Thread, threading.Event]] = field(default_factory=list)

    def start(self, name: str, body: Body) -> None:
        """Start one named thread."""
        stop = threading.Event()
        thread = threading.Thread(target=self._run, args=(name, body, stop), name=name, daemon=True)
        self._threads.append((thread, stop))
        thread.start()

    def stop(self) -> None:
        """Stop all in reverse order of starting."""
        while self._threads:
            thread, stop = self._threads.pop()
            stop.set()
            thread.join(JOIN_S)
            if thread.is_alive():
                log.error("thread %s did not end within %s s", thread.name, JOIN_S)

    def _run(self, name: str, body: Body, stop: threading.Event) -> None:
        try:
            body(stop)
        except BaseException as fault:
            log.critical("thread %s died", name, exc_info=True)
            self.on_fault(fault)
