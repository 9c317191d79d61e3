"""The journal's way to head office, behind everything else: rows in batches, acknowledged under central's signature.

What was acknowledged can no longer be changed, cut off or put back here without head office noticing (I11). Rows are
never in a hurry: they go while no record of the outbox is due, on a connection of their own, and wait with patience
when there is no answer. Central says at the start of a session, and with every batch, how far it holds the journal:

    it holds less than we sent      it was restored from a backup: we send from there (F38)
    it keeps no answer to a record
    the rows say it has answered    likewise: that record is sent again, the same bytes under the same key (F38)
    it holds more than we have      this book is an old copy: no points (F34)
    it holds another row than we    two books under one name: no points

A row counts as acknowledged when this book has kept the acknowledgement, and with it put back what was missing: rows
behind that go again at the next session, whatever central says it holds. The last two cases are central's to solve, by
enrolling the terminal anew; sales go on and stay in this book.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime

from pos_client.domain.acknowledgement import Acknowledgement, JournalEnd, JournalRow
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import DeliveryState, OutboxItem, backoff_ms
from pos_client.ports import central as c
from pos_client.ports.errors import Unavailable
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity, TailSnapshot
from pos_client.services.standing import asked_to_wait_ms
from pos_client.value import dataclass

log = logging.getLogger(__name__)

ROWS = 200
BYTES = 300_000
"""of bodies in one batch; at least one row goes, however long"""
GATHER_MS = 5_000
"""After all is acknowledged: what is written meanwhile goes together."""
PAUSE_MS = 500
"""Between batches of a backlog: 400 rows a second, a night for months."""
LOST_AFTER_MS = 60_000
FORK, ROLLBACK, GAP = "chain-fork", "sequence-rollback", "sequence-gap"
ANOTHER_BOOK = frozenset({FORK, ROLLBACK})
NO_MAC = bytes(32)
"""Of the row before the first."""


@dataclass(slots=True)
class JournalStream:
    """Sends what central does not hold yet, and remembers what it says it holds."""

    desk: Desk
    is_idle: Callable[[], bool]
    """nothing more urgent is on its way or due"""
    _held: JournalEnd = field(default_factory=lambda: JournalEnd(0, NO_MAC))
    """what central holds as far as we were told"""
    _kept: Acknowledgement | None = None
    """the furthest one in the book"""
    _last_sent: JournalEnd | None = None
    """the end of the batch that is on its way"""
    _told: frozenset[IdempotencyKey] = frozenset()
    """the records that batch names"""
    _key: IdempotencyKey | None = None
    _sent_ms: int = 0
    _due_ms: int = 0
    _tries: int = 0
    _running: bool = False
    """central said in this session where it stands"""
    _oldest: tuple[int, datetime] | None = None
    """number and time of the first row it does not hold"""

    def remember(self, kept: Acknowledgement | None) -> None:
        """What an earlier run was told."""
        self._kept = kept
        if kept is not None:
            self._held = JournalEnd(kept.seq, kept.mac)

    def begin(self, said: Acknowledgement | None) -> None:
        """A session has begun; what central says it holds, beside our own book."""
        self._key, self._tries, self._running = None, 0, said is not None
        self._due_ms = self.desk.now.ticks_ms + int(GATHER_MS * self.desk.dice.spread())
        if said is None:
            return
        self._held = JournalEnd(said.seq, said.mac)
        kept = self._kept if self._kept is not None and self._kept.epoch == said.epoch else None
        if said.seq > self.desk.store.journal_end().seq:
            self._stop(ROLLBACK)
        elif self._mac_of(said.seq) != said.mac:
            self._say(FORK)
            self._held = self._before(said.seq)  # the row it holds is sent once more: so central learns of it too
        elif kept is None or kept.seq < said.seq:  # its answer was lost, and what it may have said to be missing
            self._held = JournalEnd(kept.seq, kept.mac) if kept else JournalEnd(0, NO_MAC)

    def on_tick(self) -> None:
        """Send the next rows when there are any and the way is free."""
        now = self.desk.now.ticks_ms
        waiting = self._key is not None and now - self._sent_ms < LOST_AFTER_MS
        if not self._running or waiting or now < self._due_ms or self.desk.state.central.link is not LinkState.UP:
            return
        if self.desk.store.journal_end().seq <= self._held.seq or not self.is_idle():
            return
        rows = _fitting(self.desk.store.rows_from(self._held.seq + 1, ROWS))
        told = tuple(self.desk.store.delivered_in(rows[0].seq, rows[-1].seq))[: c.MOST_TOLD]
        call = self.desk.wire.encode(c.AppendJournal(self._held.mac, rows, told))
        self._told = frozenset(told)
        self._key, self._sent_ms, self._last_sent = call.key, now, JournalEnd(rows[-1].seq, rows[-1].mac)
        self.desk.central.stream(call)

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """What became of a batch; False when it is no answer to one."""
        if answer.key != self._key or self._key is None:
            return False
        self._key = None
        match answer.result:
            case c.JournalAcknowledged():
                self._acknowledged(answer.result)
            case c.Problem() if answer.result.code in ANOTHER_BOOK:
                self._stop(answer.result.code)
            case c.Problem() if answer.result.code == GAP and answer.result.expected_seq is not None:
                self._back_to(answer.result.expected_seq)
            case _:
                self._later(asked_to_wait_ms(answer.result))
        return True

    def on_refused_session(self, result: object) -> None:
        """Central does not let this book begin: it is not the one it holds."""
        if isinstance(result, c.Problem) and result.code in ANOTHER_BOOK:
            self._stop(result.code)

    def tail(self) -> TailSnapshot:
        """What head office does not hold yet."""
        end, first = self.desk.store.journal_end().seq, self._held.seq + 1
        if end < first:
            return TailSnapshot()
        if self._oldest is None or self._oldest[0] != first:
            rows = self.desk.store.rows_from(first, 1)
            self._oldest = (first, datetime.fromisoformat(rows[0].at))
        return TailSnapshot(end - self._held.seq, self._oldest[1])

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _acknowledged(self, answer: c.JournalAcknowledged) -> None:
        given = answer.acknowledgement
        end = self.desk.store.journal_end().seq
        if given.seq > end:
            self._stop(ROLLBACK)
            return
        sent = self._last_sent
        mac = sent.mac if sent is not None and sent.seq == given.seq else self._mac_of(given.seq)
        if mac != given.mac:
            self._stop(FORK)
            return
        if not self._keep(given, self._lost(answer.missing)):
            self._later()
            return
        self._held, self._tries = JournalEnd(given.seq, given.mac), 0
        self._due_ms = self.desk.now.ticks_ms + (PAUSE_MS if given.seq < end else GATHER_MS)

    def _keep(self, given: Acknowledgement, lost: tuple[OutboxItem, ...]) -> bool:
        """In the book, when it says more than what is there, together with what has to be sent again; whether it stands
        there now."""
        kept = self._kept
        is_news = kept is None or (kept.epoch, kept.seq) < (given.epoch, given.seq)
        if not is_news and not lost:
            return True
        try:
            self.desk.record(items=lost, acknowledged=given if is_news else None)
        except Unavailable as error:
            log.warning("an acknowledgement could not be kept: %s", error)
            return False
        if is_news:
            self._kept = given
        if lost:
            self.desk.notify("central_lost_records", Severity.WARNING, count=len(lost))
        return True

    def _lost(self, missing: tuple[IdempotencyKey, ...]) -> tuple[OutboxItem, ...]:
        """Records central has answered and does not know any more, as they were sent."""
        found = []
        for key in missing:
            item = self.desk.store.delivered(key) if key in self._told else None
            if item is None:
                log.error("head office misses %s, which is not kept here", key)
            elif key not in self.desk.state.outbox:
                log.warning("head office has lost %s: it is sent again as it was", key)
                found.append(replace(item, state=DeliveryState.PENDING))
        return tuple(found)

    def _back_to(self, expected: int) -> None:
        """Central waits for an earlier row."""
        if expected > self.desk.store.journal_end().seq + 1:
            self._stop(ROLLBACK)
            return
        self._held = self._before(expected)
        self._later()

    def _later(self, asked_ms: int = 0) -> None:
        self._tries += 1
        pause_ms = max(PAUSE_MS, asked_ms, backoff_ms(self._tries, self.desk.dice.spread()))
        self._due_ms = self.desk.now.ticks_ms + pause_ms

    def _stop(self, code: str) -> None:
        self._running = False
        self._say(code)

    def _say(self, code: str) -> None:
        """No points from here on (I16): whoever reads the notice cannot mend it at the counter."""
        blocker = f"central_{code}"
        if blocker not in self.desk.state.blockers:
            log.error("head office holds another journal of this terminal: %s", code)
            self.desk.state.blockers[blocker] = None
            self.desk.notify(blocker, Severity.ERROR)

    def _before(self, seq: int) -> JournalEnd:
        return JournalEnd(seq - 1, self._mac_of(seq - 1))

    def _mac_of(self, seq: int) -> bytes:
        return self.desk.store.rows_from(seq, 1)[0].mac if seq else NO_MAC


def _fitting(rows: Sequence[JournalRow]) -> tuple[JournalRow, ...]:
    """As many as one request may bear."""
    size, count = 0, 0
    for row in rows:
        size += len(row.body)
        if count and size > BYTES:
            break
        count += 1
    return tuple(rows[:count])
