"""So many tries from one place in a quarter of an hour, whomever they are for."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import portal_throttle

WINDOW_S = 900
TRIES = 60


def seconds_to_wait(book: Book, key: str) -> int | None:
    """Count a try; None: go on. Old windows are swept out."""
    book.db.execute(delete(portal_throttle).where(portal_throttle.c.since_ms <= book.now_ms - WINDOW_S * 1000))
    row = book.db.execute(select(portal_throttle).where(portal_throttle.c.key == key)).one_or_none()
    if row is None:
        book.db.execute(insert(portal_throttle).values(key=key, since_ms=book.now_ms, tries=1))
        return None
    if row.tries >= TRIES:
        return int(-((book.now_ms - row.since_ms - WINDOW_S * 1000) // 1000))
    book.db.execute(update(portal_throttle).where(portal_throttle.c.key == key).values(tries=row.tries + 1))
    return None
