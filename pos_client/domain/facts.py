"""Facts: what the journal is made of. Past tense, flat, frozen; never edited, only followed by another fact.

The dataclass's name is the kind stored in the journal: a rename is a migration (STYLE 3). Fields are whole numbers,
text, booleans, None and tuples of them, so that a fact has exactly one canonical encoding (`domain/journal.py`).

`subject` is the field that says which story a fact belongs to; the store keeps stories together and knows which are
still open. Personal data: names are masked, identifiers are sealed to central (`sealed_identifier`) or absent (I19).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from pos_client.domain.identifiers import AccrualId, FuellingId, NozzleId, PointId, RedemptionId, SaleId
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of all facts. A concrete fact is a frozen dataclass; its first field is its subject."""


# ── the terminal itself ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TerminalStarted(Fact):
    """The program began to work; everything before is history to recover from."""

    terminal: str
    version: str
    storage: str


@dataclass(frozen=True, slots=True)
class SessionOpened(Fact):
    """Central accepted this terminal; older sessions are fenced off (I12)."""

    terminal: str
    session: int
    server_time: str


# ── fuelling: the pump's side of the truth ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FuellingCompleted(Fact):
    """Litres left a nozzle. `start_totalizer_ml` is None when no earlier reading is known.

    `recovered`: nobody saw this delivery end; litres come from the totalizer's gap, money from litres x price.
    """

    fuelling_id: FuellingId
    point: PointId
    nozzle: NozzleId
    grade_code: str
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    start_totalizer_ml: Millilitres | None
    end_totalizer_ml: Millilitres
    finished_at: str
    recovered: bool = False
    redemption_id: RedemptionId | None = None


@dataclass(frozen=True, slots=True)
class TotalizerNoted(Fact):
    """First reading of a nozzle's totalizer, or a reading nobody could explain (`gap_ml` tells)."""

    reading: str
    point: PointId
    nozzle: NozzleId
    totalizer_ml: Millilitres
    gap_ml: Millilitres = 0


# ── sale ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SaleOpened(Fact):
    """This till claimed a fuelling and opened a sale for it."""

    sale_id: SaleId
    fuelling_id: FuellingId
    receipt_number: str


@dataclass(frozen=True, slots=True)
class CustomerAttached(Fact):
    """A customer was put on a sale. The identifier itself is sealed to central."""

    sale_id: SaleId
    sealed_identifier: str
    masked_identifier: str
    masked_name: str
    customer_kind: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CustomerDetached(Fact):
    """The customer was taken off again. `by`: customer (key 0), cashier, central."""

    sale_id: SaleId
    by: str


@dataclass(frozen=True, slots=True)
class TenderTaken(Fact):
    """A part of the sale was paid. A points tender names its redemption."""

    sale_id: SaleId
    kind: str
    amount_vnd: Vnd
    redemption_id: RedemptionId | None = None


@dataclass(frozen=True, slots=True)
class SaleReleased(Fact):
    """The claim was given back; the fuelling waits for somebody again."""

    sale_id: SaleId
    reason: str


@dataclass(frozen=True, slots=True)
class SalePaid(Fact):
    """Nothing is due any more. `points_expected` is what our own engine says it earns; central decides."""

    sale_id: SaleId
    paid_at: str
    points_expected: Points
    formula_vi: str
    formula_en: str


# ── accrual ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AccrualStated(Fact):
    """Points are claimed for a paid sale; its outbox item is in the same transaction."""

    accrual_id: AccrualId
    sale_id: SaleId
    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class AccrualPosted(Fact):
    """Central credited the points."""

    accrual_id: AccrualId
    points: Points
    balance_before: Points
    balance_after: Points
    formula_vi: str
    formula_en: str


@dataclass(frozen=True, slots=True)
class AccrualRefused(Fact):
    """Central will never credit this statement; a person looks at it. Nothing is deleted (I18)."""

    accrual_id: AccrualId
    code: str


# ── redemption: the steps of domain/redemption.py ──────────────────────────────────────────────────────────────────


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


KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in Fact.__subclasses__()}
"""Kind as stored in the journal -> class."""


def subject_of(fact: Fact) -> str:
    """The story a fact belongs to: the value of its first field."""
    return str(getattr(fact, fields(fact)[0].name))
