"""Tells head office now and then how this till is, in place of one of its questions for the time: no request more.

It is news of the moment: one that is lost is not repeated, the next one says more.
"""

from __future__ import annotations

from pos_client.domain.condition import MOST_TROUBLES, Condition
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.known_time import ms_of
from pos_client.domain.moment import aware_time
from pos_client.domain.outbox import DeliveryState, OutboxItem
from pos_client.services.clock_keeper import ClockKeeper
from pos_client.services.desk import Desk
from pos_client.services.health import KEYPAD_NOTICE, PRINTER_NOTICE
from pos_client.services.journal_stream import JournalStream
from pos_client.value import dataclass

EVERY_MS = 300_000
CHANGED_MS = 60_000
"""What has changed is told sooner, but no trouble that comes and goes is told more often than this."""
FIRST_MS = 30_000
"""After a start, pumps, printer and key store have to be heard first."""


@dataclass(slots=True)
class Conditions:
    """This till, as it is told."""

    desk: Desk
    stream: JournalStream
    clock: ClockKeeper
    version: str
    _due_ms: int | None = None
    _told_ms: int = 0
    _told: Condition | None = None

    def to_tell(self) -> Condition | None:
        """What to say now; None: nothing yet. Asked at every knock at head office's door."""
        now = self.desk.now.ticks_ms
        if self._due_ms is None:
            self._due_ms = now + FIRST_MS
        if now < self._due_ms and (self._told is None or now - self._told_ms < CHANGED_MS):
            return None
        condition = self.taken()
        if now < self._due_ms and _gist(condition) == _gist(self._told):
            return None
        self._told, self._told_ms, self._due_ms = condition, now, now + EVERY_MS
        return condition

    def taken(self) -> Condition:
        """This till at this moment."""
        state, now = self.desk.state, self.desk.now
        oldest = state.outbox.oldest_waiting()
        return Condition(
            version=self.version,
            ready=state.ready_version,
            offer=state.offer,
            waiting=state.outbox.waiting,
            in_doubt=state.outbox.count(DeliveryState.IN_DOUBT),
            parked=state.outbox.count(DeliveryState.PARKED),
            oldest_waiting_s=None if oldest is None else self._age_ms(oldest) // 1000,
            unacknowledged=self.stream.tail().records,
            clock=self.clock.reading().quality,
            wall=now.wall.isoformat(timespec="seconds"),
            disk_free_mb=state.disk_free_mb,
            certificate_ends=state.certificate_ends,
            troubles=self._troubles(),
        )

    def _age_ms(self, item: OutboxItem) -> int:
        """As the best clock tells it: a restart makes no record younger."""
        made = aware_time(item.created_at)
        return 0 if made is None else max(0, self.clock.reading().at_ms - ms_of(made))

    def _troubles(self) -> tuple[str, ...]:
        state = self.desk.state
        found = list(state.blockers)
        if not state.store_ok or self.desk.unwritten:
            found.insert(0, "books_unwritten")
        if any(track.link is not LinkState.UP for track in state.points.values()):
            found.append("pumps_unheard")
        if state.prices_differ:
            found.append("prices_differ")
        if state.printer_trouble is not None:
            found.append(f"{PRINTER_NOTICE}{state.printer_trouble.value}")
        if state.keypad_trouble is not None:
            found.append(f"{KEYPAD_NOTICE}{state.keypad_trouble.value}")
        return tuple(found[:MOST_TROUBLES])


def _gist(condition: Condition | None) -> object:
    """What a person would be told of at once."""
    if condition is None:
        return None
    return condition.ready, condition.offer, condition.troubles, condition.clock, condition.parked > 0
