"""Points become fuel: hold, consent, capture, void. What a person waits for is fenced, statements of fact are not."""

from __future__ import annotations

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, read, write
from pos_client.sandbox.central.endpoints.sessions import fence
from pos_client.sandbox.central.ledger import redemptions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome

ENDED = ("hold-voided", "hold-expired", "challenge-consumed", "redemption-state-conflict")
"""What a redemption that has ended says no with."""


def _hold(book: Book, call: Call) -> Outcome:
    return fence(book, call) or redemptions.hold(book, call.name, call.terminal, call.read(m.HoldRequest))


def _resend(book: Book, call: Call) -> Outcome:
    call.read(m.ChallengeRequest)
    return fence(book, call) or redemptions.resend(book, call.name)


def _verify(book: Book, call: Call) -> Outcome:
    return fence(book, call) or redemptions.verify(book, call.name, call.terminal, call.read(m.VerifyRequest))


def _capture(book: Book, call: Call) -> Outcome:
    return redemptions.capture(book, call.name, call.read(m.CaptureRequest))


def _void(book: Book, call: Call) -> Outcome:
    return redemptions.void(book, call.name, call.terminal, call.read(m.VoidRequest))


def _show(book: Book, call: Call) -> Outcome:
    return redemptions.show(book, call.name)


ENDPOINTS = (
    write(
        "PUT",
        "/v1/redemptions/{name}",
        "Set points aside and send the challenge",
        _hold,
        request=m.HoldRequest,
        answer=m.HoldAnswer,
        status=201,
        problems=(
            *ENDED,
            "stale-session",
            "quote-expired",
            "customer-blocked",
            "method-not-allowed",
            "credential-locked",
            "insufficient-points",
            "below-minimum",
        ),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/challenges",
        "Send another code",
        _resend,
        request=m.ChallengeRequest,
        answer=m.HoldAnswer,
        status=201,
        problems=(*ENDED, "stale-session", "unknown-redemption", "credential-locked", "rate-limited"),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/verify",
        "What the customer typed, sealed; a right one makes the hold firm and is answered with a signed permit",
        _verify,
        request=m.VerifyRequest,
        answer=m.VerifyAnswer,
        problems=(
            *ENDED,
            "stale-session",
            "unknown-redemption",
            "station-mismatch",
            "challenge-expired",
            "credential-locked",
            "credential-wrong",
        ),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/capture",
        "Fuel that flowed, as a statement of fact: debited up to the hold, the rest released",
        _capture,
        request=m.CaptureRequest,
        answer=m.CaptureAnswer,
        problems=("unknown-redemption", "redemption-state-conflict"),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/void",
        "Give the hold back; an unknown id leaves a tombstone",
        _void,
        request=m.VoidRequest,
        answer=m.VoidAnswer,
        problems=("redemption-state-conflict",),
    ),
    read(
        "GET",
        "/v1/redemptions/{name}",
        "Where a redemption stands: for the eye, never to resolve a doubt",
        _show,
        answer=m.RedemptionAnswer,
        problems=("unknown-redemption",),
    ),
)
