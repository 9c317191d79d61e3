"""Points by fund: credits, holds, debits, deaths. Every change is an entry; holds lie beside the entries (I13).

A hold takes its points out of named lots at once, so what is held cannot be spent or die while fuel flows; what is not
captured goes back into the same lots, and dies there if its day has passed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, update

from pos_client.domain.programme import Lot, available, expiring, spend
from pos_client.domain.programme.lots import Expiring
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import from_ms, to_ms
from pos_client.sandbox.central.storage.tables import entries, hold_lots, lots


def lots_of(book: Book, fund: str) -> list[Lot]:
    """Lots with something left in them; dead ones among them until the sweep."""
    rows = book.db.execute(select(lots).where(lots.c.fund == fund, lots.c.points_left > 0))
    return [
        Lot(row.entry_id, row.points_left, from_ms(row.credited_at_ms), date.fromisoformat(row.expires_on))
        for row in rows
    ]


def available_points(book: Book, fund: str) -> int:
    """Points that can be spent now: credited, not held, not dead."""
    return available(lots_of(book, fund), book.today)


def held_points(book: Book, fund: str) -> int:
    """Points set aside by live holds."""
    return int(book.db.scalar(select(func.sum(hold_lots.c.points)).where(hold_lots.c.fund == fund)) or 0)


def expiring_points(book: Book, fund: str) -> Expiring:
    """What dies next."""
    return expiring(lots_of(book, fund), book.today)


def credit(book: Book, fund: str, kind: str, points: int, expires_on: date, reference: str) -> None:
    """New points in a lot of their own."""
    _new_lot(book, fund, kind, points, expires_on, reference, book.now_ms)


def check(book: Book, fund: str, points: int) -> None:
    """Whether so much could be held. Raises `RuleViolation` (`below_minimum`, `insufficient_points`)."""
    spend(lots_of(book, fund), points, book.today, book.profile.minimum_points)


def hold(book: Book, redemption_id: str, fund: str, points: int) -> None:
    """Set points aside for a redemption, first to die first (B04).

    Raises `RuleViolation` (`below_minimum`, `insufficient_points`).
    """
    plan = spend(lots_of(book, fund), points, book.today, book.profile.minimum_points)
    for entry_id, taken in plan.parts:
        _change_lot(book, entry_id, -taken)
    book.db.execute(
        insert(hold_lots),
        [
            {"redemption_id": redemption_id, "entry_id": entry_id, "fund": fund, "points": taken}
            for entry_id, taken in plan.parts
        ],
    )


def settle(book: Book, redemption_id: str, fund: str, debit: int, reference: str) -> None:
    """End a hold: `debit` of it is spent, first to die first, the rest goes back into the lots it came from."""
    rows = book.db.execute(
        select(hold_lots.c.entry_id, hold_lots.c.points)
        .join(lots, lots.c.entry_id == hold_lots.c.entry_id)
        .where(hold_lots.c.redemption_id == redemption_id)
        .order_by(lots.c.expires_on, lots.c.credited_at_ms, lots.c.entry_id)
    ).all()
    missing = debit
    for row in rows:
        used = min(row.points, missing)
        missing -= used
        _change_lot(book, row.entry_id, row.points - used)
    if missing:
        raise AssertionError(f"{redemption_id} holds {debit - missing} points, {debit} were to be debited")
    book.db.execute(delete(hold_lots).where(hold_lots.c.redemption_id == redemption_id))
    if debit:
        _entry(book, fund, "redemption", -debit, reference)


def move(book: Book, source: str, target: str, points: int, reference: str) -> None:
    """Points from one fund to another, keeping each lot's age and last day (A11: a voucher is filled from the fund)."""
    before = {lot.entry_id: lot for lot in lots_of(book, source)}
    for entry_id, taken in spend(list(before.values()), points, book.today, 1).parts:
        _change_lot(book, entry_id, -taken)
        _entry(book, source, "moved", -taken, reference)
        lot = before[entry_id]
        at_ms = to_ms(lot.credited_at)
        _new_lot(book, target, "moved", taken, lot.expires_on, reference, at_ms)


def sweep(book: Book) -> None:
    """Points whose last day has passed become an entry of their own (B05: reset)."""
    dead = book.db.execute(select(lots).where(lots.c.expires_on < book.today.isoformat(), lots.c.points_left > 0)).all()
    for row in dead:
        _change_lot(book, row.entry_id, -row.points_left)
        _entry(book, row.fund, "expiry", -row.points_left, str(row.entry_id))


def balance_by_entries(book: Book, funds: Sequence[str]) -> dict[str, int]:
    """Sum of entries by fund: the other side of I13."""
    rows = book.db.execute(
        select(entries.c.fund, func.sum(entries.c.points)).where(entries.c.fund.in_(funds)).group_by(entries.c.fund)
    )
    sums = {fund: int(total) for fund, total in rows}
    return {fund: sums.get(fund, 0) for fund in funds}


def _new_lot(
    book: Book, fund: str, kind: str, points: int, expires_on: date, reference: str, credited_at_ms: int
) -> None:
    entry_id = _entry(book, fund, kind, points, reference)
    book.db.execute(
        insert(lots).values(
            entry_id=entry_id,
            fund=fund,
            points_left=points,
            credited_at_ms=credited_at_ms,
            expires_on=expires_on.isoformat(),
        )
    )


def _entry(book: Book, fund: str, kind: str, points: int, reference: str) -> int:
    made = book.db.execute(
        insert(entries)
        .values(fund=fund, kind=kind, points=points, reference=reference, at_ms=book.now_ms)
        .returning(entries.c.id)
    )
    return int(made.scalar_one())


def _change_lot(book: Book, entry_id: int, points: int) -> None:
    if points:
        book.db.execute(update(lots).where(lots.c.entry_id == entry_id).values(points_left=lots.c.points_left + points))
