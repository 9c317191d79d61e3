"""Keeps what is known of the time (`domain/known_time.py`): central's answers in, the floor into the books."""

from __future__ import annotations

import logging
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.facts.offline import CLOCK
from pos_client.domain.known_time import Comparison, KnownTime, Reading, TimeQuality, ms_of
from pos_client.services.desk import Desk
from pos_client.value import dataclass

log = logging.getLogger(__name__)

NOTED_EVERY_MS = 600_000
"""How far the floor may stay behind. What a restart knows of the time, and of the last contact, is no older; it errs
towards refusing."""


@dataclass(slots=True)
class ClockKeeper:
    """The terminal's time."""

    desk: Desk
    _noted_ms: int = 0
    _noted_boot: str | None = None

    def start(self) -> None:
        """What earlier runs knew."""
        entry = self.desk.store.last_of(CLOCK)
        known = KnownTime()
        if entry is not None and isinstance(entry.fact, f.TimeNoted):
            noted = entry.fact
            compared = Comparison(noted.central_ms, noted.ticks_ms, noted.wall_ms, noted.boot, noted.round_trip_ms)
            known = KnownTime(compared, noted.floor_ms, noted.heard_ms)
        self.desk.state.time = known.seen(self.desk.now)

    def heard(self, server_time: str, round_trip_ms: int) -> None:
        """Central told its time, after so long. A time nobody can read is none."""
        try:
            told = datetime.fromisoformat(server_time)
            told_ms = ms_of(told)
        except (ValueError, TypeError):  # no time, or one without its offset
            log.warning("central's clock cannot be read: %r", server_time)
            return
        self.desk.state.time = self.desk.state.time.heard(told_ms, max(0, round_trip_ms), self.desk.now)

    def reading(self) -> Reading:
        """The best time now."""
        return self.desk.state.time.reading(self.desk.now)

    def on_tick(self) -> None:
        """Write the floor down: at the first comparison of a boot, then every few minutes."""
        known, now = self.desk.state.time, self.desk.now
        compared = known.compared
        if compared is None or known.heard_ms is None:
            return
        fresh_boot = compared.boot == now.boot and self._noted_boot != now.boot
        if not fresh_boot and now.ticks_ms - self._noted_ms < NOTED_EVERY_MS:
            return
        if known.reading(now).quality is TimeQuality.UNTRUSTED:
            return
        risen = known.risen(now)
        noted = f.TimeNoted(
            CLOCK,
            floor_ms=risen.floor_ms,
            heard_ms=known.heard_ms,
            central_ms=compared.central_ms,
            ticks_ms=compared.ticks_ms,
            wall_ms=compared.wall_ms,
            boot=compared.boot,
            round_trip_ms=compared.round_trip_ms,
        )
        self.desk.record(noted, closed=(CLOCK,))
        self.desk.state.time = risen
        self._noted_ms = now.ticks_ms
        if compared.boot == now.boot:
            self._noted_boot = now.boot
