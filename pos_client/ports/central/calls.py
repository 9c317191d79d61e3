"""What may be asked of head office: one value a call, and the frozen bytes it becomes."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.condition import Condition
from pos_client.domain.customer import Identifier
from pos_client.domain.facts.shift import MeterLine, TenderLine
from pos_client.domain.identifiers import (
    AccrualId,
    IdempotencyKey,
    NozzleId,
    PointId,
    RedemptionId,
    ReversalId,
    ShiftId,
    VoucherId,
)
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre
from pos_client.domain.secret import SecretDigits
from pos_client.domain.tender import TenderClass
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`POST /v1/sessions`. `request_id` makes the key. `last_seq`, `last_mac`: where the journal ends; without
    them central compares nothing."""

    request_id: str
    version: str
    last_seq: int | None = None
    last_mac: bytes = b""


@dataclass(frozen=True, slots=True)
class AskTime:
    """`GET /v1/time`: does central answer? Changes nothing."""

    request_id: str


@dataclass(frozen=True, slots=True)
class StateCondition:
    """`POST /v1/conditions`: how this till is. Answered like `AskTime`; moves nothing, and is not repeated."""

    request_id: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class LookUpCustomer:
    """`POST /v1/customers:lookup`."""

    request_id: str
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class Quote:
    """`POST /v1/quotes`: how many points may be used. `amount_vnd` None: as many as there are (gift fuel).
    `price_version`: the number of the price list we were told last."""

    request_id: str
    customer_reference: str
    amount_vnd: Vnd | None
    grade_code: str | None
    price_version: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """`PUT /v1/redemptions/{id}`, key `{id}:hold`."""

    redemption_id: RedemptionId
    customer_reference: str
    points: Points
    flow: str


@dataclass(frozen=True, slots=True)
class ResendChallenge:
    """`POST /v1/redemptions/{id}/challenges`, key `{id}:chal:{n}`."""

    redemption_id: RedemptionId
    n: int


@dataclass(frozen=True, slots=True)
class Verify:
    """`POST /v1/redemptions/{id}/verify`, key `{id}:verify:{n}`. The digits are sealed by `Wire.encode`."""

    redemption_id: RedemptionId
    n: int
    challenge_id: str
    points: Points
    secret: SecretDigits


@dataclass(frozen=True, slots=True)
class Capture:
    """`POST /v1/redemptions/{id}/capture`, key `{id}:capture`: a statement of fact."""

    redemption_id: RedemptionId
    point: PointId
    nozzle: NozzleId
    grade_code: str
    volume_ml: Millilitres
    amount_vnd: Vnd
    start_totalizer_ml: Millilitres | None
    end_totalizer_ml: Millilitres
    fuelled_at: str
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Void:
    """`POST /v1/redemptions/{id}/void`, key `{id}:void`. An unknown id leaves a tombstone."""

    redemption_id: RedemptionId
    reason: str


@dataclass(frozen=True, slots=True)
class Accrue:
    """`PUT /v1/accruals/{id}`, key `{id}:accrue`: a paid sale and whose it was. Unique on the sale at central (I6)."""

    accrual_id: AccrualId
    sealed_identifier: str
    receipt_number: str
    point: PointId
    nozzle: NozzleId
    grade_code: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    end_totalizer_ml: Millilitres
    fuelled_at: str
    tenders: tuple[tuple[TenderClass, Vnd], ...]
    time_quality: str = TimeQuality.SYNCED.value
    """how sure `fuelled_at` is (`domain.known_time.TimeQuality`)"""


class Undone(StrEnum):
    """What a reversal undoes."""

    ACCRUAL = "accrual"
    REDEMPTION = "redemption"


@dataclass(frozen=True, slots=True)
class Reverse:
    """`PUT /v1/reversals/{id}`, key `{id}:reverse`: a finished operation is undone by another entry (flow 17).

    `approved_by` is the manager who proved himself at this terminal; `decided_at` when, ISO 8601 with its offset.
    """

    reversal_id: ReversalId
    operation: Undone
    operation_id: AccrualId | RedemptionId
    reason: str
    approved_by: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class SpendOffline:
    """`PUT /v1/offline-redemptions/{id}`, key `{id}:offline`: a signed voucher was spent; a statement of fact.

    `points`: the most that may be debited. `amount_vnd` 0 and no nozzle: nothing flowed, and nothing will.
    """

    redemption_id: RedemptionId
    voucher_id: VoucherId
    points: Points
    amount_vnd: Vnd
    spent_at: str
    time_quality: str
    revocations: int
    point: PointId | None = None
    nozzle: NozzleId | None = None
    grade_code: str = ""
    volume_ml: Millilitres = 0
    start_totalizer_ml: Millilitres | None = None
    end_totalizer_ml: Millilitres = 0
    fuelled_at: str = ""
    derived: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StateShift:
    """`POST /v1/shifts/{id}/close`, key `{id}:close`: what a shift came to; a statement of fact.

    `nozzles` and `tenders` are the closing fact's own lines (`facts.shift`); `masked_cashier` names nobody in clear.
    """

    shift_id: ShiftId
    previous: ShiftId | None
    masked_cashier: str
    opened_at: str
    closed_at: str
    nozzles: tuple[MeterLine, ...]
    tenders: tuple[TenderLine, ...]
    sales: int
    volume_ml: Millilitres
    amount_vnd: Vnd
    cash_expected_vnd: Vnd
    cash_counted_vnd: Vnd
    waiting_records: int


@dataclass(frozen=True, slots=True)
class AskShift:
    """`GET /v1/shifts/{id}`: what has come of comparing a shift that was stated; answered with `ShiftStated`."""

    request_id: str
    shift_id: ShiftId


@dataclass(frozen=True, slots=True)
class FetchBundle:
    """`GET /v1/bundles/{name}`; `known`: the number we have, so that the same one is not told again."""

    request_id: str
    name: str
    known: int | None = None


@dataclass(frozen=True, slots=True)
class AppendJournal:
    """`POST /v1/journal:append`: rows that follow each other; `before_mac` is the mac of the row before the first.
    `told`: keys of the records these rows say central has heard; it says which of them it has not (F38)."""

    before_mac: bytes
    rows: tuple[JournalRow, ...]
    told: tuple[IdempotencyKey, ...] = ()


def append_key(call: AppendJournal) -> IdempotencyKey:
    """Central needs no key for rows, their numbers are their names; an answer needs one to find its question."""
    return IdempotencyKey(f"journal:{call.rows[0].seq}-{call.rows[-1].seq}")


CentralCall = (
    OpenSession
    | AskTime
    | StateCondition
    | LookUpCustomer
    | Quote
    | Hold
    | ResendChallenge
    | Verify
    | Capture
    | Void
    | Accrue
    | Reverse
    | SpendOffline
    | StateShift
    | AskShift
    | FetchBundle
    | AppendJournal
)


@dataclass(frozen=True, slots=True)
class EncodedCall:
    """Frozen bytes of one call. `key` is the idempotency key (for reads: the request's name)."""

    key: IdempotencyKey
    method: str
    path: str
    body: bytes
    known: str = ""
    """the version we have of what is asked for (`If-None-Match`); empty: none"""
