"""Totalizers against the books: what nobody saw flow is found, and what goes down is said.

A reading outside a delivery is believed when it has been read twice alike. If it does not follow from the last known
one, litres have passed that nobody saw: they become a *recovered* fuelling, never a silent gap (I2). What a lower
reading means is decided in `domain/totalizer.py`. A meter that went down is written down, once, and proves no litres:
the books keep the reading they have until a delivery's end is told from the new one.
"""

from __future__ import annotations

import logging

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import Millilitres, amount_of
from pos_client.domain.totalizer import Same, WentDown
from pos_client.ports import reports as r
from pos_client.ports.dispensers import ReadTotalizers
from pos_client.services.completion import Completion, Figures
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.services.tracks import PointTrack
from pos_client.value import dataclass

log = logging.getLogger(__name__)

END_WITHIN_MS = 30_000
"""A delivery's end that was not told this long after the point came to rest is not waited for: totalizers decide."""
READ_EVERY_MS = 5_000
"""How often a point at rest is asked for totalizers that nobody has compared with the books yet."""


@dataclass(slots=True)
class Metering:
    """Compares readings with the books."""

    desk: Desk
    completion: Completion

    def on_totalizer(self, report: r.TotalizerRead) -> None:
        """A reading outside a delivery. A rise is litres nobody saw; it is believed when it is read twice alike."""
        nozzle, reading = report.nozzle, report.totalizer_ml
        track = self.desk.state.track(report.point)
        last = self.desk.state.totalizers.get((report.point, nozzle))
        step = None if last is None else self.desk.forecourt.meter(report.point).advance(last, reading)
        if step is None or last is None:
            track.compared.add(nozzle)
            self._note(report)
            self.reconcile(track)
            track.reconciled = False  # there was nothing to compare it with
        elif isinstance(step, Same):
            track.suspected.pop(nozzle, None)
            track.lower.pop(nozzle, None)
            track.noted.pop(nozzle, None)
            track.compared.add(nozzle)
            self.reconcile(track)
        elif isinstance(step, WentDown):
            track.compared.discard(nozzle)
            self._read_lower(track, report, step)
        elif track.state in DELIVERING or self._end_expected(track):
            track.compared.discard(nozzle)  # still growing, or the pump is about to tell its own figures
        elif track.suspected.get(nozzle) != reading:
            track.compared.discard(nozzle)
            track.suspected[nozzle] = reading
            self.read(report.point)
        else:
            track.delivery_open = track.memory_lost = False
            track.recovered_to[nozzle] = reading
            unauthorised, track.unauthorised = track.unauthorised, False
            self.recover(report.point, nozzle, last, reading, apart=unauthorised)

    def on_tick(self) -> None:
        """Ask again for what was asked and not answered: a rise read once, an end never told, a nozzle never read."""
        for track in self.desk.state.points.values():
            nozzles = self.nozzles(track.point)
            if nozzles <= track.compared or nozzles <= track.compared | track.lower.keys():
                continue
            at_rest = track.state in CAN_AUTHORISE or track.state is FuellingPointState.AUTHORISED
            ready = track.link is LinkState.UP and at_rest and not self._end_expected(track)
            if ready and self.desk.now.ticks_ms >= track.read_again_ms:
                self.read(track.point)

    def nozzles(self, point: PointId) -> frozenset[NozzleId]:
        """The nozzles configured at a point."""
        configured = self.desk.forecourt.point(point)
        return configured.numbers if configured else frozenset()

    def read(self, point: PointId) -> None:
        """Ask a point for its totalizers."""
        self.desk.state.track(point).read_again_ms = self.desk.now.ticks_ms + READ_EVERY_MS
        self.desk.dispensers.send(ReadTotalizers(self.desk.dice.new_id(), point))

    def reconcile(self, track: PointTrack) -> None:
        """After a silence: the point is at rest and all its totalizers agree with the books, so nothing was missed."""
        if track.memory_lost and track.state in CAN_AUTHORISE and self.nozzles(track.point) <= track.compared:
            track.memory_lost = track.delivery_open = False
            track.reconciled = True

    def went_down(self, track: PointTrack, nozzle: NozzleId) -> None:
        """Say that a totalizer does not follow from the books."""
        log.info("totalizer of point %s nozzle %s went down", track.point, nozzle)
        self.desk.notify("totalizer_went_down", Severity.ERROR, point=track.point, nozzle=nozzle)

    def recover(
        self, point: PointId, nozzle: NozzleId, start: Millilitres, end: Millilitres, *, apart: bool = False
    ) -> None:
        """Litres without a delivery: known volume, money = litres x price in force.

        `apart`: they are not what the point was armed for.
        """
        price = self.completion.prices.price(self.completion.grade_of(point, nozzle))
        volume = self.desk.forecourt.meter(point).distance(start, end)
        figures = Figures(volume, amount_of(volume, price), price, start, recovered=True)
        self.completion.complete(point, nozzle, figures, apart=apart)
        self.desk.notify("fuelling_recovered", Severity.WARNING, point=point, litres_ml=volume)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _end_expected(self, track: PointTrack) -> bool:
        """The pump saw its delivery through and has not told its end yet."""
        at_rest_ms = self.desk.now.ticks_ms - track.since_ms
        return track.delivery_open and not track.memory_lost and at_rest_ms <= END_WITHIN_MS

    def _read_lower(self, track: PointTrack, report: r.TotalizerRead, step: WentDown) -> None:
        """Said when it is read, written down when it is read a second time alike."""
        nozzle, reading = report.nozzle, report.totalizer_ml
        if track.lower.get(nozzle) != reading:
            track.lower[nozzle] = reading
            self.went_down(track, nozzle)
            self.read(report.point)
        elif track.noted.get(nozzle) != reading:
            track.noted[nozzle] = reading
            self._note(report, -step.by_ml)

    def _note(self, report: r.TotalizerRead, gap_ml: Millilitres = 0) -> None:
        """A first reading becomes the books' own; one that cannot be explained is only written down."""
        reading = self.desk.dice.new_id()
        base = () if gap_ml else ((report.point, report.nozzle, report.totalizer_ml, 0),)
        noted = f.TotalizerNoted(reading, report.point, report.nozzle, report.totalizer_ml, gap_ml)
        self.desk.record_from_pump(noted, totalizers=base, closed=(reading,))
