"""Making outbox items: bytes and key frozen now, sent later, as often as it takes."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.domain.customer import mask_name
from pos_client.domain.facts import ShiftClosed
from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.domain.redemption import Redemption
from pos_client.domain.shift import Shift
from pos_client.ports import central as c
from pos_client.ports.dispensers import DispenserCommand
from pos_client.services.desk import Desk

MakeCommand = Callable[[str], DispenserCommand]
"""From a command id to the command."""

Advice = c.Capture | c.Void | c.Accrue | c.SpendOffline | c.StateShift | c.Reverse
"""Statements of fact central has to hear."""


def queue(desk: Desk, call: Advice) -> OutboxItem:
    """An item for a statement; the caller writes it in the same transaction as the fact that causes it.

    The lane is the operation itself: a redemption's capture or void never waits behind somebody else's record, and what
    undoes an operation stands in its lane, behind it.
    """
    encoded = desk.wire.encode(call)
    match call:
        case c.Capture():
            kind, subject = ItemKind.CAPTURE, str(call.redemption_id)
        case c.Void():
            kind, subject = ItemKind.VOID, str(call.redemption_id)
        case c.Accrue():
            kind, subject = ItemKind.ACCRUAL, str(call.accrual_id)
        case c.SpendOffline():
            kind, subject = ItemKind.OFFLINE, str(call.redemption_id)
        case c.StateShift():
            kind, subject = ItemKind.SHIFT_CLOSE, str(call.shift_id)
        case c.Reverse():
            kind, subject = ItemKind.REVERSAL, str(call.reversal_id)
    return OutboxItem(
        key=encoded.key,
        kind=kind,
        subject=subject,
        lane=str(call.operation_id) if isinstance(call, c.Reverse) else subject,
        method=encoded.method,
        path=encoded.path,
        body=encoded.body,
        created_at=desk.now.wall.isoformat(),
    )


def state_fuel(desk: Desk, redemption: Redemption, capture: c.Capture) -> OutboxItem:
    """What flowed for a redemption: captured from its hold; of a voucher taken offline, stated."""
    if redemption.voucher_id is None:
        return queue(desk, capture)
    return queue(
        desk,
        c.SpendOffline(
            redemption_id=redemption.redemption_id,
            voucher_id=redemption.voucher_id,
            points=redemption.points,
            amount_vnd=capture.amount_vnd,
            spent_at=redemption.spent_at,
            time_quality=redemption.time_quality,
            revocations=redemption.revocations,
            point=capture.point,
            nozzle=capture.nozzle,
            grade_code=capture.grade_code,
            volume_ml=capture.volume_ml,
            start_totalizer_ml=capture.start_totalizer_ml,
            end_totalizer_ml=capture.end_totalizer_ml,
            fuelled_at=capture.fuelled_at,
            derived=capture.derived,
        ),
    )


def give_back(desk: Desk, redemption: Redemption, reason: str) -> OutboxItem:
    """Nothing will flow for a redemption: its hold is voided; of a voucher taken offline, that is stated."""
    if redemption.voucher_id is None:
        return queue(desk, c.Void(redemption.redemption_id, reason))
    return queue(
        desk,
        c.SpendOffline(
            redemption_id=redemption.redemption_id,
            voucher_id=redemption.voucher_id,
            points=redemption.points,
            amount_vnd=0,
            spent_at=redemption.spent_at,
            time_quality=redemption.time_quality,
            revocations=redemption.revocations,
            reason=reason,
        ),
    )


def state_shift(desk: Desk, shift: Shift, closed: ShiftClosed) -> OutboxItem:
    """What a shift came to, for head office to compare with its own books."""
    return queue(
        desk,
        c.StateShift(
            shift_id=closed.shift_id,
            previous=shift.previous,
            masked_cashier=mask_name(shift.cashier),
            opened_at=shift.opened_at,
            closed_at=closed.closed_at,
            nozzles=closed.meters,
            tenders=closed.tenders,
            sales=closed.sales,
            volume_ml=closed.volume_ml,
            amount_vnd=closed.amount_vnd,
            cash_expected_vnd=closed.cash_expected_vnd,
            cash_counted_vnd=closed.cash_counted_vnd,
            waiting_records=closed.waiting_records,
        ),
    )
