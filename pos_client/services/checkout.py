"""A sale from claim to receipt. Points earn and spend here only as consequences of what was paid.

Nothing in loyalty ever stops a paid sale (I16): a tender is taken whatever central says, the claim for points goes
into the same transaction and waits in the outbox.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from pos_client.domain import claim_code
from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.forecourt import Grade
from pos_client.domain.identifiers import AccrualId, RedemptionId, SaleId
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.moment import business_day
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.programme.earning import Earned, earn
from pos_client.domain.quantities import Vnd
from pos_client.domain.redemption import Redemption
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.tender import CLASS_OF, Tender, TenderKind
from pos_client.ports import central as c
from pos_client.ports.errors import Unavailable
from pos_client.services import outgoing, receipts
from pos_client.services.attachment import Attachment
from pos_client.services.claiming import Claiming
from pos_client.services.desk import Desk
from pos_client.value import dataclass


@dataclass(slots=True)
class Checkout:
    """Tenders and receipts."""

    desk: Desk
    attachment: Attachment
    claiming: Claiming

    # ── tenders ────────────────────────────────────────────────────────────────────────────────────────────────

    def take_tender(self, kind: TenderKind, amount_vnd: Vnd | None) -> None:
        """Take a part of what is due, or all of it. With nothing left due the sale is paid, printed and cleared."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            raise RuleViolation("no_open_sale")
        if kind in (TenderKind.POINTS, TenderKind.WAIVED):
            raise RuleViolation("tender_not_by_hand")
        if self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        amount = sale.due_vnd if amount_vnd is None else amount_vnd
        if not sale.fuelling.has_price:
            raise RuleViolation("fuelling_without_price", point=sale.fuelling.point, litres_ml=sale.fuelling.volume_ml)
        sale.check_tender(kind, amount)
        self.claiming.make_firm(sale)
        taken = f.TenderTaken(sale.sale_id, kind.value, amount)
        scanned = self.attachment.still_looked_up(sale)
        for fact in (*scanned, taken):
            sale = sale.apply(fact)
        paid, items = self._if_paid(sale)
        self._write_payment(sale, (*scanned, taken, *paid), items)
        self._after_tender(sale.sale_id)

    def before_points(self, redemption: Redemption) -> None:
        """Raises `RuleViolation` when another till has claimed meanwhile what these points were to pay."""
        assert redemption.sale_id is not None
        self.claiming.make_firm(self.desk.state.sales[redemption.sale_id])

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
        opened = f.SaleOpened(sale_id, completed.fuelling_id, self.desk.receipt_number())
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
        """Print the last receipt again, marked as a copy; the copy is written down, where the disk still takes it."""
        receipt, sale_id = receipts.last(self.desk, copy=True), self.desk.state.last_sale
        if receipt is None or sale_id is None:
            raise RuleViolation("no_receipt_yet")
        again = f.ReceiptReprinted(self.desk.dice.new_id(), sale_id, self.desk.now.wall.isoformat())
        with suppress(Unavailable):  # a customer's paper waits for no disk
            self.desk.record(again, closed=(again.reprint_id,))
        self.desk.printer.print(receipt)

    def print_bill(self) -> None:
        """Print what the open sale comes to so far; it is not a receipt, and says so."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            raise RuleViolation("no_open_sale")
        self.desk.printer.print(receipts.of_sale(self.desk, sale))

    def preview(self, sale: Sale, kind: TenderKind) -> Earned:
        """What paying all that is due with one tender would earn, on top of what was tendered already."""
        return self._earned(sale, (*sale.tenders, Tender(kind, sale.due_vnd)))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _if_paid(self, sale: Sale) -> tuple[tuple[f.Fact, ...], tuple[OutboxItem, ...]]:
        """With nothing due any more: the sale is paid, and the claim for points is made in the same breath."""
        if sale.due_vnd != 0:
            return (), ()
        earned = self._earned(sale, sale.tenders)
        worthwhile = sale.customer is not None and sale.paid_by_points < sale.fuelling.amount_vnd
        points = earned.points if worthwhile else 0
        paid = f.SalePaid(sale.sale_id, self.desk.now.wall.isoformat(), points, earned.formula_vi, earned.formula_en)
        if not worthwhile:
            return (paid, *self._offer(sale, earned)), ()
        accrual = self.accrual(sale)
        stated = f.AccrualStated(accrual.accrual_id, sale.sale_id, sale.fuelling.fuelling_id)
        return (paid, stated), (outgoing.queue(self.desk, accrual),)

    def _offer(self, sale: Sale, earned: Earned) -> tuple[f.ClaimOffered, ...]:
        """Nobody was named, and it would have brought points: the receipt gets a code to claim them with (flow 16)."""
        nothing = sale.customer is not None or sale.redemptions or not earned.points
        if nothing or not self.desk.settings.loyalty.late_claim_h:
            return ()
        code = claim_code.of_chance(self.desk.dice.new_id())
        self.desk.state.claim_codes = {sale.sale_id: code}
        return (f.ClaimOffered(claim_code.digest(code), sale.sale_id, self.desk.now.wall.isoformat()),)

    def accrual(self, sale: Sale) -> c.Accrue:
        """The claim for the points of a paid sale, for the customer on it."""
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
            end_totalizer_ml=fuelling.end_odometer_ml,
            fuelled_at=fuelling.finished_at,
            tenders=tuple((CLASS_OF[t.kind], t.amount_vnd) for t in sale.tenders),
            time_quality=fuelling.time_quality or TimeQuality.WALL.value,  # an older program did not say
        )

    def _write_payment(self, sale: Sale, facts: tuple[f.Fact, ...], items: tuple[OutboxItem, ...]) -> None:
        paid = any(isinstance(fact, f.SalePaid) for fact in facts)
        offered = tuple(fact.claim_id for fact in facts if isinstance(fact, f.ClaimOffered))
        closed = (sale.sale_id, sale.fuelling.fuelling_id, *offered) if paid else ()
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
            self.desk.printer.print(replace(receipt, claim_code=state.claim_codes.pop(sale.sale_id, "")))

    def earned(self, sale: Sale) -> Earned:
        """What a paid sale is worth by its own tenders."""
        return self._earned(sale, sale.tenders)

    def _earned(self, sale: Sale, tenders: tuple[Tender, ...]) -> Earned:
        day = business_day(datetime.fromisoformat(sale.fuelling.finished_at))
        parts = [(CLASS_OF[tender.kind], tender.amount_vnd) for tender in tenders]
        grade = self._grade(sale)
        return earn(self.desk.profile, parts, day, earns=grade is None or grade.earns)

    def _grade(self, sale: Sale) -> Grade | None:
        configured = self.desk.forecourt.point(sale.fuelling.point)
        return configured.grade_of(sale.fuelling.nozzle) if configured else None
