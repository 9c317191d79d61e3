"""PINs as their owners make them on the portal (A15): first made, changed, unlocked. At the pump `challenges` asks.

Six digits or more; none of the handful everybody tries first. The old one is asked for, and a wrong one counts as a
wrong one at the pump does: five in a row lock it until the organisation unlocks it.
"""

from __future__ import annotations

import hmac
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, delete, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.domain.secret import MAX_DIGITS
from pos_client.sandbox.central.ledger import challenges
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import credentials

SHORTEST, LONGEST = 6, MAX_DIGITS


def check(pin: str) -> None:
    """Whether this may be a PIN. Raises `RuleViolation`: `pin_shape`, `pin_trivial`."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise RuleViolation("pin_shape", field="pin", least=SHORTEST, most=LONGEST)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeated = len(set(pin)) <= 2 or pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    if steps in ({0}, {1}, {9}) or repeated:
        raise RuleViolation("pin_trivial", field="pin")


def is_set(book: Book, subject: str) -> bool:
    """Whether somebody has made a PIN."""
    row = _row(book, subject)
    return row is not None and row.hash is not None


def is_locked(book: Book, subject: str) -> bool:
    """Whether wrong PINs have shut it until somebody unlocks it."""
    return challenges.credential(book, subject).lock is not None


def make(book: Book, subject: str, pin: str) -> None:
    """Store a PIN in place of the one before. Raises `RuleViolation` as `check` does."""
    check(pin)
    book.db.execute(delete(credentials).where(credentials.c.subject == subject))
    challenges.set_pin(book, subject, pin)


def prove(book: Book, subject: str, pin: str) -> None:
    """Whether this is the PIN. Raises `RuleViolation`: `pin_missing`, `pin_locked`, `pin_wrong` with the tries left."""
    row = _row(book, subject)
    if row is None or row.hash is None:
        raise RuleViolation("pin_missing", field="old")
    if is_locked(book, subject):
        raise RuleViolation("pin_locked", field="old")
    failures = row.failures + 1
    left = challenges.failures_to_lock(book) - failures
    _update(book, subject, failures=failures, locked=left <= 0)
    if not hmac.compare_digest(challenges.hash_secret(pin.encode(), row.salt), row.hash):
        raise RuleViolation("pin_wrong" if left > 0 else "pin_locked", field="old", left=left)
    challenges.unlock(book, subject)


def _row(book: Book, subject: str) -> Row[Any] | None:
    return book.db.execute(select(credentials).where(credentials.c.subject == subject)).one_or_none()


def _update(book: Book, subject: str, **columns: object) -> None:
    book.db.execute(update(credentials).where(credentials.c.subject == subject).values(**columns))
