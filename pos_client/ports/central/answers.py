"""What head office may say: one value an answer, its refusals, and what is said of an answer that did not come or
cannot be true."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.bundle import Bundle
from pos_client.domain.customer import Customer
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


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
class AccrualUnderReview:
    """Kept; nothing is credited before a person at head office has decided. `code`: why, in the contract's words."""

    code: str


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
    | AccrualUnderReview
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
