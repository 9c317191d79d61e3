"""The conversation about one redemption as the panel shows it: what is asked, until when, and who waits.

Live knowledge beside the durable state machine (`domain/redemption.py`): lost with the process, and may be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind
from pos_client.domain.identifiers import RedemptionId, SaleId
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.redemption import Flow, Redemption, RedemptionState
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports import central as c
from pos_client.services.snapshots import Notice, PointsPhase
from pos_client.value import dataclass

_S = RedemptionState


@dataclass(slots=True)
class Attempt:
    """The conversation with central and customer about one redemption: live knowledge, lost with the process."""

    flow: Flow
    customer: Customer
    phase: PointsPhase
    since_ms: int
    redemption_id: RedemptionId | None = None
    sale_id: SaleId | None = None
    wanted: Vnd | None = None
    """what was asked for; central may grant less, never more"""
    points: Points = 0
    waiting_for: c.EncodedCall | None = None
    give_up_ms: int = 0
    resend_ms: int | None = None
    tries: int = 0
    deadline_ms: int | None = None
    attempts_left: int | None = None
    resends_left: int = 0
    resend_from_ms: int | None = None
    confirmed_at: datetime | None = None
    reason: Notice | None = None
    signed: SignedVoucher | None = None
    """spent here, while central is away"""


BUSY = frozenset(
    {
        PointsPhase.HOLDING,
        PointsPhase.WAITING_SECRET,
        PointsPhase.VERIFYING,
        PointsPhase.UNKNOWN,
        PointsPhase.PERMIT,
        PointsPhase.CONFIRM_PLATE,
    }
)
"""Phases in which somebody at the counter waits. A gift that is at its pump goes on without the panel: the next
customer need not wait until it is fuelled."""

PHASE_OF: dict[RedemptionState, PointsPhase] = {
    _S.ARMING: PointsPhase.ARMING,
    _S.ARMED: PointsPhase.ARMED,
    _S.STARTED: PointsPhase.FUELLING,
    _S.FINISHED: PointsPhase.CAPTURING,
    _S.CAPTURED: PointsPhase.DONE,
    _S.VOIDING: PointsPhase.GIVING_BACK,
}
"""Phases that follow from the durable state alone."""

_KIND_OF = {
    ConsentMethod.OTP: CustomerKind.INDIVIDUAL,
    ConsentMethod.ORGANISATION_PIN: CustomerKind.ORGANISATION,
    ConsentMethod.DRIVER_PIN: CustomerKind.VOUCHER,
    ConsentMethod.SIGNED_VOUCHER: CustomerKind.VOUCHER,
}


def attempt_of(redemption: Redemption, now_ms: int) -> Attempt:
    """What the panel needs of a gift nobody talks about any more."""
    customer = Customer(
        reference=redemption.customer_reference,
        kind=_KIND_OF[redemption.method],
        masked_name=redemption.masked_name,
        display_id="",
        masked_phone="",
        points_available=0,
        methods=(redemption.method,),
    )
    return replace(
        Attempt(redemption.flow, customer, PointsPhase.ARMED, now_ms),
        redemption_id=redemption.redemption_id,
        points=redemption.points,
    )
