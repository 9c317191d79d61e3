"""Spending a signed voucher while central is away (flow 10, DESIGN 4): read, checked, confirmed by the plate, taken.

A voucher is taken in the transaction that pays with it or arms a pump for it, and not before; so whoever walks away
earlier has his voucher still. From then on it is used up, and what came of it is stated to central: fuel, or nothing.

When central comes back in the middle, a spend that was begun here goes on here: the points are held for it at central,
and its statement goes out at once. When central answers at F6, the voucher is used online by its code, with the PIN;
from the hold's intent on its text is worth nothing here, whatever comes of the hold. One voucher never goes both ways.
"""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain import offline_spending
from pos_client.domain.bundle import CentralKeys, Revocations
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId, RedemptionId, SaleId
from pos_client.domain.known_time import ms_of
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.domain.offline_spending import Situation
from pos_client.domain.quantities import Points
from pos_client.domain.redemption import Flow
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports.errors import Refused
from pos_client.services.bundle_keeper import BundleKeeper
from pos_client.services.clock_keeper import ClockKeeper
from pos_client.services.desk import Desk
from pos_client.services.tracks import PresentCustomer
from pos_client.value import dataclass


@dataclass(slots=True)
class OfflineSpending:
    """What a signed voucher is worth here and now."""

    desk: Desk
    clock: ClockKeeper
    bundles: BundleKeeper

    def read(self, text: str) -> SignedVoucher:
        """A voucher that was scanned. Raises `RuleViolation`: not central's, or its key is not known here."""
        try:
            return self.desk.wire.read_voucher(text, self.bundles.content(CentralKeys).of("voucher"))
        except Refused as refused:
            raise RuleViolation(refused.code) from refused

    def applies(self, present: PresentCustomer | None) -> bool:
        """Whether F6 spends this customer's voucher here rather than at central."""
        if present is None or present.signed is None:
            return False
        return present.by_voucher or self.desk.state.central.link is not LinkState.UP

    def check_online(self, code: str) -> None:
        """Raises `RuleViolation`: this voucher was taken here offline, and central has not confirmed it yet."""
        if offline_spending.spends(self.desk.state.redemptions.values(), code) is not None:
            raise RuleViolation("voucher_settling", voucher=code)

    def check(self, voucher: SignedVoucher, grades: frozenset[str], *, plate_confirmed: bool) -> Points:
        """The most that may flow for it. Raises `RuleViolation` with the first reason why not."""
        now = self.situation(voucher, grades, plate_confirmed=plate_confirmed)
        offline_spending.check(voucher, now)
        return offline_spending.most(voucher, now)

    def situation(self, voucher: SignedVoucher, grades: frozenset[str], *, plate_confirmed: bool) -> Situation:
        """What the till knows at this moment."""
        state = self.desk.state
        reading, listed = self.clock.reading(), self.bundles.bundle("revocations")
        return Situation(
            station=self.desk.settings.station.station,
            time=reading,
            since_heard_ms=state.time.since_heard_ms(self.desk.now),
            policy=self.bundles.content(OfflinePolicy),
            revoked=self.bundles.content(Revocations).voucher_ids,
            revocations_age_ms=None if listed is None else max(0, reading.at_ms - ms_of(listed.issued_at)),
            is_spent=self.desk.store.is_spent(voucher.voucher_id),
            plate_confirmed=plate_confirmed,
            outstanding=offline_spending.outstanding(state.redemptions.values()),
            grades=grades or frozenset(voucher.products),
        )

    def grades_at(self, point: PointId) -> frozenset[str]:
        """What can be fuelled at a point."""
        configured = self.desk.forecourt.point(point)
        return frozenset(nozzle.grade.code for nozzle in configured.nozzles) if configured else frozenset()

    def intent(
        self, voucher: SignedVoucher, flow: Flow, points: Points, sale_id: SaleId | None = None
    ) -> f.OfflineSpendIntended:
        """The fact that takes the voucher; written with what it is for."""
        reading, listed = self.clock.reading(), self.bundles.bundle("revocations")
        return f.OfflineSpendIntended(
            redemption_id=RedemptionId(self.desk.dice.new_id()),
            voucher_id=voucher.voucher_id,
            flow=flow.value,
            points=points,
            voucher_code=voucher.code,
            plate=voucher.plate,
            masked_name=voucher.holder,
            spent_at=reading.at.isoformat(),
            time_quality=reading.quality.value,
            revocations=0 if listed is None else listed.number,
            sale_id=sale_id,
        )
