"""Vouchers activated for a station, as rows: who reads and withdraws them (`voucher_activations` makes them)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, update

from pos_client.sandbox.central.ledger import redemption_timers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.offline_tables import voucher_activations
from pos_client.sandbox.central.storage.tables import redemptions as holds

LISTED_FOR_MS = 3_600_000
"""So long after its end a withdrawn voucher is still on the revocation list: clocks differ."""


def load(book: Book, activation_id: str) -> Row[Any] | None:
    """An activated voucher with its hold: the columns of the activation, and `state`, `points`, `fund`."""
    return book.db.execute(_joined().where(voucher_activations.c.id == activation_id)).one_or_none()


def live_of(book: Book, code: str) -> Row[Any] | None:
    """The activation of this voucher whose points are still held; there is one at the most."""
    found = _joined().where(voucher_activations.c.voucher == code, holds.c.state == State.ACTIVATED)
    return book.db.execute(found).one_or_none()


def points_at(book: Book, code: str, station: str | None) -> int:
    """Points of a voucher that are activated for this station: here, and only here, they can also be used online."""
    row = live_of(book, code)
    return int(row.points) if row is not None and row.station == station and row.revoked_ms is None else 0


def withdraw(book: Book, activation_id: str, because: str) -> None:
    """Put a voucher on the revocation list."""
    book.db.execute(
        update(voucher_activations)
        .where(voucher_activations.c.id == activation_id)
        .values(revoked_ms=book.now_ms, revoked_because=because[:40])
    )


def use_online(book: Book, code: str, station: str, lacking: int) -> None:
    """Before a hold: what the voucher in the hand lacks may be activated for this very station. Then it is used online,
    with the PIN, its activation ends, and the signed text is worth nothing from now on."""
    row = live_of(book, code)
    if row is not None and 0 < lacking <= points_at(book, code, station):
        withdraw(book, row.id, "used-online")
        redemption_timers.end_activation(book, row.id, "used-online")


def revoked_ids(book: Book) -> tuple[str, ...]:
    """What the revocation list says: withdrawn vouchers a station could still take for good, by their dates."""
    rows = book.db.execute(
        select(voucher_activations.c.id)
        .where(voucher_activations.c.revoked_ms.is_not(None))
        .where(voucher_activations.c.not_after_ms + LISTED_FOR_MS > book.now_ms)
        .order_by(voucher_activations.c.id)
    )
    return tuple(row.id for row in rows)


def _joined() -> Any:
    return select(voucher_activations, holds.c.state, holds.c.points, holds.c.fund).join(
        holds, holds.c.id == voucher_activations.c.id
    )
