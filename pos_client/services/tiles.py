"""Draws the forecourt: one tile a fuelling point."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.claim import Claim
from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import FuellingId, PointId
from pos_client.domain.sale import Sale
from pos_client.domain.sale_type import SaleType
from pos_client.services import snapshots as s
from pos_client.services.desk import Desk
from pos_client.services.leases import Leases
from pos_client.services.prices import Prices
from pos_client.services.tracks import PointTrack
from pos_client.value import dataclass


@dataclass(slots=True)
class Tiles:
    """Builds the pictures of fuelling points; changes nothing."""

    desk: Desk
    leases: Leases
    prices: Prices

    def draw(self, sale: Sale | None) -> tuple[s.PointSnapshot, ...]:
        """All points with all that is to be said of them; `sale`: the one at the counter."""
        elsewhere = self.leases.elsewhere()
        return tuple(self._tile(point.point, sale, elsewhere) for point in self.desk.forecourt.points)

    def _tile(self, point: PointId, sale: Sale | None, elsewhere: dict[FuellingId, Claim]) -> s.PointSnapshot:
        state = self.desk.state
        track = state.track(point)
        configured = self.desk.forecourt.point(point)
        grade = configured.grade_of(track.nozzle) if configured and track.nozzle else None
        if grade is None and configured is not None and len(configured.nozzles) == 1:
            grade = configured.nozzles[0].grade
        return s.PointSnapshot(
            point=track.point,
            state=track.state,
            link=track.link,
            since_ticks_ms=track.since_ms,
            nozzle=track.nozzle,
            grade_name=grade.name if grade else "",
            unit_price=self.prices.shown_at(track, grade),
            volume_ml=track.volume_ml,
            amount_vnd=track.amount_vnd,
            preset_vnd=track.preset_vnd,
            gift=state.gift_at(track.point) is not None,
            unpaid=tuple(self._unpaid(fuelling, elsewhere) for fuelling in state.unpaid(track.point)),
            claimed=sale is not None and sale.fuelling.point == track.point,
            last_amount_vnd=track.last_amount_vnd,
            last_at=track.last_at,
            metered=configured is not None and {nozzle.nozzle for nozzle in configured.nozzles} <= track.compared,
            reconciled=track.reconciled,
            preset_ml=track.preset_ml,
            sale_type=SaleType.SALE if state.test_at(point) is None else SaleType.PUMP_TEST,
            rises=self._rises(track),
            stopped=track.stopped,
            price_mismatch=self.prices.difference(point) is not None,
            pump_prices=tuple(sorted(self.prices.pump(point).shown.items())),
        )

    def drive_offs(self) -> tuple[s.DriveOffSnapshot, ...]:
        """Fuellings whose customers left, oldest first."""
        state = self.desk.state
        return tuple(
            s.DriveOffSnapshot(
                fuelling_id=fuelling_id,
                point=state.fuellings[fuelling_id].point,
                volume_ml=state.fuellings[fuelling_id].volume_ml,
                amount_vnd=state.fuellings[fuelling_id].amount_vnd,
                at=datetime.fromisoformat(fact.noted_at),
                masked_plate=fact.masked_plate,
            )
            for fuelling_id, fact in state.drive_offs.items()
        )

    def _rises(self, track: PointTrack) -> bool:
        """A customer has been calling for longer than he should wait."""
        waited_ms = self.desk.now.ticks_ms - track.since_ms
        calls = track.state is FuellingPointState.CALLING and track.link is LinkState.UP
        return calls and waited_ms > self.desk.settings.counter.calling_rises_s * 1000

    def _unpaid(self, fuelling: FuellingTransaction, elsewhere: dict[FuellingId, Claim]) -> s.UnpaidFuelling:
        claim = elsewhere.get(fuelling.fuelling_id)
        return s.UnpaidFuelling(
            fuelling_id=fuelling.fuelling_id,
            grade_name=fuelling.grade_name,
            volume_ml=fuelling.volume_ml,
            amount_vnd=fuelling.amount_vnd,
            since_ticks_ms=self.desk.state.unpaid_since_ms.get(fuelling.fuelling_id, self.desk.now.ticks_ms),
            recovered=fuelling.recovered,
            holder=self.leases.till_of(claim) if claim else "",
            held_until_ticks_ms=None if claim is None or claim.is_firm else claim.until_ms,
            price_mark=fuelling.price_mark,
        )
