"""Waiting in tests: on an event or a deadline, never for a guessed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_NEVER_SET = threading.Event()
_POLL_S = 0.005


def eventually(predicate: Callable[[], Answer], seconds: float = 5.0, *, what: str = "") -> Answer:
    """The first true answer of `predicate`, asked every 5 ms; fails loudly after `seconds`.

    For what another thread or process does in its own time. What can be driven by a message or a clock is driven.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = predicate()
        if answer:
            return answer
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssertionError(f"not within {seconds} s: {what or getattr(predicate, '__name__', predicate)!s}")
        _NEVER_SET.wait(min(_POLL_S, left))
