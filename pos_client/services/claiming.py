"""Which sale is at the counter: claimed, put aside, brought back, given back.

Selecting a point's fuelling claims it for this till and opens its sale in the same step: the claim first, then the
fact, so that a sale is open at one till at the most. A sale nobody works on gives its claim back by itself.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain import facts as f
from pos_client.domain.claim import Claim
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling import FuellingState, FuellingTransaction
from pos_client.domain.identifiers import FuellingId, PointId, SaleId
from pos_client.domain.sale import Sale, SaleState
from pos_client.ports.errors import Unavailable
from pos_client.services.attachment import Attachment
from pos_client.services.desk import Desk
from pos_client.services.leases import Leases
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

TRY_AGAIN_MS = 5_000
"""How soon a sale whose lease has ended is given back again when the disk refused to hear of it."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A fuelling that is about to leave the list of what can be sold: what has to be written with it."""

    fuelling: FuellingTransaction
    facts: tuple[f.Fact, ...]
    closed: tuple[str, ...]


@dataclass(slots=True)
class Claiming:
    """Opens sales for fuellings, and gives them back."""

    desk: Desk
    attachment: Attachment
    leases: Leases
    _look_again_ms: dict[SaleId, int] = field(default_factory=dict)
    _by_scan: SaleId | None = None
    """opened because a customer was scanned: whoever takes that step back has the customer still"""

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

    def select_point(self, point: PointId) -> None:
        """Open the point's sale in hand, else its oldest unpaid fuelling."""
        in_hand = next((s for s in self._in_hand() if s.fuelling.point == point), None)
        if in_hand is not None:
            self._bring_back(in_hand)
            return
        unpaid = self.desk.state.unpaid(point)
        if not unpaid:
            self.desk.notify("nothing_to_sell", Severity.INFO, point=point)
            return
        self._claim(self._first(unpaid))

    def select_fuelling(self, fuelling_id: FuellingId) -> None:
        """Open one particular unpaid fuelling."""
        match = next((u for u in self.desk.state.unpaid() if u.fuelling_id == fuelling_id), None)
        if match is not None:
            self._claim(match)

    def select_oldest(self) -> None:
        """Open the unpaid fuelling that waits longest."""
        unpaid = self.desk.state.unpaid()
        if unpaid:
            self._claim(self._first(unpaid))
        else:
            self.desk.notify("nobody_waits", Severity.INFO)

    def open_the_only_one(self) -> None:
        """A customer was scanned with nothing in hand: where one fuelling alone waits, it is his (flow 2b)."""
        if self._in_hand():
            return
        elsewhere = self.leases.elsewhere()
        free = [each for each in self.desk.state.unpaid() if each.fuelling_id not in elsewhere]
        if len(free) == 1:
            self._claim(free[0])
            self._by_scan = self.desk.state.open_sale

    def release(self) -> None:
        """Give the claim back, as long as nothing was paid. One step back: a customer who was scanned before there was
        a sale stays, to be given fuel first."""
        sale, present = self.desk.state.sale_in_hand(), self.desk.state.present
        if sale is None:
            self.desk.state.present = None
            return
        self._check_untouched(sale)
        self._give_back(sale, "cashier")
        if sale.sale_id == self._by_scan:
            self.desk.state.present = present

    # ── what other services do with a claim ────────────────────────────────────────────────────────────────────

    def make_firm(self, sale: Sale) -> None:
        """Before money is taken: from now on no other till can sell these litres, whatever happens here.

        Raises `RuleViolation` when another till has claimed them meanwhile; the sale is given up then.
        """
        claim = self.leases.make_firm(sale.fuelling.fuelling_id)
        if not self.leases.is_ours(claim):
            if sale.state is SaleState.OPEN:
                self._give_back(sale, "claimed_elsewhere")
            raise self.leases.refusal(sale.fuelling, claim)

    def take_out(self, fuelling_id: FuellingId | None, reason: str) -> TakenOut:
        """Claim a fuelling for good that is not to be sold: an unpaid one, or (None) that of the open sale.

        Raises `RuleViolation`: nothing open, money or points taken for it, another till's, not here.
        """
        fuelling, sale = self._untouched(fuelling_id)
        claim = self.leases.make_firm(fuelling.fuelling_id)
        if not self.leases.is_ours(claim):
            raise self.leases.refusal(fuelling, claim)
        if sale is None:
            return TakenOut(fuelling, _lapsed(fuelling), ())
        return TakenOut(fuelling, (f.SaleReleased(sale.sale_id, reason),), (sale.sale_id,))

    def would_take_out(self, fuelling_id: FuellingId | None) -> FuellingId:
        """Which fuelling `take_out` would claim now. Raises `RuleViolation` as it does, but for other tills' claims."""
        return self._untouched(fuelling_id)[0].fuelling_id

    def clear_counter(self, taken: TakenOut) -> None:
        """The sale of what was taken out is no longer at the counter."""
        if self.desk.state.open_sale in taken.closed:
            self.desk.state.open_sale = self.desk.state.present = None

    def put_back(self, fuelling_id: FuellingId) -> None:
        """What was to be taken out stays: the disk refused."""
        sale = next((s for s in self._in_hand() if s.fuelling.fuelling_id == fuelling_id), None)
        if sale is None:
            self.leases.give_back(fuelling_id)
        else:
            self.leases.take(fuelling_id)

    # ── time ───────────────────────────────────────────────────────────────────────────────────────────────────

    def renew(self) -> None:
        """Somebody works on the open sale: its lease begins anew. Another till may have been faster."""
        sale = self.desk.state.sale_in_hand()
        if sale is not None and sale.state is SaleState.OPEN:
            claim = self.leases.take(sale.fuelling.fuelling_id)
            asked_for_points = self.desk.state.live_redemption(sale.sale_id) is not None
            if not self.leases.is_ours(claim) and not asked_for_points:  # those are given back before they are spent
                self._give_back(sale, "claimed_elsewhere")
                raise self.leases.refusal(sale.fuelling, claim)

    def on_tick(self) -> None:
        """Give back what nobody works on; keep what points are asked for, and what money was taken for."""
        in_hand = self._in_hand()
        if not in_hand:
            return
        now_ms, mine = self.desk.now.ticks_ms, self.leases.mine()
        for sale in in_hand:
            claim = mine.get(sale.fuelling.fuelling_id)
            if sale.state is SaleState.TENDERING:
                if claim is None or not claim.is_firm:
                    self.leases.make_firm(sale.fuelling.fuelling_id)
            elif self.desk.state.live_redemption(sale.sale_id) or (claim is not None and claim.is_firm):
                self._keep(sale, claim)
            elif claim is None and now_ms >= self._look_again_ms.get(sale.sale_id, 0):
                self._lease_ended(sale)

    def _keep(self, sale: Sale, claim: Claim | None) -> None:
        """One lease from now on: it does not run out while points are asked for, and a tender that could not be
        written leaves nothing firm."""
        lease_ms = self.desk.settings.counter.claim_lease_s * 1000
        left_ms = claim.until_ms - self.desk.now.ticks_ms if claim is not None else 0
        if not lease_ms // 2 <= left_ms <= lease_ms:
            self.leases.take(sale.fuelling.fuelling_id)

    def _lease_ended(self, sale: Sale) -> None:
        self._look_again_ms[sale.sale_id] = self.desk.now.ticks_ms + TRY_AGAIN_MS
        self._give_back(sale, "lease_ended")
        self.desk.notify("lease_ended", Severity.INFO, point=sale.fuelling.point)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_hand(self) -> list[Sale]:
        return [s for s in self.desk.state.sales.values() if s.state in (SaleState.OPEN, SaleState.TENDERING)]

    def _first(self, unpaid: list[FuellingTransaction]) -> FuellingTransaction:
        """The oldest one this till can sell; else the oldest that only lacks its price; else the oldest."""
        elsewhere = self.leases.elsewhere()
        free = [u for u in unpaid if u.fuelling_id not in elsewhere]
        return next((u for u in free if u.has_price), (free or unpaid)[0])

    def _untouched(self, fuelling_id: FuellingId | None) -> tuple[FuellingTransaction, Sale | None]:
        if fuelling_id is None:
            sale = self.desk.state.sale_in_hand()
            if sale is None:
                raise RuleViolation("no_open_sale")
        else:
            sale = next((s for s in self._in_hand() if s.fuelling.fuelling_id == fuelling_id), None)
        if sale is not None:
            self._check_untouched(sale)
            return sale.fuelling, sale
        waiting = next((u for u in self.desk.state.unpaid() if u.fuelling_id == fuelling_id), None)
        if waiting is None:
            raise RuleViolation("fuelling_not_waiting")
        return waiting, None

    def _check_untouched(self, sale: Sale) -> None:
        if sale.state is not SaleState.OPEN or self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("sale_has_payments", receipt=sale.receipt_number)

    def _claim(self, fuelling: FuellingTransaction) -> None:
        claim = self.leases.take(fuelling.fuelling_id)
        if not self.leases.is_ours(claim):
            raise self.leases.refusal(fuelling, claim)
        try:
            self._open(fuelling)
        except (RuleViolation, Unavailable):
            self.leases.give_back(fuelling.fuelling_id)
            raise

    def _open(self, fuelling: FuellingTransaction) -> None:
        waiting_customer = self.desk.state.open_sale is None
        self._put_aside()
        if not waiting_customer:
            self.desk.state.present = None
        sale_id = SaleId(self.desk.dice.new_id())
        opened = f.SaleOpened(sale_id, fuelling.fuelling_id, self.desk.receipt_number())
        attached = self.attachment.to_sale(sale_id)
        self.desk.record(*_lapsed(fuelling), opened, *(() if attached is None else (attached,)))
        self.desk.state.open_sale = sale_id
        if not fuelling.has_price:
            self.desk.notify(
                "fuelling_without_price", Severity.WARNING, point=fuelling.point, litres_ml=fuelling.volume_ml
            )

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
            self.leases.give_back(sale.fuelling.fuelling_id)
        self.desk.state.open_sale = None

    def _give_back(self, sale: Sale, reason: str) -> None:
        """The fuelling waits for somebody again."""
        self.desk.record(f.SaleReleased(sale.sale_id, reason), closed=(sale.sale_id,))
        self.leases.give_back(sale.fuelling.fuelling_id)
        self._look_again_ms.pop(sale.sale_id, None)
        if self.desk.state.open_sale == sale.sale_id:
            self.desk.state.open_sale = self.desk.state.present = None


def _lapsed(fuelling: FuellingTransaction) -> tuple[f.HandOverLapsed, ...]:
    """What comes first when another till's lease has run out and nobody has noticed it yet."""
    is_handed_over = fuelling.state is FuellingState.HANDED_OVER
    return (f.HandOverLapsed(fuelling.fuelling_id),) if is_handed_over else ()
