"""Earning: a sale and whose it was become points, once (A19-A28, I6). Central computes; the till's figure is a hint.

Uniqueness is on the sale (station, point, nozzle, end totalizer), not on the message: whoever sends these litres, and
however often, they earn once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, or_, select

from pos_client.domain.moment import business_day
from pos_client.domain.programme import earn, expiry_of
from pos_client.domain.tender import TenderClass
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import AccrualAnswer, AccrualRequest
from pos_client.sandbox.central.ledger import accrual_review, customers, funds, pools, transfers, traps
from pos_client.sandbox.central.ledger.accrual_review import POSTED, REVIEW
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import read_time, to_ms
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.storage.tables import accruals, grades

_SALE = ("of_station", "of_point", "of_nozzle", "end")
_SAME_SALE = and_(
    accruals.c.station == bindparam("of_station"),
    accruals.c.point == bindparam("of_point"),
    accruals.c.nozzle == bindparam("of_nozzle"),
    accruals.c.end_totalizer_ml == bindparam("end"),
)
_KNOWN = select(accruals).where(or_(accruals.c.id == bindparam("accrual"), _SAME_SALE))
_GRADE = select(grades).where(grades.c.code == bindparam("grade"))
_NEW = insert(accruals)


def post(book: Book, accrual_id: str, request: AccrualRequest) -> Outcome:
    """`PUT /v1/accruals/{id}`: credited (201), or kept for a person (202, `accrual_review`).

    Raises `MalformedMessage` for a seal, time or tender that cannot be read.
    """
    tenders = [(_tender(part.tender), part.amount_vnd) for part in request.tenders]
    fuelled_at = read_time(request.fuelled_at, "AccrualRequest", "fuelled_at")
    fuelled_on = business_day(fuelled_at)
    asked = {"accrual": accrual_id, **dict(zip(_SALE, _sale_of(request), strict=True))}
    known = book.db.execute(_KNOWN, asked).all()
    earlier = next((row for row in known if row.id == accrual_id), None)
    if earlier is not None:
        if _sale_of(earlier) == _sale_of(request):
            return _answer(decode(earlier.answer, AccrualAnswer))
        return Refusal("idempotency-key-reused")
    if known:
        return Refusal("sale-already-accrued")
    party = customers.find(book, *book.keys.seals.identifier(request.sealed_identifier))
    if party is None:
        return Refusal("unknown-customer")
    traps.alarm(book, party.account, request.terminal, "accrual")
    if party.account.status == "blocked":
        return Refusal("customer-blocked")
    if expiry_of(book.profile, fuelled_on) < book.today:
        return Refusal("too-late")
    number = party.account.number
    product = book.db.execute(_GRADE, {"grade": request.grade_code}).one_or_none()
    earns = product is not None and product.earns

    def outcome_on(day: date) -> tuple[int, date]:
        return earn(book.profile, tenders, day, earns=earns).points, expiry_of(book.profile, day)

    earned = earn(book.profile, tenders, fuelled_on, earns=earns)
    review = accrual_review.why(book, to_ms(fuelled_at), request.time_quality, outcome_on)
    credited = earned.points if review is None else 0
    fund = party.fund if party.voucher is None else pools.fund_of(book, number)
    transfers.lock(book, [fund])
    before = funds.available_points(book, fund)
    if review is None and party.account.status == "waiting_verification":
        accrual_review.verify_account(book, number)
    if credited:
        funds.credit(book, fund, "accrual", credited, expiry_of(book.profile, fuelled_on), accrual_id)
    answer = AccrualAnswer(
        state=POSTED if review is None else REVIEW,
        points=credited,
        balance_before=before,
        balance_after=before + credited,
        formula_vi=earned.formula_vi,
        formula_en=earned.formula_en,
        review_code=review,
    )
    book.db.execute(
        _NEW,
        {
            "id": accrual_id,
            "account": number,
            "station": request.station,
            "point": request.point,
            "nozzle": request.nozzle,
            "end_totalizer_ml": request.end_totalizer_ml,
            "terminal": request.terminal,
            "receipt_number": request.receipt_number,
            "grade_code": request.grade_code,
            "amount_vnd": request.amount_vnd,
            "fuelled_at": request.fuelled_at,
            "time_quality": request.time_quality,
            "state": answer.state,
            "review_code": review,
            "points": credited,
            "points_due": earned.points,
            "rules": ",".join(earned.rules),
            "answer": encode(answer),
            "at_ms": book.now_ms,
        },
    )
    return _answer(answer)


def _answer(answer: AccrualAnswer) -> Answer:
    return Answer(answer, status=202 if answer.state == REVIEW else 201)


def _sale_of(sale: Row[Any] | AccrualRequest) -> tuple[str, int, int, int]:
    return sale.station, sale.point, sale.nozzle, sale.end_totalizer_ml


def _tender(word: str) -> TenderClass:
    try:
        return TenderClass(word)
    except ValueError as error:
        raise MalformedMessage("AccrualRequest", "unknown class of tender") from error
