"""Facts: what the journal is made of. Past tense, flat, frozen; never edited, only followed by another fact.

The dataclass's name is the kind stored in the journal: a rename is a migration (STYLE 3). Fields are whole numbers,
text, booleans, None and tuples of them, so that a fact has exactly one canonical encoding (`domain/journal.py`).

`subject` is the field that says which story a fact belongs to; the store keeps stories together and knows which are
still open. Personal data: names are masked, identifiers are sealed to central (`sealed_identifier`) or absent (I19).
"""

from __future__ import annotations

from pos_client.domain.facts.accrual import AccrualPosted, AccrualRefused, AccrualStated, AccrualUnderReview
from pos_client.domain.facts.base import Fact, subject_of
from pos_client.domain.facts.forecourt import PumpTestEnded, PumpTestIntended, RestartIntended
from pos_client.domain.facts.fuelling import (
    DriveOffReturned,
    DroveOff,
    FuellingCompleted,
    FuellingHandedOver,
    FuellingPriced,
    FuellingTakenOver,
    HandOverLapsed,
    PumpTestMarked,
    TotalizerNoted,
)
from pos_client.domain.facts.late_claim import ClaimOffered, ClaimUsed
from pos_client.domain.facts.offline import BundleAdopted, OfflineSpendIntended, TimeNoted
from pos_client.domain.facts.prices import PricesAdopted, PumpPriced
from pos_client.domain.facts.radar import ReceiptReprinted, SignNoted
from pos_client.domain.facts.redemption import (
    Armed,
    ArmIntended,
    Captured,
    ChallengeResent,
    ConsentGiven,
    DispenseFinished,
    DispenseStarted,
    HoldDeclined,
    HoldGranted,
    HoldIntended,
    ReviewNeeded,
    ShortfallRecorded,
    VerifyIntended,
    VerifyRefused,
    Voided,
    VoidIntended,
)
from pos_client.domain.facts.reversal import ReversalIntended, ReversalPosted, ReversalRefused
from pos_client.domain.facts.sale import (
    CustomerAttached,
    CustomerDetached,
    SaleOpened,
    SalePaid,
    SaleReleased,
    TenderTaken,
)
from pos_client.domain.facts.shift import (
    MetersRead,
    ShiftClosed,
    ShiftClosing,
    ShiftCompared,
    ShiftKept,
    ShiftOpened,
    ShiftSummed,
)
from pos_client.domain.facts.staff import StaffProved, StaffRefused
from pos_client.domain.facts.terminal import (
    AnswerDoubted,
    CertificatePrinted,
    ParkedNoted,
    RecordSetAside,
    SessionOpened,
    TerminalStarted,
)

__all__ = [
    "KINDS",
    "AccrualPosted",
    "AccrualRefused",
    "AccrualStated",
    "AccrualUnderReview",
    "AnswerDoubted",
    "ArmIntended",
    "Armed",
    "BundleAdopted",
    "Captured",
    "CertificatePrinted",
    "ChallengeResent",
    "ClaimOffered",
    "ClaimUsed",
    "ConsentGiven",
    "CustomerAttached",
    "CustomerDetached",
    "DispenseFinished",
    "DispenseStarted",
    "DriveOffReturned",
    "DroveOff",
    "Fact",
    "FuellingCompleted",
    "FuellingHandedOver",
    "FuellingPriced",
    "FuellingTakenOver",
    "HandOverLapsed",
    "HoldDeclined",
    "HoldGranted",
    "HoldIntended",
    "MetersRead",
    "OfflineSpendIntended",
    "ParkedNoted",
    "PricesAdopted",
    "PumpPriced",
    "PumpTestEnded",
    "PumpTestIntended",
    "PumpTestMarked",
    "ReceiptReprinted",
    "RecordSetAside",
    "RestartIntended",
    "ReversalIntended",
    "ReversalPosted",
    "ReversalRefused",
    "ReviewNeeded",
    "SaleOpened",
    "SalePaid",
    "SaleReleased",
    "SessionOpened",
    "ShiftClosed",
    "ShiftClosing",
    "ShiftCompared",
    "ShiftKept",
    "ShiftOpened",
    "ShiftSummed",
    "ShortfallRecorded",
    "SignNoted",
    "StaffProved",
    "StaffRefused",
    "TenderTaken",
    "TerminalStarted",
    "TimeNoted",
    "TotalizerNoted",
    "VerifyIntended",
    "VerifyRefused",
    "VoidIntended",
    "Voided",
    "subject_of",
]

KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in Fact.__subclasses__()}
"""Kind as stored in the journal -> class."""
