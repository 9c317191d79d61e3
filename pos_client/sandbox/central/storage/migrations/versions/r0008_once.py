"""What must not happen twice is kept from it by the database; no fund is below nothing; what dies is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ONCE = sa.text(
    "kind IN ('accrual', 'accrual_reversed', 'redemption', 'redemption_reversed', 'shortfall', 'excess', 'suspense')"
)


def upgrade() -> None:
    """Refuses a ledger in which it has happened."""
    op.create_index(
        "transfers_once", "transfers", ["reference", "kind"], unique=True, postgresql_where=_ONCE, sqlite_where=_ONCE
    )
    op.create_index(op.f("ix_customer_refs_expires_ms"), "customer_refs", ["expires_ms"], unique=False)
    with op.batch_alter_table("balances") as balances:
        balances.create_check_constraint(op.f("ck_balances_no_debt"), "points >= 0")
