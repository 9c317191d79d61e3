"""Passing a sale on to another till, and noticing what other tills do with fuellings that wait here too.

The fact first, then the claim: a till that dies in between passes it on when it starts again. Whoever got it has one
lease; when that runs out and nobody has sold it, it waits here again.
"""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain.claim import Claim
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling import FuellingState, FuellingTransaction
from pos_client.domain.identifiers import TerminalId
from pos_client.ports.errors import Unavailable
from pos_client.services.claiming import TRY_AGAIN_MS, Claiming
from pos_client.services.desk import Desk
from pos_client.services.leases import Leases
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass


@dataclass(slots=True)
class HandOver:
    """This till's dealings with the station's other tills."""

    desk: Desk
    claiming: Claiming
    leases: Leases
    _look_again_ms: int = 0

    def to(self, till: TerminalId) -> None:
        """Give the open, untouched sale's fuelling to another till; a customer on it is asked for again there.

        Raises `RuleViolation`: no such till, nothing open, money or points taken for it.
        """
        if till not in self.desk.settings.counter.tills:
            raise RuleViolation("till_unknown", till=till)
        taken = self.claiming.take_out(None, "handed_over")
        fuelling_id = taken.fuelling.fuelling_id
        try:
            self.desk.record(*taken.facts, f.FuellingHandedOver(fuelling_id, till), closed=taken.closed)
        except Unavailable:
            self.claiming.put_back(fuelling_id)
            raise
        self.claiming.clear_counter(taken)
        self.leases.hand_over(fuelling_id, till)
        self.desk.notify("handed_over", Severity.INFO, point=taken.fuelling.point, till=till)

    def recover(self) -> None:
        """After a start: what was handed over is the other till's for one more lease, what nobody may sell stays so,
        and nothing else that waits is ours."""
        for fuelling in self.desk.state.fuellings.values():
            match fuelling.state:
                case FuellingState.HANDED_OVER if fuelling.handed_to is not None:
                    self.leases.hand_over(fuelling.fuelling_id, fuelling.handed_to)
                case FuellingState.DRIVEN_OFF:
                    self.leases.make_firm(fuelling.fuelling_id)
                case FuellingState.COMPLETED:
                    self.leases.give_back(fuelling.fuelling_id)
                case _:
                    pass

    def on_tick(self) -> None:
        """Another till has sold one, or let it go. Raises `Unavailable`; it is looked at again a little later."""
        if self.desk.now.ticks_ms < self._look_again_ms:
            return
        self._look_again_ms = self.desk.now.ticks_ms + TRY_AGAIN_MS
        unpaid = self.desk.state.unpaid()
        elsewhere = self.leases.elsewhere() if unpaid else {}
        for fuelling in unpaid:
            claim = elsewhere.get(fuelling.fuelling_id)
            if claim is not None and claim.is_firm:
                self._sold_there(fuelling, claim)
            elif claim is None and fuelling.state is FuellingState.HANDED_OVER:
                self._lapsed(fuelling)
        self._look_again_ms = 0

    def _sold_there(self, fuelling: FuellingTransaction, claim: Claim) -> None:
        taken_over = f.FuellingTakenOver(fuelling.fuelling_id, self.leases.till_of(claim))
        self.desk.record(taken_over, closed=(fuelling.fuelling_id,))

    def _lapsed(self, fuelling: FuellingTransaction) -> None:
        self.desk.record(f.HandOverLapsed(fuelling.fuelling_id))
        self.desk.notify("hand_over_lapsed", Severity.INFO, point=fuelling.point, till=fuelling.handed_to or "")
