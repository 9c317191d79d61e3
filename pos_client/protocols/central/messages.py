"""Requests and answers of the loyalty API as values, shared by the terminal and the reference service.

Whole numbers only: đồng, points (1 point = 1 đồng of fuel, A22), millilitres, seconds. Dates and times are ISO 8601
text; a time carries its offset. Every optional field has a default, so an older peer's message still reads; an
unknown field of a newer peer is skipped (`codec.decode`). Numbers are bounded here, because what a ledger cannot hold
must not get past the door.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

_LARGEST = 1_000_000_000_000
"""More than any station sells in a year, in đồng; well inside 64 bits whatever is summed."""

Amount = Annotated[int, Meta(ge=0, le=_LARGEST)]
"""đồng, points or millilitres of one operation; a totalizer's millilitres too."""
Seconds = Annotated[int, Meta(ge=0, le=10_000_000)]
_NO_CONTROL = "^[^\\u0000-\\u001f\\u007f]*$"
_NO_NUL = "^[^\\u0000]*$"
Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=_NO_CONTROL)]
"""An id, a code, a reference."""
Station = Annotated[str, Meta(min_length=1, max_length=20, pattern=_NO_CONTROL)]
"""A station's code."""
Words = Annotated[str, Meta(max_length=2_000, pattern=_NO_NUL)]
"""For people. Not every database can keep a NUL in a text."""
Moment = Annotated[str, Meta(min_length=1, max_length=80, extra_json_schema={"format": "date-time"})]
"""A time with its offset."""
Day = Annotated[str, Meta(min_length=1, max_length=80, extra_json_schema={"format": "date"})]
"""A business day in Vietnam."""
Sealed = Annotated[str, Meta(min_length=1, max_length=1_000)]
"""HPKE ciphertext, base64 without padding: encapsulated key, then text and tag."""


def one_of(*words: str) -> Meta:
    """For the published contract: the words there are. Who decides by the word refuses another one; who reads an answer
    has to bear a new one."""
    return Meta(extra_json_schema={"enum": list(words)})


class Message(Struct, frozen=True, kw_only=True):
    """Base of all messages."""


# ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────


class SessionRequest(Message, frozen=True):
    """`POST /v1/sessions`: this terminal works from now on; its older sessions are fenced off (I12).

    `last_seq` and `last_mac` are where its journal ends; without them central compares nothing.
    """

    station: Station
    terminal: Name
    version: Name
    last_seq: Amount | None = None
    last_mac: Annotated[str, Meta(max_length=64)] = ""


class IdentifierText(Message, frozen=True):
    """How a customer was named: `kind` is id, phone, plate, voucher or qr; `text` is normalised."""

    kind: Annotated[Name, one_of("id", "phone", "plate", "voucher", "qr")]
    text: Name


class LookupRequest(Message, frozen=True):
    """`POST /v1/customers:lookup`. Not stored by anybody; so the identifier travels under TLS alone."""

    identifier: IdentifierText


class QuoteRequest(Message, frozen=True):
    """`POST /v1/quotes`. Without an amount: as many points as there are. Without a grade: any. `price_version`: the
    number of the `prices` bundle the terminal has; without it nothing is compared."""

    customer_ref: Name
    amount_vnd: Amount | None = None
    grade_code: Name | None = None
    price_version: Amount | None = None


class HoldRequest(Message, frozen=True):
    """`PUT /v1/redemptions/{id}`: set points aside and send the challenge. `flow` is pay or gift."""

    station: Station
    customer_ref: Name
    points: Amount
    flow: Annotated[Name, one_of("pay", "gift")]


class ChallengeRequest(Message, frozen=True):
    """`POST /v1/redemptions/{id}/challenges`: the n-th further code, n from 1."""

    n: Annotated[int, Meta(ge=1, le=99)]


class VerifyRequest(Message, frozen=True):
    """`POST /v1/redemptions/{id}/verify`: what the customer typed, sealed to central for this redemption alone."""

    challenge_id: Name
    sealed: Sealed


class CaptureRequest(Message, frozen=True):
    """`POST /v1/redemptions/{id}/capture`: fuel that flowed; a statement, not a question."""

    station: Station
    point: Annotated[int, Meta(ge=1, le=99)]
    nozzle: Annotated[int, Meta(ge=1, le=15)]
    grade_code: Words
    volume_ml: Amount
    amount_vnd: Amount
    end_totalizer_ml: Amount
    fuelled_at: Moment
    start_totalizer_ml: Amount | None = None
    derived: bool = False


class VoidRequest(Message, frozen=True):
    """`POST /v1/redemptions/{id}/void`: give the hold back; an unknown id leaves a tombstone."""

    reason: Words = ""


TimeQualityName = Annotated[Name, one_of("synced", "holdover", "wall", "untrusted")]
"""How sure a terminal is of a time it states."""


class OfferPart(Message, frozen=True):
    """The release announced last, as the terminal read it: `percent` of the stations may have it by now; `judgement` is
    what it made of it."""

    number: Amount
    version: Name
    percent: Annotated[int, Meta(ge=0, le=100)]
    judgement: Name


class ConditionRequest(Message, frozen=True):
    """`POST /v1/conditions`: how a terminal is at this moment. `ready` is the version that waits for the end of a
    shift; `oldest_waiting_s` the age of the oldest record that waits; `unacknowledged` rows of the journal central does
    not hold; `wall_at` the machine's own clock, `clock` how sure the terminal is of the time; `certificate_ends` when
    the certificate ends that central's address shows. `troubles` are codes, gravest first; a new one is borne."""

    version: Name
    wall_at: Moment
    ready: Annotated[str, Meta(max_length=80, pattern=_NO_CONTROL)] = ""
    offer: OfferPart | None = None
    waiting_records: Amount = 0
    in_doubt: Amount = 0
    parked: Amount = 0
    oldest_waiting_s: Seconds | None = None
    unacknowledged: Amount = 0
    clock: TimeQualityName = "untrusted"
    disk_free_mb: Amount | None = None
    certificate_ends: Annotated[str, Meta(max_length=80, pattern=_NO_CONTROL)] = ""
    troubles: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()


class TenderPart(Message, frozen=True):
    """One part of a payment: `tender` is electronic, cash, points or other."""

    tender: Annotated[Name, one_of("electronic", "cash", "points", "other")] = msgspec.field(name="class")
    amount_vnd: Amount


class AccrualRequest(Message, frozen=True):
    """`PUT /v1/accruals/{id}`: a paid sale and, sealed, whose it was (I19).

    The sale itself is (station, point, nozzle, end totalizer): it earns once, whoever sends it and however often (I6).
    """

    station: Station
    terminal: Name
    sealed_identifier: Sealed
    receipt_number: Words
    point: Annotated[int, Meta(ge=1, le=99)]
    nozzle: Annotated[int, Meta(ge=1, le=15)]
    grade_code: Words
    unit_price: Amount
    volume_ml: Amount
    amount_vnd: Amount
    end_totalizer_ml: Amount
    fuelled_at: Moment
    tenders: Annotated[tuple[TenderPart, ...], Meta(max_length=20)]
    time_quality: TimeQualityName = "synced"


class BatchItem(Message, frozen=True):
    """One accrual as it would be sent alone: its key, its path, and the very bytes of its body."""

    key: Name
    path: Annotated[str, Meta(pattern=r"^/v1/accruals/[A-Za-z0-9._~-]{1,80}$")]
    body: Annotated[str, Meta(max_length=20_000)]


class BatchRequest(Message, frozen=True):
    """`POST /v1/accruals:batch`: each item is decided by itself, under its own key."""

    items: Annotated[tuple[BatchItem, ...], Meta(min_length=1, max_length=100)]


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class SessionAnswer(Message, frozen=True):
    """The fencing number (grows), central's clock, and how far it has this terminal's journal, signed
    (`acknowledgement.py`)."""

    session: Amount
    server_time: Moment
    acknowledgement: Annotated[str, Meta(max_length=2_000)] = ""


class TimeAnswer(Message, frozen=True):
    """`GET /v1/time`, `POST /v1/conditions`."""

    server_time: Moment


class VoucherPart(Message, frozen=True):
    """A points voucher (phiếu điểm) as the till may show it. `product`: the one grade it may be spent on."""

    code: Name
    plate: Name
    points: Amount
    expires_on: Day
    product: Name | None = None


class CustomerAnswer(Message, frozen=True):
    """`kind`: individual, organisation, voucher. `methods`: otp, organisation_pin, driver_pin; empty: cannot spend.

    `customer_ref` is opaque and lives fifteen minutes. `status`: active, waiting_verification, blocked.
    """

    customer_ref: Name
    kind: Name
    masked_name: Words
    display_id: Words
    masked_phone: Words
    points_available: Amount
    methods: tuple[Name, ...]
    points_held: Amount = 0
    expiring_points: Amount = 0
    expiring_on: Day | None = None
    voucher: VoucherPart | None = None
    status: Name = "active"


class QuoteAnswer(Message, frozen=True):
    """At the most `points_max` points now; of them `expiring_points` die after `expiring_on`, and are spent first."""

    points_max: Amount
    expires_in_s: Seconds
    expiring_points: Amount = 0
    expiring_on: Day | None = None


class HoldAnswer(Message, frozen=True):
    """Points are held, the challenge is out; `expires_in_s` is its life, `hold_expires_in_s` the hold's."""

    state: Name
    points: Amount
    challenge_id: Name
    method: Name
    expires_in_s: Seconds
    hold_expires_in_s: Seconds
    attempts_left: Amount
    masked_phone: Words = ""
    resends_left: Amount = 0


class VerifyAnswer(Message, frozen=True):
    """The hold is firm. `permit` is signed by central (`permit.py`)."""

    state: Name
    points: Amount
    permit: Annotated[str, Meta(min_length=1, max_length=2_000)]
    arm_within_s: Seconds


class CaptureAnswer(Message, frozen=True):
    """`state` CAPTURED: debited, the rest released. SHORTFALL: recorded, not debited; `shortfall_code` says why."""

    state: Name
    points_debited: Amount
    points_released: Amount
    balance_after: Amount
    excess_vnd: Amount = 0
    shortfall_code: Name | None = None


class VoidAnswer(Message, frozen=True):
    """Nothing is held and nothing was debited for this redemption."""

    state: Name


class RedemptionAnswer(Message, frozen=True):
    """`GET /v1/redemptions/{id}`: for the eye. What is in doubt is resolved by repeating the write, never by this."""

    redemption_id: Name
    state: Name
    points: Amount
    points_debited: Amount = 0
    points_released: Amount = 0
    reversed_by: Name | None = None


class AccrualAnswer(Message, frozen=True):
    """`state` POSTED: credited; the formula says how many and why. REVIEW: kept, nothing is credited before a person at
    head office has decided; `review_code` says why: `late`, `time-untrusted`, `time-ahead`."""

    state: Name
    points: Amount
    balance_before: Amount
    balance_after: Amount
    formula_vi: Words
    formula_en: Words
    review_code: Name | None = None


class BatchResult(Message, frozen=True):
    """What an item would have been answered alone: status and body."""

    key: Name
    status: Annotated[int, Meta(ge=200, le=599)]
    body: str


class BatchAnswer(Message, frozen=True):
    """One result an item, in the order of the request."""

    results: tuple[BatchResult, ...]


class PermitBody(Message, frozen=True):
    """What central signs when a customer has consented: this redemption, this terminal, at most these points."""

    redemption: Name
    terminal: Name
    station: Station
    points: Amount
    challenge: Name
    expires: Moment


class ProblemDocument(Message, frozen=True, omit_defaults=True):
    """RFC 9457, with our extension members. `code` and `retry` are the contract; the words are for people."""

    type: Words = "about:blank"
    title: Words = ""
    status: Annotated[int, Meta(ge=0, le=999)] = 0
    detail: Words = ""
    code: Words = ""
    retry: Words = ""
    retry_after_s: Seconds | None = None
    in_doubt: bool = False
    state: Name | None = None
    attempts_left: Amount | None = None
    locked_for_s: Seconds | None = None
    limit: Amount | None = None
    expected_seq: Amount | None = None
    server_time: Moment | None = None
    trace_id: Name | None = None
    message_vi: Words = ""
