"""What is counted against a limit, and limits that are not the usual ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make both."""
    op.create_table(
        "counted",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "subject", "until_ms", name=op.f("pk_counted")),
    )
    op.create_index(op.f("ix_counted_until_ms"), "counted", ["until_ms"], unique=False)
    op.create_table(
        "quota_limits",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_quota_limits")),
    )
