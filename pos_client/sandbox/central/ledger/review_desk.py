"""What head office has to look at: fuel without a hold, disputes, late accruals, sales somebody claimed twice.

Cases are found in the ledger, never made by hand; what is decided of one is appended, and the last decision stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.protocols.central.shift_messages import SHIFT_MISMATCH
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.fuelled import fuelled_ms
from pos_client.sandbox.central.storage.portal_tables import case_decisions, disputes
from pos_client.sandbox.central.storage.tables import accruals, idempotency, incidents

WINDOW_S = 90 * 86_400
LATE_S = 7 * 86_400
"""An accrual that took longer to arrive is looked at (reliability 3.10)."""
MOST_OF_A_KIND = 2_000
LONGEST_NOTE = 1_000
ALREADY_ACCRUED = b'"sale-already-accrued"'


class CaseKind(StrEnum):
    """Why something lies on the desk."""

    SHORTFALL = "shortfall"
    DISPUTED = "disputed"
    LATE = "late"
    DUPLICATE = "duplicate"
    SHIFT = "shift"


class Decision(StrEnum):
    """What head office says. Stored by name."""

    POINTS_RETURNED = "points_returned"
    STATION_PAYS = "station_pays"
    PROGRAMME_PAYS = "programme_pays"
    NO_FAULT = "no_fault"
    INVESTIGATE = "investigate"


@dataclass(frozen=True, slots=True)
class DeskCase:
    """Something to decide. `about` names it for ever; `decision` is the last one."""

    about: str
    kind: CaseKind
    at_ms: int
    place: str
    who: str
    amount_vnd: int
    words: str
    decision: str | None = None


def cases(book: Book, kind: CaseKind | None = None) -> list[DeskCase]:
    """All of the last ninety days, newest first; those nobody decided before the others."""
    decided = _last_decisions(book)
    found = []
    for each, look in _LOOK.items():
        if kind is None or kind is each:
            found += [_with(case, decided.get(case.about)) for case in look(book)]
    return sorted(found, key=lambda case: (case.decision is not None, -case.at_ms))


def find(book: Book, about: str) -> DeskCase | None:
    """One of them."""
    return next((case for case in cases(book) if case.about == about), None)


def decide(book: Book, about: str, decision: str, note: str, actor: str) -> None:
    """Append a decision. Raises `RuleViolation`: `choice_missing`, `note_missing`."""
    if decision not in set(Decision):
        raise RuleViolation("choice_missing", field="decision")
    if not 0 < len(note) <= LONGEST_NOTE:
        raise RuleViolation("note_missing", field="note", most=LONGEST_NOTE)
    book.db.execute(
        insert(case_decisions).values(about=about, decision=decision, note=note, actor=actor, at_ms=book.now_ms)
    )


def _shortfalls(book: Book) -> Iterator[DeskCase]:
    return _noted(book, CaseKind.SHORTFALL)


def _shifts(book: Book) -> Iterator[DeskCase]:
    """Closed shifts whose figures are not central's."""
    return _noted(book, CaseKind.SHIFT)


def _noted(book: Book, kind: CaseKind) -> Iterator[DeskCase]:
    for row in _recent(book, incidents):
        if (row.kind == SHIFT_MISMATCH) is not (kind is CaseKind.SHIFT):
            continue
        yield DeskCase(
            f"incident:{row.id}",
            kind,
            row.at_ms,
            row.station,
            row.redemption_id,
            row.amount_vnd,
            row.kind,
        )


def _disputes(book: Book) -> Iterator[DeskCase]:
    for row in _recent(book, disputes):
        yield DeskCase(f"dispute:{row.id}", CaseKind.DISPUTED, row.at_ms, "", row.account, 0, row.words)


def _late(book: Book) -> Iterator[DeskCase]:
    for row in _recent(book, accruals):
        fuelled = fuelled_ms(row.fuelled_at)
        if fuelled is not None and row.at_ms - fuelled > LATE_S * 1000:
            late = str(timedelta(milliseconds=row.at_ms - fuelled).days)
            yield DeskCase(
                f"late:{row.id}"[:80], CaseKind.LATE, row.at_ms, row.station, row.account, row.amount_vnd, late
            )


def _duplicates(book: Book) -> Iterator[DeskCase]:
    """Refusals central has stored: a sale that earned already was claimed again, under another key."""
    rows = book.db.execute(
        select(idempotency)
        .where(idempotency.c.status == 409, idempotency.c.at_ms > book.now_ms - WINDOW_S * 1000)
        .order_by(idempotency.c.at_ms.desc())
        .limit(MOST_OF_A_KIND)
    )
    for row in rows:
        if ALREADY_ACCRUED in row.body:
            name = hashlib.sha256(f"{row.terminal}\n{row.key}".encode()).hexdigest()[:24]
            yield DeskCase(f"duplicate:{name}", CaseKind.DUPLICATE, row.at_ms, row.terminal, "", 0, row.key)


_LOOK = {
    CaseKind.SHORTFALL: _shortfalls,
    CaseKind.DISPUTED: _disputes,
    CaseKind.LATE: _late,
    CaseKind.DUPLICATE: _duplicates,
    CaseKind.SHIFT: _shifts,
}


def _recent(book: Book, table: Any) -> Iterator[Row[Any]]:
    since = book.now_ms - WINDOW_S * 1000
    yield from book.db.execute(
        select(table).where(table.c.at_ms > since).order_by(table.c.at_ms.desc()).limit(MOST_OF_A_KIND)
    )


def _last_decisions(book: Book) -> dict[str, str]:
    last = select(func.max(case_decisions.c.id)).group_by(case_decisions.c.about)
    rows = book.db.execute(select(case_decisions).where(case_decisions.c.id.in_(last)))
    return {row.about: row.decision for row in rows}


def _with(case: DeskCase, decision: str | None) -> DeskCase:
    return DeskCase(case.about, case.kind, case.at_ms, case.place, case.who, case.amount_vnd, case.words, decision)
