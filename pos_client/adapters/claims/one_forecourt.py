"""Claims in memory: for a forecourt whose tills run in this process, which today is one till.

Several tills on several machines will stand on an engine with compare-and-set behind the same port; what they may rely
on is in the contract's tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pos_client.domain.claim import FIRM_UNTIL_MS, Claim
from pos_client.domain.identifiers import FuellingId, TerminalId

KEPT_FIRM = 1_000
"""So many claims no lease ends are remembered. A fuelling that was sold a thousand sales ago waits nowhere any more."""


class OneForecourtClaims:
    """`ports.claims.Claims`, shared by the tills of this process; used by one thread."""

    def __init__(self, kept_firm: int = KEPT_FIRM) -> None:
        self._claims: dict[FuellingId, Claim] = {}
        self._kept_firm = kept_firm
        self._held: tuple[Claim, ...] | None = None
        """as it was listed last; None: something has changed since"""
        self._held_until_ms = 0
        """when the first lease of that list ends"""

    def take(self, claim: Claim, now_ms: int) -> Claim:
        """The claim in force afterwards: the one asked for, or the live one of another owner."""
        there = self._live(claim.fuelling_id, now_ms)
        if there is not None and there.owner != claim.owner:
            return there
        return self._put(claim if there is None else replace(claim, since_ms=there.since_ms), now_ms)

    def release(self, fuelling_id: FuellingId, owner: TerminalId) -> None:
        """Give a claim back; one that is not the owner's stays."""
        there = self._claims.get(fuelling_id)
        if there is not None and there.owner == owner:
            del self._claims[fuelling_id]
            self._held = None

    def hand_over(self, claim: Claim, giver: TerminalId, now_ms: int) -> Claim:
        """Pass the giver's claim on; a live one of a third owner stays."""
        there = self._live(claim.fuelling_id, now_ms)
        if there is not None and there.owner not in (giver, claim.owner):
            return there
        return self._put(claim, now_ms)

    def held(self, now_ms: int) -> Sequence[Claim]:
        """All live claims, oldest first; the same list for as long as it is true."""
        if self._held is None or now_ms >= self._held_until_ms:
            live = [claim for claim in self._claims.values() if claim.is_live(now_ms)]
            self._held = tuple(sorted(live, key=lambda claim: claim.since_ms))
            self._held_until_ms = min((claim.until_ms for claim in live), default=FIRM_UNTIL_MS)
        return self._held

    def _live(self, fuelling_id: FuellingId, now_ms: int) -> Claim | None:
        there = self._claims.get(fuelling_id)
        return there if there is not None and there.is_live(now_ms) else None

    def _put(self, claim: Claim, now_ms: int) -> Claim:
        self._claims[claim.fuelling_id] = claim
        self._held = None
        self._forget(now_ms)
        return claim

    def _forget(self, now_ms: int) -> None:
        """Leases that ran out are gone; of those that never do, the newest are kept."""
        self._claims = {fuelling_id: c for fuelling_id, c in self._claims.items() if c.is_live(now_ms)}
        firm = [fuelling_id for fuelling_id, c in self._claims.items() if c.is_firm]
        for fuelling_id in firm[: -self._kept_firm]:
            del self._claims[fuelling_id]
