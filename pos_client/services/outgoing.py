"""Making outbox items: bytes and key frozen now, sent later, as often as it takes."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.ports import central as c
from pos_client.ports.dispensers import DispenserCommand
from pos_client.services.desk import Desk

MakeCommand = Callable[[str], DispenserCommand]
"""From a command id to the command."""

Advice = c.Capture | c.Void | c.Accrue
"""Statements of fact central has to hear."""


def queue(desk: Desk, call: Advice) -> OutboxItem:
    """An item for a statement; the caller writes it in the same transaction as the fact that causes it.

    The lane is the operation itself: a redemption's capture or void never waits behind somebody else's record.
    """
    encoded = desk.wire.encode(call)
    match call:
        case c.Capture():
            kind, subject = ItemKind.CAPTURE, str(call.redemption_id)
        case c.Void():
            kind, subject = ItemKind.VOID, str(call.redemption_id)
        case c.Accrue():
            kind, subject = ItemKind.ACCRUAL, str(call.accrual_id)
    return OutboxItem(
        key=encoded.key,
        kind=kind,
        subject=subject,
        lane=subject,
        method=encoded.method,
        path=encoded.path,
        body=encoded.body,
        created_at=desk.now.wall.isoformat(),
    )
