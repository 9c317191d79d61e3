"""The points ledger, double entry: every change of points is one transfer from an account of the ledger to another.

A transfer is one row with both its sides, so what leaves one account arrives at the other by construction, and the sum
over all accounts is nothing at any time. Append-only: a correction is another transfer.

    account of the ledger          what lies there
    ─────────────────────────────  ──────────────────────────────────────────────────────────────────
    a customer's number,           points that can be spent: what is left in the fund's lots
    a voucher's or a group's code
    @held:FUND                     set aside by live holds on this fund
    @suspense:FUND                 set aside by holds whose station has not been heard of for a day
    @issued                        where points come from: minus all that was ever credited
    @spent                         became fuel; @expired: died, or were converted (B05)
    @shortfall:STATION             fuel that no hold paid for: the station's, minus so many points
    @excess:STATION                fuel above what was held: the station's too

`balances` is the running sum of every account that a request asks for; those that all requests would meet in (`@issued`
and its like) are summed when somebody asks. What is spendable lies in `lots`, each credited by a transfer.

    sum(transfers to a fund) - sum(transfers from it) = its balance = points left in its lots            (I13)
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    select,
    text,
    union_all,
)

from pos_client.sandbox.central.storage.tables import SERIAL, metadata

ACCOUNT = String(100)
"""Two words of the contract and a mark between them."""

_ONCE = text(
    "kind IN ('accrual', 'accrual_reversed', 'redemption', 'redemption_reversed', 'shortfall', 'excess', 'suspense')"
)
"""Kinds that a reason has one transfer of, whoever states it and however often: the last guard of I2 and I6."""

transfers = Table(
    "transfers",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("source", ACCOUNT, nullable=False),
    Column("target", ACCOUNT, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("reference", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    CheckConstraint("points >= 0", name="forwards"),
    CheckConstraint("source <> target", name="two_sides"),
    Index("transfers_out", "source", "id"),
    Index("transfers_in", "target", "id"),
    Index("transfers_of", "reference", "kind"),
    Index("transfers_once", "reference", "kind", unique=True, postgresql_where=_ONCE, sqlite_where=_ONCE),
)

sides = union_all(
    select(
        transfers.c.id,
        transfers.c.target.label("fund"),
        transfers.c.kind,
        transfers.c.points.label("points"),
        transfers.c.reference,
        transfers.c.at_ms,
    ),
    select(
        transfers.c.id,
        transfers.c.source,
        transfers.c.kind,
        -transfers.c.points,
        transfers.c.reference,
        transfers.c.at_ms,
    ),
).subquery("sides")
"""Both sides of every transfer, one row a side. `id` is the transfer's."""

HOLD, RELEASE = "hold", "release"
"""Kinds of transfer that set points aside and give them back."""

entries = select(sides).where(sides.c.kind.not_in((HOLD, RELEASE))).subquery("entries")
"""An account's statement as its owner reads it: what was set aside and given back is left out, for a redemption follows
where fuel did."""

balances = Table(
    "balances",
    metadata,
    Column("fund", ACCOUNT, primary_key=True),
    Column("points", BigInteger, nullable=False),
    CheckConstraint("points >= 0", name="no_debt"),
)

_ALIVE = text("points_left > 0")

lots = Table(
    "lots",
    metadata,
    Column("entry_id", ForeignKey("transfers.id"), primary_key=True),
    Column("fund", String(20), nullable=False),
    Column("points_left", BigInteger, nullable=False),
    Column("credited_at_ms", BigInteger, nullable=False),
    Column("expires_on", String(10), nullable=False),
    CheckConstraint("points_left >= 0", name="no_debt"),
    Index(
        "lots_in_order",
        "fund",
        "expires_on",
        "credited_at_ms",
        "entry_id",
        postgresql_where=_ALIVE,
        sqlite_where=_ALIVE,
    ),
    Index("lots_by_death", "expires_on", postgresql_where=_ALIVE, sqlite_where=_ALIVE),
)
"""Spent lots leave both indexes: what a redemption costs does not grow with what was spent before."""

hold_lots = Table(
    "hold_lots",
    metadata,
    Column("redemption_id", ForeignKey("redemptions.id"), primary_key=True),
    Column("entry_id", ForeignKey("lots.entry_id"), primary_key=True),
    Column("fund", String(20), nullable=False, index=True),
    Column("points", BigInteger, nullable=False),
)

entry_lots = Table(
    "entry_lots",
    metadata,
    Column("entry_id", ForeignKey("transfers.id"), primary_key=True),
    Column("lot", ForeignKey("lots.entry_id"), primary_key=True),
    Column("points", BigInteger, nullable=False),
)
"""Which lots a debit took; a reversal gives back exactly those."""
