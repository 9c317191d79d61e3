"""Who may approve at a station that a points operation is undone (flow 17): the people head office has named for it.

A station for which nobody is named yet is not held to anything; from the first name on, nobody else may. The till has
proved by PIN who it was; central only knows the names.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import station_managers

LONGEST_NAME = 80


def may_approve(book: Book, station: str, name: str) -> bool:
    """Whether this person may."""
    named = {row.key for row in of_station(book, station)}
    return not named or _key(name) in named


def of_station(book: Book, station: str) -> list[Row[Any]]:
    """Everybody who is named, by name."""
    c = station_managers.c
    return list(book.db.execute(select(station_managers).where(c.station == station).order_by(c.name)))


def name(book: Book, station: str, name: str) -> None:
    """Somebody more. Raises `RuleViolation`: `name_missing`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RuleViolation("name_missing", field="name", most=LONGEST_NAME)
    withdraw(book, station, name)
    row = {"station": station, "key": _key(name), "name": name, "at_ms": book.now_ms}
    book.db.execute(insert(station_managers).values(**row))


def withdraw(book: Book, station: str, name: str) -> None:
    """Somebody less; what he has approved stays approved."""
    c = station_managers.c
    book.db.execute(delete(station_managers).where(c.station == station, c.key == _key(name)))


def _key(name: str) -> str:
    """However it is written: capitals and spaces make no other person."""
    return " ".join(name.split()).casefold()[:120]
