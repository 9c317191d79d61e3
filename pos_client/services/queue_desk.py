"""The queue desk: what head office has not confirmed, page by page, and what a person may do about it.

Nothing is ever deleted here (I18). A parked record stays in the queue; that somebody has looked at it is a fact. It is
sent again, under its own key and with its own bytes, only where head office did not keep its no for that key, or where
there is no no: the program died on the record. Where head office kept it, the answer would be the same for ever. A page
is drawn while somebody looks, so ten thousand records cost no more than twenty.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import SET_ASIDE, UNKNOWN_HOLD, DeliveryState, ItemKind, OutboxItem
from pos_client.services.desk import Desk
from pos_client.services.messages import ParkedNote
from pos_client.services.queue_snapshots import QueuePage, QueueRow
from pos_client.services.snapshots import Severity
from pos_client.services.store_and_forward import StoreAndForward
from pos_client.value import dataclass

ROWS = 20
KEPT_STORIES = 200
NOT_KEPT = frozenset(
    {"malformed-request", "idempotency-key-missing", "device-auth-failed", "rate-limited", UNKNOWN_HOLD}
)
"""Refusals head office does not keep for a key: the same record may be taken later."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the books say of a record's sale or redemption."""

    receipt_number: str = ""
    masked_customer: str = ""
    amount_vnd: int = 0
    points: int = 0


@dataclass(slots=True)
class QueueDesk:
    """Takes the commands of the desk's page, and draws the page that is looked at."""

    desk: Desk
    forward: StoreAndForward
    _offset: int | None = None
    """first row of the page; None: nobody looks"""
    _stories: dict[str, Story] = field(default_factory=dict)

    def show(self, offset: int | None) -> None:
        """Look at a page; None: nobody looks any more."""
        self._offset = None if offset is None else max(0, offset)

    def try_now(self) -> None:
        """Nothing waits for its next attempt any longer, and head office is asked at once whether it answers."""
        self.forward.hurry()
        self.desk.state.central.next_try_ms = 0
        self.desk.notify("queue_tried", Severity.INFO)

    def note(self, key: str, note: ParkedNote) -> None:
        """Somebody has looked at a parked record. Raises `RuleViolation` for one that is not parked, `Unavailable`."""
        self._parked(key)
        now = self.desk.now.wall.isoformat()
        self.desk.record(f.ParkedNoted(key, note.value, self.desk.cashier(), now))
        self.desk.notify("queue_noted", Severity.DONE)

    def resend(self, key: str) -> None:
        """The same bytes under the same key once more. Raises `RuleViolation` where the answer would be the same."""
        item = self._parked(key)
        if not _may_resend(item):
            raise RuleViolation("queue_same_answer", problem=item.last_problem or "")
        again = replace(item, state=DeliveryState.PENDING, due_ms=0)
        self.desk.record(items=(again,))
        self.desk.notify("queue_resent", Severity.INFO)

    def page(self) -> QueuePage | None:
        """The page that is looked at."""
        if self._offset is None:
            return None
        outbox = self.desk.state.outbox
        offset = min(self._offset, max(0, (len(outbox) - 1) // ROWS * ROWS))
        return QueuePage(offset, len(outbox), tuple(self._row(item) for item in outbox.ranked(offset, ROWS)))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _parked(self, key: str) -> OutboxItem:
        item = self.desk.state.outbox.get(IdempotencyKey(key))
        if item is None or item.state is not DeliveryState.PARKED:
            raise RuleViolation("queue_not_parked")
        return item

    def _row(self, item: OutboxItem) -> QueueRow:
        story, noted = self._story(item), self.desk.state.notes.get(str(item.key))
        return QueueRow(
            key=item.key,
            kind=item.kind,
            state=item.state,
            created_at=datetime.fromisoformat(item.created_at),
            receipt_number=story.receipt_number,
            masked_customer=story.masked_customer,
            amount_vnd=story.amount_vnd,
            points=story.points,
            attempts=item.attempts,
            due_ticks_ms=item.due_ms,
            problem=item.last_problem or "",
            noted=noted.note if noted is not None else "",
            noted_at=datetime.fromisoformat(noted.noted_at) if noted is not None else None,
            may_resend=item.state is DeliveryState.PARKED and _may_resend(item),
        )

    def _story(self, item: OutboxItem) -> Story:
        story = self._stories.get(item.key)
        if story is None:
            story = self._stories[item.key] = self._read(item)
            while len(self._stories) > KEPT_STORIES:
                del self._stories[next(iter(self._stories))]
        return story

    def _read(self, item: OutboxItem) -> Story:
        told = [entry.fact for entry in self.desk.store.entries_of(item.subject)]
        sales = {fact.sale_id for fact in told if isinstance(fact, f.AccrualStated | f.HoldIntended) and fact.sale_id}
        for sale in sales:
            told += [entry.fact for entry in self.desk.store.entries_of(sale)]
        story = Story()
        for fact in told:
            match fact:
                case f.SaleOpened():
                    story = replace(story, receipt_number=fact.receipt_number)
                case f.CustomerAttached():
                    story = replace(story, masked_customer=fact.masked_name or fact.masked_identifier)
                case f.TenderTaken() if item.kind is ItemKind.ACCRUAL:
                    story = replace(story, amount_vnd=story.amount_vnd + fact.amount_vnd)
                case f.SalePaid() if item.kind is ItemKind.ACCRUAL:
                    story = replace(story, points=fact.points_expected)
                case f.HoldIntended():
                    story = replace(story, masked_customer=fact.masked_name, points=fact.points)
                case f.ShiftClosed():
                    story = replace(story, amount_vnd=fact.amount_vnd)
                case f.DispenseFinished():
                    story = replace(story, amount_vnd=fact.amount_vnd)
                case _:
                    pass
        return story


def _may_resend(item: OutboxItem) -> bool:
    return item.last_problem in NOT_KEPT or item.last_problem == SET_ASIDE
