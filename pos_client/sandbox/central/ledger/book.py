"""What every decision of the ledger is given: one transaction, the time, the rules, the dice, the keys."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import Connection

from pos_client.domain.programme import Profile
from pos_client.protocols.central.signing import SigningKey
from pos_client.sandbox.central.ledger.moment import day_of
from pos_client.sandbox.central.seals import SealOpener
from pos_client.sandbox.central.signatures import PermitSigner
from pos_client.sandbox.central.signing import Signer
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """Central's key pairs. Bundles are signed with the permits' key, which terminals are set up with; `answers` signs
    whatever the contract's port says."""

    seals: SealOpener
    permits: PermitSigner
    vouchers: Signer
    bundles: Signer
    answers: SigningKey


@dataclass(frozen=True, slots=True)
class Book:
    """One open transaction and everything a decision in it may look at. Committed or rolled back by who opened it."""

    db: Connection
    now_ms: int
    profile: Profile
    dice: Random
    keys: Keys

    @property
    def today(self) -> date:
        """The business day in Vietnam."""
        return day_of(self.now_ms)

    def new_reference(self) -> str:
        """An unguessable name."""
        return self.dice.randbytes(16).hex()
