"""A clock that moves when told to, and dice that always fall the same way."""

from __future__ import annotations

from datetime import datetime, timedelta

from pos_client.domain.moment import VIETNAM, Moment

START = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)


class FakeClock:
    """`ports.clock.Clock`: both clocks stand still until a test moves them, together or apart."""

    def __init__(self, wall: datetime = START, ticks_ms: int = 1_000_000) -> None:
        self._true = wall
        self._now = Moment(ticks_ms, wall, "boot-1")

    def now(self) -> Moment:
        """Both clocks."""
        return self._now

    def advance(self, ms: int) -> Moment:
        """Time passes on both clocks."""
        self._now = self._now.later(ms)
        self._true += timedelta(milliseconds=ms)
        return self._now

    def set_wall(self, wall: datetime) -> Moment:
        """Somebody set the computer's clock; durations are not touched."""
        self._now = Moment(self._now.ticks_ms, wall, self._now.boot)
        return self._now

    def reboot(self, off_ms: int) -> Moment:
        """The machine was off for a while: its ticks belong to another start now, the wall clock went on."""
        number = int(self._now.boot.removeprefix("boot-")) + 1
        later = self.advance(off_ms)
        self._now = Moment(later.ticks_ms, later.wall, f"boot-{number}")
        return self._now

    def true(self) -> datetime:
        """What time it is, whatever somebody set the computer's clock to."""
        return self._true


class FakeDice:
    """`ports.clock.Dice`: ids in sequence, shaped like UUIDv7; the spread is a fixed number a test may change."""

    def __init__(self, spread: float = 0.5) -> None:
        self.spread_value = spread
        self._next = 0

    def new_id(self) -> str:
        """The next id."""
        self._next += 1
        return f"01939000-0000-7000-8000-{self._next:012x}"

    def spread(self) -> float:
        """The next fall of the dice."""
        return self.spread_value
