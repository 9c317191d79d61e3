"""Same key, same answer. The key, the digest of what was asked and the answer are stored in the transaction that
changes the ledger: either all of it happened or nothing did, so a lost answer is only ever a lost answer.

A refusal is stored like an answer, because a retry must not succeed where the balance changed meanwhile. What is not
stored: malformed requests, rate limits, and what could not be decided yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, bindparam, insert, select

from pos_client.sandbox.central.in_flight import claimed_everywhere, lock_of
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome, Refusal
from pos_client.sandbox.central.rendering import render
from pos_client.sandbox.central.storage.tables import idempotency
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire. `replayed`: it was decided earlier. `tag`: names these bytes (ETag)."""

    status: int
    body: bytes
    replayed: bool = False
    tag: str = ""
    retry_after_s: int | None = None


_KEEP = insert(idempotency)


def _claim(dialect: str) -> Select[Any]:
    """The key is taken, and what is kept under it comes back."""
    claim = select(claimed_everywhere(dialect).label("is_ours")).subquery()
    mine = and_(idempotency.c.terminal == bindparam("terminal"), idempotency.c.key == bindparam("key"))
    return select(claim, idempotency).outerjoin_from(claim, idempotency, mine)


_CLAIM = {dialect: _claim(dialect) for dialect in ("sqlite", "postgresql")}
IN_PROGRESS = Refusal("operation-in-progress", retry_after_s=1, sticky=False)


def reply_to(outcome: Outcome) -> Reply:
    """What an outcome looks like on the wire."""
    status, body = render(outcome)
    return Reply(status, body, retry_after_s=outcome.retry_after_s if isinstance(outcome, Refusal) else None)


def once(book: Book, terminal: str, key: str, digest: bytes, decide: Callable[[], Outcome]) -> Reply:
    """The stored reply for this terminal and key, or a new decision, stored; none while another process decides it.

    One that another process stored while we took its key is not seen here, and found when ours cannot be stored.
    """
    asked = {"terminal": terminal, "key": key, **lock_of(terminal, key)}
    row = book.db.execute(_CLAIM[book.db.dialect.name], asked).one()
    if not row.is_ours:
        return reply_to(IN_PROGRESS)
    if row.digest is not None:
        if row.digest != digest:
            return reply_to(Refusal("idempotency-key-reused"))
        return Reply(row.status, row.body, replayed=True)
    outcome = decide()
    reply = reply_to(outcome)
    if not isinstance(outcome, Refusal) or outcome.sticky:
        kept = {"digest": digest, "status": reply.status, "body": reply.body, "at_ms": book.now_ms}
        book.db.execute(_KEEP, {"terminal": terminal, "key": key, **kept})
    return reply
