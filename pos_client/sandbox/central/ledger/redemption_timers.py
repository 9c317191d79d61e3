"""What time does to a redemption, and a person with evidence: the hold is given back, or moved aside.

A redemption is brought to the present whenever it is looked at, so what it answers does not hang on when somebody last
swept; `run_due` does the same for those nobody asks about. Whoever looks at one has it to himself until his transaction
ends: void, capture and time do not meet in it. Every state with a timer keeps its end in `expires_ms`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from pos_client.sandbox.central.ledger import funds, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.redemption_states import LIVE, TRANSITIONS, Event, State
from pos_client.sandbox.central.storage.tables import incidents, redemptions

HOLD_LIVES_S = 300
SILENCE_S = 24 * 3600
"""So long after consent a station that says nothing is alarmed."""
RELEASE_S = 72 * 3600
"""So long after consent the customer has his points back."""
AT_ONCE = 100
_BY_ID = select(redemptions).where(redemptions.c.id == bindparam("name")).with_for_update()
_CHANGE = update(redemptions).where(redemptions.c.id == bindparam("name"))


def load(book: Book, redemption_id: str) -> Row[Any] | None:
    """A redemption as it stands now."""
    return _up_to_date(book, _row(book, redemption_id))


def run_due(book: Book, at_most: int = AT_ONCE) -> int:
    """Bring the first redemptions whose time is up to the present. How many: fewer than `at_most`, and none is left."""
    due = (
        select(redemptions)
        .where(redemptions.c.state.in_(sorted(LIVE)), redemptions.c.expires_ms <= book.now_ms)
        .order_by(redemptions.c.expires_ms)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    rows = book.db.execute(due).all()
    transfers.lock(book, {row.fund for row in rows})
    for row in rows:
        _up_to_date(book, row)
    return len(rows)


def release(book: Book, redemption_id: str, evidence: str) -> State | Refusal:
    """Somebody knows that no fuel flowed, and says how (at most 80 characters are kept): the points go back."""
    row = load(book, redemption_id)
    if row is None:
        return Refusal("unknown-redemption")
    after = TRANSITIONS.get((State(row.state), Event.EVIDENCE))
    if after is None:
        return Refusal("redemption-state-conflict", state=row.state)
    give_back(book, row, after, evidence)
    return after


def give_back(book: Book, row: Row[Any], after: State, reason: str) -> None:
    """End a live hold without a debit."""
    funds.settle(book, row.id, row.fund, 0, suspended=row.state == State.SUSPENSE)
    change(book, row.id, state=after.value, points_released=row.points, expires_ms=None, reason=reason[:80])


def end_activation(book: Book, activation_id: str, reason: str) -> None:
    """Give back what is held behind a signed voucher: nothing was spent on it, and nothing can be any more."""
    row = load(book, activation_id)
    assert row is not None  # asked for by who has just read it
    give_back(book, row, TRANSITIONS[State(row.state), Event.VOID], reason)


def change(book: Book, redemption_id: str, **columns: object) -> None:
    """Write columns of a redemption."""
    book.db.execute(_CHANGE, {"name": redemption_id, **columns})


def note_incident(book: Book, kind: str, redemption_id: str, station: str, amount_vnd: int) -> None:
    """Something for people at head office and at the station."""
    book.db.execute(
        insert(incidents).values(
            kind=kind, redemption_id=redemption_id, station=station, amount_vnd=amount_vnd, at_ms=book.now_ms
        )
    )


def _time_up(book: Book, row: Row[Any]) -> None:
    after = TRANSITIONS[State(row.state), Event.TIME_UP]
    if after is State.SUSPENSE:
        funds.suspend(book, row.id, row.fund, row.points)
        change(book, row.id, state=after.value, expires_ms=row.expires_ms + (RELEASE_S - SILENCE_S) * 1000)
        note_incident(book, "suspense", row.id, row.station, row.points)
    else:
        give_back(book, row, after, "hold-expired" if after is State.EXPIRED else "hold-released")


def _up_to_date(book: Book, row: Row[Any] | None) -> Row[Any] | None:
    """A row with all its times; after a long silence of central more than one is up."""
    while row is not None and _is_due(book, row):
        _time_up(book, row)
        row = _row(book, row.id)
    return row


def _is_due(book: Book, row: Row[Any]) -> bool:
    return row.state in LIVE and row.expires_ms is not None and row.expires_ms <= book.now_ms


def _row(book: Book, redemption_id: str) -> Row[Any] | None:
    return book.db.execute(_BY_ID, {"name": redemption_id}).one_or_none()
