"""The shift in numbers, out of the same facts as receipts and queue: rows, tenders, and what still stands open."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.fuelling import FuellingState, FuellingTransaction
from pos_client.domain.identifiers import PointId
from pos_client.domain.quantities import Vnd
from pos_client.domain.shift import Shift, ShiftPhase, compare
from pos_client.domain.shift_sums import NozzleSums, Place, ShiftSums
from pos_client.domain.tender import TenderKind
from pos_client.services.desk import Desk
from pos_client.services.shift_snapshots import NozzleRow, ShiftSnapshot, TenderTotal
from pos_client.value import dataclass

UNPAID = frozenset({FuellingState.COMPLETED, FuellingState.CLAIMED, FuellingState.HANDED_OVER})
_READ_AGAIN = frozenset({ShiftPhase.COUNTING, ShiftPhase.CLOSED})
"""Phases in which a row says whether its totalizer was read for the closing."""


@dataclass(slots=True)
class ShiftView:
    """Draws a shift; changes nothing. Draws it again only when something it shows has changed."""

    desk: Desk
    _seen: tuple[object, ...] = ()
    _drawn: ShiftSnapshot | None = None

    def draw(self, shift: Shift) -> ShiftSnapshot:
        """The shift as it stands."""
        state = self.desk.state
        seen = (shift, state.sums, state.fuellings)
        waiting = len(state.outbox)
        if self._drawn is None or self._drawn.waiting_records != waiting or not _same(seen, self._seen):
            self._seen, self._drawn = seen, self._draw(shift, state.sums)
        return self._drawn

    def unpaid(self) -> list[FuellingTransaction]:
        """Fuellings nobody has paid for: waiting, or in a sale that is not finished."""
        return [each for each in self.desk.state.fuellings.values() if each.state in UNPAID]

    def due(self, fuelling: FuellingTransaction) -> Vnd:
        """What is still owed for a fuelling; a part may be paid already."""
        sales = self.desk.state.sales.values()
        sale = next((each for each in sales if each.fuelling.fuelling_id == fuelling.fuelling_id), None)
        return sale.due_vnd if sale else fuelling.amount_vnd

    def _draw(self, shift: Shift, sums: ShiftSums) -> ShiftSnapshot:
        rows = tuple(self._row(place, shift, sums) for place in self._places(sums))
        unpaid = self.unpaid()
        cash = sums.tenders.get(TenderKind.CASH.value, (0, 0))[1]
        return ShiftSnapshot(
            shift_id=shift.shift_id,
            cashier=shift.cashier,
            phase=shift.phase,
            opened_at=datetime.fromisoformat(shift.opened_at),
            closed_at=datetime.fromisoformat(shift.closed_at) if shift.closed_at else None,
            rows=rows,
            tenders=tuple(
                TenderTotal(kind, *sums.tenders[kind.value]) for kind in TenderKind if kind.value in sums.tenders
            ),
            sales=sums.sales,
            volume_ml=sums.volume_ml,
            amount_vnd=sums.amount_vnd,
            unread_points=shift.unread,
            unpaid=len(unpaid),
            unpaid_vnd=sum(self.due(each) for each in unpaid),
            drive_offs=sums.drive_offs,
            drive_offs_vnd=sums.drive_offs_vnd,
            waiting_records=len(self.desk.state.outbox),
            cash_expected_vnd=cash,
            cash_counted_vnd=shift.cash_counted_vnd,
        )

    def _places(self, sums: ShiftSums) -> list[Place]:
        """Every nozzle there is, and those that have left litres before they were taken away."""
        configured = {(point.point, each.nozzle) for point in self.desk.forecourt.points for each in point.nozzles}
        return sorted(configured | {place for place, each in sums.nozzles.items() if each.fuellings})

    def _row(self, place: Place, shift: Shift, sums: ShiftSums) -> NozzleRow:
        point, nozzle = place
        mine = sums.nozzles.get(place, NozzleSums())
        read = shift.phase not in _READ_AGAIN or point not in shift.unread
        compared = compare(mine, self.desk.forecourt.meter(point), read=read)
        return NozzleRow(
            point=point,
            nozzle=nozzle,
            grade_name=self._grade(point, place),
            opening_ml=mine.opening_ml,
            last_ml=mine.last_ml if read else None,
            metered_ml=compared.metered_ml,
            told_ml=mine.told_ml,
            test_ml=mine.test_ml,
            recovered_ml=mine.recovered_ml,
            amount_vnd=mine.amount_vnd,
            fuellings=mine.fuellings,
            variance_ml=compared.variance_ml,
            state=compared.state,
            between_ml=mine.between_ml,
        )

    def _grade(self, point: PointId, place: Place) -> str:
        configured = self.desk.forecourt.point(point)
        grade = configured.grade_of(place[1]) if configured else None
        return grade.name if grade else ""


def _same(now: tuple[object, ...], before: tuple[object, ...]) -> bool:
    """Whether nothing was replaced: knowledge is replaced when it changes, never altered."""
    return len(now) == len(before) and all(a is b for a, b in zip(now, before, strict=True))
