"""Points of a finished operation, given back or taken back by another entry (flow 17)."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import ReversalId
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class ReversalIntended(Fact):
    """A manager has approved that an operation is undone; its outbox item is in the same transaction.

    `operation`: accrual or redemption; `reason`: a `services.messages.ReversalReason`.
    """

    reversal_id: ReversalId
    operation: str
    operation_id: str
    reason: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class ReversalPosted(Fact):
    """Central has undone it. `points_uncovered`: of an accrual, what was spent already and stays for head office."""

    reversal_id: ReversalId
    points_returned: Points
    points_taken_back: Points
    points_uncovered: Points
    balance_after: Points


@dataclass(frozen=True, slots=True)
class ReversalRefused(Fact):
    """Central will not undo it; the operation stands as it did."""

    reversal_id: ReversalId
    code: str
