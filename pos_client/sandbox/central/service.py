"""Opens a transaction, lets one decision be made, commits; decides anew when another one was in the way.

Each is made as if it were alone. What a pump waits for, and what comes by the thousand, locks the rows it rests on, in
one order: the redemption, whose secret it is, the fund (`BY_LOCKS`). Everything else is serialisable (`ALONE`):
PostgreSQL finds out afterwards that two were not alone, and lets one begin again. Rows that both kinds write keep them
apart: a fund's balance is written by whoever touches its points. What must not happen twice is kept from it by a unique
constraint, whoever forgets a lock. How often a decision begins again is bounded, and pauses are drawn by lot, so that
two do not meet again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from random import Random
from typing import TypeVar

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from pos_client.domain.programme import Profile
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.signing import SigningKey
from pos_client.sandbox.central.counters import GIVEN_UP, RETRIES
from pos_client.sandbox.central.idempotency import IN_PROGRESS, Reply, once, reply_to
from pos_client.sandbox.central.in_flight import InFlight
from pos_client.sandbox.central.ledger.book import Book, Keys
from pos_client.sandbox.central.ledger.moment import Now, to_ms
from pos_client.sandbox.central.ledger.outcome import Outcome
from pos_client.sandbox.central.seals import SealOpener
from pos_client.sandbox.central.signatures import PermitSigner
from pos_client.sandbox.central.signing import Signer
from pos_client.sandbox.central.storage.tables import keys
from pos_client.sandbox.central.storage.trouble import Trouble, trouble_of
from pos_client.sandbox.central.timers import Timers, is_only_late
from pos_client.value import dataclass

Decide = Callable[[Book], Outcome]
Result = TypeVar("Result")

BY_LOCKS, ALONE = "READ COMMITTED", "SERIALIZABLE"
"""How PostgreSQL isolates a decision. SQLite has one connection: every decision is alone there."""
TRIES = 12
"""A decision that was in somebody's way so often is refused for now (503)."""
PAUSE_S, PAUSE_S_MAX = 0.002, 0.25


class Unavailable(Exception):
    """The database is away or too busy. What was asked may or may not have happened: the same key finds out."""


@dataclass(frozen=True, slots=True)
class CentralService:
    """The ledger with its database, clock, rules, dice and keys."""

    engine: Engine
    now: Now
    profile: Profile
    dice: Random
    keys: Keys
    timers: Timers = field(default_factory=Timers)
    in_flight: InFlight = field(default_factory=InFlight)
    public_keys: dict[str, bytes] = field(default_factory=dict)
    """of terminals, by `keyid`, as far as they were asked for (`hearing`)"""
    reached_at: dict[str, str] = field(default_factory=dict)
    """`contract`: the address tills call, once we listen; behind a proxy nobody here knows it"""

    @contextmanager
    def book(self) -> Iterator[Book]:
        """One transaction on an up-to-date ledger, for who can begin again by himself."""
        self.bring_up_to_date()
        with self._transaction() as book:
            yield book

    def transact(self, work: Callable[[Book], Result], isolation: str = ALONE) -> Result:
        """What `work` makes of an up-to-date ledger, in one transaction; `work` may be called several times.

        Raises `Unavailable`, and `MalformedMessage` for a value no ledger can hold.
        """
        self.bring_up_to_date()
        for attempt in range(TRIES):
            try:
                with self._transaction(isolation) as book:
                    return work(book)
            except SQLAlchemyError as error:
                match trouble_of(error):
                    case Trouble.AGAIN:
                        RETRIES.labels(isolation).inc()
                        threading.Event().wait(random.uniform(0, min(PAUSE_S * 2**attempt, PAUSE_S_MAX)))
                    case Trouble.AWAY:
                        raise Unavailable("the database is away") from error
                    case Trouble.UNFIT:
                        raise MalformedMessage("request", "a value no ledger can hold") from error
                    case Trouble.OURS:
                        raise
        GIVEN_UP.inc()
        raise Unavailable(f"others were in the way {TRIES} times")

    def write(self, terminal: str, key: str, digest: bytes, decide: Decide, isolation: str = ALONE) -> Reply:
        """Decide once for this key; the answer is stored with the change it tells of. Raises as `transact` does."""

        def work(book: Book) -> Reply:
            return once(book, terminal, key, digest, lambda: decide(book))

        with self.in_flight.claim(terminal, key) as is_ours:
            return self.transact(work, isolation) if is_ours else reply_to(IN_PROGRESS)

    def read(self, decide: Decide, isolation: str = ALONE) -> Reply:
        """Decide without a key: nothing of what is told here is owed to anybody later. Raises as `transact` does."""
        return self.transact(lambda book: reply_to(decide(book)), isolation)

    def bring_up_to_date(self) -> bool:
        """One batch of what time has brought, when a second has passed; True when there is more of it."""
        if not self.timers.is_due(to_ms(self.now())):
            return False
        try:
            with self._transaction(BY_LOCKS) as book:
                return self.timers.run(book)
        except SQLAlchemyError as error:
            if not is_only_late(error):
                raise
            return False

    @contextmanager
    def _transaction(self, isolation: str = ALONE) -> Iterator[Book]:
        with self.engine.connect() as db:
            if isolation == ALONE and db.dialect.name == "postgresql":
                db.execution_options(isolation_level=ALONE)
            with db.begin():
                yield Book(db, to_ms(self.now()), self.profile, self.dice, self.keys)


def load_keys(engine: Engine, dice: Random) -> Keys:
    """Central's key pairs, made on the first start and kept."""
    with engine.begin() as db:
        private = {row.name: row.private for row in db.execute(select(keys))}
        for name in ("seal", "permit", "voucher", "answer"):
            if name not in private:
                private[name] = dice.randbytes(32)
                db.execute(insert(keys).values(name=name, private=private[name]))
    return Keys(
        SealOpener(private["seal"]),
        PermitSigner(private["permit"]),
        vouchers=Signer(private["voucher"]),
        bundles=Signer(private["permit"]),
        answers=SigningKey(private["answer"]),
    )
