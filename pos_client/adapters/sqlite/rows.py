"""Rows of the book as the values they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.journal import JournalEntry, UnreadableFact, decode
from pos_client.domain.outbox import DeliveryState, ItemKind, OutboxItem
from pos_client.ports.errors import Unavailable


def entry_of(seq: int, at: str, kind: str, body: bytes) -> JournalEntry:
    """A journal row. Raises `Unavailable("store_corrupt")` for one nobody can read."""
    try:
        return JournalEntry(seq, datetime.fromisoformat(at), decode(kind, body))
    except (UnreadableFact, ValueError) as error:
        raise Unavailable("store_corrupt", f"journal entry {seq}: {error}") from error


def item_of(
    key: str,
    kind: str,
    subject: str,
    lane: str,
    method: str,
    path: str,
    body: bytes,
    created_at: str,
    state: str,
    attempts: int,
    due_ms: int,
    last_problem: str | None,
) -> OutboxItem:
    """An outbox row. Raises `Unavailable("store_corrupt")` for a kind or state this program does not know."""
    try:
        known_kind, known_state = ItemKind(kind), DeliveryState(state)
    except ValueError as error:
        raise Unavailable("store_corrupt", f"outbox item {key}: {error}") from error
    return OutboxItem(
        key=IdempotencyKey(key),
        kind=known_kind,
        subject=subject,
        lane=lane,
        method=method,
        path=path,
        body=body,
        created_at=created_at,
        state=known_state,
        attempts=attempts,
        due_ms=due_ms,
        last_problem=last_problem,
    )


def delivered_of(
    key: str, kind: str, subject: str, lane: str, method: str, path: str, body: bytes, created_at: str
) -> OutboxItem:
    """A record central has heard, as it was sent."""
    return item_of(key, kind, subject, lane, method, path, body, created_at, DeliveryState.DELIVERED.value, 0, 0, None)


def as_delivered(item: Mapping[str, Any], seq: int, at: str) -> dict[str, Any]:
    """The columns of a record that was heard; `item` by the names of an `OutboxItem`."""
    return {name: item[name] for name in _SENT} | {"seq": seq, "at": at}


_SENT = ("key", "kind", "subject", "lane", "method", "path", "body", "created_at")


def acknowledged_of(epoch: int, seq: int, mac: bytes, at: str, signed: str) -> Acknowledgement:
    """What central acknowledged."""
    return Acknowledgement(epoch, seq, mac, at, signed)


def columns_of(given: Acknowledgement) -> dict[str, int | str | bytes]:
    """An acknowledgement as a row."""
    return {
        "epoch": given.epoch,
        "day": given.day,
        "seq": given.seq,
        "mac": given.mac,
        "at": given.at,
        "signed": given.signed,
    }
