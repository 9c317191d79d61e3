"""What is known of one thing at a time, live: a fuelling point, the customer at the counter, an accrual, head office.

Lost with the process, and may be; what has to survive is folded from facts (`state.py`).
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from pos_client.domain.customer import Customer, Identifier
from pos_client.domain.fuelling_point import CAN_AUTHORISE, FuellingPointState, LinkState
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, SaleId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.receipt import PointsLine
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.services.snapshots import CustomerState
from pos_client.value import dataclass

COMMAND_MS = 15_000
"""A command whose outcome was never told counts as not answered."""


@dataclass(slots=True)
class PointTrack:
    """One fuelling point as its line reports it."""

    point: PointId
    state: FuellingPointState = FuellingPointState.INOPERATIVE
    link: LinkState = LinkState.PROBING
    since_ms: int = 0
    nozzle: NozzleId | None = None
    volume_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    preset_vnd: Vnd | None = None
    preset_ml: Millilitres | None = None
    permitting_ms: int | None = None
    """since when an authorisation is on its way to it"""
    unauthorised: bool = False
    """it delivers although nobody permitted it: not what anything armed or intended here was for"""
    stopped: bool = False
    """stopped by us, confirmed, and not let go on since"""
    moved_ms: int = 0
    """when its figures last changed, while it delivers"""
    stuck: bool = False
    """said to stand still although it delivers"""
    delivery_open: bool = False
    """a delivery began and its end has not been reported"""
    memory_lost: bool = False
    """link or power was lost since: totalizers decide what a delivery came to"""
    reconciled: bool = False
    compared: set[NozzleId] = field(default_factory=set)
    """nozzles whose last reading agreed with the books since the point was last heard anew"""
    suspected: dict[NozzleId, Millilitres] = field(default_factory=dict)
    """totalizers that rose without a delivery, read once; the second equal reading is believed"""
    lower: dict[NozzleId, Millilitres] = field(default_factory=dict)
    """totalizers that do not follow from the books: a meter exchanged, until a delivery's end is told"""
    noted: dict[NozzleId, Millilitres] = field(default_factory=dict)
    """those of `lower` that were read twice alike and stand in the journal"""
    read_again_ms: int = 0
    """when to ask for totalizers again that are not compared yet"""
    recovered_to: dict[NozzleId, Millilitres] = field(default_factory=dict)
    """up to where a recovery took a totalizer that no delivery's end has passed since"""
    last_amount_vnd: Vnd | None = None
    last_at: datetime | None = None

    def is_at_rest(self) -> bool:
        """Heard, ready, and nothing of an earlier delivery is still to be told."""
        ready = self.link is LinkState.UP and self.state in CAN_AUTHORISE
        return ready and not (self.delivery_open or self.memory_lost or self.suspected)

    def is_being_permitted(self, now_ms: int) -> bool:
        """An authorisation was sent and not answered: the next one would be for somebody else's delivery."""
        return self.permitting_ms is not None and now_ms - self.permitting_ms <= COMMAND_MS

    def forget_preset(self) -> None:
        """The authorisation the limit was given with is over."""
        self.preset_vnd = self.preset_ml = None

    def forget_readings(self) -> None:
        """The point fell silent or started anew: what it delivered since, only its totalizers can tell."""
        self.memory_lost, self.reconciled = True, False
        self.compared.clear()
        self.suspected.clear()
        self.lower.clear()


@dataclass(slots=True)
class PresentCustomer:
    """Who stands at the counter, for one sale (or gift) and no longer."""

    identifier: Identifier
    state: CustomerState
    masked_identifier: str
    request: IdempotencyKey | None = None
    asked_ms: int = 0
    customer: Customer | None = None
    signed: SignedVoucher | None = None
    """the activated voucher in his hand"""
    by_voucher: bool = False
    """`customer` is what the voucher says of itself: central has not been asked, or not answered"""
    confirmed: bool = False
    chosen_vnd: Vnd | None = None
    amount_asked: bool = False


@dataclass(frozen=True, slots=True)
class AccrualTrack:
    """Points claimed for a sale, and what central said."""

    sale_id: SaleId
    posted: PointsLine | None = None
    refused: str | None = None
    """why nothing is credited, or not yet"""


@dataclass(slots=True)
class CentralTrack:
    """The link to head office."""

    link: LinkState = LinkState.PROBING
    since_ms: int = 0
    session: int | None = None
    session_key: IdempotencyKey | None = None
    asked_ms: int = 0
    next_try_ms: int = 0
    not_before_ms: int = 0
    """central asked not to be knocked at before then"""
    tries: int = 0
