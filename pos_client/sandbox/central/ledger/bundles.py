"""What terminals are told beforehand, signed: one line of `_MAKE` a bundle.

A bundle is issued anew when what it says has changed, and otherwise once in `LIVES_S`, so that its signed time tells a
terminal how old its knowledge is at the most; in between everybody gets the same bytes, or 304.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select

from pos_client.protocols.central import bundles as wire
from pos_client.protocols.central.codec import encode
from pos_client.sandbox.central.ledger import activated, limits
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.storage.offline_tables import bundle_issues, zone_prices
from pos_client.value import dataclass

LIVES_S = 3_600


@dataclass(frozen=True, slots=True)
class Issue:
    """A bundle as it was issued."""

    name: str
    number: int
    signed: str

    @property
    def tag(self) -> str:
        """HTTP's name (ETag) for exactly these bytes."""
        return f'"{self.name}-{self.number}"'


def _policy(book: Book) -> wire.PolicyContent:
    return wire.PolicyContent(**asdict(limits.policy(book)))


def _revocations(book: Book) -> wire.RevocationsContent:
    return wire.RevocationsContent(voucher_ids=activated.revoked_ids(book))


def _prices(book: Book) -> wire.PricesContent:
    """Of each zone and grade the price in force, and all that are announced."""
    rows = book.db.execute(select(zone_prices).order_by(*zone_prices.primary_key.columns)).all()
    in_force = {(row.zone, row.grade): row.from_ms for row in rows if row.from_ms <= book.now_ms}
    return wire.PricesContent(
        prices=tuple(
            wire.PricePart(zone=row.zone, grade_code=row.grade, unit_price=row.unit_price, since=text_of(row.from_ms))
            for row in rows
            if row.from_ms >= in_force.get((row.zone, row.grade), 0)
        )
    )


def _keys(book: Book) -> wire.KeysContent:
    keys = book.keys
    return wire.KeysContent(
        keys=(
            wire.KeyPart(
                kid=keys.vouchers.kid, purpose="voucher", algorithm="ed25519", public_key=keys.vouchers.public_b64
            ),
            wire.KeyPart(kid="permit", purpose="permit", algorithm="ed25519", public_key=keys.permits.public_b64),
            wire.KeyPart(kid="seal", purpose="seal", algorithm="hpke-x25519", public_key=keys.seals.public_b64),
        )
    )


_MAKE: dict[str, Callable[[Book], wire.Content]] = {
    "policy": _policy,
    "revocations": _revocations,
    "prices": _prices,
    "keys": _keys,
}


def is_stale(book: Book, price_version: int) -> bool:
    """Whether a terminal that has this issue of the prices lacks one that is in force or announced. Writes nothing."""
    row = _issued(book, "prices")
    return row is not None and price_version < _needed(row, _prices(book))


def current(book: Book, name: str) -> Issue | None:
    """The bundle as it stands now; None for a name nobody knows."""
    make = _MAKE.get(name)
    if make is None:
        return None
    content = make(book)
    digest = hashlib.sha256(encode(content)).digest()
    row = _issued(book, name)
    if row is not None and row.digest == digest and 0 <= book.now_ms - row.issued_ms < LIVES_S * 1000:
        return Issue(name, row.number, row.text)
    number = 1 if row is None else row.number + 1
    signed = book.keys.bundles.bundle(wire.payload_of(name, number, text_of(book.now_ms), content))
    book.db.execute(delete(bundle_issues).where(bundle_issues.c.name == name))
    book.db.execute(
        insert(bundle_issues).values(
            name=name,
            number=number,
            needed=number if row is None else _needed(row, content),
            digest=digest,
            text=signed,
            issued_ms=book.now_ms,
        )
    )
    return Issue(name, number, signed)


def _issued(book: Book, name: str) -> Row[Any] | None:
    return book.db.execute(select(bundle_issues).where(bundle_issues.c.name == name)).one_or_none()


def _needed(row: Row[Any], content: wire.Content) -> int:
    """The oldest issue that tells all of this, when `row` is the newest there is."""
    _, told = wire.body_of(wire.split(row.text)[0])
    return int(row.needed if _tells(told, content) else row.number + 1)


def _tells(told: wire.Content, content: wire.Content) -> bool:
    """Whether who was told the one knows the other. Of prices: each that counts, and none that was taken back."""
    if not isinstance(told, wire.PricesContent) or not isinstance(content, wire.PricesContent):
        return told == content
    kept = set(content.prices)
    gone = set(told.prices) - kept
    out_of_force = {
        old
        for old in gone
        for new in kept
        if (new.zone, new.grade_code) == (old.zone, old.grade_code) and new.since > old.since
    }
    return kept <= set(told.prices) and gone == out_of_force
