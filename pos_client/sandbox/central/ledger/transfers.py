"""Double entry: points go from one account of the ledger to another, and nothing else ever happens to them.

Which accounts there are: `storage.ledger_tables`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, insert, literal, select, update

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.ledger_tables import balances, sides, transfers

ISSUED, SPENT, EXPIRED = "@issued", "@spent", "@expired"

_POST = insert(transfers).returning(transfers.c.id)
_POST_IN_ORDER = insert(transfers).returning(transfers.c.id, sort_by_parameter_order=True)
_ADD = (
    update(balances)
    .where(balances.c.fund == bindparam("account"))
    .values(points=balances.c.points + bindparam("more", type_=BigInteger))
)
_LOCK = (
    select(balances.c.fund)
    .where(balances.c.fund.in_(bindparam("names", expanding=True)))
    .order_by(balances.c.fund)
    .with_for_update()
)


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
    return post_all(book, reference, [(source, target, kind, points)])[0]


def post_all(book: Book, reference: str, moves: Sequence[tuple[str, str, str, int]]) -> list[int]:
    """Several transfers (source, target, kind, points) for one reason, in this order; their numbers. A fund that they
    leave as it was is not written."""
    columns = ("source", "target", "kind", "points")
    rows = [dict(zip(columns, move, strict=True)) | {"reference": reference, "at_ms": book.now_ms} for move in moves]
    if len(rows) == 1:
        numbers = [book.db.execute(_POST, rows[0]).scalar_one()]
    else:
        numbers = list(book.db.execute(_POST_IN_ORDER, rows).scalars())
    changes: dict[str, int] = {}
    for source, target, _, points in moves:
        changes[source] = changes.get(source, 0) - points
        changes[target] = changes.get(target, 0) + points
    for account, change in changes.items():
        if change:
            _add(book, account, change)
    return [int(number) for number in numbers]


def owe(book: Book, station: str, kind: str, points: int, reference: str) -> None:
    """Fuel that no customer pays for is charged to an account of its station, once for a reason."""
    if points and not has(book, kind, reference):
        post(book, station, SPENT, kind, points, reference)


def lock(book: Book, names: Collection[str]) -> None:
    """Have these funds to oneself until the transaction ends: what lies in them now can be decided on. Always in the
    order of their names, so that two who want the same two do not wait for each other."""
    book.db.execute(_LOCK, {"names": sorted(names)})


def balance(book: Book, fund: str) -> int:
    """What lies in a customer's fund, dead lots among it until they are swept."""
    return int(book.db.scalar(balance_of(literal(fund))) or 0)


def balance_of(fund: ColumnElement[str]) -> Select[tuple[int]]:
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
    if book.db.execute(_ADD, {"account": account, "more": points}).rowcount == 0:
        book.db.execute(insert(balances).values(fund=account, points=points))
