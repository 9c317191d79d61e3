"""Threads: made here and nowhere else, started in order, stopped in reverse, each joined within a bound."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import field
from time import monotonic

from pos_client.value import dataclass

log = logging.getLogger(__name__)

JOIN_S = 5.0
AGAIN_FIRST_S = 1.0
AGAIN_LAST_S = 30.0
HEALTHY_S = 60.0
"""A body that ran for so long before it died is not the one that dies at once each time."""

Body = Callable[[threading.Event], None]
"""What a thread runs: returns soon after the event is set."""


@dataclass(slots=True)
class Lifecycle:
    """The threads of one terminal. A body that dies takes the terminal down through `on_fault`, never silently; unless
    it was started to be run again, because nothing but itself depends on what it held."""

    on_fault: Callable[[BaseException], None]
    _threads: list[tuple[threading.Thread, threading.Event]] = field(default_factory=list)

    def start(self, name: str, body: Body) -> None:
        """Start one named thread."""
        stop = threading.Event()
        thread = threading.Thread(target=self._run, args=(name, body, stop), name=name, daemon=True)
        self._threads.append((thread, stop))
        thread.start()

    def start_again_and_again(self, name: str, body: Body) -> None:
        """Start a thread whose body is run anew when it dies, after a pause that grows. For a serial line: a fault in
        one protocol object must not take the others' pumps and the counter along. The body tidies up after itself."""

        def supervised(stop: threading.Event) -> None:
            pause = AGAIN_FIRST_S
            while not stop.is_set():
                began = monotonic()
                try:
                    body(stop)
                except Exception:
                    log.critical("thread %s died and is started anew", name, exc_info=True)
                    if monotonic() - began > HEALTHY_S:
                        pause = AGAIN_FIRST_S
                    stop.wait(pause)
                    pause = min(pause * 2, AGAIN_LAST_S)

        self.start(name, supervised)

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
