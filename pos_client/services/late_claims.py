"""Points claimed after an anonymous sale, with the code of its receipt (flow 16): the code, then whose points they are.

What is claimed is the sale as the journal has it, litres and tenders; so a code is worth what was paid, and a found
receipt no more than that. Each code once, for so many hours, at this till, and so many a day for one account; central
takes one claim a sale whoever sends it (I6). A copy of a receipt carries no code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pos_client.domain import claim_code
from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling import FuellingTransaction, from_fact
from pos_client.domain.identifiers import SaleId
from pos_client.domain.sale import AttachedCustomer, Sale
from pos_client.services import outgoing
from pos_client.services.attachment import Attachment
from pos_client.services.checkout import Checkout
from pos_client.services.desk import Desk
from pos_client.services.snapshots import CustomerState, Notice, Severity
from pos_client.value import dataclass

PATIENCE_MS = 60_000
"""So long after the code somebody is waited for."""
LOOK_BACK = 5_000
"""Rows of the journal an account's other claims are looked for in."""


@dataclass(slots=True)
class Waiting:
    """A code was read; whose points they are is not known yet."""

    claim_id: str
    sale: Sale
    until_ms: int


@dataclass(slots=True)
class LateClaims:
    """One code at a time."""

    desk: Desk
    attachment: Attachment
    checkout: Checkout
    waiting: Waiting | None = None

    def read(self, text: str) -> bool:
        """Take a code; False when it is none. Raises `RuleViolation` when it is worth nothing (any more)."""
        code = claim_code.read(text)
        if code is None:
            return False
        if self.desk.state.sale_in_hand() is not None:
            raise RuleViolation("claim_over_sale")
        claim_id = claim_code.digest(code)
        self.waiting = Waiting(claim_id, self._sale_of(claim_id), self.desk.now.ticks_ms + PATIENCE_MS)
        self._ask()
        return True

    def on_tick(self) -> Notice | None:
        """Whoever stands at the counter claims, as soon as it is known who; what he is to be told."""
        waiting, present = self.waiting, self.desk.state.present
        if waiting is None:
            return None
        if self.desk.state.sale_in_hand() is not None or self.desk.now.ticks_ms >= waiting.until_ms:
            self.waiting = None
            return None
        if present is None or present.state is CustomerState.LOOKING_UP:
            return None
        return self._claim(waiting)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self) -> None:
        if self.desk.state.present is None and self.waiting is not None:
            sale = self.waiting.sale
            earned = self.checkout.earned(sale).points
            self.desk.notify(
                "claim_read", Severity.INFO, receipt=sale.receipt_number, points=earned, seconds=PATIENCE_MS // 1000
            )

    def _sale_of(self, claim_id: str) -> Sale:
        told = [entry.fact for entry in self.desk.store.entries_of(claim_id)]
        offered = next((fact for fact in told if isinstance(fact, f.ClaimOffered)), None)
        if offered is None:
            raise RuleViolation("claim_unknown")
        if any(isinstance(fact, f.ClaimUsed) for fact in told):
            raise RuleViolation("claim_used")
        hours = self.desk.settings.loyalty.late_claim_h
        if self.desk.now.wall - datetime.fromisoformat(offered.offered_at) > timedelta(hours=hours):
            raise RuleViolation("claim_too_late", hours=hours)
        return self._rebuilt(offered.sale_id)

    def _rebuilt(self, sale_id: SaleId) -> Sale:
        """The sale out of its facts: it may be from before the last start."""
        sale: Sale | None = None
        for entry in self.desk.store.entries_of(sale_id):
            match entry.fact:
                case f.SaleOpened() as opened:
                    fuelling = self._fuelling(opened.fuelling_id)
                    sale = Sale(sale_id, fuelling.apply(opened), opened.receipt_number) if fuelling else None
                case f.TenderTaken() | f.SalePaid() | f.CustomerAttached() | f.CustomerDetached() as fact:
                    sale = sale.apply(fact) if sale is not None else None
        if sale is None or sale.customer is not None:
            raise RuleViolation("claim_unknown")
        return sale

    def _fuelling(self, fuelling_id: str) -> FuellingTransaction | None:
        fuelling: FuellingTransaction | None = None
        for entry in self.desk.store.entries_of(fuelling_id):
            match entry.fact:
                case f.FuellingCompleted() as completed:
                    fuelling = from_fact(completed)
                case f.FuellingPriced() as priced if fuelling is not None:
                    fuelling = fuelling.apply(priced)
        return fuelling

    def _claim(self, waiting: Waiting) -> Notice | None:
        """Written down with its accrual, queued in the same transaction; then forgotten with the customer."""
        self.waiting = None
        attached = self.attachment.to_sale(waiting.sale.sale_id)
        if attached is None:
            return None
        self._check_day(attached.masked_identifier)
        customer = AttachedCustomer(
            attached.sealed_identifier,
            attached.masked_identifier,
            attached.masked_name,
            attached.customer_kind,
            attached.verified,
        )
        sale = replace(waiting.sale, customer=customer)
        accrual, points = self.checkout.accrual(sale), self.checkout.earned(sale).points
        stated = f.AccrualStated(accrual.accrual_id, sale.sale_id, sale.fuelling.fuelling_id)
        used = f.ClaimUsed(
            waiting.claim_id,
            accrual.accrual_id,
            customer.masked_identifier,
            customer.masked_name,
            points,
            self.desk.now.wall.isoformat(),
        )
        self.desk.record(stated, used, items=(outgoing.queue(self.desk, accrual),), closed=(waiting.claim_id,))
        self.desk.state.present = None
        return self.desk.notify("claim_made", Severity.DONE, receipt=sale.receipt_number, points=points)

    def _check_day(self, masked_identifier: str) -> None:
        """Found receipts are a known trick: so many a day for one account, and no more."""
        most, since = self.desk.settings.loyalty.late_claims_a_day, self.desk.now.wall - timedelta(days=1)
        used = [
            entry.fact
            for entry in self.desk.store.recent(LOOK_BACK)
            if isinstance(entry.fact, f.ClaimUsed) and entry.at > since
        ]
        if sum(fact.masked_identifier == masked_identifier for fact in used) >= most:
            self.desk.state.present = None
            raise RuleViolation("claim_too_many", most=most)
