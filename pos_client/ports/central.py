"""What the terminal asks of head office, in the terminal's words.

Calls are values. `Wire.encode` freezes a call into bytes with its idempotency key (sealing secrets and personal data
on the way); `Central.send` sends those bytes and later posts a `CentralAnswered` with the same key. The bytes are sent
unchanged as often as it takes: a timeout is "unknown", never "failed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from pos_client.domain.acknowledgement import Acknowledgement, JournalRow
from pos_client.domain.bundle import Bundle
from pos_client.domain.customer import Customer, Identifier
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
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre
from pos_client.domain.secret import SecretDigits
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.domain.tender import TenderClass

# ── calls ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
class LookUpCustomer:
    """`POST /v1/customers:lookup`."""

    request_id: str
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class Quote:
    """`POST /v1/quotes`: how many points may be used. `amount_vnd` None: as many as there are (gift fuel)."""

    request_id: str
    customer_reference: str
    amount_vnd: Vnd | None
    grade_code: str | None


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


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The fencing number, central's clock, and how far it holds the journal (None: it did not say, or nobody could
    check it)."""

    session: int
    server_time: str
    acknowledged: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class TimeTold:
    """Central answers; its clock."""

    server_time: str


@dataclass(frozen=True, slots=True)
class CustomerFound:
    """The look-up's answer."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class QuoteGiven:
    """At the most `points_max` points may be used, of which `expiring_points` die on `expiring_on` (first out, B04)."""

    points_max: Points
    expires_in_s: int
    expiring_points: Points = 0
    expiring_on: date | None = None


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """Points are held; the challenge is out. `retry_after_s`: when a resend may be asked for."""

    points: Points
    challenge_id: str
    expires_in_s: int
    attempts_left: int
    masked_phone: str = ""
    resends_left: int = 0


@dataclass(frozen=True, slots=True)
class ConsentVerified:
    """The secret was right. `permit` is central's signed fuel permit, its signature already checked by the adapter."""

    points: Points
    permit: str
    arm_within_s: int


@dataclass(frozen=True, slots=True)
class RedemptionCaptured:
    """Debited; the rest released. `shortfall_code` set: the fuel was recorded but not debited."""

    points_debited: Points
    points_released: Points
    balance_after: Points
    shortfall_code: str | None = None


@dataclass(frozen=True, slots=True)
class RedemptionVoided:
    """Nothing held, nothing debited."""


@dataclass(frozen=True, slots=True)
class OfflineSpendBooked:
    """A spent voucher is recorded: debited and the rest released, or a shortfall with its reason."""

    points_debited: Points
    points_released: Points
    balance_after: Points
    shortfall_code: str | None = None


@dataclass(frozen=True, slots=True)
class ShiftStated:
    """A closed shift is kept, and held to what central has. `result`: a `domain.shift.Verdict`, or a newer word."""

    result: str
    differences: tuple[tuple[str, int, int], ...] = ()
    points_credited: Points = 0
    points_debited: Points = 0


@dataclass(frozen=True, slots=True)
class BundleTold:
    """A bundle, its signature and name checked by the adapter."""

    bundle: Bundle


@dataclass(frozen=True, slots=True)
class BundleUnchanged:
    """The one we have is the newest."""


@dataclass(frozen=True, slots=True)
class AccrualBooked:
    """Points credited."""

    points: Points
    balance_before: Points
    balance_after: Points
    formula_vi: str
    formula_en: str


@dataclass(frozen=True, slots=True)
class OperationReversed:
    """Undone. `points_uncovered`: of an accrual, what was spent already and could not be taken back."""

    points_returned: Points
    points_taken_back: Points
    points_uncovered: Points
    balance_after: Points


@dataclass(frozen=True, slots=True)
class JournalAcknowledged:
    """Rows are held; central's signature is already checked by the adapter. `missing`: records of those it was told by
    name that it does not hold, so it lost them; they are sent again as they were."""

    acknowledgement: Acknowledgement
    missing: tuple[IdempotencyKey, ...] = ()


CentralAnswer = (
    SessionStarted
    | TimeTold
    | CustomerFound
    | QuoteGiven
    | HoldPlaced
    | ConsentVerified
    | RedemptionCaptured
    | RedemptionVoided
    | AccrualBooked
    | OperationReversed
    | OfflineSpendBooked
    | ShiftStated
    | BundleTold
    | BundleUnchanged
    | JournalAcknowledged
)


class Retry(StrEnum):
    """Central's own word on trying again (RFC 9457 extension member `retry`)."""

    NEVER = "never"
    SAME_KEY = "same-key"
    NEW_OPERATION = "new-operation"


@dataclass(frozen=True, slots=True)
class Problem:
    """Central's refusal. `code` is a code of the contract; words are in our catalogue, `message_vi` is the fallback."""

    code: str
    status: int
    retry: Retry
    message_vi: str = ""
    retry_after_s: int = 0
    attempts_left: int | None = None
    locked_for_s: int | None = None
    state: str | None = None
    limit: int | None = None
    """The number a refusal turns on: the minimum, or the points there are."""
    expected_seq: int | None = None
    """The row central waits for, after a gap."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody knows what became of it: no connection, time-out, cut off, HTML, a damaged or unsigned answer.

    `sent` False: the connection was never made, so nothing can have happened.
    """

    reason: str
    sent: bool = True


READ_TIMEOUT = "read_timeout"
"""`NoAnswer.reason` when central took longer than this terminal waits."""
IMPOSSIBLE = "impossible_answer"
"""`NoAnswer.reason` when central was heard, and what it said cannot be true."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """An answer in the contract's form that contradicts itself or the request whose bytes it answers.

    `why` in one word; `numbers`: what it said, by name, without personal data; `sha256` of its bytes.
    """

    why: str
    numbers: tuple[tuple[str, int], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class CentralAnswered:
    """What came of one send; posted into the inbox."""

    key: IdempotencyKey
    result: CentralAnswer | Problem | NoAnswer | Impossible


# ── ports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Wire(Protocol):
    """Turns calls into frozen bytes. Pure apart from the randomness of sealing."""

    def encode(self, call: CentralCall) -> EncodedCall:
        """The bytes of a call. Seals the secret of a `Verify`; the caller wipes its buffer afterwards."""

    def seal_identifier(self, identifier: Identifier) -> str:
        """An identifier as text only central can open (I19); random, so equal identifiers give unequal texts."""

    def read_bundle(self, text: str) -> Bundle:
        """A bundle out of the books. Raises `Refused` (`bundle_untrusted`): not central's, or not readable here."""

    def read_voucher(self, text: str, keys: Mapping[str, str]) -> SignedVoucher:
        """A signed voucher. `keys`: kid -> public key, of the keys for vouchers.

        Raises `Refused`: `voucher_unreadable`, `voucher_key_unknown`, `voucher_forged`.
        """


MOST_IN_A_BATCH = 100
MOST_TOLD = 1_000
"""Records one batch of the journal may name."""


class Central(Protocol):
    """The way to head office. Three lanes: `send` for what a person waits for, `forward` for the outbox, `stream` for
    the journal behind it."""

    def send(self, call: EncodedCall) -> None:
        """Send now on the interactive connection; the answer arrives as `CentralAnswered`. Never blocks."""

    def forward(self, call: EncodedCall) -> None:
        """Send on the forwarding connection, behind what is already there. Never blocks."""

    def forward_batch(self, calls: tuple[EncodedCall, ...]) -> None:
        """Claims for points, up to `MOST_IN_A_BATCH`, in one request on the forwarding connection; each is decided and
        answered by itself, as if it had been sent alone. Never blocks."""

    def stream(self, call: EncodedCall) -> None:
        """Send on the journal's connection, which nothing else waits for. Never blocks."""
