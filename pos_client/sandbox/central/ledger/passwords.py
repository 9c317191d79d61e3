"""Passwords of the portal: set, counted, compared (NIST SP 800-63B: length, no composition rules, a short block-list).

A try is counted before it is compared. Five failures in a row lock a log-in for a quarter of an hour: long enough
against guessing, short enough that nobody can shut an organisation out for a day. Somebody nobody knows costs the same
time as somebody with a wrong password.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import portal_logins

SHORTEST, LONGEST = 8, 128
FAILURES_TO_LOCK, LOCK_S = 5, 900
COST = 2**14
COST_OF_SANDBOX = 2**8
"""People of a scenario file are many and start often; whoever logs in is hashed anew at full cost."""

_TOO_COMMON = frozenset({"12345678", "123456789", "1234567890", "password", "petrolimex", "matkhau1", "11111111"})


def check(password: str, name: str) -> None:
    """Whether this may be somebody's password. Raises `RuleViolation`: `password_short`, `password_common`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleViolation("password_short", least=SHORTEST, most=LONGEST)
    lowered = password.lower()
    if lowered in _TOO_COMMON or len(set(lowered)) < 3 or (name and name.lower() in lowered):
        raise RuleViolation("password_common")


def put(book: Book, subject: str, password: str, cost: int | None = None) -> None:
    """Store a password's hash in place of the one before; failures are forgotten."""
    salt = os.urandom(16)  # nobody needs it to be the same on every run
    cost = COST if cost is None else cost
    digest = _hash(password, salt, cost)
    book.db.execute(delete(portal_logins).where(portal_logins.c.subject == subject))
    book.db.execute(insert(portal_logins).values(subject=subject, salt=salt, hash=digest, cost=cost, failures=0))


def is_set(book: Book, subject: str) -> bool:
    """Whether somebody has a password at all."""
    return _row(book, subject) is not None


def is_right(book: Book, subject: str, password: str) -> bool:
    """Try a password. Raises `RuleViolation`: `login_locked` with the seconds that are left."""
    row = _row(book, subject)
    if row is None:
        _hash(password, b"nobody", COST)
        return False
    if row.locked_until_ms is not None and row.locked_until_ms > book.now_ms:
        raise RuleViolation("login_locked", seconds=-((book.now_ms - row.locked_until_ms) // 1000))
    failures = (0 if row.locked_until_ms is not None else row.failures) + 1
    locked_until = book.now_ms + LOCK_S * 1000 if failures >= FAILURES_TO_LOCK else None
    _update(book, subject, failures=failures, locked_until_ms=locked_until)
    if not hmac.compare_digest(_hash(password, row.salt, row.cost), row.hash):
        return False
    if row.cost < COST:
        put(book, subject, password)
    else:
        _update(book, subject, failures=0, locked_until_ms=None)
    return True


def _hash(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password[:LONGEST].encode(), salt=salt, n=cost, r=8, p=1, dklen=32, maxmem=2**26)


def _row(book: Book, subject: str) -> Row[Any] | None:
    return book.db.execute(select(portal_logins).where(portal_logins.c.subject == subject)).one_or_none()


def _update(book: Book, subject: str, **columns: object) -> None:
    book.db.execute(update(portal_logins).where(portal_logins.c.subject == subject).values(**columns))
