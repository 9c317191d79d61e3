"""A delivery is over: its litres and money go into the journal, and all that follows from them in the same breath."""

from __future__ import annotations

from dataclasses import replace

from pos_client.domain import facts as f
from pos_client.domain.forecourt import Grade
from pos_client.domain.identifiers import NozzleId, PointId, fuelling_id
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre, amount_of
from pos_client.domain.sale_type import SaleType
from pos_client.services.desk import Desk
from pos_client.services.gift import Gift
from pos_client.services.leases import Leases
from pos_client.services.prices import Prices
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What one delivery came to."""

    volume_ml: Millilitres
    amount_vnd: Vnd
    unit_price: VndPerLitre
    start_totalizer_ml: Millilitres
    recovered: bool = False


@dataclass(slots=True)
class Completion:
    """Writes completed fuellings; whoever proved the litres calls it."""

    desk: Desk
    gift: Gift
    leases: Leases
    prices: Prices

    def grade_of(self, point: PointId, nozzle: NozzleId) -> Grade | None:
        """The grade at a nozzle; None where nobody configured one."""
        configured = self.desk.forecourt.point(point)
        return configured.grade_of(nozzle) if configured else None

    def _priced_here(self, point: PointId, nozzle: NozzleId, figures: Figures) -> Figures:
        """A pump without a price has no money to tell: its litres cost what is in force, as litres found again do."""
        price = self.prices.price(self.grade_of(point, nozzle))
        self.prices.charged(point, nozzle, 0)
        amount = amount_of(figures.volume_ml, price)
        return replace(figures, amount_vnd=amount, unit_price=price, recovered=True)

    def complete(self, point: PointId, nozzle: NozzleId, figures: Figures, *, apart: bool = False) -> None:
        """Write a fuelling down.

        `apart`: it is not what the point was armed for, a gift or a test. It flowed before the delivery that was just
        told, or without anybody's permission.
        """
        state, now = self.desk.state, self.desk.now
        meter = self.desk.forecourt.meter(point)
        end = meter.on_from(figures.start_totalizer_ml, figures.volume_ml)
        last = state.totalizers.get((point, nozzle), figures.start_totalizer_ml)
        turned = meter.turned(last, state.turned.get((point, nozzle), 0), end, figures.volume_ml)
        grade = self.grade_of(point, nozzle)
        redemption = None if apart else state.gift_at(point)
        test = None if apart or redemption else state.test_at(point)
        if figures.unit_price == 0 and self.prices.price(grade):
            figures = self._priced_here(point, nozzle, figures)
        listed = (
            self.prices.recovered(point, nozzle, grade)
            if figures.recovered
            else self.prices.listing(point, nozzle, grade, figures.unit_price)
        )
        completed = f.FuellingCompleted(
            fuelling_id=fuelling_id(self.desk.forecourt.station, point, nozzle, end + turned),
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
            sale_type=(SaleType.PUMP_TEST if test else SaleType.SALE).value,
            listed_price=listed.listed_price,
            price_mark=listed.mark.value,
            price_set=listed.price_set,
            turned_ml=turned,
            time_quality=state.time.of_the_wall(now).value,
        )
        follow: tuple[f.Fact, ...] = ()
        items: tuple[OutboxItem, ...] = ()
        if redemption:
            follow, items = self.gift.finish(redemption, completed)
        paid = tuple(fact.sale_id for fact in follow if isinstance(fact, f.SalePaid))
        closed = (completed.fuelling_id, *paid) if paid else ()
        if test:
            follow, closed = (f.PumpTestEnded(test.test, completed.fuelling_id),), (completed.fuelling_id, test.test)
        if listed.mark is PriceMark.MISMATCH:
            self.prices.charged(point, nozzle, figures.unit_price)
        reading = (point, nozzle, end, turned)
        self.desk.record_from_pump(completed, *follow, items=items, totalizers=(reading,), closed=closed)
        track = state.track(point)
        track.suspected.pop(nozzle, None)
        track.lower.pop(nozzle, None)
        track.noted.pop(nozzle, None)
        track.compared.add(nozzle)
        if not figures.recovered:
            track.recovered_to.pop(nozzle, None)
        track.last_amount_vnd, track.last_at = figures.amount_vnd, now.wall
        if completed.fuelling_id in state.fuellings:
            state.unpaid_since_ms[completed.fuelling_id] = now.ticks_ms
        if redemption or test:
            self.leases.make_firm(completed.fuelling_id)
        if redemption:
            self.gift.finished(redemption.redemption_id)
        if test:
            self.desk.notify("pump_test_done", Severity.INFO, point=point, litres_ml=figures.volume_ml)
