"""What the terminal asks of head office, in the terminal's words.

Calls are values. `Wire.encode` freezes a call into bytes with its idempotency key (sealing secrets and personal data
on the way); `Central.send` sends those bytes and later posts a `CentralAnswered` with the same key. The bytes are sent
unchanged as often as it takes: a timeout is "unknown", never "failed".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pos_client.domain.bundle import Bundle
from pos_client.domain.customer import Identifier
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports.central.answers import (
    IMPOSSIBLE,
    READ_TIMEOUT,
    AccrualBooked,
    AccrualUnderReview,
    BundleTold,
    BundleUnchanged,
    CentralAnswer,
    CentralAnswered,
    ConsentVerified,
    CustomerFound,
    HoldPlaced,
    Impossible,
    JournalAcknowledged,
    NoAnswer,
    OfflineSpendBooked,
    OperationReversed,
    Problem,
    QuoteGiven,
    RedemptionCaptured,
    RedemptionVoided,
    Retry,
    SessionStarted,
    ShiftStated,
    TimeTold,
)
from pos_client.ports.central.calls import (
    Accrue,
    AppendJournal,
    AskShift,
    AskTime,
    Capture,
    CentralCall,
    EncodedCall,
    FetchBundle,
    Hold,
    LookUpCustomer,
    OpenSession,
    Quote,
    ResendChallenge,
    Reverse,
    SpendOffline,
    StateCondition,
    StateShift,
    Undone,
    Verify,
    Void,
    append_key,
)

__all__ = [
    "IMPOSSIBLE",
    "MOST_IN_A_BATCH",
    "MOST_TOLD",
    "READ_TIMEOUT",
    "AccrualBooked",
    "AccrualUnderReview",
    "Accrue",
    "AppendJournal",
    "AskShift",
    "AskTime",
    "BundleTold",
    "BundleUnchanged",
    "Capture",
    "Central",
    "CentralAnswer",
    "CentralAnswered",
    "CentralCall",
    "ConsentVerified",
    "CustomerFound",
    "EncodedCall",
    "FetchBundle",
    "Hold",
    "HoldPlaced",
    "Impossible",
    "JournalAcknowledged",
    "LookUpCustomer",
    "NoAnswer",
    "OfflineSpendBooked",
    "OpenSession",
    "OperationReversed",
    "Problem",
    "Quote",
    "QuoteGiven",
    "RedemptionCaptured",
    "RedemptionVoided",
    "ResendChallenge",
    "Retry",
    "Reverse",
    "SessionStarted",
    "ShiftStated",
    "SpendOffline",
    "StateCondition",
    "StateShift",
    "TimeTold",
    "Undone",
    "Verify",
    "Void",
    "Wire",
    "append_key",
]


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
