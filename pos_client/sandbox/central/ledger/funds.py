"""Points by fund: credits, holds, debits, reversals, deaths. Every change is an entry; holds lie beside them (I13).

A hold takes its points out of named lots at once, so what is held cannot be spent or die while fuel flows. What is not
captured goes back into the same lots; if their day has passed meanwhile it lives on in a new lot for the days it had
left (`given_back_until`), because the customer must not lose points to our delay. Which lots, in which order, until
when: the points engine says so, for both ledgers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import Lot, available, expiring, given_back_until, spend
from pos_client.domain.programme.dying import dead, expiry_action
from pos_client.domain.programme.lots import Expiring, take
from pos_client.domain.programme.policies import ExpiryAction
from pos_client.domain.programme.pools import equal_shares
from pos_client.domain.programme.spending import redeem
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import day_of, from_ms, to_ms
from pos_client.sandbox.central.storage.tables import entries, entry_lots, hold_lots, lots, redemptions


def lots_of(book: Book, fund: str) -> list[Lot]:
    """Lots with something left in them; dead ones among them until the sweep."""
    rows = book.db.execute(select(lots).where(lots.c.fund == fund, lots.c.points_left > 0))
    return [_lot(row) for row in rows]


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
    """Whether so much could be held, by every rule the programme has on spending. Raises `RuleViolation`."""
    redeem(book.profile, lots_of(book, fund), points, from_ms(book.now_ms))


def hold(book: Book, redemption_id: str, fund: str, points: int) -> None:
    """Set points aside for a redemption, first to die first (B04). Raises `RuleViolation` as `check` does."""
    plan = redeem(book.profile, lots_of(book, fund), points, from_ms(book.now_ms))
    for part in plan.lots:
        _change_lot(book, part.entry_id, -part.points)
    book.db.execute(
        insert(hold_lots),
        [
            {"redemption_id": redemption_id, "entry_id": part.entry_id, "fund": fund, "points": part.points}
            for part in plan.lots
        ],
    )


def settle(book: Book, redemption_id: str, fund: str, debit: int, reference: str) -> None:
    """End a hold: `debit` of it is spent, first to die first, the rest goes back into the lots it came from."""
    held = _held_lots(book, redemption_id)
    spent = dict(take(held, debit))
    if sum(spent.values()) != debit:
        raise AssertionError(f"{redemption_id} holds {sum(spent.values())} points, {debit} were to be debited")
    book.db.execute(delete(hold_lots).where(hold_lots.c.redemption_id == redemption_id))
    if debit:
        _keep_lots(book, _entry(book, fund, "redemption", -debit, reference), spent)
    back = [(lot, lot.points_left - spent.get(lot.entry_id, 0)) for lot in held]
    _give_back(book, fund, [(lot, points) for lot, points in back if points], _held_on(book, redemption_id), reference)


def reverse_redemption(book: Book, redemption_id: str) -> int:
    """Undo a captured redemption by another entry: its points come back into their lots. How many.

    Raises `RuleViolation`: `unknown_entry` (nothing was debited), `already_reversed`.
    """
    entry = book.db.execute(
        select(entries).where(entries.c.kind == "redemption", entries.c.reference == redemption_id)
    ).one_or_none()
    if entry is None:
        raise RuleViolation("unknown_entry", entry=redemption_id)
    reference = _reversal_of(book, entry.id)
    rows = book.db.execute(
        select(lots, entry_lots.c.points)
        .join(entry_lots, entry_lots.c.lot == lots.c.entry_id)
        .where(entry_lots.c.entry_id == entry.id)
        .order_by(lots.c.expires_on, lots.c.credited_at_ms, lots.c.entry_id)
    )
    parts = [(_lot(row), int(row.points)) for row in rows]
    _entry(book, entry.fund, "redemption_reversed", -entry.points, reference)
    _give_back(book, entry.fund, parts, _held_on(book, redemption_id), reference)
    return int(-entry.points)


def reverse_credit(book: Book, accrual_id: str) -> tuple[int, int]:
    """Undo an accrual by another entry: (taken back, uncovered).

    Taken back is what its own lot still has: points that were spent, moved or have died stay as they are, and are for
    head office. No balance goes below nothing. Raises `RuleViolation`: `unknown_entry`, `already_reversed`.
    """
    entry = book.db.execute(
        select(entries).where(entries.c.kind == "accrual", entries.c.reference == accrual_id)
    ).one_or_none()
    if entry is None:
        raise RuleViolation("unknown_entry", entry=accrual_id)
    reference = _reversal_of(book, entry.id)
    left = int(book.db.scalar(select(lots.c.points_left).where(lots.c.entry_id == entry.id)) or 0)
    _change_lot(book, entry.id, -left)
    _entry(book, entry.fund, "accrual_reversed", -left, reference)
    return left, int(entry.points) - left


def share_out(book: Book, fund: str, members: Sequence[str], owner: str) -> None:
    """A group's fund into its members' own, in equal shares (B38). Raises `RuleViolation` (`pool_has_holds`)."""
    if held_points(book, fund):
        raise RuleViolation("pool_has_holds")
    there = sorted((lot for lot in lots_of(book, fund) if lot.usable(book.today)), key=lambda lot: lot.key)
    by_entry = {lot.entry_id: lot for lot in there}
    for member, parts in equal_shares(there, members, owner):
        for entry_id, points in parts:
            _move_part(book, fund, member, by_entry[entry_id], points, fund, "shared")


def move(book: Book, source: str, target: str, points: int, reference: str, kind: str = "moved") -> None:
    """Points from one fund to another, keeping each lot's age and last day (A11: a voucher is filled from the fund)."""
    before = {lot.entry_id: lot for lot in lots_of(book, source)}
    for entry_id, taken in spend(list(before.values()), points, book.today, 1).parts:
        _move_part(book, source, target, before[entry_id], taken, reference, kind)


def move_back(book: Book, source: str, target: str, reference: str) -> int:
    """All that is left and alive in one fund back to the one it came from, each part into the very lot it was taken
    out of: how many points. One with the same age and the same last day is that lot."""
    living = sorted((lot for lot in lots_of(book, source) if lot.usable(book.today)), key=lambda lot: lot.key)
    for lot in living:
        age = to_ms(lot.credited_at)
        home = book.db.scalar(
            select(lots.c.entry_id)
            .where(lots.c.fund == target, lots.c.credited_at_ms == age)
            .where(lots.c.expires_on == lot.expires_on.isoformat())
            .order_by(lots.c.entry_id)
        )
        _change_lot(book, lot.entry_id, -lot.points_left)
        _entry(book, source, "moved_back", -lot.points_left, reference)
        if home is None:
            _new_lot(book, target, "moved_back", lot.points_left, lot.expires_on, reference, age)
        else:
            _entry(book, target, "moved_back", lot.points_left, reference)
            _change_lot(book, home, lot.points_left)
    return sum(lot.points_left for lot in living)


def sweep(book: Book) -> None:
    """Points whose last day has passed become an entry of their own: reset or converted, by programme (B05)."""
    rows = book.db.execute(select(lots).where(lots.c.expires_on < book.today.isoformat(), lots.c.points_left > 0)).all()
    fund_of = {row.entry_id: row.fund for row in rows}
    kind = "conversion" if expiry_action(book.profile) is ExpiryAction.CONVERT else "expiry"
    for lot in dead([_lot(row) for row in rows], book.today):
        _change_lot(book, lot.entry_id, -lot.points_left)
        _entry(book, fund_of[lot.entry_id], kind, -lot.points_left, str(lot.entry_id))


def balance_by_entries(book: Book, funds: Sequence[str]) -> dict[str, int]:
    """Sum of entries by fund: the other side of I13."""
    rows = book.db.execute(
        select(entries.c.fund, func.sum(entries.c.points)).where(entries.c.fund.in_(funds)).group_by(entries.c.fund)
    )
    sums = {fund: int(total) for fund, total in rows}
    return {fund: sums.get(fund, 0) for fund in funds}


def _lot(row: Row[Any]) -> Lot:
    return Lot(row.entry_id, row.points_left, from_ms(row.credited_at_ms), date.fromisoformat(row.expires_on))


def _held_lots(book: Book, redemption_id: str) -> list[Lot]:
    """What a hold holds of each lot, first to die first."""
    rows = book.db.execute(
        select(hold_lots.c.points, lots)
        .join(lots, lots.c.entry_id == hold_lots.c.entry_id)
        .where(hold_lots.c.redemption_id == redemption_id)
        .order_by(lots.c.expires_on, lots.c.credited_at_ms, lots.c.entry_id)
    )
    return [replace(_lot(row), points_left=row.points) for row in rows]


def _held_on(book: Book, redemption_id: str) -> date:
    """The day on which a redemption's points were set aside."""
    created_ms = book.db.scalar(select(redemptions.c.created_ms).where(redemptions.c.id == redemption_id))
    return book.today if created_ms is None else day_of(created_ms)


def _give_back(book: Book, fund: str, parts: Sequence[tuple[Lot, int]], taken_on: date, reference: str) -> None:
    """Points into the lots they came from; those whose day has passed meanwhile into a new one, as an entry of 0."""
    for lot, points in parts:
        until = given_back_until(lot.expires_on, taken_on, book.today)
        if until == lot.expires_on:
            _change_lot(book, lot.entry_id, points)
        else:
            entry_id = _entry(book, fund, "extension", 0, reference)
            _insert_lot(book, entry_id, fund, points, until, to_ms(lot.credited_at))


def _move_part(book: Book, source: str, target: str, lot: Lot, points: int, reference: str, kind: str) -> None:
    """A part of a lot into another fund, with its age and last day."""
    _change_lot(book, lot.entry_id, -points)
    _entry(book, source, kind, -points, reference)
    _new_lot(book, target, kind, points, lot.expires_on, reference, to_ms(lot.credited_at))


def _reversal_of(book: Book, entry_id: int) -> str:
    """The reference of the one entry that undoes this one. Raises `RuleViolation` (`already_reversed`)."""
    reference = f"reverses:{entry_id}"
    if book.db.execute(select(entries.c.id).where(entries.c.reference == reference)).first() is not None:
        raise RuleViolation("already_reversed", entry=entry_id)
    return reference


def _keep_lots(book: Book, entry_id: int, spent: Mapping[int, int]) -> None:
    """Which lots a debit took, so that it can be undone."""
    rows = [{"entry_id": entry_id, "lot": lot, "points": points} for lot, points in spent.items()]
    book.db.execute(insert(entry_lots), rows)


def _new_lot(
    book: Book, fund: str, kind: str, points: int, expires_on: date, reference: str, credited_at_ms: int
) -> None:
    _insert_lot(book, _entry(book, fund, kind, points, reference), fund, points, expires_on, credited_at_ms)


def _insert_lot(book: Book, entry_id: int, fund: str, points: int, expires_on: date, credited_at_ms: int) -> None:
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
