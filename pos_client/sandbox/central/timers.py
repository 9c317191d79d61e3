"""What happens at central because time passes: holds end, silent stations are alarmed, points die, and what is too
old to matter is thrown away.

A thread of every process does it once a second, and every transaction would find it done: the first one after a second
in which nobody did brings the ledger to the present itself. One process at a time, by a lock of the database; in small
batches, so that the night on which a year's points die does not stop the pumps.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from pos_client.sandbox.central.ledger import funds, pruning, redemption_timers, voucher_desk
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.trouble import Trouble, trouble_of

_LOG = logging.getLogger(__name__)
EVERY_MS = 1000
_LEADER = 0x504C59
"""PostgreSQL's advisory lock of whoever is at it. On SQLite the one connection is the lock."""


class Timers:
    """When this process last saw the ledger brought to the present."""

    def __init__(self) -> None:
        self._next_ms = 0
        self._is_running = threading.Lock()

    def is_due(self, now_ms: int) -> bool:
        """Whether a second has passed, or the clock was set back."""
        return now_ms >= self._next_ms or now_ms < self._next_ms - EVERY_MS

    def run(self, book: Book) -> bool:
        """One batch; True when there may be more. Does nothing where another process or thread is at it."""
        if not self._is_running.acquire(blocking=False):
            return False
        try:
            if not _is_leader(book.db):
                self._next_ms = book.now_ms + EVERY_MS
                return False
            is_more = redemption_timers.run_due(book) == redemption_timers.AT_ONCE
            is_more |= voucher_desk.expire_due(book) == voucher_desk.AT_ONCE
            is_more |= funds.sweep(book) == funds.SWEPT_AT_ONCE
            is_more |= pruning.prune(book) == pruning.AT_ONCE
            self._next_ms = book.now_ms if is_more else book.now_ms + EVERY_MS
            return is_more
        finally:
            self._is_running.release()


class _UpToDate(Protocol):
    def bring_up_to_date(self) -> bool: ...


@contextmanager
def keep_running(ledger: _UpToDate) -> Iterator[None]:
    """A thread that does it once a second, for as long as the block."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(EVERY_MS / 1000):
            while ledger.bring_up_to_date() and not stop.is_set():
                pass

    thread = threading.Thread(target=run, name="central-timers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def is_only_late(error: SQLAlchemyError) -> bool:
    """Whether a batch that failed may simply be tried again at its next turn."""
    kind = trouble_of(error)
    if kind is Trouble.AWAY:
        _LOG.info("timers wait for the database: %s", kind.name)
    return kind in (Trouble.AGAIN, Trouble.AWAY)


def _is_leader(db: Connection) -> bool:
    if db.dialect.name == "sqlite":
        return True
    return bool(db.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LEADER}).scalar_one())
