"""What is spent while central is away: activated vouchers, statements of their use, bundles, limits, zone prices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "bundle_issues",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bundle_issues")),
    )
    op.create_table(
        "offline_policy",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_offline_policy")),
    )
    op.create_table(
        "offline_redemptions",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("voucher_id", sa.String(length=40), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.String(length=80), nullable=False),
        sa.Column("time_quality", sa.String(length=80), nullable=False),
        sa.Column("revocations", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("shortfall_code", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_redemptions")),
    )
    op.create_index(op.f("ix_offline_redemptions_voucher_id"), "offline_redemptions", ["voucher_id"], unique=False)
    op.create_table(
        "zone_prices",
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("zone", "grade", "from_ms", name=op.f("pk_zone_prices")),
    )
    op.create_table(
        "voucher_activations",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("voucher", sa.String(length=20), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("not_after_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=True),
        sa.Column("revoked_because", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["redemptions.id"], name=op.f("fk_voucher_activations_id")),
        sa.ForeignKeyConstraint(["voucher"], ["vouchers.code"], name=op.f("fk_voucher_activations_voucher")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_activations")),
    )
    op.create_index("activations_revoked", "voucher_activations", ["revoked_ms"], unique=False)
    op.create_index(op.f("ix_voucher_activations_voucher"), "voucher_activations", ["voucher"], unique=False)
