"""This till's claims, asked for and given back through the port; and who holds what we do not.

A claim is a lease: whoever works on a sale renews it, and one nobody works on ends by itself. Before money is taken
for a sale its claim is made firm, so that nothing that dies or sleeps in between can let another till sell the same
litres (I7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from pos_client.domain.claim import FIRM_UNTIL_MS, Claim
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.identifiers import FuellingId, TerminalId
from pos_client.services.desk import Desk
from pos_client.value import dataclass


@dataclass(slots=True)
class Leases:
    """Takes, renews and gives back; believes nothing but what the port says now."""

    desk: Desk
    _listed: Sequence[Claim] = ()
    _mine: dict[FuellingId, Claim] = field(default_factory=dict)
    _elsewhere: dict[FuellingId, Claim] = field(default_factory=dict)

    def take(self, fuelling_id: FuellingId) -> Claim:
        """Ask for a claim, or renew our own for another lease; the claim in force afterwards."""
        return self._ask(fuelling_id, self.desk.now.ticks_ms + self._lease_ms())

    def make_firm(self, fuelling_id: FuellingId) -> Claim:
        """Ask for a claim that no lease ends; the claim in force afterwards."""
        return self._ask(fuelling_id, FIRM_UNTIL_MS)

    def is_ours(self, claim: Claim) -> bool:
        """Whether a claim is this till's."""
        return claim.owner == self.desk.till

    def give_back(self, fuelling_id: FuellingId) -> None:
        """Let any till sell it."""
        self.desk.claims.release(fuelling_id, self.desk.till)

    def hand_over(self, fuelling_id: FuellingId, till: TerminalId) -> Claim:
        """Pass our claim on for one lease; the claim in force afterwards."""
        now_ms = self.desk.now.ticks_ms
        passed = Claim(fuelling_id, self._owner(till), now_ms, now_ms + self._lease_ms())
        return self.desk.claims.hand_over(passed, self.desk.till, now_ms)

    def mine(self) -> dict[FuellingId, Claim]:
        """This till's live claims."""
        self._look()
        return self._mine

    def elsewhere(self) -> dict[FuellingId, Claim]:
        """Live claims of other tills."""
        self._look()
        return self._elsewhere

    def till_of(self, claim: Claim) -> TerminalId:
        """The till that holds a claim, as people at this station call it."""
        return TerminalId(claim.owner.removeprefix(f"{self.desk.settings.station.station}-"))

    def refusal(self, fuelling: FuellingTransaction, claim: Claim) -> RuleViolation:
        """Another till is selling it: which one, and for how long at the most."""
        return RuleViolation("claimed_elsewhere", point=fuelling.point, till=self.till_of(claim))

    def _look(self) -> None:
        """Sort what is held by whose it is, anew only when the port lists it anew."""
        held = self.desk.claims.held(self.desk.now.ticks_ms)
        if held is not self._listed:
            self._listed = held
            self._mine = {claim.fuelling_id: claim for claim in held if self.is_ours(claim)}
            self._elsewhere = {claim.fuelling_id: claim for claim in held if not self.is_ours(claim)}

    def _ask(self, fuelling_id: FuellingId, until_ms: int) -> Claim:
        now_ms = self.desk.now.ticks_ms
        return self.desk.claims.take(Claim(fuelling_id, self.desk.till, now_ms, until_ms), now_ms)

    def _lease_ms(self) -> int:
        return self.desk.settings.counter.claim_lease_s * 1000

    def _owner(self, till: TerminalId) -> TerminalId:
        return TerminalId(f"{self.desk.settings.station.station}-{till}")
