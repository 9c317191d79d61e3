"""Honeytokens: customers nobody owns, kept among the others. Nobody can have such an ID but who went through a list of
customers or made numbers up, so naming one raises an alarm; the answer at the till is like any other's (reliability
4.2, harvesting by look-up).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import accounts, incidents

WORD = "trap"
"""How the incident's kind begins."""
NOBODYS_PREFIX = "+8450"
"""No operator has numbers that begin so: what is sent there reaches nobody."""
NAMES = ("Nguyễn Văn Hải", "Trần Thị Thu", "Lê Minh Quang", "Phạm Thị Hoa", "Hoàng Văn Nam", "Đỗ Thị Lan")
LAST = 999_999_999


def place(book: Book, number: str) -> None:
    """Make the account of this number; its holder's name is one of many. Raises `RuleViolation`: `trap_number` for what
    is no number or somebody's."""
    if len(number) != 9 or not number.isascii() or not number.isdigit():
        raise RuleViolation("trap_number", field="number")
    if book.db.scalar(select(accounts.c.number).where(accounts.c.number == number)) is not None:
        raise RuleViolation("trap_number", field="number")
    book.db.execute(
        insert(accounts).values(
            number=number,
            kind="individual",
            name=NAMES[int(number) % len(NAMES)],
            phone=f"{NOBODYS_PREFIX}{number[2:]}",
            status="active",
            trap=True,
        )
    )


def placed(book: Book) -> list[Row[Any]]:
    """All there are."""
    return list(book.db.execute(select(accounts).where(accounts.c.trap).order_by(accounts.c.number)))


def alarm(book: Book, account: Row[Any], terminal: str, verb: str) -> None:
    """Somebody named this account at a till; nothing, unless nobody owns it."""
    if account.trap:
        book.db.execute(
            insert(incidents).values(
                kind=f"{WORD}:{verb}",
                redemption_id=f"{account.number} {terminal}"[:80],
                station=terminal.rpartition("-")[0],
                amount_vnd=0,
                at_ms=book.now_ms,
            )
        )
