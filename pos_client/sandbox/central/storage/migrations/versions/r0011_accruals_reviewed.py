"""Accruals that wait for a person's decision, the oldest issue of a bundle that will do, and who may approve."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """All accruals there are have been credited; whoever has a bundle has to have the newest."""
    with op.batch_alter_table("accruals") as table:
        table.add_column(sa.Column("state", sa.String(length=10), server_default="POSTED", nullable=False))
        table.add_column(sa.Column("review_code", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("points_due", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index(op.f("ix_accruals_review_code"), "accruals", ["review_code"], unique=False)
    op.execute("UPDATE accruals SET points_due = points")
    with op.batch_alter_table("bundle_issues") as table:
        table.add_column(sa.Column("needed", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE bundle_issues SET needed = number")
    op.create_table(
        "station_managers",
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_station_managers_station")),
        sa.PrimaryKeyConstraint("station", "key", name=op.f("pk_station_managers")),
    )
