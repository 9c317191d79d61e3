"""A redemption: the steps of `domain/redemption.py`."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId, VoucherId
from pos_client.domain.quantities import Millilitres, Points, Vnd
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class HoldIntended(Fact):
    """Before the hold is asked for (intent before act)."""

    redemption_id: RedemptionId
    flow: str
    points: Points
    method: str
    customer_reference: str
    masked_name: str
    sale_id: SaleId | None = None
    voucher_code: str | None = None
    activation: VoucherId | None = None
    """the signed voucher in the customer's hand: whatever comes of the hold, it is not spent offline any more"""


@dataclass(frozen=True, slots=True)
class HoldGranted(Fact):
    """Central holds the points and has sent (or expects) the challenge."""

    redemption_id: RedemptionId
    points: Points
    challenge_id: str
    expires_in_s: int
    attempts_left: int


@dataclass(frozen=True, slots=True)
class HoldDeclined(Fact):
    """Central said no; sticky for this id."""

    redemption_id: RedemptionId
    code: str


@dataclass(frozen=True, slots=True)
class ChallengeResent(Fact):
    """Another code is on its way; the earlier one is void."""

    redemption_id: RedemptionId
    challenge_id: str
    expires_in_s: int
    attempts_left: int


@dataclass(frozen=True, slots=True)
class VerifyIntended(Fact):
    """A secret was sealed for this challenge. Digest of the *sealed* bytes; never the secret, nor its hash."""

    redemption_id: RedemptionId
    n: int
    challenge_id: str
    sealed_sha256: str


@dataclass(frozen=True, slots=True)
class VerifyRefused(Fact):
    """Wrong secret, tries left."""

    redemption_id: RedemptionId
    code: str
    attempts_left: int


@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """Central verified the secret: the hold is firm, the permit signed (and its signature checked)."""

    redemption_id: RedemptionId
    points: Points
    permit: str


@dataclass(frozen=True, slots=True)
class ArmIntended(Fact):
    """The pump is about to be authorised with a preset. The totalizers at that moment are the proof (I2)."""

    redemption_id: RedemptionId
    point: PointId
    nozzle_totals: tuple[tuple[NozzleId, Millilitres], ...]
    preset_vnd: Vnd


@dataclass(frozen=True, slots=True)
class Armed(Fact):
    """The pump took the authorisation."""

    redemption_id: RedemptionId


@dataclass(frozen=True, slots=True)
class DispenseStarted(Fact):
    """Fuel may be flowing for this redemption."""

    redemption_id: RedemptionId


@dataclass(frozen=True, slots=True)
class DispenseFinished(Fact):
    """What is to be captured: `amount_vnd` of fuel, at the most what was consented to is debited (I4)."""

    redemption_id: RedemptionId
    fuelling_id: FuellingId
    volume_ml: Millilitres
    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class Captured(Fact):
    """Central debited the points and released the rest of the hold."""

    redemption_id: RedemptionId
    points_debited: Points
    points_released: Points
    balance_after: Points


@dataclass(frozen=True, slots=True)
class ShortfallRecorded(Fact):
    """Central recorded the fuel but could not debit the customer: the station or the programme bears it."""

    redemption_id: RedemptionId
    code: str


@dataclass(frozen=True, slots=True)
class VoidIntended(Fact):
    """The hold is to be given back; asked for until central confirms it."""

    redemption_id: RedemptionId
    reason: str


@dataclass(frozen=True, slots=True)
class Voided(Fact):
    """Central confirmed: nothing held, nothing debited."""

    redemption_id: RedemptionId


@dataclass(frozen=True, slots=True)
class ReviewNeeded(Fact):
    """Nobody but a person can decide this one; it is on the queue desk and goes nowhere by itself."""

    redemption_id: RedemptionId
    reason: str
