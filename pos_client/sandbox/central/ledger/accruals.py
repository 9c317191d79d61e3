"""Earning: a sale and whose it was become points, once (A19-A28, I6). Central computes; the till's figure is a hint.

Uniqueness is on the sale (station, point, nozzle, end totalizer), not on the message: whoever sends these litres, and
however often, they earn once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos_client.domain.moment import business_day
from pos_client.domain.programme import earn, expiry_of
from pos_client.domain.tender import TenderClass
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import AccrualAnswer, AccrualRequest
from pos_client.sandbox.central.ledger import customers, funds, pools, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.storage.tables import accounts, accruals, grades


def post(book: Book, accrual_id: str, request: AccrualRequest) -> Outcome:
    """`PUT /v1/accruals/{id}`. Raises `MalformedMessage` for a seal, time or tender that cannot be read."""
    tenders = [(_tender(part.tender), part.amount_vnd) for part in request.tenders]
    fuelled_on = business_day(_time(request.fuelled_at))
    earlier = book.db.execute(select(accruals).where(accruals.c.id == accrual_id)).one_or_none()
    if earlier is not None:
        if _sale_of(earlier) == _sale_of(request):
            return Answer(decode(earlier.answer, AccrualAnswer), status=201)
        return Refusal("idempotency-key-reused")
    if book.db.execute(_same_sale(request)).one_or_none() is not None:
        return Refusal("sale-already-accrued")
    party = customers.find(book, *book.keys.seals.identifier(request.sealed_identifier))
    if party is None:
        return Refusal("unknown-customer")
    if party.account.status == "blocked":
        return Refusal("customer-blocked")
    number = party.account.number
    if party.account.status == "waiting_verification":
        book.db.execute(update(accounts).where(accounts.c.number == number).values(status="active"))
    product = book.db.execute(select(grades).where(grades.c.code == request.grade_code)).one_or_none()
    earned = earn(book.profile, tenders, fuelled_on, earns=product is not None and product.earns)
    fund = pools.fund_of(book, number)
    transfers.lock(book, [fund])
    before = funds.available_points(book, fund)
    if earned.points:
        last_day = expiry_of(book.profile, fuelled_on)
        funds.credit(book, fund, "accrual", earned.points, last_day, accrual_id)
        if last_day < book.today:  # a sale that came very late
            funds.sweep(book)
    answer = AccrualAnswer(
        state="POSTED",
        points=earned.points,
        balance_before=before,
        balance_after=funds.available_points(book, fund),
        formula_vi=earned.formula_vi,
        formula_en=earned.formula_en,
    )
    book.db.execute(
        insert(accruals).values(
            id=accrual_id,
            account=number,
            station=request.station,
            point=request.point,
            nozzle=request.nozzle,
            end_totalizer_ml=request.end_totalizer_ml,
            terminal=request.terminal,
            receipt_number=request.receipt_number,
            grade_code=request.grade_code,
            amount_vnd=request.amount_vnd,
            fuelled_at=request.fuelled_at,
            points=earned.points,
            rules=",".join(earned.rules),
            answer=encode(answer),
            at_ms=book.now_ms,
        )
    )
    return Answer(answer, status=201)


def _same_sale(request: AccrualRequest) -> Any:
    station, point, nozzle, end = _sale_of(request)
    return select(accruals.c.id).where(
        accruals.c.station == station,
        accruals.c.point == point,
        accruals.c.nozzle == nozzle,
        accruals.c.end_totalizer_ml == end,
    )


def _sale_of(sale: Row[Any] | AccrualRequest) -> tuple[str, int, int, int]:
    return sale.station, sale.point, sale.nozzle, sale.end_totalizer_ml


def _tender(word: str) -> TenderClass:
    try:
        return TenderClass(word)
    except ValueError as error:
        raise MalformedMessage("AccrualRequest", "unknown class of tender") from error


def _time(text: str) -> datetime:
    """A time with its offset: the year in which points die hangs on it (A28)."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedMessage("AccrualRequest", "fuelled_at is an ISO 8601 time") from error
    if at.tzinfo is None:
        raise MalformedMessage("AccrualRequest", "fuelled_at needs its offset")
    return at
