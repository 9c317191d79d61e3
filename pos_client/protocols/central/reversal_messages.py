"""Undoing a finished operation (flow 17), and where an accrual stands."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central.messages import Amount, Message, Moment, Name, Station, Words, one_of


class ReversalRequest(Message, frozen=True):
    """`PUT /v1/reversals/{id}`: a posted accrual or a captured redemption is undone by another entry.

    `approved_by` is the manager who proved himself at the terminal and answers for it; his secret stays there.
    """

    station: Station
    operation: Annotated[Name, one_of("accrual", "redemption")]
    operation_id: Name
    reason: Annotated[Words, Meta(min_length=1)]
    approved_by: Name
    decided_at: Moment


class ReversalAnswer(Message, frozen=True):
    """What became of the points. Of a redemption all come back. Of an accrual those are taken back that its own lot
    still has; what was spent, moved or has died meanwhile is uncovered, and for head office.

    No balance goes below 0.
    """

    state: Name
    points_returned: Amount
    points_taken_back: Amount
    points_uncovered: Amount
    balance_after: Amount


class AccrualStateAnswer(Message, frozen=True):
    """`GET /v1/accruals/{id}`: for the eye. `state` is POSTED or REVERSED, `points` what was credited."""

    accrual_id: Name
    state: Name
    points: Amount
    reversed_by: Name | None = None
