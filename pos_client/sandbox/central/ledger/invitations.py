"""The code an organisation gives one of its people for the first log-in: good once, for two days, five tries."""

from __future__ import annotations

import hmac

from sqlalchemy import delete, insert, select, update

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.challenges import hash_secret
from pos_client.sandbox.central.storage.portal_tables import invitations

LIVES_S = 48 * 3600
TRIES = 5
LENGTH = 10
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None that is mistaken for another one when it is read out."""


def invite(book: Book, subject: str) -> str:
    """A new code, told this once; the one before is good no longer."""
    code = "".join(_LETTERS[book.dice.randrange(len(_LETTERS))] for _ in range(LENGTH))
    salt = book.dice.randbytes(16)
    revoke(book, subject)
    book.db.execute(
        insert(invitations).values(
            subject=subject,
            salt=salt,
            hash=hash_secret(code.encode(), salt),
            tries_left=TRIES,
            expires_ms=book.now_ms + LIVES_S * 1000,
        )
    )
    return code


def accept(book: Book, subject: str, code: str) -> bool:
    """Use a code up. A try is counted before it is compared."""
    row = book.db.execute(select(invitations).where(invitations.c.subject == subject)).one_or_none()
    if row is None or row.tries_left <= 0 or row.expires_ms <= book.now_ms:
        return False
    book.db.execute(
        update(invitations).where(invitations.c.subject == subject).values(tries_left=invitations.c.tries_left - 1)
    )
    typed = "".join(code.upper().split()).replace("-", "")
    if not hmac.compare_digest(hash_secret(typed.encode(), row.salt), row.hash):
        return False
    revoke(book, subject)
    return True


def revoke(book: Book, subject: str) -> None:
    """A code nobody used is good no longer."""
    book.db.execute(delete(invitations).where(invitations.c.subject == subject))
