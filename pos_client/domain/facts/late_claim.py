"""Points of an anonymous sale that may still be claimed, and that were."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import AccrualId, SaleId
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class ClaimOffered(Fact):
    """A receipt carries a code; `claim_id` is its digest (`domain.claim_code`). Written with the sale's payment."""

    claim_id: str
    sale_id: SaleId
    offered_at: str


@dataclass(frozen=True, slots=True)
class ClaimUsed(Fact):
    """Somebody has claimed with that code; the accrual it made stands in the same transaction. Never twice.

    `points_expected` is what our own engine says the sale earns; central decides.
    """

    claim_id: str
    accrual_id: AccrualId
    masked_identifier: str
    masked_name: str
    points_expected: Points
    used_at: str
