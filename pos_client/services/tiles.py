"""Draws the forecourt: one tile a fuelling point."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.identifiers import PointId
from pos_client.domain.sale import Sale
from pos_client.services import snapshots as s
from pos_client.services.desk import Desk


@dataclass(slots=True)
class Tiles:
    """Builds the pictures of fuelling points; changes nothing."""

    desk: Desk

    def tile(self, point: PointId, sale: Sale | None) -> s.PointSnapshot:
        """A point with all that is to be said of it; `sale`: the one at the counter."""
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
            unit_price=grade.unit_price if grade else 0,
            volume_ml=track.volume_ml,
            amount_vnd=track.amount_vnd,
            preset_vnd=track.preset_vnd,
            gift=state.gift_at(track.point) is not None,
            unpaid=tuple(self._unpaid(fuelling) for fuelling in state.unpaid(track.point)),
            claimed=sale is not None and sale.fuelling.point == track.point,
            last_amount_vnd=track.last_amount_vnd,
            last_at=track.last_at,
            metered=configured is not None and {nozzle.nozzle for nozzle in configured.nozzles} <= track.compared,
            reconciled=track.reconciled,
        )

    def _unpaid(self, fuelling: FuellingTransaction) -> s.UnpaidFuelling:
        return s.UnpaidFuelling(
            fuelling_id=fuelling.fuelling_id,
            grade_name=fuelling.grade_name,
            volume_ml=fuelling.volume_ml,
            amount_vnd=fuelling.amount_vnd,
            since_ticks_ms=self.desk.state.unpaid_since_ms.get(fuelling.fuelling_id, self.desk.now.ticks_ms),
            recovered=fuelling.recovered,
        )
