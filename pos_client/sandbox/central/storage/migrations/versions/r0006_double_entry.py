"""Entries with one side become transfers with two; running balances; timers of holds whose permit is out.

An entry said what a fund gained or lost. Where it came from or went to followed from its kind; two entries that were
written together (points moved between funds) are one transfer. Numbers stay, for lots are known by the one that
credited them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ALIVE = sa.text("points_left > 0")
_PAIRS = "'moved', 'moved_back', 'joined', 'shared'"
_SILENCE_MS = 24 * 3600 * 1000

_CREDITS = f"""
INSERT INTO transfers (id, source, target, kind, points, reference, at_ms)
SELECT e.id, CASE
    WHEN e.kind IN ({_PAIRS}) THEN (SELECT o.fund FROM entries o WHERE o.id = (
        SELECT max(b.id) FROM entries b WHERE b.id < e.id AND b.kind = e.kind AND b.points = -e.points
        AND b.reference = e.reference))
    WHEN e.kind = 'redemption_reversed' THEN '@spent' ELSE '@issued' END,
    e.fund, e.kind, e.points, e.reference, e.at_ms
FROM entries e WHERE e.points > 0 OR e.kind IN ('extension', 'redemption_reversed')
"""
_DEBITS = f"""
INSERT INTO transfers (id, source, target, kind, points, reference, at_ms)
SELECT e.id, e.fund, CASE
    WHEN e.kind = 'redemption' THEN '@spent' WHEN e.kind = 'accrual_reversed' THEN '@issued' ELSE '@expired' END,
    e.kind, -e.points, e.reference, e.at_ms
FROM entries e
WHERE (e.points < 0 OR e.kind = 'accrual_reversed') AND e.kind NOT IN ({_PAIRS})
"""
_HOLDS = """
INSERT INTO transfers (source, target, kind, points, reference, at_ms)
SELECT h.fund, '@held:' || h.fund, 'hold', sum(h.points), h.redemption_id, min(r.created_ms)
FROM hold_lots h JOIN redemptions r ON r.id = h.redemption_id GROUP BY h.fund, h.redemption_id
"""
_BALANCES = """
INSERT INTO balances (fund, points)
SELECT fund, sum(points) FROM (
    SELECT target AS fund, points FROM transfers UNION ALL SELECT source, -points FROM transfers
) AS sides WHERE fund NOT LIKE '@%' GROUP BY fund
"""


def upgrade() -> None:
    """Make transfers of what is there."""
    _make_tables()
    op.execute(_CREDITS)
    op.execute(_DEBITS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('transfers_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM entries), false)")
    op.execute(_HOLDS)
    op.execute(_BALANCES)
    _point_to_transfers("lots")
    _point_to_transfers("entry_lots")
    _make_lots_quick()
    op.drop_table("entries")
    _widen_stations()
    op.execute(f"UPDATE redemptions SET expires_ms = created_ms + {_SILENCE_MS} WHERE state = 'AUTHORISED'")


def _make_tables() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_transfers_forwards")),
        sa.CheckConstraint("source <> target", name=op.f("ck_transfers_two_sides")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index("transfers_out", "transfers", ["source", "id"])
    op.create_index("transfers_in", "transfers", ["target", "id"])
    op.create_index("transfers_of", "transfers", ["reference", "kind"])
    op.create_table(
        "balances",
        sa.Column("fund", sa.String(100), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fund", name=op.f("pk_balances")),
    )


def _point_to_transfers(table: str) -> None:
    name = f"fk_{table}_entry_id"
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="foreignkey")
        batch.create_foreign_key(name, "transfers", ["entry_id"], ["id"])


def _make_lots_quick() -> None:
    """What is spent leaves the indexes."""
    with op.batch_alter_table("lots") as batch:
        batch.create_check_constraint(op.f("ck_lots_no_debt"), "points_left >= 0")
    for name in ("lots_of_a_fund", "lots_by_death"):
        op.drop_index(name, table_name="lots")
    for name, columns in (
        ("lots_in_order", ["fund", "expires_on", "credited_at_ms", "entry_id"]),
        ("lots_by_death", ["expires_on"]),
    ):
        op.create_index(name, "lots", columns, postgresql_where=_ALIVE, sqlite_where=_ALIVE)


def _widen_stations() -> None:
    """The contract allows 80 letters."""
    for table in ("redemptions", "accruals", "incidents"):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("station", existing_type=sa.String(20), type_=sa.String(80), existing_nullable=False)
