"""Who answered for what: somebody proved himself with his PIN, or could not."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class StaffProved(Fact):
    """A PIN fitted: this member of staff answers for a deed (`domain.staff.Deed`), done while `cashier` was at work.

    `what` names what it was done to: a reversal, a shift. The PIN itself is nowhere.
    """

    proof_id: str
    deed: str
    what: str
    staff: int
    approved_by: str
    role: str
    cashier: str
    proved_at: str


@dataclass(frozen=True, slots=True)
class StaffRefused(Fact):
    """A number and PIN that were none, or one who may not. `staff` is the number that was typed; `why` in one word."""

    refusal_id: str
    deed: str
    staff: int
    why: str
    refused_at: str
