"""How sure the time of an accrual's fuelling is, as the terminal said; of earlier ones nobody knows (empty)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """One column."""
    with op.batch_alter_table("accruals") as table:
        table.add_column(sa.Column("time_quality", sa.String(length=20), server_default="", nullable=False))
