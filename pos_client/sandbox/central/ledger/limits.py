"""The offline limits in force: those of the trade (`domain.offline_policy`), and what head office has set instead."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import delete, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.offline_tables import offline_policy

_NAMES = frozenset(limit.name for limit in fields(OfflinePolicy))


def policy(book: Book) -> OfflinePolicy:
    """The limits in force now."""
    rows = book.db.execute(select(offline_policy))
    return OfflinePolicy(**{row.name: int(row.value) for row in rows if row.name in _NAMES})


def set_limit(book: Book, name: str, value: int) -> None:
    """Head office sets a limit. Raises `RuleViolation`: `unknown_limit`, `negative_limit`."""
    if name not in _NAMES:
        raise RuleViolation("unknown_limit", limit=name)
    if value < 0:
        raise RuleViolation("negative_limit", limit=name)
    book.db.execute(delete(offline_policy).where(offline_policy.c.name == name))
    book.db.execute(insert(offline_policy).values(name=name, value=value))
