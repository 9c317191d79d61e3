"""What is too old to matter is thrown away, a bounded number at a time: nonces of requests that can no longer be
repeated, answers whose key nobody can still hold, references of look-ups that have died, counts of stretches past.

Who is at it is one process at a time (`timers`). Rows somebody else has in hand are left for the next time.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.device_tables import nonces
from pos_client.sandbox.central.storage.quota_tables import counted
from pos_client.sandbox.central.storage.tables import customer_refs, idempotency

KEPT = timedelta(days=500)
"""How long a key's answer is kept: longer than points live and a queue may lie (reliability 3.5)."""
AT_ONCE = 1000
_MS = timedelta(milliseconds=1)


def prune(book: Book, at_most: int = AT_ONCE) -> int:
    """One batch of each; the size of the largest: `at_most` when there may be more."""
    return max(
        _throw_away(book, nonces, nonces.c.expires_ms, book.now_ms, at_most),
        _throw_away(book, counted, counted.c.until_ms, book.now_ms, at_most),
        _throw_away(book, customer_refs, customer_refs.c.expires_ms, book.now_ms, at_most),
        _throw_away(book, idempotency, idempotency.c.at_ms, book.now_ms - KEPT // _MS, at_most),
    )


def _throw_away(book: Book, table: Table, when: ColumnElement[int], before_ms: int, at_most: int) -> int:
    key = tuple(table.primary_key.columns)
    oldest = select(*key).where(when < before_ms).order_by(when).limit(at_most).with_for_update(skip_locked=True)
    return int(book.db.execute(delete(table).where(tuple_(*key).in_(oldest))).rowcount)
