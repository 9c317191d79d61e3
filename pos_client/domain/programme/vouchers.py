"""Points vouchers of organisations (A11, A13, A14, A17): in which state one is, and whether it may be spent.

A voucher is a fund of its own: making one moves points out of the organisation's common fund, each lot keeping its age
and last day. A voucher has a last day as well; the earlier of the two counts.
"""

from __future__ import annotations

from datetime import date, datetime

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.programme.profile import Profile
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

ACTIVE, USED, PART_USED, EXPIRED, CANCELLED = "active", "used", "part_used", "expired", "cancelled"
STATES = (ACTIVE, USED, PART_USED, EXPIRED, CANCELLED)
"""As the portal names them (A13)."""


@dataclass(frozen=True, slots=True)
class PointsVoucher:
    """What a voucher says on it. `product` None: any fuel."""

    code: str
    organisation: str
    vehicle: str
    points: Points
    expires_on: date
    product: str | None = None
    cancelled: bool = False

    def state(self, left: Points, today: date) -> str:
        """Where it stands with `left` points on it."""
        if self.cancelled:
            return CANCELLED
        if left == 0:
            return USED
        if today > self.expires_on:
            return EXPIRED
        return ACTIVE if left == self.points else PART_USED


def issue(ledger: Ledger, voucher: PointsVoucher, at: datetime) -> None:
    """Fill a voucher from its organisation's fund (A11). Raises `RuleViolation` (`insufficient_points`)."""
    ledger.move(voucher.organisation, voucher.code, voucher.points, at, voucher.code)


def check_voucher(
    profile: Profile, voucher: PointsVoucher, left: Points, wanted: Points, product: str, today: date, may_manage: bool
) -> None:
    """Whether `wanted` points of it may be spent on this product today.

    Raises `RuleViolation`: `voucher_right_missing` (A14), `voucher_<state>` (A13), `voucher_for_another_product` (A11),
    `voucher_only_whole` (A17), `insufficient_points`.
    """
    if not may_manage:
        raise RuleViolation("voucher_right_missing")
    state = voucher.state(left, today)
    if state not in (ACTIVE, PART_USED):
        raise RuleViolation(f"voucher_{state}", voucher=voucher.code)
    if voucher.product not in (None, product):
        raise RuleViolation("voucher_for_another_product", product=str(voucher.product))
    if wanted > left:
        raise RuleViolation("insufficient_points", available=left)
    use = profile.find(c.VoucherUse)
    if use is not None and not use[1].in_parts and wanted != left:
        raise RuleViolation("voucher_only_whole", points=left, rule=use[0].row)
