"""Who may sell a fuelling, over all tills of the station.

Today one till has the forecourt to itself and its adapter answers from memory; several tills will stand on an engine
with compare-and-set. Services ask through this port only, so that no screen assumes its own process owns the pumps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pos_client.domain.claim import Claim
from pos_client.domain.identifiers import FuellingId, TerminalId


class Claims(Protocol):
    """Compare and set; every call answers at once from what this till has been told."""

    def take(self, claim: Claim, now_ms: int) -> Claim:
        """Ask for a claim; the claim in force afterwards: the one asked for, or the live one of another owner. Taking
        one's own claim again renews its lease."""

    def release(self, fuelling_id: FuellingId, owner: TerminalId) -> None:
        """Give a claim back; one that is not the owner's stays."""

    def hand_over(self, claim: Claim, giver: TerminalId, now_ms: int) -> Claim:
        """Pass the giver's claim on to `claim.owner`, without a moment in between; the claim in force afterwards."""

    def held(self, now_ms: int) -> Sequence[Claim]:
        """All live claims, oldest first. A sequence that never changes; the same one for as long as it is true, if the
        keeper can tell."""
