"""Brings new prices to the pumps: each as soon as it rests, again until it shows them.

A pump takes no price while it is permitted or fuelling; it waits, the others do not (no price change stops a station).
What was permitted and not yet lifted when a price changed is taken back: nobody may begin to fuel at yesterday's price.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.forecourt import FuellingPoint
from pos_client.domain.fuelling_point import CAN_AUTHORISE, FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import VndPerLitre
from pos_client.ports import reports as r
from pos_client.ports.dispensers import SetPrices
from pos_client.services.desk import Desk
from pos_client.services.prices import Prices
from pos_client.services.snapshots import Severity
from pos_client.services.stopping import Stopping
from pos_client.value import dataclass

AGAIN_FIRST_MS = 2_000
AGAIN_LAST_MS = 60_000
"""A pump that did not take its prices is told again after two seconds, then ever more rarely."""
TOLD_WITHIN_MS = 20_000
"""A command whose end was never told counts as not answered."""
COMPLAIN_AFTER = 3
"""So many tries in vain are said aloud."""
DISARM_EVERY_MS = 3_000


@dataclass(slots=True)
class _Errand:
    """One pump and its prices."""

    command_id: str = ""
    prices: tuple[tuple[NozzleId, VndPerLitre], ...] = ()
    tries: int = 0
    told_ms: int = 0
    again_ms: int = 0
    disarm_ms: int = 0


@dataclass(slots=True)
class Repricing:
    """Tells pumps the prices in force."""

    desk: Desk
    prices: Prices
    stopping: Stopping
    _errands: dict[PointId, _Errand] = field(default_factory=dict)
    _hung: set[PointId] = field(default_factory=set)

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of a command of ours; False for somebody else's."""
        errand = self._errands.get(report.point)
        if errand is None or not errand.command_id or errand.command_id != report.command_id:
            return False
        if report.outcome is r.CommandOutcome.DONE:
            self.prices.took(report.point, errand.prices)
        self._ended(report.point, errand)
        return True

    def on_tick(self) -> None:
        """Whoever rests and does not show the prices in force is told them."""
        if self.desk.unwritten:
            return  # what is in force is written down before a pump hears of it
        told = [point for point, errand in self._errands.items() if errand.command_id]
        if not told and not self.prices.unsettled():
            return
        behind = [each for each in self.desk.forecourt.points if self._is_behind(each)]
        self._hasten()
        for configured in behind:
            track, errand = self.desk.state.track(configured.point), self._errands[configured.point]
            if errand.command_id:
                if self.desk.now.ticks_ms - errand.told_ms > TOLD_WITHIN_MS:
                    self._ended(configured.point, errand)
            elif track.link is LinkState.UP and track.state in CAN_AUTHORISE:
                self._tell(configured, errand)
            elif track.link is LinkState.UP and track.state is FuellingPointState.AUTHORISED:
                self._disarm(configured.point, errand)

    def _is_behind(self, configured: FuellingPoint) -> bool:
        """A pump that is being told prices, or has not shown those in force."""
        errand = self._errands.get(configured.point)
        if errand is None:
            errand = self._errands[configured.point] = _Errand()
        return bool(errand.command_id) or not self.prices.shows_all(configured)

    def _hasten(self) -> None:
        """A nozzle was hung up: its pump takes a price now, and so may the others of its cabinet."""
        points = self.desk.state.points.values()
        hung = {t.point for t in points if t.state is FuellingPointState.IDLE and t.link is LinkState.UP}
        newly, self._hung = hung - self._hung, hung
        for point, errand in self._errands.items() if newly else ():
            errand.again_ms = 0
            errand.tries = 0 if point in newly else errand.tries

    def _tell(self, configured: FuellingPoint, errand: _Errand) -> None:
        now_ms, wanted = self.desk.now.ticks_ms, self._wanted(configured)
        if now_ms < errand.again_ms or any(not price or price % configured.price_step for _, price in wanted):
            return
        pump = self.prices.pump(configured.point)
        pump.said.clear()
        pump.being_told = True
        errand.command_id, errand.prices, errand.told_ms = self.desk.dice.new_id(), wanted, now_ms
        self.desk.dispensers.send(SetPrices(errand.command_id, configured.point, wanted))

    def _ended(self, point: PointId, errand: _Errand) -> None:
        """It was told; did it help?"""
        errand.command_id = ""
        self.prices.pump(point).being_told = False
        configured = self.desk.forecourt.point(point)
        assert configured is not None
        if self.prices.shows_all(configured):
            errand.tries = errand.again_ms = 0
            self.prices.complain(point)  # all is well, and the next wrong price is news again
            return
        if errand.prices != self._wanted(configured):
            return  # the next change came meanwhile
        errand.tries += 1
        pause_ms = min(AGAIN_FIRST_MS << min(errand.tries - 1, 8), AGAIN_LAST_MS)
        errand.again_ms = self.desk.now.ticks_ms + pause_ms
        said = self.prices.pump(point).said
        found = self.prices.difference(point)
        if found is not None and (found.nozzle in said or errand.tries >= COMPLAIN_AFTER):
            self.prices.complain(point)

    def _wanted(self, configured: FuellingPoint) -> tuple[tuple[NozzleId, VndPerLitre], ...]:
        return tuple((n.nozzle, self.prices.price(n.grade)) for n in configured.nozzles)

    def _disarm(self, point: PointId, errand: _Errand) -> None:
        """A gift's own recovery table takes back a gift."""
        now_ms = self.desk.now.ticks_ms
        if self.desk.state.gift_at(point) or now_ms < errand.disarm_ms or self.prices.difference(point) is None:
            return
        errand.disarm_ms = now_ms + DISARM_EVERY_MS
        self.stopping.stop(point)
        self.desk.notify("price_changed_disarmed", Severity.WARNING, point=point)
