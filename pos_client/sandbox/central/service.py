"""Opens a transaction, brings the ledger up to the present, lets one decision be made, commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from sqlalchemy import Engine, insert, select

from pos_client.domain.programme import Profile
from pos_client.sandbox.central.idempotency import Reply, once
from pos_client.sandbox.central.ledger import funds, redemptions, voucher_desk
from pos_client.sandbox.central.ledger.book import Book, Keys
from pos_client.sandbox.central.ledger.moment import Now, to_ms
from pos_client.sandbox.central.ledger.outcome import Outcome
from pos_client.sandbox.central.rendering import render
from pos_client.sandbox.central.seals import SealOpener
from pos_client.sandbox.central.signatures import PermitSigner
from pos_client.sandbox.central.signing import Signer
from pos_client.sandbox.central.storage.tables import keys

Decide = Callable[[Book], Outcome]


@dataclass(frozen=True, slots=True)
class CentralService:
    """The ledger with its database, clock, rules, dice and keys."""

    engine: Engine
    now: Now
    profile: Profile
    dice: Random
    keys: Keys

    @contextmanager
    def book(self) -> Iterator[Book]:
        """One transaction on an up-to-date ledger: holds whose time is up are given back, dead points are gone."""
        with self.engine.begin() as db:
            book = Book(db, to_ms(self.now()), self.profile, self.dice, self.keys)
            redemptions.expire_due(book)
            voucher_desk.expire_due(book)
            funds.sweep(book)
            yield book

    def write(self, terminal: str, key: str, digest: bytes, decide: Decide) -> Reply:
        """Decide once for this key; the answer is stored with the change it tells of."""
        with self.book() as book:
            return once(book, terminal, key, digest, lambda: decide(book))

    def read(self, decide: Decide) -> Reply:
        """Decide without a key: nothing of what is told here is owed to anybody later."""
        with self.book() as book:
            return Reply(*render(decide(book)))


def load_keys(engine: Engine, dice: Random) -> Keys:
    """Central's key pairs, made on the first start and kept."""
    with engine.begin() as db:
        private = {row.name: row.private for row in db.execute(select(keys))}
        for name in ("seal", "permit", "voucher"):
            if name not in private:
                private[name] = dice.randbytes(32)
                db.execute(insert(keys).values(name=name, private=private[name]))
    return Keys(
        SealOpener(private["seal"]),
        PermitSigner(private["permit"]),
        vouchers=Signer(private["voucher"]),
        bundles=Signer(private["permit"]),
    )
