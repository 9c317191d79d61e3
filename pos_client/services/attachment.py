"""Customers on sales: attached when they are known, taken off when they were not meant.

The identifier goes into the journal sealed to head office; without head office's key nobody is attached and the sale
goes on (I16), because an unsealed name is never stored (I19).
"""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import SaleId
from pos_client.domain.sale import Sale
from pos_client.ports.errors import Unavailable
from pos_client.services.desk import Desk
from pos_client.services.snapshots import CustomerState
from pos_client.value import dataclass


@dataclass(slots=True)
class Attachment:
    """Puts the customer at the counter on a sale, and takes him off again."""

    desk: Desk

    def attach(self) -> None:
        """Put the customer at the counter on the open sale; the identifier goes into the journal sealed."""
        sale = self.desk.state.sale_in_hand()
        fact = self.to_sale(sale.sale_id) if sale is not None else None
        if fact is not None:
            self.desk.record(fact)

    def detach(self, by: str) -> None:
        """Take the customer off again: not him, or not any more."""
        sale = self.desk.state.sale_in_hand()
        if sale is not None and self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        if sale is not None and sale.customer is not None:
            if sale.paid_by_points:
                raise RuleViolation("points_already_used")
            self.desk.record(f.CustomerDetached(sale.sale_id, by))
        self.desk.state.present = None

    def still_looked_up(self, sale: Sale) -> tuple[f.CustomerAttached, ...]:
        """Paid faster than central answers: whoever was scanned earns all the same, known by what was scanned."""
        present = self.desk.state.present
        if present is None or present.state is not CustomerState.LOOKING_UP or sale.paid_by_points:
            return ()
        attached = self.to_sale(sale.sale_id, unanswered=True)
        return () if attached is None else (attached,)

    def to_sale(self, sale_id: SaleId, *, unanswered: bool = False) -> f.CustomerAttached | None:
        """The fact that puts whoever stands here on a sale; None for nobody, or nobody whose name can be sealed.

        `unanswered`: also somebody head office has not told about yet, known by what was scanned.
        """
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
