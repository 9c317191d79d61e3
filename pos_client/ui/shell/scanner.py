"""Telling a scanner from fingers by the time between keys.

A keyboard-wedge scanner types its code in a burst, a few milliseconds a key, and ends it with Enter. Nobody types like
that. So characters wait for `GAP_MS`: what has stood alone that long was a finger (a pump's digit), what came in a
burst and ended with Enter was a scan, and a burst that broke off is thrown away: half a code must never choose a pump,
nor may its Enter, arriving late, confirm anything.

Qt cannot name the device on X11 (every keyboard is the "virtual core keyboard"), so time is the only witness. It is
told, not read: tests pass numbers.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.value import dataclass

GAP_MS = 50
"""Longest pause inside a burst. Scanners leave 1 to 20 ms, quick typists 70 and more."""
SHORTEST_SCAN = 6
"""Characters; the shortest code we know is a voucher without its hyphen: P00231."""
FINGERS = 2
"""So many characters within a gap may still be fingers (two keys struck together)."""
LATE_ENTER_MS = 400
"""An Enter this soon after a broken burst belongs to it."""


@dataclass(slots=True)
class ScanDetector:
    """Characters and Enter with their times in; scans and typed characters out."""

    _burst: list[str] = field(default_factory=list)
    _last_ms: int = 0
    _broken_ms: int | None = None

    def character(self, char: str, now_ms: int) -> str:
        """Take a character; returns typed characters whose waiting is over (mostly none)."""
        typed = self.expire(now_ms)
        self._burst.append(char)
        self._last_ms = now_ms
        return typed

    def enter(self, now_ms: int) -> tuple[str, str | None]:
        """Take an Enter: (typed characters before it, the scanned code it ends).

        The code is None if there was none, and empty if the Enter belongs to a broken burst and means nothing.
        """
        typed = self.expire(now_ms)
        if self._burst and len(self._burst) >= SHORTEST_SCAN:
            code = "".join(self._burst)
            self._burst.clear()
            return typed, code
        if self._broken_ms is not None and now_ms - self._broken_ms <= LATE_ENTER_MS:
            self._burst.clear()
            return "", ""
        typed += "".join(self._burst)
        self._burst.clear()
        return typed, None

    def expire(self, now_ms: int) -> str:
        """Typed characters that nothing followed within the gap; a broken burst is dropped."""
        if not self._burst or now_ms - self._last_ms <= GAP_MS:
            return ""
        burst, self._burst = self._burst, []
        if len(burst) > FINGERS:
            self._broken_ms = self._last_ms
            return ""
        return "".join(burst)

    def deadline_ms(self) -> int | None:
        """When to call `expire` if no key comes; None with nothing waiting."""
        return self._last_ms + GAP_MS + 1 if self._burst else None
