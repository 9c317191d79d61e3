"""What head office told this terminal beforehand, signed: limits, withdrawn vouchers, prices, keys.

The last good one of each name is kept in the books and used however old it is; whether that is too old is for who uses
it to say. `issued_at` is central's signed time, so nobody makes a bundle younger by fetching it again.
"""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Revocations:
    """Ids of vouchers that may not be spent any more."""

    voucher_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ZonePrice:
    """A litre of a grade costs so much in a zone, from a time on."""

    zone: str
    grade_code: str
    unit_price: VndPerLitre
    since: datetime


@dataclass(frozen=True, slots=True)
class ZonePrices:
    """The published list."""

    prices: tuple[ZonePrice, ...] = ()


@dataclass(frozen=True, slots=True)
class CentralKey:
    """A public key of central's and the one thing it is for; raw bytes in base64."""

    kid: str
    purpose: str
    algorithm: str
    public_key: str


@dataclass(frozen=True, slots=True)
class CentralKeys:
    """What else central signs and opens with."""

    keys: tuple[CentralKey, ...] = ()

    def of(self, purpose: str) -> dict[str, str]:
        """kid -> public key, of the Ed25519 keys for one purpose."""
        return {key.kid: key.public_key for key in self.keys if (key.purpose, key.algorithm) == (purpose, "ed25519")}


Content = OfflinePolicy | Revocations | ZonePrices | CentralKeys

BUNDLES: dict[str, type[Content]] = {
    "policy": OfflinePolicy,
    "keys": CentralKeys,
    "revocations": Revocations,
    "prices": ZonePrices,
}
"""Name -> what is in it; in the order in which they are worth fetching."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle, its signature checked. `number` grows with every issue."""

    name: str
    number: int
    issued_at: datetime
    content: Content
    text: str
