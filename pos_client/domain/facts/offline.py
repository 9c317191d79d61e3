"""Spending while head office is away, and what the till was told for it beforehand."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import RedemptionId, SaleId, VoucherId
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

CLOCK = "clock"
"""The one story of the terminal's time."""


@dataclass(frozen=True, slots=True)
class OfflineSpendIntended(Fact):
    """A signed voucher is taken: it is used up from here on, whatever flows (I15). Written in one transaction with the
    arming, or with the payment, it is for; the book refuses a second one of the same voucher.

    `spent_at` is the best time there was, ISO 8601, and `time_quality` how good; `revocations` the number of the list
    that was looked into. The cashier has seen `plate` on the vehicle.
    """

    redemption_id: RedemptionId
    voucher_id: VoucherId
    flow: str
    points: Points
    voucher_code: str
    plate: str
    masked_name: str
    spent_at: str
    time_quality: str
    revocations: int
    sale_id: SaleId | None = None


@dataclass(frozen=True, slots=True)
class BundleAdopted(Fact):
    """Central's newest bundle of a name; `text` is signed, and checked again when it is read back."""

    bundle: str
    number: int
    issued_at: str
    text: str


@dataclass(frozen=True, slots=True)
class TimeNoted(Fact):
    """What is known of the time, now and then (`domain/known_time.py`): the floor, when central was heard, and the last
    comparison of its clock with both of ours. Milliseconds since 1970; `ticks_ms` of that boot."""

    clock: str
    floor_ms: int
    heard_ms: int
    central_ms: int
    ticks_ms: int
    wall_ms: int
    boot: str
    round_trip_ms: int
