"""Undoing what is finished, once, by another entry; nothing that was written is taken away (C21, flow 17).

A reversed redemption stays CAPTURED and a reversed sale does not earn again: what happened at the pump happened. Who
approved it and why is kept with it; the customer is told at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.reversal_messages import AccrualStateAnswer, ReversalAnswer, ReversalRequest
from pos_client.sandbox.central.ledger import funds, managers, messaging, pools
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import read_time
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.tables import accounts, accruals, redemptions, reversals

ACCRUAL, REDEMPTION = "accrual", "redemption"


def post(book: Book, reversal_id: str, terminal: str, request: ReversalRequest) -> Outcome:
    """`PUT /v1/reversals/{id}`. Raises `MalformedMessage` for an operation that has no reversal."""
    if request.operation not in (ACCRUAL, REDEMPTION):
        raise MalformedMessage("ReversalRequest", "operation is accrual or redemption")
    read_time(request.decided_at, "ReversalRequest", "decided_at")
    earlier = book.db.execute(select(reversals).where(reversals.c.id == reversal_id)).one_or_none()
    if earlier is not None:
        if (earlier.operation, earlier.operation_id) == (request.operation, request.operation_id):
            return Answer(decode(earlier.answer, ReversalAnswer), status=201)
        return Refusal("idempotency-key-reused")
    undone = _operation(book, request)
    if undone is None:
        return Refusal(f"unknown-{request.operation}", sticky=False)
    if undone.station != request.station:
        return Refusal("station-mismatch")
    if not managers.may_approve(book, request.station, request.approved_by):
        return Refusal("cashier-not-permitted")
    if reversal_of(book, request.operation, request.operation_id) is not None:
        return Refusal("already-reversed", state="REVERSED")
    if request.operation == REDEMPTION and undone.state != State.CAPTURED:
        return Refusal("redemption-state-conflict", state=undone.state)
    answer = _undo_redemption(book, undone) if request.operation == REDEMPTION else _undo_accrual(book, undone)
    book.db.execute(
        insert(reversals).values(
            id=reversal_id,
            operation=request.operation,
            operation_id=request.operation_id,
            station=request.station,
            terminal=terminal,
            reason=request.reason,
            approved_by=request.approved_by,
            decided_at=request.decided_at,
            answer=encode(answer),
            at_ms=book.now_ms,
        )
    )
    _tell(book, undone, answer)
    return Answer(answer, status=201)


def show_accrual(book: Book, accrual_id: str) -> Outcome:
    """`GET /v1/accruals/{id}`."""
    row = book.db.execute(select(accruals).where(accruals.c.id == accrual_id)).one_or_none()
    if row is None:
        return Refusal("unknown-accrual")
    reversed_by = reversal_of(book, ACCRUAL, accrual_id)
    return Answer(
        AccrualStateAnswer(
            accrual_id=row.id,
            state=row.state if reversed_by is None else "REVERSED",
            points=row.points,
            reversed_by=reversed_by,
        )
    )


def reversal_of(book: Book, operation: str, operation_id: str) -> str | None:
    """The id of the reversal that has undone this operation."""
    found = select(reversals.c.id).where(reversals.c.operation == operation, reversals.c.operation_id == operation_id)
    return book.db.scalar(found)


def _operation(book: Book, request: ReversalRequest) -> Row[Any] | None:
    table = redemptions if request.operation == REDEMPTION else accruals
    return book.db.execute(select(table).where(table.c.id == request.operation_id)).one_or_none()


def _undo_redemption(book: Book, row: Row[Any]) -> ReversalAnswer:
    returned = funds.reverse_redemption(book, row.id) if row.points_debited else 0
    return ReversalAnswer(
        state="REVERSED",
        points_returned=returned,
        points_taken_back=0,
        points_uncovered=0,
        balance_after=funds.available_points(book, row.fund),
    )


def _undo_accrual(book: Book, row: Row[Any]) -> ReversalAnswer:
    taken, uncovered = funds.reverse_credit(book, row.id) if row.points else (0, 0)
    return ReversalAnswer(
        state="REVERSED",
        points_returned=0,
        points_taken_back=taken,
        points_uncovered=uncovered,
        balance_after=funds.available_points(book, pools.fund_of(book, row.account)),
    )


def _tell(book: Book, undone: Row[Any], answer: ReversalAnswer) -> None:
    """Whoever has a telephone of his own learns of it at once."""
    account = book.db.execute(select(accounts).where(accounts.c.number == undone.account)).one()
    if account.kind == "individual":
        change = answer.points_returned - answer.points_taken_back
        messaging.send_reversal(book, undone.id, account.phone, change, answer.balance_after, undone.station)
