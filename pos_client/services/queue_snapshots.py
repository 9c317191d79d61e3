"""What the queue desk shows: a page of records head office has not confirmed, in the terminal's words."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.outbox import DeliveryState, ItemKind
from pos_client.domain.quantities import Points, Vnd
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One record. `amount_vnd`, `points`: what is at stake, as far as the books say it; `due_ticks_ms`: when it is
    tried next (not of a parked one); `noted`: what a person noted about it, empty: nobody has looked yet."""

    key: str
    kind: ItemKind
    state: DeliveryState
    created_at: datetime
    receipt_number: str = ""
    masked_customer: str = ""
    amount_vnd: Vnd = 0
    points: Points = 0
    attempts: int = 0
    due_ticks_ms: int = 0
    problem: str = ""
    noted: str = ""
    noted_at: datetime | None = None
    may_resend: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows `offset` to `offset + len(rows)` of `total`: what needs a person first, then what is in doubt, then the
    rest, each oldest first."""

    offset: int
    total: int
    rows: tuple[QueueRow, ...]
