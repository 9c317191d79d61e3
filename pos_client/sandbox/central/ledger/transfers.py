"""Double entry: points go from one account of the ledger to another, and nothing else ever happens to them.

Which accounts there are: `storage.ledger_tables`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, insert, select, update

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.ledger_tables import balances, sides, transfers

ISSUED, SPENT, EXPIRED = "@issued", "@spent", "@expired"


def held(fund: str) -> str:
    """Where a fund's points lie while a hold on it lives."""
    return f"@held:{fund}"


def suspense(fund: str) -> str:
    """Where they lie when its station has not been heard of for too long."""
    return f"@suspense:{fund}"


def shortfall(station: str) -> str:
    """What a station owes for fuel no hold paid for."""
    return f"@shortfall:{station}"


def excess(station: str) -> str:
    """What a station owes for fuel above a hold."""
    return f"@excess:{station}"


def post(book: Book, source: str, target: str, kind: str, points: int, reference: str) -> int:
    """One transfer; its number. 0 points move nothing and are only remembered."""
    made = book.db.execute(
        insert(transfers)
        .values(source=source, target=target, kind=kind, points=points, reference=reference, at_ms=book.now_ms)
        .returning(transfers.c.id)
    )
    number = int(made.scalar_one())
    if points:
        _add(book, source, -points)
        _add(book, target, points)
    return number


def owe(book: Book, station: str, kind: str, points: int, reference: str) -> None:
    """Fuel that no customer pays for is charged to an account of its station, once for a reason."""
    if points and not has(book, kind, reference):
        post(book, station, SPENT, kind, points, reference)


def lock(book: Book, names: Collection[str]) -> None:
    """Have these funds to oneself until the transaction ends: what lies in them now can be decided on. Always in the
    order of their names, so that two who want the same two do not wait for each other."""
    book.db.execute(
        select(balances.c.fund).where(balances.c.fund.in_(sorted(names))).order_by("fund").with_for_update()
    )


def balance(book: Book, fund: str) -> int:
    """What lies in a customer's fund, dead lots among it until they are swept."""
    return int(book.db.scalar(balance_of(fund)) or 0)


def balance_of(fund: str) -> Select[tuple[int]]:
    """The question, for who asks for more with it."""
    return select(balances.c.points).where(balances.c.fund == fund)


def has(book: Book, kind: str, reference: str) -> bool:
    """Whether there was a transfer of this kind for this reason."""
    found = select(transfers.c.id).where(transfers.c.reference == reference, transfers.c.kind == kind)
    return book.db.execute(found.limit(1)).first() is not None


def sums(book: Book) -> dict[str, int]:
    """Every account of the ledger and what lies there; together they are nothing. Reads all transfers."""
    rows = book.db.execute(select(sides.c.fund, func.sum(sides.c.points)).group_by(sides.c.fund))
    return {str(fund): int(points) for fund, points in rows}


def _add(book: Book, account: str, points: int) -> None:
    """Keep the running sum of a customer's fund. Accounts of our own are summed when asked: all requests meet in them,
    and would wait for each other."""
    if account.startswith("@"):
        return
    changed = book.db.execute(
        update(balances).where(balances.c.fund == account).values(points=balances.c.points + points)
    )
    if changed.rowcount == 0:
        book.db.execute(insert(balances).values(fund=account, points=points))
