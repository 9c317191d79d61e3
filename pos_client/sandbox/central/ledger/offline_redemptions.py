"""Statements that a signed voucher was spent while central was away. The fuel has flowed, so each is recorded, once;
central disagrees only by recording a shortfall, which no customer pays for (reliability 3.1, 3.4).

`_WHY_NOT` is the table: the first reason that fits says why the customer is not debited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.voucher_messages import OfflineSpendAnswer, OfflineSpendRequest
from pos_client.sandbox.central.ledger import activated, funds, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import read_time
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.redemption_states import TRANSITIONS, Event, State
from pos_client.sandbox.central.ledger.redemption_timers import end_activation, note_incident
from pos_client.sandbox.central.storage.offline_tables import offline_redemptions
from pos_client.sandbox.central.storage.tables import redemptions as holds

SHORTFALL = "SHORTFALL"

_WHY_NOT: tuple[tuple[str, Callable[[Row[Any], OfflineSpendRequest], bool]], ...] = (
    ("station-mismatch", lambda voucher, stated: voucher.station != stated.station),
    ("voucher-revoked", lambda voucher, _: voucher.revoked_ms is not None),
    ("voucher-double-spend", lambda voucher, _: voucher.state in (State.CAPTURED, State.VOIDED)),
    ("voucher-released", lambda voucher, _: voucher.state != State.ACTIVATED),
    ("product-not-allowed", lambda voucher, stated: voucher.product not in (None, stated.grade_code)),
)


def record(book: Book, redemption_id: str, terminal: str, stated: OfflineSpendRequest) -> Outcome:
    """`PUT /v1/offline-redemptions/{id}`: the least of fuel, what it was taken for and voucher is debited."""
    read_time(stated.spent_at, "OfflineSpendRequest", "spent_at")
    known = book.db.execute(select(offline_redemptions).where(offline_redemptions.c.id == redemption_id)).one_or_none()
    if known is not None:
        if known.voucher_id != stated.voucher_id:
            return Refusal("redemption-state-conflict", state=known.state)
        return Answer(decode(known.answer, OfflineSpendAnswer))
    voucher = activated.load(book, stated.voucher_id)
    answer = _nothing_flowed(book, voucher) if stated.amount_vnd == 0 else _decide(book, redemption_id, voucher, stated)
    book.db.execute(
        insert(offline_redemptions).values(
            id=redemption_id,
            voucher_id=stated.voucher_id,
            terminal=terminal,
            station=stated.station,
            amount_vnd=stated.amount_vnd,
            spent_at=stated.spent_at,
            time_quality=stated.time_quality,
            revocations=stated.revocations,
            state=answer.state,
            shortfall_code=answer.shortfall_code,
            answer=encode(answer),
            at_ms=book.now_ms,
        )
    )
    return Answer(answer)


def _decide(
    book: Book, redemption_id: str, voucher: Row[Any] | None, stated: OfflineSpendRequest
) -> OfflineSpendAnswer:
    if voucher is None:
        return _shortfall(book, redemption_id, None, "voucher-unknown", stated)
    for code, fits in _WHY_NOT:
        if fits(voucher, stated):
            return _shortfall(book, redemption_id, voucher, code, stated)
    debit = min(stated.amount_vnd, stated.points, voucher.points)
    funds.settle(book, voucher.id, voucher.fund, debit)
    excess = stated.amount_vnd - debit
    transfers.owe(book, transfers.excess(stated.station), "excess", excess, redemption_id)
    left = funds.available_points(book, voucher.fund)
    after = TRANSITIONS[State.ACTIVATED, Event.CAPTURE]
    book.db.execute(
        update(holds)
        .where(holds.c.id == voucher.id)
        .values(
            state=after.value,
            expires_ms=None,
            points_debited=debit,
            points_released=voucher.points - debit,
            excess_vnd=excess,
            balance_after=left,
        )
    )
    return OfflineSpendAnswer(
        state=after,
        points_debited=debit,
        points_released=voucher.points - debit,
        balance_after=left,
        excess_vnd=excess,
    )


def _nothing_flowed(book: Book, voucher: Row[Any] | None) -> OfflineSpendAnswer:
    """The voucher was taken at the till and nothing came of it: its points go back now, and it stays used."""
    released = 0
    if voucher is not None and voucher.state == State.ACTIVATED:
        end_activation(book, voucher.id, "nothing-dispensed")
        released = voucher.points
    left = 0 if voucher is None else funds.available_points(book, voucher.fund)
    return OfflineSpendAnswer(state=State.VOIDED, points_debited=0, points_released=released, balance_after=left)


def _shortfall(
    book: Book, redemption_id: str, voucher: Row[Any] | None, code: str, stated: OfflineSpendRequest
) -> OfflineSpendAnswer:
    transfers.owe(book, transfers.shortfall(stated.station), "shortfall", stated.amount_vnd, redemption_id)
    note_incident(book, f"shortfall:{code}", redemption_id, stated.station, stated.amount_vnd)
    left = 0 if voucher is None else funds.available_points(book, voucher.fund)
    return OfflineSpendAnswer(
        state=SHORTFALL, points_debited=0, points_released=0, balance_after=left, shortfall_code=code
    )
