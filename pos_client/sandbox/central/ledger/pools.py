"""Groups: accounts that earn into one fund and spend from it (B03), and how one ends (B38).

Who earned what stays with the accrual; the fund's entries carry the accrual's id.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, bindparam, delete, insert, select

from pos_client.domain.programme.policies import Dissolution
from pos_client.sandbox.central.ledger import funds
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import pool_members, pools


def fund_of(book: Book, account: str) -> str:
    """Where an account's points lie: in its group's fund, or in its own. It stays so until the transaction ends."""
    pool = book.db.scalar(_POOL, {"account": account})
    return account if pool is None else str(pool)


def pool_of(account: ColumnElement[str]) -> Select[tuple[str]]:
    """The question for an account's group, for who asks for more with it; the answer stays true until the transaction
    ends."""
    return select(pool_members.c.pool).where(pool_members.c.account == account).with_for_update(read=True)


_POOL = pool_of(bindparam("account"))


def form(book: Book, code: str, owner: str, members: tuple[str, ...]) -> None:
    """A new group; what its members have already moves into its fund.

    Raises `ValueError` for a group larger than the programme allows.
    """
    found = book.profile.find(Dissolution)
    if found is not None and len(members) > found[1].members_at_most:
        raise ValueError(f"{code}: at most {found[1].members_at_most} members ({found[0].row})")
    book.db.execute(insert(pools).values(code=code, owner=owner))
    for member in members:
        there = funds.available_points(book, member)
        if there:
            funds.move(book, member, code, there, code, "joined")
        book.db.execute(insert(pool_members).values(account=member, pool=code))


def dissolve(book: Book, code: str) -> None:
    """Each member gets an equal share, the owner what does not divide; the group is no more.

    Raises `RuleViolation` (`pool_has_holds`), `LookupError` for a group nobody knows.
    """
    owner = book.db.scalar(select(pools.c.owner).where(pools.c.code == code))
    if owner is None:
        raise LookupError(code)
    rows = book.db.execute(select(pool_members.c.account).where(pool_members.c.pool == code).order_by("account"))
    funds.share_out(book, code, [str(row.account) for row in rows], str(owner))
    book.db.execute(delete(pool_members).where(pool_members.c.pool == code))
