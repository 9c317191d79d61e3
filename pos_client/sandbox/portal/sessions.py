"""Who is logged in: kept at central, named by an unguessable cookie of which the database holds the digest alone."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import members, portal_sessions, staff
from pos_client.sandbox.central.storage.tables import accounts, drivers
from pos_client.value import dataclass

IDLE_S = 30 * 60
LIVES_S = 8 * 3600
_SEEN_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is logged in. `role`: organisation, individual, member, driver, staff."""

    subject: str
    role: str
    id: str
    name: str
    account: str
    """the customer account this person acts for; empty for head office"""


@dataclass(frozen=True, slots=True)
class Session:
    """A person's visit; `csrf` has to come back with every form."""

    person: Person
    csrf: str
    token: str


def begin(book: Book, subject: str) -> str:
    """The cookie of a new visit. Visits that are over are swept out."""
    book.db.execute(delete(portal_sessions).where(portal_sessions.c.ends_ms <= book.now_ms))
    cookie = book.dice.randbytes(32).hex()
    book.db.execute(
        insert(portal_sessions).values(
            token=_digest(cookie),
            subject=subject,
            csrf=book.new_reference(),
            seen_ms=book.now_ms,
            ends_ms=book.now_ms + LIVES_S * 1000,
        )
    )
    return cookie


def resume(book: Book, cookie: str) -> Session | None:
    """The visit behind a cookie, unless it is over, was idle too long, or its person is no longer let in."""
    row = book.db.execute(select(portal_sessions).where(portal_sessions.c.token == _digest(cookie))).one_or_none()
    if row is None or row.ends_ms <= book.now_ms or row.seen_ms + IDLE_S * 1000 <= book.now_ms:
        return None
    person = person_of(book, row.subject)
    if person is None:
        return None
    if book.now_ms - row.seen_ms >= _SEEN_EVERY_MS:
        book.db.execute(update(portal_sessions).where(portal_sessions.c.token == row.token).values(seen_ms=book.now_ms))
    return Session(person, row.csrf, row.token)


def end(book: Book, session: Session) -> None:
    """Log out."""
    book.db.execute(delete(portal_sessions).where(portal_sessions.c.token == session.token))


def end_all(book: Book, subject: str, but: Session | None = None) -> None:
    """Log somebody out everywhere, this visit aside: after a new password, a withdrawn driver."""
    gone = delete(portal_sessions).where(portal_sessions.c.subject == subject)
    book.db.execute(gone if but is None else gone.where(portal_sessions.c.token != but.token))


def person_of(book: Book, subject: str) -> Person | None:
    """Who a subject is; None: nobody, or not let in any more."""
    realm, _, name = subject.partition(":")
    match realm:
        case "account":
            row = book.db.execute(select(accounts).where(accounts.c.number == name)).one_or_none()
            return None if row is None else Person(subject, row.kind, name, row.name, name)
        case "driver":
            return _of_organisation(
                subject, realm, book.db.execute(select(drivers).where(drivers.c.id == name)).first()
            )
        case "member":
            return _of_organisation(
                subject, realm, book.db.execute(select(members).where(members.c.id == name)).first()
            )
        case "staff":
            row = book.db.execute(select(staff).where(staff.c.id == name)).one_or_none()
            return None if row is None else Person(subject, realm, name, row.name, "")
        case _:
            return None


def _of_organisation(subject: str, role: str, row: Row[Any] | None) -> Person | None:
    return Person(subject, role, row.id, row.name, row.account) if row is not None and row.active else None


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
