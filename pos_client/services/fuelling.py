"""The forecourt's side: what pumps report becomes facts; what the cashier permits becomes commands.

Litres are proved by totalizers. A delivery's end brings the totalizer after it; if it does not follow from the last
known one, litres have passed that nobody saw: they become a *recovered* fuelling, never a silent gap (I2). A reading
outside a delivery is believed when it has been read twice alike.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from pos_client.domain import facts as f
from pos_client.domain.forecourt import Grade
from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, FuellingPointState, LinkState, is_expected
from pos_client.domain.identifiers import NozzleId, PointId, fuelling_id
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre, amount_of
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers, StopPoint
from pos_client.services.desk import Desk
from pos_client.services.gift import Gift
from pos_client.services.snapshots import Severity
from pos_client.services.state import PointTrack

log = logging.getLogger(__name__)

GAP_TOLERANCE_ML = 20
"""Twice the resolution of a totalizer with two decimals: what reading at different instants may differ by."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one delivery came to."""

    volume_ml: Millilitres
    amount_vnd: Vnd
    unit_price: VndPerLitre
    start_totalizer_ml: Millilitres
    recovered: bool = False


@dataclass(slots=True)
class Fuelling:
    """Reports of the lines in, facts and commands out."""

    desk: Desk
    gift: Gift
    _suspected: dict[tuple[PointId, NozzleId], Millilitres] = field(default_factory=dict)

    # ── reports ────────────────────────────────────────────────────────────────────────────────────────────────

    def on_line_link(self, report: r.LineLinkChanged) -> None:
        """A serial line came or went; the points on it say so for themselves."""
        self.desk.state.lines[report.line] = (report.state, report.detail)

    def on_point_link(self, report: r.PointLinkChanged) -> None:
        """We hear a point, or not. What its hose is doing stays as it was."""
        track = self._track(report.point)
        if report.state is track.link:
            return
        if report.state is LinkState.DOWN:
            track.memory_lost = True
            track.reconciled = False
        track.link = report.state
        track.since_ms = self.desk.now.ticks_ms

    def on_restarted(self, report: r.PointRestarted) -> None:
        """The pump lost power: what it was delivering it has forgotten, its totalizers it has not."""
        track = self._track(report.point)
        track.memory_lost = True
        track.reconciled = False

    def on_state(self, report: r.PointStateReported) -> None:
        """The pump says what it does; it is the truth even when it is unexpected."""
        track = self._track(report.point)
        before = track.state
        if not is_expected(before, report.state):
            log.info("point %s went from %s to %s: resynchronised", report.point, before, report.state)
        if report.state is not before:
            track.since_ms = self.desk.now.ticks_ms
        track.state, track.nozzle = report.state, report.nozzle
        if report.state in DELIVERING:
            if before not in DELIVERING:
                track.volume_ml = track.amount_vnd = 0
            track.delivery_open = True
            self.gift.on_delivering(report.point)
        elif report.state is FuellingPointState.IDLE:
            track.preset_vnd = None
            self.gift.on_idle(report.point)

    def on_progress(self, report: r.DeliveryProgressed) -> None:
        """Running figures for the tile."""
        track = self._track(report.point)
        track.nozzle, track.volume_ml, track.amount_vnd = report.nozzle, report.volume_ml, report.amount_vnd

    def on_ended(self, report: r.DeliveryEnded) -> None:
        """A delivery is over: litres and money go into the journal, once, whoever reports them how often."""
        track = self._track(report.point)
        track.delivery_open = track.memory_lost = False
        track.preset_vnd = None
        track.volume_ml = track.amount_vnd = 0
        last = self.desk.state.totalizers.get((report.point, report.nozzle))
        if report.volume_ml == 0:
            self.gift.on_nothing_dispensed(report.point)
            return
        if last is not None and report.end_totalizer_ml <= last:
            return
        start = report.end_totalizer_ml - report.volume_ml
        if last is not None and start - last > GAP_TOLERANCE_ML:
            self._recover(report.point, report.nozzle, last, start)
        elif last is not None and last - start > GAP_TOLERANCE_ML:
            self.desk.notify("totalizer_mismatch", Severity.WARNING, point=report.point)
        figures = Figures(report.volume_ml, report.amount_vnd, report.unit_price, start)
        self._complete(report.point, report.nozzle, figures)

    def on_totalizer(self, report: r.TotalizerRead) -> None:
        """A reading outside a delivery. A rise is litres nobody saw; it is believed when it is read twice alike."""
        key = (report.point, report.nozzle)
        track = self._track(report.point)
        last = self.desk.state.totalizers.get(key)
        if last is None:
            self._first_reading(report)
        elif report.totalizer_ml == last:
            self._suspected.pop(key, None)
            track.reconciled = track.memory_lost or track.reconciled
            track.memory_lost = track.memory_lost and track.delivery_open
        elif report.totalizer_ml < last:
            log.warning("totalizer of point %s nozzle %s went down", report.point, report.nozzle)
            self.desk.notify("totalizer_went_down", Severity.ERROR, point=report.point, nozzle=report.nozzle)
        elif track.delivery_open and not track.memory_lost:
            pass  # its end is about to be reported with the pump's own figures
        elif track.state in DELIVERING or self._unwritten(report.point):
            pass  # still growing, or known already and waiting for the disk
        elif self._suspected.get(key) != report.totalizer_ml:
            self._suspected[key] = report.totalizer_ml
            self.desk.dispensers.send(ReadTotalizers(self.desk.dice.new_id(), report.point))
        else:
            del self._suspected[key]
            track.delivery_open = track.memory_lost = False
            self._recover(report.point, report.nozzle, last, report.totalizer_ml)

    def on_alarm(self, report: r.AlarmReported) -> None:
        """The dispenser raised an alarm."""
        self.desk.notify("pump_alarm", Severity.WARNING, point=report.point, code=report.code)

    def on_command(self, report: r.CommandFinished) -> None:
        """What became of a command; gifts look after their own."""
        if self.gift.on_command(report):
            return
        if report.outcome is not r.CommandOutcome.DONE:
            track = self._track(report.point)
            if track.state in CAN_AUTHORISE:
                track.preset_vnd = None
            self.desk.notify(f"command_{report.outcome.value}", Severity.WARNING, point=report.point)

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

    def authorise(self, point: PointId | None, preset_vnd: Vnd | None) -> None:
        """Permit the next delivery; without a point, the one that has been calling longest."""
        if point is None:
            calling = [t for t in self.desk.state.points.values() if t.state is FuellingPointState.CALLING]
            if not calling:
                self.desk.notify("nobody_calls", Severity.INFO)
                return
            point = min(calling, key=lambda t: t.since_ms).point
        track = self._track(point)
        if track.link is not LinkState.UP or track.state not in CAN_AUTHORISE:
            self.desk.notify("point_not_ready", Severity.WARNING, point=point)
            return
        track.preset_vnd = preset_vnd
        self.desk.dispensers.send(Authorise(self.desk.dice.new_id(), point, preset_vnd))

    def stop(self, point: PointId) -> None:
        """Stop one point."""
        self.desk.dispensers.send(StopPoint(self.desk.dice.new_id(), point))

    def stop_all(self) -> None:
        """Stop every point, no question asked."""
        for point in self.desk.state.points:
            self.stop(point)
        self.desk.notify("stopped_all", Severity.WARNING)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _track(self, point: PointId) -> PointTrack:
        return self.desk.state.points.setdefault(point, PointTrack(point))

    def _unwritten(self, point: PointId) -> bool:
        return any(point == p for change in self.desk.unwritten for p, _, _ in change.totalizers)

    def _first_reading(self, report: r.TotalizerRead) -> None:
        reading = self.desk.dice.new_id()
        self.desk.record_from_pump(
            f.TotalizerNoted(reading, report.point, report.nozzle, report.totalizer_ml),
            totalizers=((report.point, report.nozzle, report.totalizer_ml),),
            closed=(reading,),
        )

    def _recover(self, point: PointId, nozzle: NozzleId, start: Millilitres, end: Millilitres) -> None:
        """Litres without a delivery: known volume, money = litres x price in force."""
        grade = self._grade(point, nozzle)
        price = grade.unit_price if grade else 0
        figures = Figures(end - start, amount_of(end - start, price), price, start, recovered=True)
        self._complete(point, nozzle, figures)
        self.desk.notify("fuelling_recovered", Severity.WARNING, point=point, litres_ml=end - start)

    def _grade(self, point: PointId, nozzle: NozzleId) -> Grade | None:
        configured = self.desk.forecourt.point(point)
        return configured.grade_of(nozzle) if configured else None

    def _complete(self, point: PointId, nozzle: NozzleId, figures: Figures) -> None:
        state, now = self.desk.state, self.desk.now
        end = figures.start_totalizer_ml + figures.volume_ml
        grade = self._grade(point, nozzle)
        redemption = state.gift_at(point)
        completed = f.FuellingCompleted(
            fuelling_id=fuelling_id(self.desk.forecourt.station, point, nozzle, end),
            point=point,
            nozzle=nozzle,
            grade_code=grade.code if grade else "",
            grade_name=grade.name if grade else "",
            unit_price=figures.unit_price,
            volume_ml=figures.volume_ml,
            amount_vnd=figures.amount_vnd,
            start_totalizer_ml=figures.start_totalizer_ml,
            end_totalizer_ml=end,
            finished_at=now.wall.isoformat(),
            recovered=figures.recovered,
            redemption_id=redemption.redemption_id if redemption else None,
        )
        follow: tuple[f.Fact, ...] = ()
        items: tuple[OutboxItem, ...] = ()
        if redemption:
            follow, items = self.gift.finish(redemption, completed)
        paid = tuple(fact.sale_id for fact in follow if isinstance(fact, f.SalePaid))
        closed = (completed.fuelling_id, *paid) if paid else ()
        durable = self.desk.record_from_pump(
            completed, *follow, items=items, totalizers=((point, nozzle, end),), closed=closed
        )
        state.unpaid_since_ms[completed.fuelling_id] = now.ticks_ms
        track = self._track(point)
        track.last_amount_vnd, track.last_at = figures.amount_vnd, now.wall
        if redemption and durable:
            self.gift.announce(redemption.redemption_id)
