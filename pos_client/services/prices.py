"""The prices in force, and what each pump shows: where they differ nothing new is permitted (I17).

What has flowed is paid all the same: the pump's money is the truth, the fuelling only says what was odd about its
price. So this fails closed on permits and points, and open on sales (I16).

A pump's price is heard when it was told a new one and reads it back, at nozzle lift, and from what it charged. Silence
is no mismatch; not every dispenser can say the price of a nozzle that hangs.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.forecourt import FuellingPoint, Grade
from pos_client.domain.formatting import timestamp
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId, PriceSetId
from pos_client.domain.price_book import PriceBook, PriceSet, adoption
from pos_client.domain.price_mark import Lift, Listing, PriceMark, listing, recovered_listing
from pos_client.domain.prices import PriceList
from pos_client.domain.quantities import VndPerLitre
from pos_client.ports import reports as r
from pos_client.services.desk import Desk
from pos_client.services.pump_prices import Difference, PumpPrices
from pos_client.services.snapshots import GradePrice, Severity
from pos_client.services.tracks import PointTrack
from pos_client.value import dataclass

_S = FuellingPointState
NOZZLE_OUT = DELIVERING | {_S.CALLING}
NOTE_EVERY_MS = 1_000
"""How exactly the last moment of rest is known when no report ends it."""


@dataclass(slots=True)
class Prices:
    """Keeps the prices in force, and holds pumps and fuellings against them."""

    desk: Desk
    listed: PriceList
    _pumps: dict[PointId, PumpPrices] = field(default_factory=dict)
    _quiet_until: datetime | None = None
    _behind: bool = False
    _noted_ms: int = 0
    _drawn: tuple[PriceSetId, tuple[GradePrice, ...]] | None = None
    _found: tuple[PriceBook, datetime] = field(init=False)
    """what was written down when the program began, and when that was"""

    # ── the set in force ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def held(self) -> PriceSet:
        """The set in force; there is one from `start` on."""
        held = self.desk.state.price_book.held
        assert held is not None
        return held

    def start(self) -> None:
        """Adopt what is in force now, unless the books say that it is; what each pump showed last they know too."""
        found = self.desk.state.price_book
        self._adopt()
        self._found = (found, self.instant())
        for fact in found.shown.values():
            self.pump(fact.point).shown.update(fact.shown)

    def keep_up(self) -> None:
        """Adopt what has come into force by now."""
        wall, held = self.desk.now.wall, self.held
        behind = held.since is not None and wall < held.since
        if behind and not self._behind:
            assert held.since is not None
            self.desk.notify("clock_behind_prices", Severity.WARNING, since=timestamp(held.since))
        self._behind = behind
        if self._quiet_until is not None and wall >= self._quiet_until and self._adopt():
            self._announce()

    def instant(self) -> datetime:
        """The instant that counts for prices at this moment."""
        return self.held.instant(self.desk.now.wall)

    def price(self, grade: Grade | None) -> VndPerLitre:
        """The price in force; 0: not for sale."""
        return self.held.price(grade.code) if grade is not None else 0

    def price_at(self, grade: Grade, at: datetime) -> VndPerLitre:
        """The price the list had at an instant; 0: none."""
        entry = self.listed.in_force(grade.code, at)
        return entry.unit_price if entry is not None else 0

    def shown_at(self, track: PointTrack, grade: Grade | None) -> VndPerLitre:
        """The price beside a point's figures: the pump's own while its nozzle is out, else the one in force."""
        shown = self.pump(track.point).shown.get(track.nozzle) if track.nozzle is not None else None
        return shown if shown is not None else self.price(grade)

    def board(self) -> tuple[GradePrice, ...]:
        """Every grade's price in force and the next one, for screens and for lines that start."""
        if self._drawn is None or self._drawn[0] != self.held.price_set:
            at = self.instant()
            board = tuple(self._board(grade.code, grade.name, at) for grade in self.desk.settings.grades)
            self._drawn = (self.held.price_set, board)
        return self._drawn[1]

    # ── what pumps say ─────────────────────────────────────────────────────────────────────────────────────────

    def on_shown(self, report: r.PriceShown) -> None:
        """A pump says which price a nozzle has."""
        pump = self.pump(report.point)
        pump.said.add(report.nozzle)
        self._take(report.point, report.nozzle, report.unit_price)
        if not pump.being_told:
            self.complain(report.point)

    def took(self, point: PointId, prices: tuple[tuple[NozzleId, VndPerLitre], ...]) -> None:
        """A pump has taken prices and read them back; what it said of a nozzle itself meanwhile stands."""
        pump = self.pump(point)
        for nozzle, price in prices:
            if nozzle not in pump.said:
                self._take(point, nozzle, price)

    def charged(self, point: PointId, nozzle: NozzleId, price: VndPerLitre) -> None:
        """A delivery was charged at a price that is not the list's: that is what the pump has."""
        self._take(point, nozzle, price)
        self.complain(point)

    def on_point_link(self, report: r.PointLinkChanged) -> None:
        """A pump fell silent or is heard anew: what it showed before may have been changed by others."""
        track = self.desk.state.track(report.point)
        if report.state is not track.link:
            self._note(track)
            self._begin_anew(track)

    def on_restarted(self, report: r.PointRestarted) -> None:
        """A pump lost power, and its prices with it."""
        track = self.desk.state.track(report.point)
        self._note(track)
        self._begin_anew(track)
        self.pump(report.point).shown.clear()

    def on_state(self, report: r.PointStateReported) -> None:
        """A nozzle goes out, and the price of its delivery is fixed; the track still has the state before.

        A change may come between lift and permit: a pump that shows it by then fuels at the new price, as its customer
        sees, and it is as if he had lifted the nozzle now.
        """
        track = self.desk.state.track(report.point)
        pump, before = self.pump(report.point), track.state
        self._note(track)
        if report.state not in NOZZLE_OUT:
            pump.rested = True
        elif pump.lift is None or before not in NOZZLE_OUT:
            pump.lift = Lift(self.instant(), self.held, seen=pump.rested, hung_at=pump.hung_at)
        elif (pump.rested or before is _S.CALLING) and report.state in DELIVERING and before not in DELIVERING:
            configured = self.desk.forecourt.point(report.point)
            grade = configured.grade_of(report.nozzle) if configured else None
            if report.nozzle is not None and pump.shown.get(report.nozzle) == self.price(grade):
                pump.lift = Lift(self.instant(), self.held)

    def on_tick(self) -> None:
        """Write down which pumps have come to show the prices in force; note since when nothing can have flowed."""
        held, now_ms = self.held, self.desk.now.ticks_ms
        price_set, pumps = held.price_set, self._pumps
        for configured in self.desk.forecourt.points:
            pump = pumps.get(configured.point)
            if pump is None or pump.written != price_set:
                self._write_down(configured, held)
        if now_ms - self._noted_ms >= NOTE_EVERY_MS:
            self._noted_ms = now_ms
            for track in self.desk.state.points.values():
                self._note(track)

    # ── differences ────────────────────────────────────────────────────────────────────────────────────────────

    def pump(self, point: PointId) -> PumpPrices:
        """What is known of one pump's prices."""
        pump = self._pumps.get(point)
        if pump is None:
            pump = self._pumps[point] = PumpPrices()
        return pump

    def unsettled(self) -> list[FuellingPoint]:
        """The pumps that have not shown the prices in force since they were last heard anew."""
        price_set, pumps = self.held.price_set, self._pumps
        return [
            each
            for each in self.desk.forecourt.points
            if ((pump := pumps.get(each.point)) is None or pump.settled != price_set) and not self.shows_all(each)
        ]

    def shows_all(self, configured: FuellingPoint) -> bool:
        """Whether a pump has said the price in force of every nozzle since it was last heard anew."""
        pump, held = self.pump(configured.point), self.held
        if pump.settled == held.price_set:
            return True
        if all(
            n.nozzle in pump.heard and pump.shown.get(n.nozzle) == held.price(n.grade.code) for n in configured.nozzles
        ):
            pump.settled = held.price_set
        return pump.settled == held.price_set

    def difference(self, point: PointId) -> Difference | None:
        """The first nozzle of a pump with another price than the list's.

        While fuel flows the price of the nozzle lift is the right one, whatever has come into force since.
        """
        configured, track, pump = self.desk.forecourt.point(point), self.desk.state.track(point), self.pump(point)
        if configured is None or pump.settled == self.held.price_set:
            return None
        flows = track.state in DELIVERING
        for nozzle in configured.nozzles:
            shown, wanted = pump.shown.get(nozzle.nozzle), self.price(nozzle.grade)
            if shown is None or shown == wanted:
                continue
            if not flows or self.listing(point, nozzle.nozzle, nozzle.grade, shown).mark is PriceMark.MISMATCH:
                return Difference(point, nozzle.nozzle, nozzle.grade, shown, wanted)
        return None

    def obstacle(self, point: PointId) -> RuleViolation | None:
        """Why prices forbid permitting a delivery at a point; None: they do not."""
        configured, track = self.desk.forecourt.point(point), self.desk.state.track(point)
        sold = {n.nozzle for n in configured.nozzles if self.price(n.grade) > 0} if configured else set()
        if configured is None or not sold or (track.nozzle is not None and track.nozzle not in sold):
            return RuleViolation("nozzle_not_for_sale", point=point)
        for nozzle in configured.nozzles:
            price, step = self.price(nozzle.grade), configured.price_step
            if price % step:
                return RuleViolation(
                    "price_not_showable", point=point, grade=nozzle.grade.name, list_price=price, step=step
                )
        found = self.difference(point)
        return None if found is None else RuleViolation("price_differs", **found.words())

    def complain(self, point: PointId) -> None:
        """Say that a pump has a wrong price, once for each wrong price."""
        pump, found = self.pump(point), self.difference(point)
        if found is not None and found != pump.complained:
            self.desk.notify("price_differs", Severity.ERROR, **found.words())
        pump.complained = found

    # ── what a fuelling says ───────────────────────────────────────────────────────────────────────────────────

    def listing(self, point: PointId, nozzle: NozzleId, grade: Grade | None, pump_price: VndPerLitre) -> Listing:
        """Hold the price of a delivery that ends now against the list."""
        pump, now = self.pump(point), self.instant()
        lift = pump.lift or Lift(now, self.held, seen=False, hung_at=pump.proved.get(nozzle))
        code = grade.code if grade is not None else ""
        return listing(code, pump_price, lift, now, self.listed, self._possible(point, code, lift.hung_at, lift.at))

    def recovered(self, point: PointId, nozzle: NozzleId, grade: Grade | None) -> Listing:
        """The price of litres that are found now."""
        code = grade.code if grade is not None else ""
        proved = self.pump(point).proved.get(nozzle)
        return recovered_listing(code, self.held, self._possible(point, code, proved, self.instant()))

    def _possible(self, point: PointId, code: str, since: datetime | None, at: datetime) -> frozenset[VndPerLitre]:
        """The prices that may have held when fuel began to flow unseen, at some time up to `at`. `since`: when that was
        certainly still to come; None: not since the program began, so what was written down then has to tell."""
        if since is not None:
            return self.listed.held_between(code, since, at)
        found, began = self._found
        return found.may_have_held(code, point) | self.listed.held_between(code, began, at)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _adopt(self) -> bool:
        """Write down a new set when there is one; whether prices changed by it."""
        held = self.desk.state.price_book.held
        wanted = adoption(held, self.listed, self.desk.now.wall, PriceSetId(self.desk.dice.new_id()))
        if wanted is not None:
            self._write(wanted)
        self._quiet_until = self.listed.next_change(self.instant())
        return held is not None and held.prices != self.held.prices

    def _write(self, fact: f.PricesAdopted | f.PumpPriced) -> None:
        """It is so, whatever the disk says of it."""
        closed = self.desk.state.price_book.closed_by(fact)
        self.desk.record_from_pump(fact, totalizers=(), closed=closed)

    def _write_down(self, configured: FuellingPoint, held: PriceSet) -> None:
        """A pump shows the prices in force, and all it ever dispensed is in the books: what it dispenses from here on
        flows at these prices, whoever watches it."""
        pump, compared = self.pump(configured.point), self.desk.state.track(configured.point).compared
        if not self.shows_all(configured) or any(n.nozzle not in compared for n in configured.nozzles):
            return
        pump.written = held.price_set
        last = self.desk.state.price_book.shown_by(configured.point)
        if last is None or last.prices != held.prices:
            self._write(f.PumpPriced(held.price_set, configured.point, tuple(sorted(pump.shown.items()))))

    def _announce(self) -> None:
        """Tell the cashier, unless something more urgent stands there."""
        notice, since = self.desk.state.notice, self.held.since
        if since is not None and (notice is None or notice.severity in (Severity.INFO, Severity.DONE)):
            self.desk.notify("prices_changed", Severity.INFO, since=timestamp(since))

    def _take(self, point: PointId, nozzle: NozzleId, price: VndPerLitre) -> None:
        pump = self.pump(point)
        pump.shown[nozzle], pump.settled = price, None
        pump.heard.add(nozzle)

    def _note(self, track: PointTrack) -> None:
        """Up to now nothing has flowed beside the books, and the nozzles hang."""
        pump, at = self.pump(track.point), self.instant()
        if track.link is LinkState.UP:
            pump.proved.update(dict.fromkeys(track.compared, at))
            pump.hung_at = at if pump.rested and track.state not in NOZZLE_OUT else pump.hung_at

    def _begin_anew(self, track: PointTrack) -> None:
        pump = self.pump(track.point)
        pump.heard.clear()
        pump.rested, pump.settled = False, None
        if track.state not in NOZZLE_OUT:
            pump.lift = None  # whatever is told after the silence was lifted in it

    def _board(self, code: str, name: str, at: datetime) -> GradePrice:
        held, coming = self.listed.in_force(code, at), self.listed.next_entry(code, at)
        return GradePrice(
            code=code,
            name=name,
            unit_price=self.held.price(code),
            since=held.effective_from if held else None,
            next_price=coming.unit_price if coming else None,
            next_at=coming.effective_from if coming else None,
        )
