"""What customers say was not theirs ("this was not me"), and what head office decides of it. Nothing is ever edited."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import case_decisions, disputes
from pos_client.value import dataclass

SHORTEST, LONGEST = 5, 1_000


@dataclass(frozen=True, slots=True)
class Disputable:
    """An entry of a customer's fund as he sees it."""

    id: int
    kind: str
    points: int
    at_ms: int
    place: str


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute with what was decided of it, oldest first."""

    row: Row[Any]
    decisions: tuple[Row[Any], ...]


def open_case(book: Book, account: str, entry: int, words: str) -> None:
    """A case for head office; there is one an entry. Raises `RuleViolation`: `words_missing`."""
    if not SHORTEST <= len(words) <= LONGEST:
        raise RuleViolation("words_missing", field="words", least=SHORTEST, most=LONGEST)
    same = select(disputes.c.id).where(disputes.c.account == account, disputes.c.entry_id == entry)
    if book.db.scalar(same) is None:
        book.db.execute(insert(disputes).values(account=account, entry_id=entry, words=words, at_ms=book.now_ms))


def cases_of(book: Book, account: str) -> list[Case]:
    """A customer's cases, newest first."""
    rows = book.db.execute(select(disputes).where(disputes.c.account == account).order_by(disputes.c.id.desc()))
    return [Case(row, decisions_on(book, f"dispute:{row.id}")) for row in rows.all()]


def decisions_on(book: Book, case: str) -> tuple[Row[Any], ...]:
    """What was decided of a case, oldest first."""
    found = select(case_decisions).where(case_decisions.c.about == case).order_by(case_decisions.c.id)
    return tuple(book.db.execute(found))
