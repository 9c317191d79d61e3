"""The right "Quản lý phiếu điểm" (A14): an organisation gives it to its people and takes it back.

The customer's document names the right and not its reach. We read: `own` lets a driver see and use the vouchers made
out to him; `organisation` lets somebody also make, split and cancel vouchers for all vehicles. The organisation's own
log-in needs neither.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete, insert, select

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import voucher_rights


class Scope(StrEnum):
    """How far the right goes. Stored by name."""

    OWN = "own"
    ORGANISATION = "organisation"


def grant(book: Book, holder: str, scope: Scope) -> None:
    """`driver:ID` or `member:ID` has the right from now on, so far and no further."""
    withdraw(book, holder)
    book.db.execute(insert(voucher_rights).values(holder=holder, scope=scope.value, at_ms=book.now_ms))


def withdraw(book: Book, holder: str) -> None:
    """The right is gone; who never had it loses nothing."""
    book.db.execute(delete(voucher_rights).where(voucher_rights.c.holder == holder))


def scope_of(book: Book, holder: str) -> Scope | None:
    """How far somebody's right goes; None: not granted."""
    found = book.db.scalar(select(voucher_rights.c.scope).where(voucher_rights.c.holder == holder))
    return None if found is None else Scope(found)
