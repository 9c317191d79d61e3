"""How often something may be done in a stretch of time, by customer and by terminal (reliability 3.9, 4.2, 4.3).

Codes sent to one customer, wrong secrets typed at one terminal (one PIN tried on many organisations locks nobody else,
so the terminal itself has to slow down), look-ups and holds of one terminal (a customer list is harvested, points are
blocked, by somebody in a hurry). Counted in the transaction whose answer tells of it, in fixed stretches, in the
database, so that all workers count together. What is refused here is refused for now, and not kept under its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from pos_client.protocols.central.problems import NEW_OPERATION
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.storage.quota_tables import counted, quota_limits
from pos_client.sandbox.central.storage.tables import incidents


class Quota(StrEnum):
    """What is counted. Stored by name."""

    CODES = "codes"
    FAILURES = "failures"
    LOOK_UPS = "look_ups"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class Usual:
    """So often within so many seconds."""

    most: int
    within_s: int


USUAL = {
    Quota.CODES: Usual(3, 1_800),
    Quota.FAILURES: Usual(20, 3_600),
    Quota.LOOK_UPS: Usual(120, 60),
    Quota.HOLDS: Usual(60, 600),
}
"""Codes of a customer and failures of a terminal as in 3.9; the others are far above what one counter can do."""
ALARM = "credential-failures"
"""The incident head office sees when a terminal has used its failures up."""


def take(book: Book, quota: Quota, subject: str) -> Refusal | None:
    """Count once more; a refusal when it is once too often."""
    return _refusal(book, quota) if _count(book, quota, subject) > most(book, quota) else None


def exhausted(book: Book, quota: Quota, subject: str) -> Refusal | None:
    """A refusal when no more is left, without counting."""
    times = book.db.scalar(
        select(counted.c.times).where(
            counted.c.what == quota.value, counted.c.subject == subject, counted.c.until_ms == _until(book, quota)
        )
    )
    return _refusal(book, quota) if (times or 0) >= most(book, quota) else None


def note_failure(book: Book, terminal: str, station: str) -> None:
    """A wrong secret was typed at this terminal; the last one allowed is an alarm."""
    if _count(book, Quota.FAILURES, terminal) == most(book, Quota.FAILURES):
        book.db.execute(
            insert(incidents).values(
                kind=ALARM, redemption_id=terminal[:80], station=station, amount_vnd=0, at_ms=book.now_ms
            )
        )


def most(book: Book, quota: Quota) -> int:
    """How often in one stretch."""
    set_here = book.db.scalar(select(quota_limits.c.most).where(quota_limits.c.what == quota.value))
    return USUAL[quota].most if set_here is None else int(set_here)


def set_most(book: Book, quota: Quota, times: int) -> None:
    """Another limit than the usual one."""
    made = _insert(book, quota_limits).values(what=quota.value, most=times)
    book.db.execute(made.on_conflict_do_update(index_elements=["what"], set_={"most": times}))


def _count(book: Book, quota: Quota, subject: str) -> int:
    made = _insert(book, counted).values(what=quota.value, subject=subject[:80], until_ms=_until(book, quota), times=1)
    more = made.on_conflict_do_update(
        index_elements=["what", "subject", "until_ms"], set_={"times": counted.c.times + 1}
    )
    return int(book.db.execute(more.returning(counted.c.times)).scalar_one())


def _until(book: Book, quota: Quota) -> int:
    stretch_ms = USUAL[quota].within_s * 1000
    return (book.now_ms // stretch_ms + 1) * stretch_ms


def _refusal(book: Book, quota: Quota) -> Refusal:
    left_s = -((book.now_ms - _until(book, quota)) // 1000)
    return Refusal("rate-limited", retry=NEW_OPERATION, retry_after_s=left_s, sticky=False)


def _insert(book: Book, table: object) -> sqlite.Insert | postgresql.Insert:
    kind = postgresql if book.db.dialect.name == "postgresql" else sqlite
    return kind.insert(table)  # type: ignore[no-any-return]  # both know ON CONFLICT, and say it alike
