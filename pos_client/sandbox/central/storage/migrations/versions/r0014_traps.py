"""Accounts nobody owns: whoever names one has been through a list of customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """No account there is, is one."""
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("trap", sa.Boolean(), server_default=sa.false(), nullable=False))
