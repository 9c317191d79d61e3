"""Points become fuel: hold, consent, capture, void. What a person waits for is fenced, statements of fact are not."""

from __future__ import annotations

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read, write
from pos_client.sandbox.central.endpoints.sessions import fence
from pos_client.sandbox.central.ledger import redemptions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.terminals import mark_fact
from pos_client.sandbox.central.service import BY_LOCKS

ENDED = ("hold-voided", "hold-expired", "hold-released", "challenge-consumed", "redemption-state-conflict")
"""What a redemption that has ended says no with."""


def _hold(book: Book, call: Call) -> Outcome:
    asked = call.read(m.HoldRequest)
    if asked.station != call.device.station:
        return Refusal("station-mismatch")
    fenced = fence(call)
    if fenced is not None:
        return fenced
    return redemptions.hold(book, call.name, call.terminal, asked)


def _resend(book: Book, call: Call) -> Outcome:
    call.read(m.ChallengeRequest)
    return fence(call) or redemptions.resend(book, call.name)


def _verify(book: Book, call: Call) -> Outcome:
    return fence(call) or redemptions.verify(book, call.name, call.terminal, call.read(m.VerifyRequest))


def _capture(book: Book, call: Call) -> Outcome:
    request = call.read(m.CaptureRequest)
    outcome = redemptions.capture(book, call.name, call.terminal, request)
    if isinstance(outcome, Answer):
        mark_fact(book, call.device, "capture", call.name, request.station, request.amount_vnd)
    return outcome


def _void(book: Book, call: Call) -> Outcome:
    outcome = redemptions.void(book, call.name, call.terminal, call.read(m.VoidRequest))
    if isinstance(outcome, Answer):
        mark_fact(book, call.device, "void", call.name, call.device.station)
    return outcome


def _show(book: Book, call: Call) -> Outcome:
    return redemptions.show(book, call.name)


ENDPOINTS = (
    write(
        "PUT",
        "/v1/redemptions/{name}",
        "Set points aside and send the challenge",
        _hold,
        isolation=BY_LOCKS,
        request=m.HoldRequest,
        answer=m.HoldAnswer,
        status=201,
        problems=(
            *ENDED,
            "stale-session",
            "station-mismatch",
            "quote-expired",
            "customer-blocked",
            "method-not-allowed",
            "voucher-right-missing",
            "credential-locked",
            "insufficient-points",
            "below-minimum",
            "rate-limited",
        ),
        prose=Prose(
            about="Sets points aside, out of the lots that die first, and asks the customer for consent: a code by "
            "text message (`otp`), or the PIN he knows. The hold is soft: without consent it is given back after "
            "`hold_expires_in_s`. A refusal is remembered for this id for ever: whoever wants to try again makes a "
            "new id, because a repeated request must not succeed where the balance changed meanwhile.",
            caller="The till, when the cashier confirms the points (F6, Enter). The id is the terminal's, written to "
            "its journal before this is sent.",
            key="`{name}:hold`",
            offline="Refused at the counter. When an answer stays away for 20 s the outcome is unknown: the terminal "
            "voids this id until central confirms, and the customer is told that nothing was debited.",
        ),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/challenges",
        "Send another code",
        _resend,
        isolation=BY_LOCKS,
        request=m.ChallengeRequest,
        answer=m.HoldAnswer,
        status=201,
        problems=(*ENDED, "stale-session", "unknown-redemption", "credential-locked", "rate-limited"),
        prose=Prose(
            about="Sends another code; the one before it is void. The hold lives on, ten minutes in all at the most.",
            caller="The till, when the customer says that no message came; twice at the most.",
            key="`{name}:chal:{n}`, n from 1",
            offline="As for the hold.",
        ),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/verify",
        "What the customer typed, sealed; a right one makes the hold firm and is answered with a signed permit",
        _verify,
        isolation=BY_LOCKS,
        request=m.VerifyRequest,
        answer=m.VerifyAnswer,
        problems=(
            *ENDED,
            "stale-session",
            "unknown-redemption",
            "terminal-mismatch",
            "challenge-expired",
            "credential-locked",
            "credential-wrong",
            "rate-limited",
        ),
        prose=Prose(
            about="What the customer typed, sealed (HPKE) to central for this redemption, this challenge, this "
            "terminal and these points alone; moved anywhere else it does not open, and that is no counted try. A "
            "right secret makes the hold firm and is answered with the signed fuel permit, without which no pump is "
            "armed. From here on only evidence ends the hold: a capture, or a void. A wrong secret is counted before "
            "it is compared.",
            caller="The customer's keypad, at Enter.",
            key="`{name}:verify:{n}`, one n an entry on the keypad; the same entry sent again is counted once",
            offline="As for the hold. The secret is in memory from the key press until the answer, and nowhere else.",
        ),
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/capture",
        "Fuel that flowed, as a statement of fact: debited up to the hold, the rest released",
        _capture,
        isolation=BY_LOCKS,
        request=m.CaptureRequest,
        answer=m.CaptureAnswer,
        problems=("unknown-redemption", "terminal-mismatch", "redemption-state-conflict"),
        prose=Prose(
            about="So much fuel flowed against this permit. Debits what flowed, up to the hold, and gives the rest "
            "back; what flowed beyond it is `excess_vnd`, and the station's. Where nothing is held any more the fuel "
            "is recorded all the same, as a SHORTFALL nobody is debited for. Only the terminal that holds may say it: "
            "another one's word is refused and lies on the review desk.",
            caller="The outbox, when the nozzle is back; after a crash from the totalizers, with `derived` true.",
            key="`{name}:capture`",
            offline="Queued until central answers; the receipt says that the confirmation is still to come.",
        ),
        is_fact=True,
    ),
    write(
        "POST",
        "/v1/redemptions/{name}/void",
        "Give the hold back; an unknown id leaves a tombstone",
        _void,
        isolation=BY_LOCKS,
        request=m.VoidRequest,
        answer=m.VoidAnswer,
        problems=("terminal-mismatch", "redemption-state-conflict"),
        prose=Prose(
            about="Nothing was fuelled for this id, and nothing shall be held. An id central does not know becomes a "
            "tombstone: the hold that was delayed on its way is then refused when it comes. Repeating is harmless. "
            "Only the terminal that holds may give back.",
            caller="The terminal, when customer or cashier give up, when no fuel flowed, and when an outcome stays "
            "unknown.",
            key="`{name}:void`",
            offline="Queued until central answers.",
        ),
        is_fact=True,
    ),
    read(
        "GET",
        "/v1/redemptions/{name}",
        "Where a redemption stands: for the eye, never to resolve a doubt",
        _show,
        isolation=BY_LOCKS,
        answer=m.RedemptionAnswer,
        problems=("unknown-redemption",),
        prose=Prose(
            about="State and points of a redemption. A 404 today does not prove that the delayed request will not "
            "arrive tomorrow, so nothing may be concluded from this answer; doubt is resolved by repeating the write "
            "or by a void.",
            caller="People: support, head office. No terminal decides by it.",
            offline="Nothing waits for it.",
        ),
    ),
)
