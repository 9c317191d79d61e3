"""Spending points: hold, consent, capture, void; central's side of the two-phase transfer (`redemption_states`).

A void of an id nobody knows leaves a tombstone, so a hold that arrives late loses. A capture is a statement: where
there is no hold left to debit, the fuel is still recorded, as a shortfall nobody debits the customer for.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from pos_client.domain.customer import ConsentMethod
from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme.spending import Redemption
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.problems import NEVER
from pos_client.protocols.central.sealing import secret_info
from pos_client.sandbox.central.ledger import (
    activated,
    challenges,
    customers,
    funds,
    messaging,
    quotas,
    reversals,
    transfers,
)
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import read_time, text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.quotas import Quota
from pos_client.sandbox.central.ledger.redemption_states import NO_DEBIT, TRANSITIONS, Event, State
from pos_client.sandbox.central.ledger.redemption_timers import (
    HOLD_LIVES_S,
    SILENCE_S,
    change,
    give_back,
    load,
    note_incident,
)
from pos_client.sandbox.central.storage.tables import accounts, redemptions
from pos_client.value import dataclass

HOLD_LIVES_AT_MOST_S = 600
ARM_WITHIN_S = 120
FLOWS = frozenset({"pay", "gift"})

_NEW = insert(redemptions).returning(redemptions)
_FUEL_IS_EXPECTED = frozenset({State.AUTHORISED, State.SUSPENSE})
_REFUSED_IN = {**NO_DEBIT, State.CAPTURED: "challenge-consumed"}

_SPENDING_REFUSALS = {
    "below_minimum": "below-minimum",
    "not_a_step": "below-minimum",
    "insufficient_points": "insufficient-points",
    "threshold_not_reached": "insufficient-points",
    "before_redemptions": "method-not-allowed",
}
"""What the programme says no with, in the contract's words."""


def hold(book: Book, redemption_id: str, terminal: str, request: m.HoldRequest) -> Outcome:
    """`PUT /v1/redemptions/{id}`. A decline is sticky for the id. Raises `MalformedMessage` for an unknown flow."""
    if request.flow not in FLOWS:
        raise MalformedMessage("HoldRequest", "flow is pay or gift")
    row = load(book, redemption_id)
    if row is not None:
        code = row.reason if row.state == State.DECLINED else _REFUSED_IN.get(State(row.state))
        return Refusal(code or "redemption-state-conflict", state=row.state)
    party = customers.by_reference(book, request.customer_ref)
    if party is not None and party.voucher is not None:
        lacking = request.points - funds.available_points(book, party.fund)
        activated.use_online(book, party.voucher.code, request.station, lacking)
    planned = plan(book, party, request.points)
    if party is None or isinstance(planned, Refusal):
        refusal = planned if isinstance(planned, Refusal) else Refusal("quote-expired")
        _insert(book, redemption_id, State.DECLINED, terminal, **_asked(request), reason=refusal.code)
        return refusal
    too_often = quotas.take(book, Quota.HOLDS, terminal) or _code_quota(book, planned)
    if too_often is not None:
        return too_often
    row = _insert(
        book,
        redemption_id,
        State.HELD,
        terminal,
        **_asked(request),
        account=party.account.number,
        voucher=None if party.voucher is None else party.voucher.code,
        fund=party.fund,
        method=planned.method.value,
        subject=planned.whose.subject,
        expires_ms=book.now_ms + HOLD_LIVES_S * 1000,
    )
    funds.hold(book, redemption_id, party.fund, planned.points)
    return _challenge(book, row, planned.whose)


def _code_quota(book: Book, planned: Planned) -> Refusal | None:
    return quotas.take(book, Quota.CODES, planned.whose.subject) if planned.method is ConsentMethod.OTP else None


def resend(book: Book, redemption_id: str) -> Outcome:
    """`POST /v1/redemptions/{id}/challenges`: another code; the hold lives on, ten minutes at the most."""
    row = load(book, redemption_id)
    if row is None:
        return Refusal("unknown-redemption", sticky=False)
    if row.state != State.HELD:
        return Refusal(_REFUSED_IN.get(State(row.state), "redemption-state-conflict"), state=row.state)
    whose = challenges.credential(book, row.subject)
    if whose.lock is not None:
        return Refusal("credential-locked", locked_for_s=whose.lock.seconds)
    if row.method != ConsentMethod.OTP or row.resends >= challenges.resends(book):
        return Refusal("rate-limited", retry=NEVER)
    too_often = quotas.take(book, Quota.CODES, row.subject)
    if too_often is not None:
        return too_often
    expires_ms = min(book.now_ms + HOLD_LIVES_S * 1000, row.created_ms + HOLD_LIVES_AT_MOST_S * 1000)
    change(book, redemption_id, resends=row.resends + 1, expires_ms=max(expires_ms, row.expires_ms))
    changed = load(book, redemption_id)
    assert changed is not None  # the line above has just written it
    return _challenge(book, changed, whose)


def verify(book: Book, redemption_id: str, terminal: str, request: m.VerifyRequest) -> Outcome:
    """`POST /v1/redemptions/{id}/verify`. A second success gives the same permit.

    Raises `MalformedMessage` when the seal was made for anything but this redemption, challenge, terminal and points;
    that is no guess, and is not counted as one.
    """
    row = load(book, redemption_id)
    if row is None:
        return Refusal("unknown-redemption", sticky=False)
    if row.terminal != terminal:
        return Refusal("terminal-mismatch")
    whose = (
        challenges.Credential("", is_kept=False) if row.subject is None else challenges.credential(book, row.subject)
    )
    challenge = challenges.find(book, redemption_id, request.challenge_id)
    challenge_state = challenges.state_of(book, challenge)
    if row.state == State.AUTHORISED and challenge_state == challenges.CONSUMED:
        return _authorised(row.points, row.permit)
    if row.state != State.HELD:
        return Refusal(_REFUSED_IN.get(State(row.state), "redemption-state-conflict"), state=row.state)
    if challenge_state in (challenges.EXPIRED, challenges.SUPERSEDED):
        return Refusal("challenge-expired", state=row.state)
    if whose.lock is not None:
        return Refusal("credential-locked", locked_for_s=whose.lock.seconds, attempts_left=0)
    if challenge is None or challenge_state != challenges.LIVE:
        return Refusal("challenge-consumed", state=row.state)
    slowed = quotas.exhausted(book, Quota.FAILURES, terminal)
    if slowed is not None:
        return slowed
    info = secret_info(redemption_id, request.challenge_id, terminal, row.points)
    secret = book.keys.seals.secret(request.sealed, info)
    wrong = challenges.attempt(book, challenge, whose, secret)
    if wrong is not None:
        quotas.note_failure(book, terminal, row.station)
    if isinstance(wrong, challenges.Lock):
        return Refusal("credential-locked", locked_for_s=wrong.seconds, attempts_left=0)
    if wrong is not None:
        return Refusal("credential-wrong", attempts_left=wrong)
    permit = book.keys.permits.sign(
        m.PermitBody(
            redemption=redemption_id,
            terminal=terminal,
            station=row.station,
            points=row.points,
            challenge=request.challenge_id,
            expires=text_of(book.now_ms + ARM_WITHIN_S * 1000),
        )
    )
    change(
        book,
        redemption_id,
        state=TRANSITIONS[State.HELD, Event.CONSENT].value,
        permit=permit,
        expires_ms=book.now_ms + SILENCE_S * 1000,
    )
    return _authorised(row.points, permit)


def capture(book: Book, redemption_id: str, terminal: str, request: m.CaptureRequest) -> Outcome:
    """`POST /v1/redemptions/{id}/capture`: debit min(fuel, hold), release the rest; overrun is the station's."""
    read_time(request.fuelled_at, "CaptureRequest", "fuelled_at")
    row = load(book, redemption_id)
    if row is None:
        return Refusal("unknown-redemption", sticky=False)
    if row.terminal != terminal:
        return _foreign(book, row, "capture", request.station, request.amount_vnd)
    state = State(row.state)
    if state in NO_DEBIT:
        return _shortfall(book, row, NO_DEBIT[state], request)
    if state is State.CAPTURED:
        return _captured(row)
    if state not in _FUEL_IS_EXPECTED:
        return Refusal("redemption-state-conflict", state=row.state)
    debit = min(request.amount_vnd, row.points)
    funds.settle(book, redemption_id, row.fund, debit, suspended=state is State.SUSPENSE)
    excess = request.amount_vnd - debit
    transfers.owe(book, transfers.excess(request.station), "excess", excess, redemption_id)
    left = funds.available_points(book, row.fund)
    after = TRANSITIONS[state, Event.CAPTURE].value
    sums = {"points_debited": debit, "points_released": row.points - debit, "excess_vnd": excess, "balance_after": left}
    change(book, redemption_id, state=after, expires_ms=None, **sums)
    if debit and row.method == ConsentMethod.OTP:
        messaging.send_notice(book, redemption_id, _phone(book, row), debit, left, row.station)
    return Answer(m.CaptureAnswer(state=after, **sums))


def void(book: Book, redemption_id: str, terminal: str, request: m.VoidRequest) -> Outcome:
    """`POST /v1/redemptions/{id}/void`: nothing is held any more; an id nobody knows is remembered as voided."""
    row = load(book, redemption_id)
    if row is None:
        _insert(book, redemption_id, State.VOIDED, terminal, reason=request.reason[:80])
        return Answer(m.VoidAnswer(state=State.VOIDED))
    if row.terminal != terminal:
        return _foreign(book, row, "void", row.station, row.points)
    after = TRANSITIONS.get((State(row.state), Event.VOID))
    if after is not None:
        give_back(book, row, after, request.reason)
        return Answer(m.VoidAnswer(state=after))
    if row.state == State.CAPTURED:
        return Refusal("redemption-state-conflict", state=row.state)
    return Answer(m.VoidAnswer(state=row.state))


def _foreign(book: Book, row: Row[Any], verb: str, station: str, amount_vnd: int) -> Refusal:
    """Who holds, ends. What another terminal says of it changes nothing, and lies on the review desk: either of the two
    may be telling the truth, and a customer's points must not hang on which."""
    note_incident(book, f"foreign:{verb}", row.id, station, amount_vnd)
    return Refusal("terminal-mismatch")


def show(book: Book, redemption_id: str) -> Outcome:
    """`GET /v1/redemptions/{id}`."""
    row = load(book, redemption_id)
    if row is None:
        return Refusal("unknown-redemption")
    return Answer(
        m.RedemptionAnswer(
            redemption_id=row.id,
            state=row.state,
            points=row.points,
            points_debited=row.points_debited,
            points_released=row.points_released,
            reversed_by=reversals.reversal_of(book, reversals.REDEMPTION, row.id),
        )
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """What a hold would take, how it is agreed to, and by whose secret."""

    points: Redemption
    method: ConsentMethod
    whose: challenges.Credential


def plan(book: Book, party: customers.Party | None, points: int) -> Planned | Refusal:
    """Which points a hold of this party would take, or why there can be none."""
    if party is None:
        return Refusal("quote-expired")
    if party.account.status == "blocked":
        return Refusal("customer-blocked")
    method = party.method(book.today)
    if method is None:
        return Refusal("method-not-allowed")
    if customers.lacks_right(book, party):
        return Refusal("voucher-right-missing")
    whose = challenges.credential(book, _subject(party, method))
    if whose.lock is not None:
        return Refusal("credential-locked", locked_for_s=whose.lock.seconds)
    try:
        return Planned(funds.plan(book, party.fund, points), method, whose)
    except RuleViolation as rule:
        limit = rule.params.get("minimum", rule.params.get("step", rule.params.get("available", 0)))
        return Refusal(_SPENDING_REFUSALS[rule.code], limit=int(limit))


def _subject(party: customers.Party, method: ConsentMethod) -> str:
    """Whose secret it is: the PIN belongs to the driver, not to the vehicle (A15)."""
    if method is ConsentMethod.DRIVER_PIN and party.voucher is not None:
        return f"driver:{party.voucher.driver}"
    return f"account:{party.account.number}"


def _challenge(book: Book, row: Row[Any], whose: challenges.Credential) -> Outcome:
    method = ConsentMethod(row.method)
    issued = challenges.issue(book, row.id, whose, method)
    masked = ""
    if issued.code is not None:
        phone = _phone(book, row)
        masked = customers.mask_phone(phone)
        messaging.send_code(book, row.id, phone, issued.code, row.points, row.station)
    return Answer(
        m.HoldAnswer(
            state=row.state,
            points=row.points,
            challenge_id=issued.challenge_id,
            method=method.value,
            expires_in_s=issued.expires_in_s,
            hold_expires_in_s=(row.expires_ms - book.now_ms) // 1000,
            attempts_left=issued.attempts_left,
            masked_phone=masked,
            resends_left=challenges.resends(book) - row.resends if method is ConsentMethod.OTP else 0,
        ),
        status=201,
    )


def _authorised(points: int, permit: str) -> Answer:
    return Answer(m.VerifyAnswer(state=State.AUTHORISED, points=points, permit=permit, arm_within_s=ARM_WITHIN_S))


def _captured(row: Row[Any]) -> Answer:
    return Answer(
        m.CaptureAnswer(
            state=row.state,
            points_debited=row.points_debited,
            points_released=row.points_released,
            balance_after=row.balance_after,
            excess_vnd=row.excess_vnd,
        )
    )


def _shortfall(book: Book, row: Row[Any], code: str, request: m.CaptureRequest) -> Answer:
    """Fuel without a hold: recorded once, the station's loss, and no customer pays for it."""
    if request.amount_vnd and not transfers.has(book, "shortfall", row.id):
        transfers.owe(book, transfers.shortfall(request.station), "shortfall", request.amount_vnd, row.id)
        note_incident(book, f"shortfall:{code}", row.id, request.station, request.amount_vnd)
    left = 0 if row.fund is None else funds.available_points(book, row.fund)
    return Answer(
        m.CaptureAnswer(state="SHORTFALL", points_debited=0, points_released=0, balance_after=left, shortfall_code=code)
    )


def _phone(book: Book, row: Row[Any]) -> str:
    return str(book.db.scalar(select(accounts.c.phone).where(accounts.c.number == row.account)))


def _asked(request: m.HoldRequest) -> dict[str, object]:
    return {"station": request.station, "points": request.points, "flow": request.flow}


def _insert(book: Book, redemption_id: str, state: State, terminal: str, **columns: object) -> Row[Any]:
    """A new row; a tombstone has neither station nor points."""
    row = {"station": "", "points": 0, **columns}
    row |= {"id": redemption_id, "state": state.value, "created_ms": book.now_ms, "terminal": terminal}
    return book.db.execute(_NEW, row).one()
