"""The forecourt's side: what pumps report becomes facts; what the cashier permits becomes commands.

Litres are proved by totalizers. A delivery's end brings the totalizer after it; if it does not follow from the last
known one, litres have passed that nobody saw: they become a *recovered* fuelling, never a silent gap (I2). A reading
outside a delivery is believed when it has been read twice alike.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.forecourt import Grade
from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, FuellingPointState, LinkState, is_expected
from pos_client.domain.identifiers import NozzleId, PointId, fuelling_id
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre, amount_of, divide_half_up
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers
from pos_client.services.desk import Desk
from pos_client.services.gift import Gift
from pos_client.services.snapshots import Severity
from pos_client.services.state import PointTrack
from pos_client.services.stopping import Stopping

log = logging.getLogger(__name__)

GAP_TOLERANCE_ML = 20
"""Twice the resolution of a totalizer with two decimals: what reading at different instants may differ by."""
MOST_PRESET_VND = 99_999_999
"""Eight digits: what a dispenser's counter of money holds."""
END_WITHIN_MS = 30_000
"""A delivery's end that was not told this long after the point came to rest is not waited for: totalizers decide."""
READ_EVERY_MS = 5_000
"""How often a point at rest is asked for totalizers that nobody has compared with the books yet."""


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
    stopping: Stopping

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
            track.forget_readings()
        track.link = report.state
        track.since_ms = self.desk.now.ticks_ms
        track.read_again_ms = self.desk.now.ticks_ms + READ_EVERY_MS  # the line reads them first by itself

    def on_restarted(self, report: r.PointRestarted) -> None:
        """The pump lost power: what it was delivering it has forgotten, its totalizers it has not."""
        self._track(report.point).forget_readings()

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
            if report.nozzle is not None:
                track.compared.discard(report.nozzle)
            else:
                track.compared.clear()  # whichever it is
            self.gift.on_delivering(report.point)
            return
        self._reconcile(track)
        if track.suspected:
            self._read_totalizers(report.point)
        if report.state is FuellingPointState.IDLE:
            track.preset_vnd = None
            self.gift.on_idle(report.point)

    def on_progress(self, report: r.DeliveryProgressed) -> None:
        """Running figures for the tile."""
        track = self._track(report.point)
        track.nozzle = report.nozzle or track.nozzle
        track.volume_ml, track.amount_vnd = report.volume_ml, report.amount_vnd

    def on_ended(self, report: r.DeliveryEnded) -> None:
        """A delivery is over: litres and money go into the journal, once, whoever reports them how often."""
        track = self._track(report.point)
        watched, track.delivery_open, track.memory_lost = track.delivery_open, False, False
        track.preset_vnd = None
        track.volume_ml = track.amount_vnd = 0
        last = self.desk.state.totalizers.get((report.point, report.nozzle))
        end = report.end_totalizer_ml
        if report.volume_ml == 0:
            self._nothing_told(report, last)
            return
        start = end - report.volume_ml
        figures = Figures(report.volume_ml, report.amount_vnd, report.unit_price, start)
        if last is not None and end <= last:
            if not watched or last - end <= GAP_TOLERANCE_ML:
                return  # told before
            self._went_down(track, report.nozzle, end)  # a meter that rolled over or was exchanged; fuel has flowed
        elif last is not None and start - last > GAP_TOLERANCE_ML:
            self._recover(report.point, report.nozzle, last, start, gift=False)
        elif last is not None and last - start > GAP_TOLERANCE_ML:
            self.desk.notify("totalizer_mismatch", Severity.WARNING, point=report.point)
            if track.recovered_to.get(report.nozzle) == last:
                figures = _rest_of(report, last)
        self._complete(report.point, report.nozzle, figures)

    def on_totalizer(self, report: r.TotalizerRead) -> None:
        """A reading outside a delivery. A rise is litres nobody saw; it is believed when it is read twice alike."""
        nozzle, reading = report.nozzle, report.totalizer_ml
        track = self._track(report.point)
        last = self.desk.state.totalizers.get((report.point, nozzle))
        if last is None:
            track.compared.add(nozzle)
            self._first_reading(report)
            self._reconcile(track)
            track.reconciled = False  # there was nothing to compare it with
        elif reading == last:
            track.suspected.pop(nozzle, None)
            track.lower.pop(nozzle, None)
            track.compared.add(nozzle)
            self._reconcile(track)
        elif reading < last:
            track.compared.discard(nozzle)
            self._went_down(track, nozzle, reading)
        elif track.state in DELIVERING or self._end_expected(track):
            track.compared.discard(nozzle)  # still growing, or the pump is about to tell its own figures
        elif track.suspected.get(nozzle) != reading:
            track.compared.discard(nozzle)
            track.suspected[nozzle] = reading
            self._read_totalizers(report.point)
        else:
            track.delivery_open = track.memory_lost = False
            track.recovered_to[nozzle] = reading
            self._recover(report.point, nozzle, last, reading)

    def on_tick(self) -> None:
        """Ask again for what was asked and not answered: a rise read once, an end never told, a nozzle never read."""
        for track in self.desk.state.points.values():
            missing = self._nozzles(track) - track.compared - set(track.lower)
            at_rest = track.state in CAN_AUTHORISE or track.state is FuellingPointState.AUTHORISED
            ready = track.link is LinkState.UP and at_rest and not self._end_expected(track)
            if missing and ready and self.desk.now.ticks_ms >= track.read_again_ms:
                self._read_totalizers(track.point)

    def on_alarm(self, report: r.AlarmReported) -> None:
        """The dispenser raised an alarm."""
        self.desk.notify("pump_alarm", Severity.WARNING, point=report.point, code=report.code)

    def on_command(self, report: r.CommandFinished) -> None:
        """What became of a command; gifts look after their own."""
        if self.gift.on_command(report) or self.stopping.on_command(report):
            return
        if report.outcome is not r.CommandOutcome.DONE:
            track = self._track(report.point)
            if track.state in CAN_AUTHORISE:
                track.preset_vnd = None
            self.desk.notify(f"command_{report.outcome.value}", Severity.WARNING, point=report.point)

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

    def authorise(self, point: PointId | None, preset_vnd: Vnd | None) -> None:
        """Permit the next delivery; without a point, the one that has been calling longest.

        Raises `RuleViolation` for a limit no pump can be given.
        """
        if point is None:
            calling = [t for t in self.desk.state.points.values() if t.state is FuellingPointState.CALLING]
            if not calling:
                self.desk.notify("nobody_calls", Severity.INFO)
                return
            point = min(calling, key=lambda t: t.since_ms).point
        track = self._track(point)
        armed = self.desk.state.gift_at(point) is not None
        if armed or track.link is not LinkState.UP or track.state not in CAN_AUTHORISE:
            self.desk.notify("point_not_ready", Severity.WARNING, point=point)
            return
        if preset_vnd is not None and not 0 < preset_vnd <= MOST_PRESET_VND:
            raise RuleViolation("preset_out_of_range", amount=preset_vnd, most=MOST_PRESET_VND)
        track.preset_vnd = preset_vnd
        self.desk.dispensers.send(Authorise(self.desk.dice.new_id(), point, preset_vnd))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _track(self, point: PointId) -> PointTrack:
        return self.desk.state.points.setdefault(point, PointTrack(point))

    def _read_totalizers(self, point: PointId) -> None:
        self._track(point).read_again_ms = self.desk.now.ticks_ms + READ_EVERY_MS
        self.desk.dispensers.send(ReadTotalizers(self.desk.dice.new_id(), point))

    def _end_expected(self, track: PointTrack) -> bool:
        """The pump saw its delivery through and has not told its end yet."""
        at_rest_ms = self.desk.now.ticks_ms - track.since_ms
        return track.delivery_open and not track.memory_lost and at_rest_ms <= END_WITHIN_MS

    def _reconcile(self, track: PointTrack) -> None:
        """After a silence: the point is at rest and all its totalizers agree with the books, so nothing was missed."""
        if track.memory_lost and track.state in CAN_AUTHORISE and self._nozzles(track) <= track.compared:
            track.memory_lost = track.delivery_open = False
            track.reconciled = True

    def _nozzles(self, track: PointTrack) -> set[NozzleId]:
        configured = self.desk.forecourt.point(track.point)
        return {n.nozzle for n in configured.nozzles} if configured else set()

    def _nothing_told(self, report: r.DeliveryEnded, last: Millilitres | None) -> None:
        """A zero sale; or a pump that forgot what it delivered, which its totalizer did not."""
        if last is None or report.end_totalizer_ml <= last:
            self.gift.on_nothing_dispensed(report.point)
        else:
            self.on_totalizer(r.TotalizerRead(report.point, report.nozzle, report.end_totalizer_ml))

    def _went_down(self, track: PointTrack, nozzle: NozzleId, reading: Millilitres) -> None:
        if track.lower.get(nozzle) != reading:
            track.lower[nozzle] = reading
            log.info("totalizer of point %s nozzle %s went down", track.point, nozzle)
            self.desk.notify("totalizer_went_down", Severity.ERROR, point=track.point, nozzle=nozzle)

    def _first_reading(self, report: r.TotalizerRead) -> None:
        reading = self.desk.dice.new_id()
        self.desk.record_from_pump(
            f.TotalizerNoted(reading, report.point, report.nozzle, report.totalizer_ml),
            totalizers=((report.point, report.nozzle, report.totalizer_ml),),
            closed=(reading,),
        )

    def _recover(
        self, point: PointId, nozzle: NozzleId, start: Millilitres, end: Millilitres, *, gift: bool = True
    ) -> None:
        """Litres without a delivery: known volume, money = litres x price in force.

        `gift` False: they flowed before the delivery just told, so they are not what an armed gift dispensed.
        """
        grade = self._grade(point, nozzle)
        price = grade.unit_price if grade else 0
        figures = Figures(end - start, amount_of(end - start, price), price, start, recovered=True)
        self._complete(point, nozzle, figures, gift=gift)
        self.desk.notify("fuelling_recovered", Severity.WARNING, point=point, litres_ml=end - start)

    def _grade(self, point: PointId, nozzle: NozzleId) -> Grade | None:
        configured = self.desk.forecourt.point(point)
        return configured.grade_of(nozzle) if configured else None

    def _complete(self, point: PointId, nozzle: NozzleId, figures: Figures, *, gift: bool = True) -> None:
        state, now = self.desk.state, self.desk.now
        end = figures.start_totalizer_ml + figures.volume_ml
        grade = self._grade(point, nozzle)
        redemption = state.gift_at(point) if gift else None
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
        self.desk.record_from_pump(completed, *follow, items=items, totalizers=((point, nozzle, end),), closed=closed)
        track = self._track(point)
        track.suspected.pop(nozzle, None)
        track.lower.pop(nozzle, None)
        track.compared.add(nozzle)
        if not figures.recovered:
            track.recovered_to.pop(nozzle, None)
        track.last_amount_vnd, track.last_at = figures.amount_vnd, now.wall
        if completed.fuelling_id in state.fuellings:
            state.unpaid_since_ms[completed.fuelling_id] = now.ticks_ms
        if redemption:
            self.gift.finished(redemption.redemption_id)


def _rest_of(report: r.DeliveryEnded, known_end_ml: Millilitres) -> Figures:
    """The part of a delivery that no recovery has taken yet; money in proportion to the pump's own."""
    volume = report.end_totalizer_ml - known_end_ml
    amount = divide_half_up(report.amount_vnd * volume, report.volume_ml)
    return Figures(volume, amount, report.unit_price, known_end_ml)
