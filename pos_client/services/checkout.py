"""A sale from claim to receipt. Points earn and spend here only as consequences of what was paid.

Nothing in loyalty ever stops a paid sale (I16): a tender is taken whatever central says, the claim for points goes
into the same transaction and waits in the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.forecourt import Grade
from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.identifiers import AccrualId, FuellingId, PointId, RedemptionId, SaleId
from pos_client.domain.moment import business_day
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.programme.earning import Earned, earn
from pos_client.domain.quantities import Vnd
from pos_client.domain.redemption import BEFORE_FUEL, Redemption
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.tender import CLASS_OF, Tender, TenderKind
from pos_client.ports import central as c
from pos_client.ports.errors import Unavailable
from pos_client.services import outgoing, receipts
from pos_client.services.desk import Desk
from pos_client.services.snapshots import CustomerState, Severity


@dataclass(slots=True)
class Checkout:
    """Claims, customers on sales, tenders, receipts."""

    desk: Desk

    # ── claims ─────────────────────────────────────────────────────────────────────────────────────────────────

    def select_point(self, point: PointId) -> None:
        """Open the point's sale in hand, else its oldest unpaid fuelling."""
        in_hand = next((s for s in self._in_hand() if s.fuelling.point == point), None)
        if in_hand is not None:
            self._bring_back(in_hand)
            return
        unpaid = self.desk.state.unpaid(point)
        if unpaid:
            self._claim(unpaid[0])
        else:
            self.desk.notify("nothing_to_sell", Severity.INFO, point=point)

    def select_fuelling(self, fuelling_id: FuellingId) -> None:
        """Open one particular unpaid fuelling."""
        match = next((u for u in self.desk.state.unpaid() if u.fuelling_id == fuelling_id), None)
        if match is not None:
            self._claim(match)

    def select_oldest(self) -> None:
        """Open the unpaid fuelling that waits longest."""
        unpaid = self.desk.state.unpaid()
        if unpaid:
            self._claim(unpaid[0])
        else:
            self.desk.notify("nobody_waits", Severity.INFO)

    def release(self) -> None:
        """Give the claim back, as long as nothing was paid."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            self.desk.state.present = None
            return
        if sale.state is not SaleState.OPEN or self.live_redemption(sale.sale_id):
            raise RuleViolation("sale_has_payments", receipt=sale.receipt_number)
        self.desk.record(f.SaleReleased(sale.sale_id, "cashier"), closed=(sale.sale_id,))
        self.desk.state.open_sale = None
        self.desk.state.present = None

    def live_redemption(self, sale_id: SaleId) -> Redemption | None:
        """A redemption of this sale that is still being consented to."""
        return next(
            (r for r in self.desk.state.redemptions.values() if r.sale_id == sale_id and r.state in BEFORE_FUEL), None
        )

    # ── customer ───────────────────────────────────────────────────────────────────────────────────────────────

    def attach_present(self) -> None:
        """Put the customer at the counter on the open sale; the identifier goes into the journal sealed."""
        sale = self.desk.state.sale_in_hand()
        fact = self._attachment(sale.sale_id) if sale is not None else None
        if fact is not None:
            self.desk.record(fact)

    def detach(self, by: str) -> None:
        """Take the customer off again: not him, or not any more."""
        sale = self.desk.state.sale_in_hand()
        if sale is not None and self.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        if sale is not None and sale.customer is not None:
            if sale.paid_by_points:
                raise RuleViolation("points_already_used")
            self.desk.record(f.CustomerDetached(sale.sale_id, by))
        self.desk.state.present = None

    # ── tenders ────────────────────────────────────────────────────────────────────────────────────────────────

    def take_tender(self, kind: TenderKind, amount_vnd: Vnd | None) -> None:
        """Take a part of what is due, or all of it. With nothing left due the sale is paid, printed and cleared."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            raise RuleViolation("no_open_sale")
        if kind in (TenderKind.POINTS, TenderKind.WAIVED):
            raise RuleViolation("tender_not_by_hand")
        if self.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        amount = sale.due_vnd if amount_vnd is None else amount_vnd
        sale.check_tender(kind, amount)
        taken = f.TenderTaken(sale.sale_id, kind.value, amount)
        scanned = self._still_looked_up(sale)
        for fact in (*scanned, taken):
            sale = sale.apply(fact)
        paid, items = self._if_paid(sale)
        self._write_payment(sale, (*scanned, taken, *paid), items)
        self._after_tender(sale.sale_id)

    def points_tender(self, sale: Sale, redemption: Redemption) -> tuple[tuple[f.Fact, ...], tuple[OutboxItem, ...]]:
        """The facts of paying a part of a claimed sale with consented points (flow PAY)."""
        amount = min(sale.due_vnd, redemption.points)
        taken = f.TenderTaken(sale.sale_id, TenderKind.POINTS.value, amount, redemption.redemption_id)
        paid, items = self._if_paid(sale.apply(taken))
        return (taken, *paid), items

    def after_points(self, sale_id: SaleId) -> None:
        """Once the points tender is durable."""
        self._after_tender(sale_id)

    def gift_sale(
        self, redemption: Redemption, completed: f.FuellingCompleted
    ) -> tuple[tuple[f.Fact, ...], tuple[OutboxItem, ...]]:
        """The sale of a gift: points first, a small overrun is the station's, a larger one is due from the customer."""
        sale_id = SaleId(self.desk.dice.new_id())
        opened = f.SaleOpened(sale_id, completed.fuelling_id, self._receipt_number())
        spent = min(completed.amount_vnd, redemption.points)
        facts: list[f.Fact] = [
            opened,
            f.TenderTaken(sale_id, TenderKind.POINTS.value, spent, redemption.redemption_id),
        ]
        overrun = completed.amount_vnd - spent
        if 0 < overrun <= self.desk.settings.loyalty.overrun_tolerance_vnd:
            facts.append(f.TenderTaken(sale_id, TenderKind.WAIVED.value, overrun))
            overrun = 0
        if overrun == 0:
            facts.append(f.SalePaid(sale_id, self.desk.now.wall.isoformat(), 0, "", ""))
        return tuple(facts), ()

    def show_gift_sale(self, redemption_id: RedemptionId) -> None:
        """After a gift is durable: its sale is the last one, or still open when something is due."""
        sale = next((s for s in self.desk.state.sales.values() if redemption_id in s.redemptions), None)
        if sale is None:
            return
        if sale.state is SaleState.PAID:
            self._finish(sale)
        elif self.desk.state.open_sale is None:
            self.desk.state.open_sale = sale.sale_id

    def reprint(self) -> None:
        """Print the last receipt again, marked as a copy."""
        receipt = receipts.last(self.desk, copy=True)
        if receipt is None:
            raise RuleViolation("no_receipt_yet")
        self.desk.printer.print(receipt)

    def preview(self, sale: Sale, kind: TenderKind) -> Earned:
        """What paying all that is due with one tender would earn, on top of what was tendered already."""
        return self._earned(sale, (*sale.tenders, Tender(kind, sale.due_vnd)))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_hand(self) -> list[Sale]:
        return [s for s in self.desk.state.sales.values() if s.state in (SaleState.OPEN, SaleState.TENDERING)]

    def _claim(self, fuelling: FuellingTransaction) -> None:
        waiting_customer = self.desk.state.open_sale is None
        self._put_aside()
        if not waiting_customer:
            self.desk.state.present = None
        sale_id = SaleId(self.desk.dice.new_id())
        opened = f.SaleOpened(sale_id, fuelling.fuelling_id, self._receipt_number())
        attached = self._attachment(sale_id)
        self.desk.record(*((opened,) if attached is None else (opened, attached)))
        self.desk.state.open_sale = sale_id

    def _bring_back(self, sale: Sale) -> None:
        """A sale that was put aside comes to the front again; whoever stood there for another one does not."""
        state = self.desk.state
        if state.open_sale == sale.sale_id:
            return
        if state.open_sale is not None or sale.customer is not None or sale.paid_by_points:
            self._put_aside()
            state.present = None
        state.open_sale = sale.sale_id
        self.attach_present()

    def _put_aside(self) -> None:
        """Another sale comes to the front: an untouched one is given back, any other stays in hand."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            return
        if self.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        if sale.state is SaleState.OPEN and sale.customer is None:
            self.desk.record(f.SaleReleased(sale.sale_id, "another sale"), closed=(sale.sale_id,))
        self.desk.state.open_sale = None

    def _still_looked_up(self, sale: Sale) -> tuple[f.CustomerAttached, ...]:
        """Paid faster than central answers: whoever was scanned earns all the same, known by what was scanned."""
        present = self.desk.state.present
        if present is None or present.state is not CustomerState.LOOKING_UP or sale.paid_by_points:
            return ()
        attached = self._attachment(sale.sale_id, unanswered=True)
        return () if attached is None else (attached,)

    def _attachment(self, sale_id: SaleId, *, unanswered: bool = False) -> f.CustomerAttached | None:
        present = self.desk.state.present
        if present is None or (present.state is CustomerState.LOOKING_UP and not unanswered):
            return None
        customer = present.customer
        try:
            sealed = self.desk.wire.seal_identifier(present.identifier)
        except Unavailable as no_key:  # the sale goes on without him (I16); an unsealed name is never stored (I19)
            self.desk.trouble_with_store(no_key)
            self.desk.state.present = None
            return None
        return f.CustomerAttached(
            sale_id=sale_id,
            sealed_identifier=sealed,
            masked_identifier=customer.display_id if customer else present.masked_identifier,
            masked_name=customer.masked_name if customer else "",
            customer_kind=customer.kind.value if customer else "",
            verified=customer is not None,
        )

    def _if_paid(self, sale: Sale) -> tuple[tuple[f.Fact, ...], tuple[OutboxItem, ...]]:
        """With nothing due any more: the sale is paid, and the claim for points is made in the same breath."""
        if sale.due_vnd != 0:
            return (), ()
        earned = self._earned(sale, sale.tenders)
        worthwhile = sale.customer is not None and sale.paid_by_points < sale.fuelling.amount_vnd
        points = earned.points if worthwhile else 0
        paid = f.SalePaid(sale.sale_id, self.desk.now.wall.isoformat(), points, earned.formula_vi, earned.formula_en)
        if not worthwhile:
            return (paid,), ()
        accrual = self._accrual(sale)
        stated = f.AccrualStated(accrual.accrual_id, sale.sale_id, sale.fuelling.fuelling_id)
        return (paid, stated), (outgoing.queue(self.desk, accrual),)

    def _accrual(self, sale: Sale) -> c.Accrue:
        fuelling = sale.fuelling
        assert sale.customer is not None
        return c.Accrue(
            accrual_id=AccrualId(self.desk.dice.new_id()),
            sealed_identifier=sale.customer.sealed_identifier,
            receipt_number=sale.receipt_number,
            point=fuelling.point,
            nozzle=fuelling.nozzle,
            grade_code=fuelling.grade_code,
            unit_price=fuelling.unit_price,
            volume_ml=fuelling.volume_ml,
            amount_vnd=fuelling.amount_vnd,
            end_totalizer_ml=fuelling.end_totalizer_ml,
            fuelled_at=fuelling.finished_at,
            tenders=tuple((CLASS_OF[t.kind], t.amount_vnd) for t in sale.tenders),
        )

    def _write_payment(self, sale: Sale, facts: tuple[f.Fact, ...], items: tuple[OutboxItem, ...]) -> None:
        paid = any(isinstance(fact, f.SalePaid) for fact in facts)
        closed = (sale.sale_id, sale.fuelling.fuelling_id) if paid else ()
        self.desk.record(*facts, items=items, closed=closed)

    def _after_tender(self, sale_id: SaleId) -> None:
        sale = self.desk.state.sales[sale_id]
        if sale.state is SaleState.PAID:
            self._finish(sale)

    def _finish(self, sale: Sale) -> None:
        state = self.desk.state
        state.last_sale = sale.sale_id
        if state.open_sale == sale.sale_id:
            state.open_sale = state.present = None
        receipt = receipts.last(self.desk)
        if receipt is not None:
            self.desk.printer.print(receipt)

    def _earned(self, sale: Sale, tenders: tuple[Tender, ...]) -> Earned:
        day = business_day(datetime.fromisoformat(sale.fuelling.finished_at))
        parts = [(CLASS_OF[tender.kind], tender.amount_vnd) for tender in tenders]
        grade = self._grade(sale)
        return earn(self.desk.profile, parts, day, earns=grade is None or grade.earns)

    def _grade(self, sale: Sale) -> Grade | None:
        configured = self.desk.forecourt.point(sale.fuelling.point)
        return configured.grade_of(sale.fuelling.nozzle) if configured else None

    def _receipt_number(self) -> str:
        station = self.desk.settings.station
        number = self.desk.state.receipt_counter + 1
        return f"{station.station}-{station.terminal}-{self.desk.now.wall:%y%m%d}-{number:05d}"
