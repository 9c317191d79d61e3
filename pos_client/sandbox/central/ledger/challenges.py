"""Codes and PINs: made, sent, counted, compared (A08, A10, A15).

One-time code: six digits, three minutes, three tries, two resends; five failures in a row lock it for a quarter of an
hour. PIN: six digits, five failures in a row lock it until the portal unlocks it. A wrong try is counted before anybody
is told that it was wrong; what is kept is a salted hash; a customer has one live challenge. The text message says what
the code is for, because the commonest fraud is "read me the code so that I can give you points".
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import field, replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from pos_client.domain.customer import ConsentMethod
from pos_client.domain.programme.conduct import OneTimeCode, PinLock
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import challenges, credentials
from pos_client.value import dataclass

PIN_CHALLENGE_LIVES_S = 300
CODE_LOCK_S = 900
_CODE_BY_DEFAULT = OneTimeCode(digits=6, lives_s=180, tries=3, resend_after_s=30, sends=3)
_FAILURES_BY_DEFAULT = 5

LIVE, CONSUMED, SUPERSEDED, EXHAUSTED, EXPIRED = "live", "consumed", "superseded", "exhausted", "expired"
"""All but the last are stored by name."""

_CREDENTIAL = select(credentials).where(credentials.c.subject == bindparam("subject")).with_for_update()
_CHALLENGE = select(challenges).where(
    challenges.c.id == bindparam("name"), challenges.c.redemption_id == bindparam("redemption")
)
_SUPERSEDE = (
    update(challenges)
    .where(challenges.c.subject == bindparam("whose"), challenges.c.state == LIVE)
    .values(state=SUPERSEDED)
)
_CHANGE = update(challenges).where(challenges.c.id == bindparam("name"))
_NEW = insert(challenges)


@dataclass(frozen=True, slots=True)
class Issued:
    """A challenge that is out. `code` is what the text message says; None for a PIN."""

    challenge_id: str
    expires_in_s: int
    attempts_left: int
    code: str | None


@dataclass(frozen=True, slots=True)
class Lock:
    """A locked credential. `seconds` None: until somebody unlocks it on the portal."""

    seconds: int | None


@dataclass(frozen=True, slots=True)
class Credential:
    """Whose secret it is: failures in a row, and of a PIN its salted hash. `is_kept` False: nobody has it yet."""

    subject: str
    failures: int = 0
    salt: bytes | None = field(default=None, repr=False)
    hash: bytes | None = field(default=None, repr=False)
    lock: Lock | None = None
    is_kept: bool = True


def hash_secret(secret: bytes, salt: bytes) -> bytes:
    """A salted hash. Modest on purpose: a million guesses at six digits are few at any price; access is what guards."""
    return hashlib.scrypt(secret, salt=salt, n=2**11, r=8, p=1, dklen=32)


def hash_code(code: bytes, salt: bytes) -> bytes:
    """A code's. Not slow: it lives three minutes and three tries, and whoever could read this hash by then could read
    the text message beside it. What has to be slow is the hash of what people keep for years."""
    return hmac.digest(salt, code, "sha256")


def code_rule(book: Book) -> OneTimeCode:
    """What the programme says of codes (A08)."""
    found = book.profile.find(OneTimeCode)
    return found[1] if found else _CODE_BY_DEFAULT


def resends(book: Book) -> int:
    """How often a code may be asked for again."""
    return code_rule(book).sends - 1


def failures_to_lock(book: Book) -> int:
    """How many wrong tries in a row lock a credential."""
    found = book.profile.find(PinLock)
    return found[1].wrong_tries if found else _FAILURES_BY_DEFAULT


def set_pin(book: Book, subject: str, pin: str) -> None:
    """Store a PIN's hash; used when the sandbox is set up."""
    salt = book.dice.randbytes(16)
    book.db.execute(
        insert(credentials).values(
            subject=subject, salt=salt, hash=hash_secret(pin.encode(), salt), failures=0, locked=False
        )
    )


def credential(book: Book, subject: str) -> Credential:
    """Whose secret it is, as it stands now. A lock whose time is over is lifted, and its count begins anew. Nobody else
    tries this secret, or is asked for it, until the transaction ends."""
    row = book.db.execute(_CREDENTIAL, {"subject": subject}).one_or_none()
    if row is None:
        return Credential(subject, is_kept=False)
    kept = Credential(subject, row.failures, row.salt, row.hash)
    if not row.locked:
        return kept
    if row.locked_until_ms is None:
        return replace(kept, lock=Lock(None))
    if row.locked_until_ms > book.now_ms:
        return replace(kept, lock=Lock(-((book.now_ms - row.locked_until_ms) // 1000)))
    unlock(book, subject)
    return replace(kept, failures=0)


def unlock(book: Book, subject: str) -> None:
    """Lift a lock and forget the failures."""
    book.db.execute(
        update(credentials)
        .where(credentials.c.subject == subject)
        .values(failures=0, locked=False, locked_until_ms=None)
    )


def issue(book: Book, redemption_id: str, whose: Credential, method: ConsentMethod) -> Issued:
    """A new challenge; whatever was live for this customer no longer is."""
    if not whose.is_kept:
        book.db.execute(insert(credentials).values(subject=whose.subject, failures=0, locked=False))
    book.db.execute(_SUPERSEDE, {"whose": whose.subject})
    left = failures_to_lock(book) - whose.failures
    code = salt = digest = None
    lives, tries = PIN_CHALLENGE_LIVES_S, left
    if method is ConsentMethod.OTP:
        rule = code_rule(book)
        code = f"{book.dice.randrange(10**rule.digits):0{rule.digits}d}"
        salt = book.dice.randbytes(16)
        digest = hash_code(code.encode(), salt)
        lives, tries = rule.lives_s, min(rule.tries, left)
    challenge_id = book.new_reference()
    book.db.execute(
        _NEW,
        {
            "id": challenge_id,
            "redemption_id": redemption_id,
            "subject": whose.subject,
            "state": LIVE,
            "salt": salt,
            "hash": digest,
            "tries_left": tries,
            "expires_ms": book.now_ms + lives * 1000,
        },
    )
    return Issued(challenge_id, lives, tries, code)


def find(book: Book, redemption_id: str, challenge_id: str) -> Row[Any] | None:
    """A challenge of this redemption."""
    return book.db.execute(_CHALLENGE, {"name": challenge_id, "redemption": redemption_id}).one_or_none()


def state_of(book: Book, challenge: Row[Any] | None) -> str | None:
    """live, consumed, superseded, exhausted, or expired; None: there is none."""
    if challenge is None:
        return None
    return EXPIRED if challenge.state == LIVE and challenge.expires_ms <= book.now_ms else str(challenge.state)


def attempt(book: Book, challenge: Row[Any], whose: Credential, secret: bytes) -> int | Lock | None:
    """Try a secret on a live challenge. None: right. A number: wrong, so many tries left. `Lock`: wrong, and locked."""
    challenge_id = challenge.id
    is_code = challenge.hash is not None
    if _is_right(secret, challenge, whose, is_code=is_code):
        if whose.failures:
            unlock(book, challenge.subject)
        _set_state(book, challenge_id, CONSUMED)
        return None
    failures, tries_left = whose.failures + 1, int(challenge.tries_left) - 1
    _count(book, challenge, failures, tries_left)
    if failures >= failures_to_lock(book):
        until = book.now_ms + CODE_LOCK_S * 1000 if is_code else None
        book.db.execute(
            update(credentials)
            .where(credentials.c.subject == challenge.subject)
            .values(locked=True, locked_until_ms=until)
        )
        _set_state(book, challenge_id, EXHAUSTED)
        return Lock(CODE_LOCK_S if is_code else None)
    if tries_left <= 0:
        _set_state(book, challenge_id, EXHAUSTED)
    return tries_left


def _count(book: Book, challenge: Row[Any], failures: int, tries_left: int) -> None:
    """Stored in the transaction whose answer tells of it: nobody hears a no that was not counted."""
    book.db.execute(update(credentials).where(credentials.c.subject == challenge.subject).values(failures=failures))
    book.db.execute(update(challenges).where(challenges.c.id == challenge.id).values(tries_left=tries_left))


def _is_right(secret: bytes, challenge: Row[Any], whose: Credential, *, is_code: bool) -> bool:
    if is_code:
        return hmac.compare_digest(hash_code(secret, challenge.salt), challenge.hash)
    if whose.hash is None or whose.salt is None:
        return False
    return hmac.compare_digest(hash_secret(secret, whose.salt), whose.hash)


def _set_state(book: Book, challenge_id: str, state: str) -> None:
    book.db.execute(_CHANGE, {"name": challenge_id, "state": state})
