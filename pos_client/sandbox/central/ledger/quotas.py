"""How often something may be done in a stretch of time, by customer and by terminal (reliability 3.9, 4.2, 4.3).

Codes sent to one customer, wrong secrets typed at one terminal (one PIN tried on many organisations locks nobody else,
so the terminal itself has to slow down), look-ups and holds of one terminal (a customer list is harvested, points are
blocked, by somebody in a hurry). Counted in the transaction whose answer tells of it, in fixed stretches, in the
database, so that all workers count together. What is refused here is refused for now, and not kept under its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from pos_client.protocols.central.problems import NEW_OPERATION
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.storage.quota_tables import counted, quota_limits
from pos_client.sandbox.central.storage.tables import incidents
from pos_client.value import dataclass


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


_KIND: Mapping[str, Any] = MappingProxyType({"postgresql": postgresql, "sqlite": sqlite})
_MOST = select(quota_limits.c.most).where(quota_limits.c.what == bindparam("quota")).scalar_subquery()
_ONCE_MORE = {
    name: kind.insert(counted)
    .on_conflict_do_update(index_elements=["what", "subject", "until_ms"], set_={"times": counted.c.times + 1})
    .returning(counted.c.times, _MOST)
    for name, kind in _KIND.items()
}
_SO_FAR = select(
    select(counted.c.times)
    .where(
        counted.c.what == bindparam("quota"),
        counted.c.subject == bindparam("whose"),
        counted.c.until_ms == bindparam("until"),
    )
    .scalar_subquery(),
    _MOST,
)


def take(book: Book, quota: Quota, subject: str) -> Refusal | None:
    """Count once more; a refusal when it is once too often."""
    times, at_most = _count(book, quota, subject)
    return _refusal(book, quota) if times > at_most else None


def exhausted(book: Book, quota: Quota, subject: str) -> Refusal | None:
    """A refusal when no more is left, without counting."""
    asked = {"quota": quota.value, "whose": subject, "until": _until(book, quota)}
    times, at_most = book.db.execute(_SO_FAR, asked).one()
    return _refusal(book, quota) if (times or 0) >= _or_usual(quota, at_most) else None


def note_failure(book: Book, terminal: str, station: str) -> None:
    """A wrong secret was typed at this terminal; the last one allowed is an alarm."""
    times, at_most = _count(book, Quota.FAILURES, terminal)
    if times == at_most:
        book.db.execute(
            insert(incidents).values(
                kind=ALARM, redemption_id=terminal[:80], station=station, amount_vnd=0, at_ms=book.now_ms
            )
        )


def set_most(book: Book, quota: Quota, times: int) -> None:
    """Another limit than the usual one."""
    made = _insert(book, quota_limits).values(what=quota.value, most=times)
    book.db.execute(made.on_conflict_do_update(index_elements=["what"], set_={"most": times}))


def _count(book: Book, quota: Quota, subject: str) -> tuple[int, int]:
    """(how often now, how often at the most)"""
    row = {"what": quota.value, "subject": subject[:80], "until_ms": _until(book, quota), "times": 1}
    times, at_most = book.db.execute(_ONCE_MORE[book.db.dialect.name], row | {"quota": quota.value}).one()
    return int(times), _or_usual(quota, at_most)


def _or_usual(quota: Quota, set_here: int | None) -> int:
    return USUAL[quota].most if set_here is None else int(set_here)


def _until(book: Book, quota: Quota) -> int:
    stretch_ms = USUAL[quota].within_s * 1000
    return (book.now_ms // stretch_ms + 1) * stretch_ms


def _refusal(book: Book, quota: Quota) -> Refusal:
    left_s = -((book.now_ms - _until(book, quota)) // 1000)
    return Refusal("rate-limited", retry=NEW_OPERATION, retry_after_s=left_s, sticky=False)


def _insert(book: Book, table: object) -> sqlite.Insert | postgresql.Insert:
    return _KIND[book.db.dialect.name].insert(table)  # type: ignore[no-any-return]  # both say ON CONFLICT alike
