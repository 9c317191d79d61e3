"""Our own words, where the loop box returns them: taken out as long as they agree with what was sent (section 9).

A poll and the answer DATA ERROR are the same word, so it has to be known whether there is an echo. `auto` learns it
from what comes first after each word of ours: our word or another one.
"""

from __future__ import annotations

_SURE = 3


class Echo:
    """Keeps what was sent and not heard yet. `mode`: auto, on, off."""

    def __init__(self, mode: str) -> None:
        self._fixed = {"on": True, "off": False}.get(mode)
        self._score = 0
        self._pending = b""
        self._begun = b""

    def reset(self) -> None:
        """Another port, perhaps another box: learn anew."""
        self._score = 0
        self._pending = self._begun = b""

    def sent(self, raw: bytes) -> None:
        """Words of ours are on their way."""
        if self._fixed is True or (self._fixed is None and self._score > -_SURE):
            self._pending += raw

    def strip(self, raw: bytes) -> bytes:
        """What was received, less the echo. At the first word that differs nothing more is taken out."""
        size = min(len(raw), len(self._pending))
        if size == 0:
            return raw
        if raw[:size] != self._pending[:size]:
            raw, self._pending, self._begun = self._begun + raw, b"", b""
            self._learn(-1)
            return raw
        self._begun += raw[:size]
        self._pending = self._pending[size:]
        if not self._pending:
            self._begun = b""
            self._learn(1)
        return raw[size:]

    def forget_pending(self) -> None:
        """An answer came, or none will: what was not echoed by now never is."""
        if self._fixed is not True:
            self._pending = self._begun = b""

    def doubt(self) -> None:
        """DATA ERROR again and again is more likely our own poll: find out anew."""
        self._score = 0

    def _learn(self, step: int) -> None:
        self._score = max(-_SURE, min(_SURE, self._score + step))
