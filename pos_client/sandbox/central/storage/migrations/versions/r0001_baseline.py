"""The tables as they were when revisions began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "accounts",
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=True),
        sa.Column("qr", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_accounts")),
        sa.UniqueConstraint("phone", name=op.f("uq_accounts_phone")),
        sa.UniqueConstraint("qr", name=op.f("uq_accounts_qr")),
    )
    op.create_table(
        "credentials",
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_credentials")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("fund", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_fund"), "entries", ["fund"], unique=False)
    op.create_table(
        "grades",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("earns", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grades")),
    )
    op.create_table(
        "idempotency",
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("redemption_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_keys")),
    )
    op.create_table(
        "sessions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_terminal"), "sessions", ["terminal"], unique=False)
    op.create_table(
        "sms_outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("redemption_id", sa.String(length=80), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_outbox")),
    )
    op.create_table(
        "stations",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sms_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_stations")),
    )
    op.create_table(
        "accruals",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("nozzle", sa.Integer(), nullable=False),
        sa.Column("end_totalizer_ml", sa.BigInteger(), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.Column("grade_code", sa.String(length=2000), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("fuelled_at", sa.String(length=80), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_accruals_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accruals")),
        sa.UniqueConstraint("station", "point", "nozzle", "end_totalizer_ml", name="one_accrual_a_sale"),
    )
    op.create_table(
        "drivers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_drivers_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drivers")),
    )
    op.create_table(
        "lots",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund", sa.String(length=20), nullable=False),
        sa.Column("points_left", sa.BigInteger(), nullable=False),
        sa.Column("credited_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_lots_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_lots")),
    )
    op.create_index("lots_by_death", "lots", ["expires_on"], unique=False)
    op.create_index("lots_of_a_fund", "lots", ["fund", "expires_on"], unique=False)
    op.create_table(
        "pools",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.number"], name=op.f("fk_pools_owner")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pools")),
    )
    op.create_table(
        "vehicles",
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_vehicles_account")),
        sa.PrimaryKeyConstraint("plate", name=op.f("pk_vehicles")),
    )
    op.create_table(
        "entry_lots",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_lots_entry_id")),
        sa.ForeignKeyConstraint(["lot"], ["lots.entry_id"], name=op.f("fk_entry_lots_lot")),
        sa.PrimaryKeyConstraint("entry_id", "lot", name=op.f("pk_entry_lots")),
    )
    op.create_table(
        "pool_members",
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.Column("pool", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_pool_members_account")),
        sa.ForeignKeyConstraint(["pool"], ["pools.code"], name=op.f("fk_pool_members_pool")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_pool_members")),
    )
    op.create_index(op.f("ix_pool_members_pool"), "pool_members", ["pool"], unique=False)
    op.create_table(
        "vouchers",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("driver", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=True),
        sa.Column("expires_on", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_vouchers_account")),
        sa.ForeignKeyConstraint(["driver"], ["drivers.id"], name=op.f("fk_vouchers_driver")),
        sa.ForeignKeyConstraint(["plate"], ["vehicles.plate"], name=op.f("fk_vouchers_plate")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_vouchers")),
    )
    op.create_table(
        "customer_refs",
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=False),
        sa.Column("voucher", sa.String(length=20), nullable=True),
        sa.Column("spends", sa.Boolean(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_customer_refs_account")),
        sa.ForeignKeyConstraint(["voucher"], ["vouchers.code"], name=op.f("fk_customer_refs_voucher")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_customer_refs")),
    )
    op.create_table(
        "redemptions",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=9), nullable=True),
        sa.Column("voucher", sa.String(length=20), nullable=True),
        sa.Column("fund", sa.String(length=20), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("flow", sa.String(length=10), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("permit", sa.Text(), nullable=True),
        sa.Column("points_debited", sa.BigInteger(), nullable=False),
        sa.Column("points_released", sa.BigInteger(), nullable=False),
        sa.Column("excess_vnd", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_redemptions_account")),
        sa.ForeignKeyConstraint(["voucher"], ["vouchers.code"], name=op.f("fk_redemptions_voucher")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
    )
    op.create_index("redemptions_by_end", "redemptions", ["state", "expires_ms"], unique=False)
    op.create_table(
        "challenges",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("redemption_id", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemptions.id"], name=op.f("fk_challenges_redemption_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_subject"), "challenges", ["subject"], unique=False)
    op.create_table(
        "hold_lots",
        sa.Column("redemption_id", sa.String(length=80), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund", sa.String(length=20), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["lots.entry_id"], name=op.f("fk_hold_lots_entry_id")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemptions.id"], name=op.f("fk_hold_lots_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", "entry_id", name=op.f("pk_hold_lots")),
    )
    op.create_index(op.f("ix_hold_lots_fund"), "hold_lots", ["fund"], unique=False)
