"""Points by fund: credits, holds, debits, reversals, deaths. Every change is a transfer (I13).

A hold takes its points out of named lots at once, so what is held cannot be spent or die while fuel flows. When it
ends, all of it is released and what became fuel is debited. What is not captured goes back into the same lots; if their
day has passed meanwhile it lives on in a new lot for the days it had left (`given_back_until`), because the customer
must not lose points to our delay. Which lots, in which order, until when: the points engine says so, for both ledgers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import Lot, expiring, given_back_until, spend
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.dying import expiry_action
from pos_client.domain.programme.lots import Expiring, take
from pos_client.domain.programme.pools import equal_shares
from pos_client.domain.programme.spending import Redemption, redeem
from pos_client.sandbox.central.ledger import lots, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import day_of, from_ms, to_ms
from pos_client.sandbox.central.storage import ledger_tables as t
from pos_client.sandbox.central.storage.tables import redemptions

SWEPT_AT_ONCE = 200

_HOLD_LOT, _ENTRY_LOT = insert(t.hold_lots), insert(t.entry_lots)
_NOT_HELD = delete(t.hold_lots).where(t.hold_lots.c.redemption_id == bindparam("redemption"))
_AVAILABLE = select(
    func.coalesce(transfers.balance_of(bindparam("fund")).scalar_subquery(), 0)
    - func.coalesce(lots.dead_points_of(bindparam("fund"), bindparam("today")).scalar_subquery(), 0)
)


def lots_of(book: Book, fund: str) -> list[Lot]:
    """Lots with something left in them; dead ones among them until the sweep."""
    return lots.everything(book, fund)


def available_points(book: Book, fund: str) -> int:
    """Points that can be spent now: credited, not held, not dead."""
    return int(book.db.execute(_AVAILABLE, {"fund": fund, "today": book.today.isoformat()}).scalar_one())


def held_points(book: Book, fund: str) -> int:
    """Points set aside by live holds."""
    return int(book.db.scalar(select(func.sum(t.hold_lots.c.points)).where(t.hold_lots.c.fund == fund)) or 0)


def expiring_points(book: Book, fund: str) -> Expiring:
    """What dies next."""
    return expiring(lots.next_to_die(book, fund), book.today)


def credit(book: Book, fund: str, kind: str, points: int, expires_on: date, reference: str) -> None:
    """New points in a lot of their own."""
    number = transfers.post(book, transfers.ISSUED, fund, kind, points, reference)
    lots.add(book, number, fund, points, expires_on, book.now_ms)


def plan(book: Book, fund: str, points: int) -> Redemption:
    """Which lots would give so much, by every rule the programme has on spending. Raises `RuleViolation`."""
    transfers.lock(book, [fund])
    threshold = book.profile.find(p.Threshold)
    looked_at = max(points, 0 if threshold is None else threshold[1].accumulated)
    return redeem(book.profile, lots.covering(book, fund, looked_at), points, from_ms(book.now_ms))


def hold(book: Book, redemption_id: str, fund: str, planned: Redemption) -> None:
    """Set a plan's points aside for a redemption, first to die first (B04)."""
    lots.change(book, [(part.entry_id, -part.points) for part in planned.lots])
    transfers.post(book, fund, transfers.held(fund), t.HOLD, planned.points, redemption_id)
    book.db.execute(
        _HOLD_LOT,
        [
            {"redemption_id": redemption_id, "entry_id": part.entry_id, "fund": fund, "points": part.points}
            for part in planned.lots
        ],
    )


def suspend(book: Book, redemption_id: str, fund: str, points: int) -> None:
    """What a hold holds is no longer expected to become fuel soon; it stays out of the customer's reach."""
    transfers.post(book, transfers.held(fund), transfers.suspense(fund), "suspense", points, redemption_id)


def settle(book: Book, redemption_id: str, fund: str, debit: int, *, suspended: bool = False) -> None:
    """End a hold: `debit` of it is spent, first to die first, the rest goes back into the lots it came from."""
    held = lots.held_by(book, redemption_id)
    spent = dict(take(held, debit))
    if sum(spent.values()) != debit:
        raise AssertionError(f"{redemption_id} holds {sum(spent.values())} points, {debit} were to be debited")
    lay_in = transfers.suspense(fund) if suspended else transfers.held(fund)
    book.db.execute(_NOT_HELD, {"redemption": redemption_id})
    released = (lay_in, fund, t.RELEASE, sum(lot.points_left for lot in held))
    if debit:
        debited = (fund, transfers.SPENT, "redemption", debit)
        number = transfers.post_all(book, redemption_id, [released, debited])[1]
        rows = [{"entry_id": number, "lot": lot, "points": points} for lot, points in spent.items()]
        book.db.execute(_ENTRY_LOT, rows)
    else:
        transfers.post_all(book, redemption_id, [released])
    back = [(lot, lot.points_left - spent.get(lot.entry_id, 0)) for lot in held]
    _give_back(book, fund, [part for part in back if part[1]], redemption_id, redemption_id)


def reverse_redemption(book: Book, redemption_id: str) -> int:
    """Undo a captured redemption by another transfer: its points come back into their lots. How many.

    Raises `RuleViolation`: `unknown_entry` (nothing was debited), `already_reversed`.
    """
    done = _transfer(book, "redemption", redemption_id)
    reference = _reversal_of(book, done.id, "redemption_reversed")
    rows = book.db.execute(
        select(t.lots, t.entry_lots.c.points)
        .join(t.entry_lots, t.entry_lots.c.lot == t.lots.c.entry_id)
        .where(t.entry_lots.c.entry_id == done.id)
        .order_by(t.lots.c.expires_on, t.lots.c.credited_at_ms, t.lots.c.entry_id)
    )
    parts = [(lots.of_row(row), int(row.points)) for row in rows]
    transfers.post(book, done.target, done.source, "redemption_reversed", done.points, reference)
    _give_back(book, done.source, parts, redemption_id, reference)
    return int(done.points)


def reverse_credit(book: Book, accrual_id: str) -> tuple[int, int]:
    """Undo an accrual by another transfer: (taken back, uncovered).

    Taken back is what its own lot still has: points that were spent, moved or have died stay as they are, and are for
    head office. No balance goes below nothing. Raises `RuleViolation`: `unknown_entry`, `already_reversed`.
    """
    done = _transfer(book, "accrual", accrual_id)
    reference = _reversal_of(book, done.id, "accrual_reversed")
    left = int(book.db.scalar(select(t.lots.c.points_left).where(t.lots.c.entry_id == done.id)) or 0)
    lots.change(book, [(done.id, -left)])
    transfers.post(book, done.target, done.source, "accrual_reversed", left, reference)
    return left, int(done.points) - left


def share_out(book: Book, fund: str, members: Sequence[str], owner: str) -> None:
    """A group's fund into its members' own, in equal shares (B38). Raises `RuleViolation` (`pool_has_holds`)."""
    transfers.lock(book, [fund, *members])
    if held_points(book, fund):
        raise RuleViolation("pool_has_holds")
    there = sorted((lot for lot in lots_of(book, fund) if lot.usable(book.today)), key=lambda lot: lot.key)
    by_entry = {lot.entry_id: lot for lot in there}
    for member, parts in equal_shares(there, members, owner):
        for entry_id, points in parts:
            _move_part(book, fund, member, by_entry[entry_id], points, fund, "shared")


def move(book: Book, source: str, target: str, points: int, reference: str, kind: str = "moved") -> None:
    """Points from one fund to another, keeping each lot's age and last day (A11: a voucher is filled from the fund).

    Raises `RuleViolation` (`insufficient_points`).
    """
    transfers.lock(book, [source, target])
    there = lots.covering(book, source, points)
    before = {lot.entry_id: lot for lot in there}
    for entry_id, taken in spend(there, points, book.today, 1).parts:
        _move_part(book, source, target, before[entry_id], taken, reference, kind)


def move_back(book: Book, source: str, target: str, reference: str) -> int:
    """All that is left and alive in one fund back to the one it came from, each part into the very lot it was taken
    out of: how many points. One with the same age and the same last day is that lot."""
    transfers.lock(book, [source, target])
    living = sorted((lot for lot in lots_of(book, source) if lot.usable(book.today)), key=lambda lot: lot.key)
    for lot in living:
        home = lots.twin(book, target, lot)
        if home is None:
            _move_part(book, source, target, lot, lot.points_left, reference, "moved_back")
        else:
            transfers.post(book, source, target, "moved_back", lot.points_left, reference)
            lots.change(book, [(lot.entry_id, -lot.points_left), (home, lot.points_left)])
    return sum(lot.points_left for lot in living)


def sweep(book: Book, at_most: int = SWEPT_AT_ONCE) -> int:
    """Points whose last day has passed are moved out: reset or converted, by programme (B05). How many lots."""
    kind = "conversion" if expiry_action(book.profile) is p.ExpiryAction.CONVERT else "expiry"
    seen = lots.dead(book, at_most)
    if not seen:
        return 0
    theirs = {fund for fund, _ in seen}
    transfers.lock(book, theirs)
    found = [(fund, lot) for fund, lot in lots.dead(book, at_most) if fund in theirs]
    for fund, lot in found:
        lots.change(book, [(lot.entry_id, -lot.points_left)])
        transfers.post(book, fund, transfers.EXPIRED, kind, lot.points_left, str(lot.entry_id))
    return len(seen)


def _give_back(book: Book, fund: str, parts: Sequence[tuple[Lot, int]], redemption_id: str, reference: str) -> None:
    """Points into the lots they came from; those whose day has passed meanwhile into a new one of their own."""
    is_in_time = all(lot.expires_on >= book.today for lot, _ in parts)
    taken_on = book.today if is_in_time else _held_on(book, redemption_id)
    until = {lot.entry_id: given_back_until(lot.expires_on, taken_on, book.today) for lot, _ in parts}
    lots.change(book, [(lot.entry_id, points) for lot, points in parts if until[lot.entry_id] == lot.expires_on])
    for lot, points in parts:
        if until[lot.entry_id] != lot.expires_on:
            number = transfers.post(book, transfers.ISSUED, fund, "extension", 0, reference)
            lots.add(book, number, fund, points, until[lot.entry_id], to_ms(lot.credited_at))


def _held_on(book: Book, redemption_id: str) -> date:
    """The day on which a redemption's points were set aside."""
    created_ms = book.db.scalar(select(redemptions.c.created_ms).where(redemptions.c.id == redemption_id))
    return book.today if created_ms is None else day_of(created_ms)


def _move_part(book: Book, source: str, target: str, lot: Lot, points: int, reference: str, kind: str) -> None:
    """A part of a lot into another fund, with its age and last day."""
    lots.change(book, [(lot.entry_id, -points)])
    number = transfers.post(book, source, target, kind, points, reference)
    lots.add(book, number, target, points, lot.expires_on, to_ms(lot.credited_at))


def _transfer(book: Book, kind: str, reference: str) -> Row[Any]:
    """The one transfer of this kind for this reason. Raises `RuleViolation` (`unknown_entry`)."""
    row = book.db.execute(
        select(t.transfers).where(t.transfers.c.reference == reference, t.transfers.c.kind == kind)
    ).one_or_none()
    if row is None:
        raise RuleViolation("unknown_entry", entry=reference)
    return row


def _reversal_of(book: Book, number: int, kind: str) -> str:
    """The reference of the one transfer that undoes this one. Raises `RuleViolation` (`already_reversed`)."""
    reference = f"reverses:{number}"
    if transfers.has(book, kind, reference):
        raise RuleViolation("already_reversed", entry=number)
    return reference
