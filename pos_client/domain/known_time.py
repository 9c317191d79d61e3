"""What time it is, and how sure that is: central's clock carried on by this machine's monotonic one (reliability 3.8).

    quality     at = central's time when last compared + ticks since          believed when
    SYNCED      compared less than an hour ago                                  this boot
    HOLDOVER    compared earlier                                                this boot
    WALL        the machine's own clock, never below the floor                  started anew, floor respected
    UNTRUSTED   the better of clock and floor, for stamps alone                 below the floor, or jumped over 5 min

In one boot the machine's own clock decides nothing; it is only watched: when it and the monotonic clock come apart by
more than five minutes somebody has moved one of them (or the machine has slept), and vouchers wait for central. After a
new start only that clock is left, and the floor: the latest moment known to have been. What this cannot see is a clock
put back, while the machine was off, to a moment behind the floor; the floor is written every few minutes, and no clock
is believed a day after the last comparison.

Times are milliseconds since 1970, UTC. Every method gives a new value.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from pos_client.domain.moment import VIETNAM, Moment
from pos_client.value import dataclass

SYNCED_MS = 3_600_000
JUMP_MS = 300_000
KEEP_MS = 1_800_000
"""So long a comparison with a shorter way to central is kept instead of a newer one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TimeQuality(StrEnum):
    """How sure a time is. Stored by name, and told to central with what was done at it."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    WALL = "wall"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True)
class Reading:
    """The best time there is."""

    at_ms: int
    quality: TimeQuality

    @property
    def at(self) -> datetime:
        """As an aware time in Vietnam."""
        return datetime.fromtimestamp(self.at_ms / 1000, VIETNAM)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer of central's clock, half its way back added, beside both of ours at that moment."""

    central_ms: int
    ticks_ms: int
    wall_ms: int
    boot: str
    round_trip_ms: int

    def drift_ms(self, now: Moment) -> int:
        """How far the two clocks of this machine have come apart since."""
        return (wall_ms(now) - self.wall_ms) - (now.ticks_ms - self.ticks_ms)


@dataclass(frozen=True, slots=True)
class KnownTime:
    """All that is known about the time. `heard_ms`: central's clock when it was heard last."""

    compared: Comparison | None = None
    floor_ms: int = 0
    heard_ms: int | None = None
    first_seen: Comparison | None = None
    """both clocks as this run first saw them; nobody's time, only what they are watched against"""

    def seen(self, now: Moment) -> KnownTime:
        """The clocks were looked at: the first look of a boot is what later ones are compared with."""
        if self.first_seen is not None and self.first_seen.boot == now.boot:
            return self
        return replace(self, first_seen=Comparison(0, now.ticks_ms, wall_ms(now), now.boot, 0))

    def heard(self, central_ms: int, round_trip_ms: int, now: Moment) -> KnownTime:
        """Central told its time. A newer answer replaces one that took longer, that grew old, or that a jump has made
        worthless; the floor follows central, also downwards."""
        new = Comparison(central_ms + round_trip_ms // 2, now.ticks_ms, wall_ms(now), now.boot, round_trip_ms)
        old = self.compared
        keep = (
            old is not None
            and old.boot == now.boot
            and 0 <= now.ticks_ms - old.ticks_ms < KEEP_MS
            and old.round_trip_ms < round_trip_ms
            and abs(old.drift_ms(now)) <= JUMP_MS
            and abs(old.central_ms + now.ticks_ms - old.ticks_ms - new.central_ms) <= round_trip_ms + old.round_trip_ms
        )
        if keep:
            return replace(self, heard_ms=central_ms)
        return KnownTime(new, new.central_ms, central_ms, Comparison(0, now.ticks_ms, new.wall_ms, now.boot, 0))

    def reading(self, now: Moment) -> Reading:
        """The best time now."""
        anchor, wall = self.compared, wall_ms(now)
        if anchor is not None and anchor.boot == now.boot and now.ticks_ms >= anchor.ticks_ms:
            since = now.ticks_ms - anchor.ticks_ms
            at = max(anchor.central_ms + since, self.floor_ms)
            if abs(anchor.drift_ms(now)) > JUMP_MS:
                return Reading(at, TimeQuality.UNTRUSTED)
            return Reading(at, TimeQuality.SYNCED if since < SYNCED_MS else TimeQuality.HOLDOVER)
        at = max(wall, self.floor_ms)
        watched = self.first_seen
        moved = watched is not None and watched.boot == now.boot and abs(watched.drift_ms(now)) > JUMP_MS
        if self.heard_ms is None or wall < self.floor_ms or moved:
            return Reading(at, TimeQuality.UNTRUSTED)
        return Reading(at, TimeQuality.WALL)

    def of_the_wall(self, now: Moment) -> TimeQuality:
        """How sure a time is that was read from the machine's own clock: not at all when the best time there is says
        something else."""
        reading = self.reading(now)
        return TimeQuality.UNTRUSTED if abs(wall_ms(now) - reading.at_ms) > JUMP_MS else reading.quality

    def risen(self, now: Moment) -> KnownTime:
        """With the floor at the present time, as it is written down; an untrusted time lifts nothing."""
        reading = self.reading(now)
        if reading.quality is TimeQuality.UNTRUSTED:
            return self
        return replace(self, floor_ms=max(self.floor_ms, reading.at_ms))

    def since_heard_ms(self, now: Moment) -> int | None:
        """How long ago central was heard; None: never."""
        return None if self.heard_ms is None else max(0, self.reading(now).at_ms - self.heard_ms)


def wall_ms(now: Moment) -> int:
    """The machine's own clock."""
    return ms_of(now.wall)


def ms_of(at: datetime) -> int:
    """An aware time in milliseconds since 1970."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
