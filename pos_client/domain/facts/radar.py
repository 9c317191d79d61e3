"""What the till's radar goes by beside sales, and what it has shown (flows idea 10)."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import SaleId
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class ReceiptReprinted(Fact):
    """A copy of a sale's receipt went to the printer. A copy carries no claim code; who claims for that sale later has
    the first paper."""

    reprint_id: str
    sale_id: SaleId
    reprinted_at: str


@dataclass(frozen=True, slots=True)
class SignNoted(Fact):
    """A sign (`domain.radar.Sign`) rose above its limit and was shown to the cashier; once a business day for each
    customer and cashier. It accuses nobody. With the journal it reaches head office.

    `masked_identifier`: the customer as he stands on the sale; empty: the sign is of no single one. `most`: the limit
    it was held to.
    """

    sign_id: str
    sign: str
    masked_identifier: str
    cashier: str
    count: int
    most: int
    day: str
