"""Shifts terminals have closed, held to central's own books (reliability 3.3): the till's journal and the ledger.

    the journal ends before the close, or names a record that has not arrived    records-awaited, compared again later
    a record arrived that no row names yet                                       likewise, for an hour at the most
    a number differs, or no row names a record after that                        mismatch, for the review desk
    else                                                                         matched

Nothing is ever refused for what a shift came to: it is over. A statement is kept as it was sent, and so is every
comparison that was made of it.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Row as Found
from sqlalchemy import insert, select, update

from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.shift_messages import (
    AWAITED,
    MATCHED,
    MISMATCH,
    MOST_DIFFERENCES,
    SHIFT_MISMATCH,
    DifferencePart,
    ShiftCloseAnswer,
    ShiftCloseRequest,
)
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import read_time
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.redemption_timers import note_incident
from pos_client.sandbox.central.ledger.shift_recount import Recount, Row, UnreadableRow, differences, differs, recount
from pos_client.sandbox.central.ledger.unnamed_records import unnamed_records
from pos_client.sandbox.central.storage.journal_tables import journal_rows
from pos_client.sandbox.central.storage.offline_tables import offline_redemptions
from pos_client.sandbox.central.storage.shift_tables import shift_closes, shift_comparisons
from pos_client.sandbox.central.storage.tables import accruals, idempotency, incidents, redemptions

UNREADABLE = DifferencePart(what="journal", told=0, found=0)
"""Rows that cannot be counted."""


def close(book: Book, shift_id: str, terminal: str, epoch: int, stated: ShiftCloseRequest) -> Outcome:
    """`POST /v1/shifts/{id}/close`."""
    for field in ("opened_at", "closed_at"):
        read_time(getattr(stated, field), "ShiftCloseRequest", field)
    known = book.db.execute(select(shift_closes).where(shift_closes.c.id == shift_id)).one_or_none()
    if known is not None:
        if (known.terminal, known.stated) != (terminal, encode(stated)):
            return Refusal("idempotency-key-reused")
        return Answer(last_answer(book, shift_id))
    answer = _compare(book, shift_id, terminal, epoch, stated, book.now_ms)
    book.db.execute(
        insert(shift_closes).values(
            id=shift_id,
            terminal=terminal,
            epoch=epoch,
            station=stated.station,
            stated=encode(stated),
            result=answer.result,
            at_ms=book.now_ms,
        )
    )
    _keep(book, shift_id, stated, answer)
    return Answer(answer)


def compare_again(book: Book, terminal: str, epoch: int) -> None:
    """Rows of this terminal have come: what waited for them is compared."""
    c = shift_closes.c
    waiting = select(shift_closes).where(c.terminal == terminal, c.epoch == epoch, c.result == AWAITED)
    for row in book.db.execute(waiting).all():
        _compare_kept(book, row)


def show(book: Book, shift_id: str, terminal: str) -> Outcome:
    """`GET /v1/shifts/{id}`: the newest comparison, made anew while it is not final."""
    c = shift_closes.c
    row = book.db.execute(select(shift_closes).where(c.id == shift_id, c.terminal == terminal)).one_or_none()
    if row is None:
        return Refusal("unknown-shift")
    if row.result == AWAITED:
        _compare_kept(book, row)
    return Answer(last_answer(book, shift_id))


def _compare_kept(book: Book, row: Found[Any]) -> None:
    """A shift that waited for records, as it compares now."""
    stated = decode(row.stated, ShiftCloseRequest)
    answer = _compare(book, row.id, row.terminal, row.epoch, stated, row.at_ms)
    if answer != last_answer(book, row.id):
        book.db.execute(update(shift_closes).where(shift_closes.c.id == row.id).values(result=answer.result))
        _keep(book, row.id, stated, answer)


def last_answer(book: Book, shift_id: str) -> ShiftCloseAnswer:
    """The newest comparison of a shift that was stated."""
    c = shift_comparisons.c
    newest = select(c.answer).where(c.shift == shift_id).order_by(c.id.desc()).limit(1)
    return decode(book.db.execute(newest).scalar_one(), ShiftCloseAnswer)


def listing(book: Book, terminal: str) -> list[dict[str, object]]:
    """A terminal's closed shifts, oldest first, each with its comparisons."""
    c = shift_comparisons.c
    rows = book.db.execute(
        select(shift_closes)
        .where(shift_closes.c.terminal == terminal)
        .order_by(shift_closes.c.at_ms, shift_closes.c.id)
    )
    return [
        {
            "shift": row.id,
            "result": row.result,
            "comparisons": [
                msgspec.to_builtins(decode(answer, ShiftCloseAnswer))
                for answer in book.db.scalars(select(c.answer).where(c.shift == row.id).order_by(c.id))
            ],
        }
        for row in rows.all()
    ]


def _keep(book: Book, shift_id: str, stated: ShiftCloseRequest, answer: ShiftCloseAnswer) -> None:
    book.db.execute(insert(shift_comparisons).values(shift=shift_id, answer=encode(answer), at_ms=book.now_ms))
    if answer.result == MISMATCH:
        note_incident(book, SHIFT_MISMATCH, shift_id, stated.station, stated.amount_vnd)


def _compare(
    book: Book, shift_id: str, terminal: str, epoch: int, stated: ShiftCloseRequest, told_ms: int
) -> ShiftCloseAnswer:
    """`told_ms`: when the close was stated."""
    try:
        stretch = _stretch(book, shift_id, terminal, epoch, stated.previous)
        if stretch is None:
            return ShiftCloseAnswer(result=AWAITED)
        found = recount(stretch)
    except UnreadableRow:
        return ShiftCloseAnswer(result=MISMATCH, code=SHIFT_MISMATCH, differences=(UNREADABLE,))
    credited, debited, awaited, ledger = _in_the_ledger(book, terminal, found)
    unnamed, may_be_named = unnamed_records(book, terminal, found, _stated_ms(book, stated.previous), told_ms)
    awaited = awaited or may_be_named
    unlike = tuple(islice((*differences(stated, found), *ledger, *unnamed), MOST_DIFFERENCES))
    result = MISMATCH if unlike else AWAITED if awaited else MATCHED
    return ShiftCloseAnswer(
        result=result,
        code=SHIFT_MISMATCH if unlike else None,
        differences=unlike,
        points_credited=credited,
        points_debited=debited,
    )


def _stretch(book: Book, shift_id: str, terminal: str, epoch: int, previous: str | None) -> list[Row] | None:
    """The rows from where the shift before ended to the close; None: they are not here yet."""
    c = journal_rows.c
    mine = (c.terminal == terminal, c.epoch == epoch)
    closes = {}
    for row in book.db.execute(select(c.seq, c.body).where(*mine, c.kind == "ShiftClosed")):
        closes[str(_body(row.body).get("shift_id"))] = row.seq
    end, begin = closes.get(shift_id), closes.get(previous) if previous else 0
    if end is None or begin is None:
        return None
    sums = select(c.seq).where(*mine, c.kind == "ShiftSummed", c.seq > begin).order_by(c.seq).limit(1)
    first = book.db.scalar(sums)
    if first is None or first > end:
        return None
    rows = select(c.kind, c.body).where(*mine, c.seq.between(first, end)).order_by(c.seq)
    return [(row.kind, _body(row.body)) for row in book.db.execute(rows)]


def _stated_ms(book: Book, shift_id: str | None) -> int:
    """When a shift was stated; 0: it never was."""
    return book.db.scalar(select(shift_closes.c.at_ms).where(shift_closes.c.id == shift_id)) or 0


def _body(text: str) -> dict[str, object]:
    """Raises `UnreadableRow`."""
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.MsgspecError, ValueError) as error:
        raise UnreadableRow(text[:20]) from error


def _in_the_ledger(book: Book, terminal: str, found: Recount) -> tuple[int, int, bool, list[DifferencePart]]:
    """Points credited and debited for what the rows name; whether a record is still to come; what differs."""
    credited = debited = 0
    awaited, unlike = False, []
    for name, cost in found.accruals.items():
        row = book.db.execute(select(accruals).where(accruals.c.id == name)).one_or_none()
        if row is None:
            awaited = awaited or not _was_refused(book, terminal, f"{name}:accrue")
            continue
        credited += row.points
        if cost is not None and cost != row.amount_vnd:
            unlike.append(differs(f"accrual:{name}", cost, row.amount_vnd))
    for name, amount in found.spent.items():
        settled = _settled(book, name)
        if settled is None:
            awaited = awaited or not _was_refused(book, terminal, f"{name}:capture")
            continue
        debited += settled[1]
        if settled[0] is not None and settled[0] != amount:
            unlike.append(differs(f"redemption:{name}", amount, settled[0]))
    return credited, debited, awaited, unlike


def _settled(book: Book, name: str) -> tuple[int | None, int] | None:
    """Fuel in đồng and points debited of a redemption, however it was spent; None: central has not heard the end. Of a
    shortfall only the fuel is known, as it was told last."""
    offline = book.db.execute(select(offline_redemptions).where(offline_redemptions.c.id == name)).one_or_none()
    if offline is not None:
        voucher = select(redemptions.c.points_debited).where(redemptions.c.id == offline.voucher_id)
        short = offline.shortfall_code is not None
        return offline.amount_vnd, 0 if short else book.db.scalar(voucher) or 0
    row = book.db.execute(select(redemptions).where(redemptions.c.id == name)).one_or_none()
    if row is not None and row.state == "CAPTURED":
        return row.points_debited + row.excess_vnd, row.points_debited
    c = incidents.c
    missing = select(c.amount_vnd).where(c.redemption_id == name, c.kind.startswith("shortfall:")).order_by(c.id.desc())
    amount = book.db.scalar(missing.limit(1))
    return None if amount is None else (amount, 0)


def _was_refused(book: Book, terminal: str, key: str) -> bool:
    """Whether central's no is kept for a record: it is on somebody's desk already, and will not come again."""
    c = idempotency.c
    status = book.db.scalar(select(c.status).where(c.terminal == terminal, c.key == key))
    return status is not None and status >= 400
