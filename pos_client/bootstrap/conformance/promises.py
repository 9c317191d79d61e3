"""What a central promises a terminal, promise by promise, each tried on whoever answers at an address.

A promise is broken when what comes back is not what the contract says; one that could not be tried because an earlier
step failed is broken as well. Points are moved: a test system and a test customer are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import requests

from pos_client.adapters.central_http.error_mapping import refusal_of
from pos_client.bootstrap.conformance.asking import Asking, another_body
from pos_client.bootstrap.conformance.saying import FUELLED, HELD, NotTried, is_a, refused, reversal
from pos_client.bootstrap.conformance.statements import STATEMENTS, quarantines_two_books_under_one_name
from pos_client.domain.customer import parse_identifier
from pos_client.domain.identifiers import AccrualId
from pos_client.ports import central as port
from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass

Promise = Callable[[Asking], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken`: what came instead, `untried`: what was missing; both empty when the promise was kept."""

    promise: str
    broken: str = ""
    untried: str = ""


def try_promises(ask: Asking, promises: Sequence[Promise]) -> Iterator[Verdict]:
    """One after the other; a promise that breaks stops no other."""
    for promise in promises:
        try:
            promise(ask)
        except NotTried as missing:
            yield Verdict(_name(promise), untried=str(missing))
        except (AssertionError, Unavailable, requests.RequestException) as error:
            yield Verdict(_name(promise), str(error) or type(error).__name__)
        else:
            yield Verdict(_name(promise))


def tells_the_time(ask: Asking) -> None:
    """Tells the time."""
    is_a(ask.call(port.AskTime(ask.new_id())), port.TimeTold)


def numbers_starts_upwards(ask: Asking) -> None:
    """Gives every start a higher fencing number."""
    first, second = (is_a(ask.call(port.OpenSession(ask.new_id(), "trial")), port.SessionStarted) for _ in range(2))
    assert second.session > first.session, f"{second.session} after {first.session}"


def knows_nobody_it_does_not_know(ask: Asking) -> None:
    """Says that a customer is unknown, and that asking again does not help."""
    stranger = ask.call(port.LookUpCustomer(ask.new_id(), parse_identifier("999999999")))
    assert refused(stranger, "unknown-customer").retry is port.Retry.NEVER, stranger


def remembers_a_refusal(ask: Asking) -> None:
    """Refuses a hold of more points than there are, for this id for ever."""
    hold = ask.wire.encode(ask.hold(999_000_000_000))
    first = refused(ask.send(hold), "insufficient-points")
    assert ask.send(hold) == first


def keeps_a_key_for_one_request(ask: Asking) -> None:
    """Answers the same request under the same key the same, and another one under it not at all."""
    hold = ask.hold(HELD)
    call = ask.wire.encode(hold)
    first = is_a(ask.send(call), port.HoldPlaced)
    again = is_a(ask.send(call), port.HoldPlaced)
    assert again.challenge_id == first.challenge_id, "the repetition made a new challenge"
    other = another_body(call, ask.wire.encode(ask.hold(HELD + 1)))
    refused(ask.send(other), "idempotency-key-reused")
    is_a(ask.call(port.Void(hold.redemption_id, "trial")), port.RedemptionVoided)


def a_void_overtakes_its_hold(ask: Asking) -> None:
    """Remembers the void of an id it has never seen, and refuses the hold that comes after it."""
    hold = ask.hold(HELD)
    is_a(ask.call(port.Void(hold.redemption_id, "trial")), port.RedemptionVoided)
    refused(ask.call(hold), "hold-voided")


def consent_is_counted_once_and_signed(ask: Asking) -> None:
    """Counts a wrong secret once, answers the right one with a permit that verifies, debits what flowed, once."""
    hold = ask.hold(HELD)
    placed = is_a(ask.call(hold), port.HoldPlaced)
    pin = ask.trial.pin
    wrong = ask.verify(hold, 1, placed.challenge_id, pin[:-1] + str((int(pin[-1]) + 1) % 10))
    left = refused(ask.send(wrong), "credential-wrong").attempts_left
    again = refused(ask.send(wrong), "credential-wrong")
    assert again.attempts_left == left, "the same entry was counted twice"
    right = ask.verify(hold, 2, placed.challenge_id, pin)
    permit = is_a(ask.send(right), port.ConsentVerified).permit
    assert is_a(ask.send(right), port.ConsentVerified).permit == permit, "a second permit"
    before = ask.customer().points_available
    capture = ask.wire.encode(ask.capture(hold, FUELLED))
    done = is_a(ask.send(capture), port.RedemptionCaptured)
    assert (done.points_debited, done.points_released) == (FUELLED, HELD - FUELLED), done
    assert ask.send(capture) == done
    assert ask.customer().points_available == before + HELD - FUELLED, "the rest did not come back"
    refused(ask.call(port.Void(hold.redemption_id, "trial")), "redemption-state-conflict")
    back = is_a(ask.call(reversal(ask, port.Undone.REDEMPTION, hold.redemption_id)), port.OperationReversed)
    assert back.points_returned == FUELLED, back
    refused(ask.call(reversal(ask, port.Undone.REDEMPTION, hold.redemption_id)), "already-reversed")


def a_sale_earns_once(ask: Asking) -> None:
    """Credits a sale once, under whatever id it comes, and takes it back once."""
    accrual = ask.accrual(100_000)
    booked = is_a(ask.call(accrual), port.AccrualBooked)
    assert booked.balance_after == booked.balance_before + booked.points, booked
    assert ask.call(accrual) == booked
    refused(ask.call(replace(accrual, accrual_id=AccrualId(ask.new_id()))), "sale-already-accrued")
    back = is_a(ask.call(reversal(ask, port.Undone.ACCRUAL, accrual.accrual_id)), port.OperationReversed)
    assert back.points_taken_back + back.points_uncovered == booked.points, back


def refuses_in_the_contracts_words(ask: Asking) -> None:
    """Refuses what is no request as RFC 9457 says: without a terminal, without a key, without sense."""
    path, terminal = f"/v1/redemptions/{ask.new_id()}/void", ask.trial.terminal
    for code, answer in (
        ("device-auth-failed", ask.by_hand("POST", path, b"{}", Idempotency_Key="k")),
        ("idempotency-key-missing", ask.by_hand("POST", path, b"{}", X_Terminal=terminal)),
        ("malformed-request", ask.by_hand("POST", path, b"{", X_Terminal=terminal, Idempotency_Key=ask.new_id())),
    ):
        refused(refusal_of(answer.status_code, answer.headers, answer.content), code)


def _name(promise: Promise) -> str:
    return (promise.__doc__ or promise.__name__).strip()


PROMISES: tuple[Promise, ...] = (
    tells_the_time,
    numbers_starts_upwards,
    knows_nobody_it_does_not_know,
    remembers_a_refusal,
    keeps_a_key_for_one_request,
    a_void_overtakes_its_hold,
    consent_is_counted_once_and_signed,
    a_sale_earns_once,
    refuses_in_the_contracts_words,
    *STATEMENTS,
)
LAST: tuple[Promise, ...] = (quarantines_two_books_under_one_name,)
"""After everything else: it ends the trial's till, which head office has to enrol anew."""
