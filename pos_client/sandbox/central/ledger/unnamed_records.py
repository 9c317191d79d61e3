"""The recount the other way round: what central has of a terminal, and the terminal's journal does not name.

A till writes down what it is going to state before it states it. So a record that arrived while a shift lasted (after
the close before it was stated, until its own was) is named by a row: in the shift's own stretch, in an earlier one when
it waited in the queue, or in one that is still on its way. Rows come in order and within seconds; when rows have come
an hour after the record, and none of them names it, none will: somebody made it up, or a book has lost its end.
"""

from __future__ import annotations

from sqlalchemy import func, or_, select

from pos_client.protocols.central.shift_messages import DifferencePart
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.shift_recount import Recount, differs
from pos_client.sandbox.central.storage.journal_tables import journal_rows
from pos_client.sandbox.central.storage.offline_tables import offline_redemptions
from pos_client.sandbox.central.storage.tables import accruals, idempotency, redemptions

NAMED_WITHIN_MS = 3_600_000
STATED = {"accrue": "accrual", "capture": "redemption", "offline": "redemption"}
"""What a key ends with, and what it states."""
_INTENTS = ("AccrualStated", "DispenseFinished", "OfflineSpendIntended")
"""Rows that are written before such a statement is sent."""


def unnamed_records(
    book: Book, terminal: str, found: Recount, since_ms: int, until_ms: int
) -> tuple[list[DifferencePart], bool]:
    """Records that arrived in this stretch of central's time and that no row will name any more, with what they were
    worth in đồng; and whether there are others that a row may still name."""
    c = idempotency.c
    ends = or_(*(c.key.endswith(f":{verb}", autoescape=True) for verb in STATED))
    mine = (c.terminal == terminal, c.status < 400, c.at_ms > since_ms, c.at_ms <= until_ms, ends)
    newest_ms = book.db.scalar(select(func.max(journal_rows.c.received_ms)).where(journal_rows.c.terminal == terminal))
    unlike, may_be_named = [], False
    for row in book.db.execute(select(c.key, c.at_ms).where(*mine).order_by(c.at_ms, c.key)).all():
        name, _, verb = row.key.rpartition(":")
        if name in found.accruals or name in found.spent or _is_named(book, terminal, name):
            continue
        if newest_ms is not None and newest_ms > row.at_ms + NAMED_WITHIN_MS:
            unlike.append(differs(f"{STATED[verb]}:{name}", 0, _worth(book, name)))
        else:
            may_be_named = True
    return unlike, may_be_named


def _is_named(book: Book, terminal: str, name: str) -> bool:
    """Whether any row of this terminal names a record, in whatever shift."""
    c = journal_rows.c
    named = (c.terminal == terminal, c.kind.in_(_INTENTS), c.body.contains(name, autoescape=True))
    return book.db.scalar(select(c.seq).where(*named).limit(1)) is not None


def _worth(book: Book, name: str) -> int:
    """The fuel a record is about, in đồng."""
    for amount in (
        select(accruals.c.amount_vnd).where(accruals.c.id == name),
        select(offline_redemptions.c.amount_vnd).where(offline_redemptions.c.id == name),
        select(redemptions.c.points_debited + redemptions.c.excess_vnd).where(redemptions.c.id == name),
    ):
        if (found := book.db.scalar(amount)) is not None:
            return int(found)
    return 0
