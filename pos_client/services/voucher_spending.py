"""A signed voucher at the counter while central is away (flow 10): checks, the cashier's look at the plate, then tender
or pump. Until one of these it has not been taken, and whoever walks away has it still."""

from __future__ import annotations

from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import PointId
from pos_client.domain.offline_spending import PLATE, most
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.redemption import Flow, begin_offline
from pos_client.domain.sale import Sale
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.services import paying
from pos_client.services.attempt import Attempt
from pos_client.services.checkout import Checkout
from pos_client.services.conversation import Conversation
from pos_client.services.desk import Desk
from pos_client.services.gift import Gift
from pos_client.services.offline import OfflineSpending
from pos_client.services.prices import Prices
from pos_client.services.snapshots import PointsPhase
from pos_client.services.tracks import PresentCustomer
from pos_client.value import dataclass

LOOK_WITHIN_MS = 120_000
"""So long a signed voucher waits for the cashier's look at the plate, or for the pump; it has not been taken yet."""


@dataclass(slots=True)
class VoucherSpending:
    """Carries the conversation about a signed voucher."""

    desk: Desk
    checkout: Checkout
    gift: Gift
    prices: Prices
    offline: OfflineSpending
    talk: Conversation

    def start(self, present: PresentCustomer, sale: Sale | None, amount_vnd: Vnd | None) -> None:
        """F6 with a signed voucher, central away: all that can be checked is, then the cashier looks at the plate."""
        voucher = present.signed
        assert voucher is not None  # `applies` has looked
        paying.check_prices(self.desk, self.prices, sale)
        if sale is not None and sale.due_vnd < self.desk.profile.minimum_points:
            raise RuleViolation("points_below_minimum", minimum=self.desk.profile.minimum_points)
        attempt = Attempt(
            Flow.PAY if sale is not None else Flow.GIFT,
            voucher.as_customer(),
            PointsPhase.CONFIRM_PLATE,
            self.desk.now.ticks_ms,
            sale_id=sale.sale_id if sale is not None else None,
            wanted=amount_vnd,
            deadline_ms=self.desk.now.ticks_ms + LOOK_WITHIN_MS,
            signed=voucher,
        )
        try:
            self.offline.check(voucher, self._grades(sale), plate_confirmed=False)
        except RuleViolation as why:
            if why.code != PLATE:
                self.talk.refuse(attempt, why.code, **why.params)
                self.talk.attempt = attempt
                return
        now = self.offline.situation(voucher, self._grades(sale), plate_confirmed=False)
        attempt.points = self._limited(most(voucher, now), sale, amount_vnd)
        present.amount_asked = present.confirmed = True
        self.talk.attempt = attempt

    def confirm_plate(self) -> None:
        """The vehicle carries the voucher's plate. What was checked is checked again, now that it is about to count."""
        attempt = self.talk.attempt
        if attempt is None or attempt.phase is not PointsPhase.CONFIRM_PLATE or attempt.signed is None:
            return
        sale = self.desk.state.sales.get(attempt.sale_id) if attempt.sale_id else None
        try:
            allowed = self.offline.check(attempt.signed, self._grades(sale), plate_confirmed=True)
        except RuleViolation as why:
            self.talk.refuse(attempt, why.code, **why.params)
            return
        attempt.points = self._limited(allowed, sale, attempt.wanted)
        if attempt.flow is Flow.GIFT:
            attempt.phase, attempt.since_ms = PointsPhase.PERMIT, self.desk.now.ticks_ms
            attempt.deadline_ms = self.desk.now.ticks_ms + LOOK_WITHIN_MS
        elif sale is None or sale.due_vnd == 0 or self.desk.state.open_sale != sale.sale_id:
            self.talk.attempt = None  # paid or put aside meanwhile
        else:
            self._pay(attempt, attempt.signed, sale)

    def arm(self, point: PointId) -> bool:
        """The pump of a gift whose voucher is in hand: it is taken now, with the arming. False: there is none."""
        attempt = self.talk.attempt
        if attempt is None or attempt.phase is not PointsPhase.PERMIT or attempt.signed is None:
            return False
        voucher = attempt.signed
        try:
            allowed = self.offline.check(voucher, self.offline.grades_at(point), plate_confirmed=True)
        except RuleViolation as why:
            self.talk.refuse(attempt, why.code, **why.params)
            return True
        intent = self.offline.intent(voucher, Flow.GIFT, self._limited(allowed, None, attempt.wanted))
        if self.gift.arm(begin_offline(intent), point, (intent,)):
            attempt.redemption_id, attempt.points = intent.redemption_id, intent.points
        return True

    def _pay(self, attempt: Attempt, voucher: SignedVoucher, sale: Sale) -> None:
        intent = self.offline.intent(voucher, Flow.PAY, attempt.points, sale.sale_id)
        redemption = begin_offline(intent)
        try:
            self.checkout.before_points(redemption)
        except RuleViolation as claimed:  # another till sells these litres; the voucher has not been taken
            self.talk.refuse(attempt, claimed.code, **claimed.params)
            return
        paying.pay(self.desk, self.checkout, redemption, intent)
        attempt.redemption_id = intent.redemption_id  # now that it is written: a disk may refuse
        attempt.phase, attempt.since_ms = PointsPhase.SPENT_OFFLINE, self.desk.now.ticks_ms
        attempt.deadline_ms = None

    @staticmethod
    def _limited(points: Points, sale: Sale | None, wanted: Vnd | None) -> Points:
        limits = [points, *([] if sale is None else [sale.due_vnd]), *([] if wanted is None else [wanted])]
        return min(limits)

    @staticmethod
    def _grades(sale: Sale | None) -> frozenset[str]:
        return frozenset() if sale is None else frozenset({sale.fuelling.grade_code})
