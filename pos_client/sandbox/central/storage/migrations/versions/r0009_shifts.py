"""Shifts as terminals closed them; rows of a journal are found by their kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "shift_closes",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("stated", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_closes")),
    )
    op.create_index(op.f("ix_shift_closes_terminal"), "shift_closes", ["terminal"], unique=False)
    op.create_table(
        "shift_comparisons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("shift", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shift"], ["shift_closes.id"], name=op.f("fk_shift_comparisons_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_comparisons")),
    )
    op.create_index(op.f("ix_shift_comparisons_shift"), "shift_comparisons", ["shift"], unique=False)
    op.create_index("journal_rows_by_kind", "journal_rows", ["terminal", "epoch", "kind", "seq"], unique=False)
