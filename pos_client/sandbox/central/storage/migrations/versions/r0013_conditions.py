"""How each terminal is, as it said last; of those that have not said it yet there is no row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "terminal_conditions",
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("ready", sa.String(length=80), nullable=False),
        sa.Column("offered_number", sa.BigInteger(), nullable=True),
        sa.Column("offered", sa.String(length=80), nullable=True),
        sa.Column("offered_percent", sa.Integer(), nullable=True),
        sa.Column("judgement", sa.String(length=80), nullable=True),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("in_doubt", sa.BigInteger(), nullable=False),
        sa.Column("parked", sa.BigInteger(), nullable=False),
        sa.Column("oldest_ms", sa.BigInteger(), nullable=True),
        sa.Column("unacknowledged", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.String(length=80), nullable=False),
        sa.Column("clock_off_s", sa.BigInteger(), nullable=True),
        sa.Column("disk_free_mb", sa.BigInteger(), nullable=True),
        sa.Column("certificate_ends_ms", sa.BigInteger(), nullable=True),
        sa.Column("troubles", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["terminal"], ["terminals.name"], name=op.f("fk_terminal_conditions_terminal")),
        sa.PrimaryKeyConstraint("terminal", name=op.f("pk_terminal_conditions")),
    )
