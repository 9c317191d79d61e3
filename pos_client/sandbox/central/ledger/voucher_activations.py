"""A points voucher (phiếu điểm) made spendable at one station while central is away: the driver's PIN is checked now,
the points are held now, and the answer is a signed text the station can check by itself (DESIGN 4, reliability 3.11).

The hold ends by evidence: a statement that the voucher was spent, or that nothing flowed for it; its use online; or,
much later, by time. `ADVICE_MAY_TAKE_S` after the voucher's end no statement is waited for any more and the points go
back; one that comes all the same is a shortfall, never a debit without a hold (as SUSPENSE and RELEASED, 3.4).
Withdrawing a voucher (`revoke`) does not give its points back sooner: a station that has not heard may have fuelled.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos_client.domain.customer import mask_name
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme.spending import Redemption
from pos_client.protocols.central.sealing import secret_info
from pos_client.protocols.central.voucher import PURPOSE, VERSION, VoucherBody
from pos_client.protocols.central.voucher_messages import ACTIVATION, ActivationAnswer, ActivationRequest
from pos_client.sandbox.central.ledger import activated, challenges, customers, funds, limits, redemptions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of, to_ms
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.offline_tables import voucher_activations
from pos_client.sandbox.central.storage.tables import redemptions as holds
from pos_client.sandbox.central.storage.tables import stations
from pos_client.value import dataclass

ADVICE_MAY_TAKE_S = 72 * 3_600
"""So long after a voucher's end its station may still be trying to tell what it was spent on."""
EARLY_S = 60
"""A voucher begins so much before now: the clocks of central and a station agree to seconds, not better."""
OFFLINE = "offline"
"""The flow of a hold behind a signed voucher."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be activated. `activation_id` is chosen by who asks; `asked_by` is a terminal, or the portal."""

    activation_id: str
    code: str
    station: str
    points: int
    asked_by: str


def ask(book: Book, code: str, terminal: str, request: ActivationRequest) -> Outcome:
    """`POST /v1/vouchers/{code}/activations`. Raises `MalformedMessage` when the seal was made for something else."""
    info = secret_info(request.activation_id, ACTIVATION, terminal, request.points)
    pin = book.keys.seals.secret(request.sealed, info)
    return activate(book, Wanted(request.activation_id, code, request.station, request.points, terminal), pin)


def activate(book: Book, wanted: Wanted, pin: bytes) -> Outcome:
    """Check the driver's PIN, hold the points, sign the voucher. The same id is answered with the same voucher."""
    known = book.db.execute(select(holds).where(holds.c.id == wanted.activation_id)).one_or_none()
    if known is not None:
        there = activated.load(book, wanted.activation_id)
        if there is None or there.state != State.ACTIVATED or known.voucher != wanted.code:
            return Refusal("redemption-state-conflict", state=known.state)
        return _answer(there)
    party = customers.find(book, "voucher", wanted.code)
    planned = _plan(book, party, wanted)
    if party is None or party.voucher is None or isinstance(planned, Refusal):
        return planned if isinstance(planned, Refusal) else Refusal("voucher-not-active")
    book.db.execute(
        insert(holds).values(
            id=wanted.activation_id,
            state=State.DECLINED.value,
            created_ms=book.now_ms,
            terminal=wanted.asked_by,
            station=wanted.station,
            account=party.account.number,
            voucher=party.voucher.code,
            fund=party.fund,
            method=planned.method.value,
            subject=planned.whose.subject,
            flow=OFFLINE,
            points=wanted.points,
        )
    )
    issued = challenges.issue(book, wanted.activation_id, planned.whose, planned.method)
    challenge = challenges.find(book, wanted.activation_id, issued.challenge_id)
    assert challenge is not None  # issued in the line above
    wrong = challenges.attempt(book, challenge, planned.whose, pin)
    if wrong is not None:
        locked = isinstance(wrong, challenges.Lock)
        code = "credential-locked" if locked else "credential-wrong"
        _update_hold(book, wanted.activation_id, reason=code)
        if isinstance(wrong, challenges.Lock):
            return Refusal(code, locked_for_s=wrong.seconds, attempts_left=0)
        return Refusal(code, attempts_left=wrong)
    return _sign(book, party, party.voucher, wanted, planned.points)


def revoke(book: Book, activation_id: str, because: str) -> bool:
    """Withdraw a live voucher: it goes on the revocation list; its points stay held until its time is up. False: there
    is no live one of this id."""
    row = activated.load(book, activation_id)
    if row is None or row.state != State.ACTIVATED or row.revoked_ms is not None:
        return False
    activated.withdraw(book, activation_id, because)
    return True


def _plan(book: Book, party: customers.Party | None, wanted: Wanted) -> redemptions.Planned | Refusal:
    """Which points would be held, or why not."""
    if party is None or party.voucher is None or party.method(book.today) is None:
        return Refusal("voucher-not-active")
    if book.db.execute(select(stations).where(stations.c.code == wanted.station)).one_or_none() is None:
        return Refusal("station-mismatch")
    if activated.live_of(book, wanted.code) is not None:
        return Refusal("voucher-already-activated")
    most = limits.policy(book).voucher_most_vnd
    if wanted.points > most:
        return Refusal("above-offline-limit", limit=most)
    return redemptions.plan(book, party, wanted.points)


def _sign(book: Book, party: customers.Party, voucher: Row[Any], wanted: Wanted, planned: Redemption) -> Outcome:
    last_day = datetime.fromisoformat(voucher.expires_on).replace(tzinfo=VIETNAM) + timedelta(days=1)
    not_after_ms = min(book.now_ms + limits.policy(book).voucher_lives_s * 1000, to_ms(last_day) - 1000)
    signer = book.keys.vouchers
    text = signer.voucher(
        VoucherBody(
            version=VERSION,
            kid=signer.kid,
            voucher_id=wanted.activation_id,
            purpose=PURPOSE,
            code=voucher.code,
            org=party.account.number,
            driver=voucher.driver,
            plate=voucher.plate,
            station=wanted.station,
            products=(voucher.product,) if voucher.product else (),
            max_points=wanted.points,
            not_before=book.now_ms // 1000 - EARLY_S,
            not_after=not_after_ms // 1000,
            holder=mask_name(party.account.name)[:40],
        )
    )
    funds.hold(book, wanted.activation_id, party.fund, planned)
    expires_ms = not_after_ms + ADVICE_MAY_TAKE_S * 1000
    _update_hold(book, wanted.activation_id, state=State.ACTIVATED.value, expires_ms=expires_ms)
    book.db.execute(
        insert(voucher_activations).values(
            id=wanted.activation_id,
            voucher=voucher.code,
            station=wanted.station,
            product=voucher.product,
            text=text,
            not_after_ms=not_after_ms,
        )
    )
    there = activated.load(book, wanted.activation_id)
    assert there is not None  # written two lines ago
    return _answer(there)


def _answer(row: Row[Any]) -> Answer:
    told = ActivationAnswer(voucher_id=row.id, voucher=row.text, points=row.points, not_after=text_of(row.not_after_ms))
    return Answer(told, status=201)


def _update_hold(book: Book, activation_id: str, **columns: object) -> None:
    book.db.execute(update(holds).where(holds.c.id == activation_id).values(**columns))
