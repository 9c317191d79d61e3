"""The forecourt's side: what pumps report becomes what we know, and facts.

Litres are proved by totalizers. A delivery's end brings the totalizer after it; it is compared with the last known one
(`metering.py`) and written down (`completion.py`), once, whatever the line hears, forgets or repeats.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from pos_client.domain.fuelling_point import DELIVERING, SUSPENDED, FuellingPointState, LinkState, is_expected
from pos_client.domain.quantities import Millilitres, divide_half_up
from pos_client.domain.totalizer import Rose, Same, Step, WentDown, Wrapped
from pos_client.ports import reports as r
from pos_client.services.completion import Completion, Figures
from pos_client.services.desk import Desk
from pos_client.services.gift import Gift
from pos_client.services.metering import READ_EVERY_MS, Metering
from pos_client.services.snapshots import LineSnapshot, Severity
from pos_client.value import dataclass

log = logging.getLogger(__name__)

UNAUTHORISED_DELIVERY = "unauthorised_delivery"
"""A line's alarm: fuel flows that nobody permitted."""
STUCK_MS = 300_000
"""A delivery that has not moved for so long wants a person to look at the pump."""


@dataclass(slots=True)
class Fuelling:
    """Reports of the lines in."""

    desk: Desk
    gift: Gift
    completion: Completion
    metering: Metering

    def on_line_link(self, report: r.LineLinkChanged) -> None:
        """A serial line came or went; the points on it say so for themselves."""
        self.desk.state.lines[report.line] = LineSnapshot(report.line, report.state, report.detail, report.device)

    def on_line_measured(self, report: r.LineMeasured) -> None:
        """How a line fares, for the technician; a straggler from before the line went down says nothing any more."""
        line = self.desk.state.lines.get(report.line)
        if line is not None and line.state is LinkState.UP:
            self.desk.state.lines[report.line] = replace(
                line,
                cycle_ms=report.cycle_ms,
                answered=report.answered,
                unanswered=report.unanswered,
                damaged=report.damaged,
            )

    def on_point_link(self, report: r.PointLinkChanged) -> None:
        """We hear a point, or not. What its hose is doing stays as it was."""
        track = self.desk.state.track(report.point)
        if report.state is track.link:
            return
        if report.state is LinkState.DOWN:
            track.forget_readings()
        track.link = report.state
        track.moved_ms = self.desk.now.ticks_ms
        track.since_ms = self.desk.now.ticks_ms
        track.read_again_ms = self.desk.now.ticks_ms + READ_EVERY_MS  # the line reads them first by itself

    def on_restarted(self, report: r.PointRestarted) -> None:
        """The pump lost power: what it was delivering it has forgotten, its totalizers it has not."""
        self.desk.state.track(report.point).forget_readings()

    def on_state(self, report: r.PointStateReported) -> None:
        """The pump says what it does; it is the truth even when it is unexpected."""
        track = self.desk.state.track(report.point)
        before = track.state
        if not is_expected(before, report.state):
            log.info("point %s went from %s to %s: resynchronised", report.point, before, report.state)
        if report.state is not before:
            track.since_ms = self.desk.now.ticks_ms
            track.moved_ms, track.stuck = self.desk.now.ticks_ms, False
        if report.state not in DELIVERING or (before in SUSPENDED and report.state not in SUSPENDED):
            track.stopped = False
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
        self.metering.reconcile(track)
        if track.suspected:
            self.metering.read(report.point)
        if report.state is FuellingPointState.IDLE:
            track.forget_preset()
            self.gift.on_idle(report.point)

    def on_progress(self, report: r.DeliveryProgressed) -> None:
        """Running figures for the tile."""
        track = self.desk.state.track(report.point)
        track.nozzle = report.nozzle or track.nozzle
        if report.volume_ml != track.volume_ml:
            track.moved_ms, track.stuck = self.desk.now.ticks_ms, False
        track.volume_ml, track.amount_vnd = report.volume_ml, report.amount_vnd

    def on_ended(self, report: r.DeliveryEnded) -> None:
        """A delivery is over: litres and money go into the journal, once, whoever reports them how often."""
        track = self.desk.state.track(report.point)
        watched, track.delivery_open, track.memory_lost = track.delivery_open, False, False
        unauthorised, track.unauthorised = track.unauthorised, False
        track.forget_preset()
        track.volume_ml = track.amount_vnd = 0
        last = self.desk.state.totalizers.get((report.point, report.nozzle))
        meter, end = self.desk.forecourt.meter(report.point), report.end_totalizer_ml
        step = None if last is None else meter.advance(last, end, report.volume_ml)
        if report.volume_ml == 0:
            self._nothing_told(report, step)
            return
        start = meter.on_from(end, -report.volume_ml)
        figures = Figures(report.volume_ml, report.amount_vnd, report.unit_price, start)
        match step:
            case Same():
                return  # told before
            case WentDown(by_ml=by):
                if not watched or by <= meter.tolerance_ml:
                    return  # told before
                self.metering.went_down(track, report.nozzle)  # exchanged; fuel has flowed all the same
                last = track.noted.get(report.nozzle)
            case Rose(by_ml=by) | Wrapped(by_ml=by) if report.volume_ml - by > meter.tolerance_ml:
                self.desk.notify("totalizer_mismatch", Severity.WARNING, point=report.point)
                if last is not None and track.recovered_to.get(report.nozzle) == last:
                    figures = _rest_of(report, last, by)
                last = None
        self._find_unseen(report, last, start, apart=not unauthorised)
        self.completion.complete(report.point, report.nozzle, figures, apart=unauthorised)

    def on_alarm(self, report: r.AlarmReported) -> None:
        """The dispenser raised an alarm. Fuel nobody permitted is a fuelling like any other: it has to be paid."""
        if report.code == UNAUTHORISED_DELIVERY:
            self.desk.state.track(report.point).unauthorised = True
            self.gift.on_unauthorised(report.point)
            self.desk.notify("unauthorised_delivery", Severity.ERROR, point=report.point)
            return
        self.desk.notify("pump_alarm", Severity.WARNING, point=report.point, code=report.code)

    def on_tick(self) -> None:
        """A pump that delivers and stands still is said once; nothing is guessed about it (F20)."""
        for track in self.desk.state.points.values():
            delivers = track.state is FuellingPointState.FUELLING and track.link is LinkState.UP
            if delivers and not track.stuck and self.desk.now.ticks_ms - track.moved_ms >= STUCK_MS:
                track.stuck = True
                self.desk.notify("pump_stuck", Severity.WARNING, point=track.point, minutes=STUCK_MS // 60_000)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _find_unseen(
        self, report: r.DeliveryEnded, last: Millilitres | None, start: Millilitres, *, apart: bool
    ) -> None:
        """The start of a delivery is a reading too: what passed between it and the last one, nobody saw."""
        meter = self.desk.forecourt.meter(report.point)
        step = None if last is None else meter.advance(last, start)
        if last is not None and isinstance(step, Rose | Wrapped) and step.by_ml > meter.tolerance_ml:
            self.metering.recover(report.point, report.nozzle, last, start, apart=apart)

    def _nothing_told(self, report: r.DeliveryEnded, step: Step | None) -> None:
        """A zero sale; or a pump that forgot what it delivered, which its totalizer did not."""
        if step is None or isinstance(step, Same | WentDown):
            self.gift.on_nothing_dispensed(report.point)
        else:
            self.metering.on_totalizer(r.TotalizerRead(report.point, report.nozzle, report.end_totalizer_ml))


def _rest_of(report: r.DeliveryEnded, known_end_ml: Millilitres, volume: Millilitres) -> Figures:
    """The part of a delivery that no recovery has taken yet; money in proportion to the pump's own."""
    amount = divide_half_up(report.amount_vnd * volume, report.volume_ml)
    return Figures(volume, amount, report.unit_price, known_end_ml)
