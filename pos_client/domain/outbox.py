"""The outbox: what central has to be told, recorded first, sent later, once.

An item's bytes and key are frozen when it is made; every send repeats them. Items of one lane go in order, lanes do
not wait for each other, so one poisoned record never blocks another (F33). Retrying is a decision, not a loop:
`next_attempt` says what becomes of an item after an outcome; its test is a table.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.value import dataclass


class ItemKind(StrEnum):
    """What an item tells central. Stored by name."""

    ACCRUAL = "accrual"
    CAPTURE = "capture"
    VOID = "void"
    OFFLINE = "offline"
    """what became of a signed voucher taken while central was away"""
    SHIFT_CLOSE = "shift_close"
    """what a shift came to"""
    REVERSAL = "reversal"
    """a finished use or credit of points is undone"""


class DeliveryState(StrEnum):
    """Where an item stands. `IN_DOUBT`: sent, and the answer was not seen; the same bytes are sent again."""

    PENDING = "pending"
    CLAIMED = "claimed"
    IN_DOUBT = "in_doubt"
    DELIVERED = "delivered"
    PARKED = "parked"


WAITING = frozenset({DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.IN_DOUBT})


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing central must hear. `due_ms` is in ticks of this run; after a restart everything is due."""

    key: IdempotencyKey
    kind: ItemKind
    subject: str
    lane: str
    method: str
    path: str
    body: bytes
    created_at: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    due_ms: int = 0
    last_problem: str | None = None


SET_ASIDE = "program-died"
"""The problem of a record that was set aside because the program died on it, and not by any answer (F33)."""


class Outcome(StrEnum):
    """What came back from one send."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"


FIRST_RETRY_MS = 500
LONGEST_RETRY_MS = 60_000
LONGEST_RETRY_AFTER_MS = 600_000
PATIENT_AFTER_MS = 3_600_000
PATIENT_RETRY_MS = 300_000
"""What has been tried for an hour is tried every five minutes at the most."""
ALARM_AFTER_ATTEMPTS = 6
ALARM_AFTER_MS = 900_000
"""A capture that failed so often, or for so long, is said to a person. While nobody answers, or central may yet answer
otherwise, it is never given up (behaviour C)."""
UNKNOWN_HOLD = "unknown-redemption"
LOST_AFTER_ATTEMPTS = 12
LOST_AFTER_MS = 72 * 3_600_000
"""So often answered, in this run, that there is no such hold, and so long after the fuel flowed: central has lost the
hold for good (a backup, a history nobody can send again). By then it would have given the points back (3.4)."""


def backoff_ms(attempts: int, spread: float, waited_ms: int = 0) -> int:
    """Pause before the next attempt: full jitter over 0.5 s doubling to 60 s, and to 5 min after an hour.

    `spread` is a die roll in [0, 1]; `waited_ms`: how long the record has been waiting.
    """
    longest = PATIENT_RETRY_MS if waited_ms >= PATIENT_AFTER_MS else LONGEST_RETRY_MS
    ceiling = min(longest, FIRST_RETRY_MS * 2 ** min(attempts, 16))
    return max(100, int(ceiling * spread))


def about_ms(pause_ms: int, spread: float) -> int:
    """A quarter more or less: a thousand stations that lost head office together do not knock together."""
    return int(pause_ms * (0.75 + 0.5 * spread))


def is_overdue(item: OutboxItem, waited_ms: int) -> bool:
    """Whether a person has to hear that fuel that was delivered is not debited yet."""
    is_debit = item.kind in (ItemKind.CAPTURE, ItemKind.OFFLINE)
    return is_debit and (item.attempts >= ALARM_AFTER_ATTEMPTS or waited_ms >= ALARM_AFTER_MS)


def is_lost_for_good(item: OutboxItem, problem: str | None, age_ms: int) -> bool:
    """Whether asking on is no use: central itself says again and again that it knows no such hold. The record is parked
    for a person, who can send it once more; the customer has not paid with points for this fuel, and will not."""
    return (
        item.kind is ItemKind.CAPTURE
        and problem == UNKNOWN_HOLD
        and item.last_problem == UNKNOWN_HOLD
        and item.attempts + 1 >= LOST_AFTER_ATTEMPTS
        and age_ms >= LOST_AFTER_MS
    )


def next_attempt(
    item: OutboxItem,
    outcome: Outcome,
    now_ms: int,
    *,
    spread: float,
    problem: str | None = None,
    retry_after_ms: int = 0,
    waited_ms: int = 0,
) -> OutboxItem:
    """What becomes of an item after a send: delivered, parked for a person, or due again with the same bytes."""
    attempts = item.attempts + 1
    match outcome:
        case Outcome.ACCEPTED:
            return replace(item, state=DeliveryState.DELIVERED, attempts=attempts, last_problem=None)
        case Outcome.REFUSED:
            return replace(item, state=DeliveryState.PARKED, attempts=attempts, last_problem=problem)
        case Outcome.RETRY | Outcome.UNKNOWN:
            pause = max(backoff_ms(attempts, spread, waited_ms), min(retry_after_ms, LONGEST_RETRY_AFTER_MS))
            state = DeliveryState.IN_DOUBT if outcome is Outcome.UNKNOWN else DeliveryState.PENDING
            return replace(item, state=state, attempts=attempts, due_ms=now_ms + pause, last_problem=problem)
