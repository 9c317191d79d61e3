"""Which sale is at the counter: claimed, put aside, brought back, given back.

Selecting a point's fuelling claims it for this till and opens its sale in the same step.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.identifiers import FuellingId, PointId, SaleId
from pos_client.domain.sale import Sale, SaleState
from pos_client.services.attachment import Attachment
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity


@dataclass(slots=True)
class Claiming:
    """Opens sales for fuellings, and gives them back."""

    desk: Desk
    attachment: Attachment

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
        if sale.state is not SaleState.OPEN or self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("sale_has_payments", receipt=sale.receipt_number)
        self.desk.record(f.SaleReleased(sale.sale_id, "cashier"), closed=(sale.sale_id,))
        self.desk.state.open_sale = None
        self.desk.state.present = None

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_hand(self) -> list[Sale]:
        return [s for s in self.desk.state.sales.values() if s.state in (SaleState.OPEN, SaleState.TENDERING)]

    def _claim(self, fuelling: FuellingTransaction) -> None:
        waiting_customer = self.desk.state.open_sale is None
        self._put_aside()
        if not waiting_customer:
            self.desk.state.present = None
        sale_id = SaleId(self.desk.dice.new_id())
        opened = f.SaleOpened(sale_id, fuelling.fuelling_id, self.desk.receipt_number())
        attached = self.attachment.to_sale(sale_id)
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
        self.attachment.attach()

    def _put_aside(self) -> None:
        """Another sale comes to the front: an untouched one is given back, any other stays in hand."""
        sale = self.desk.state.sale_in_hand()
        if sale is None:
            return
        if self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        if sale.state is SaleState.OPEN and sale.customer is None:
            self.desk.record(f.SaleReleased(sale.sale_id, "another sale"), closed=(sale.sale_id,))
        self.desk.state.open_sale = None
