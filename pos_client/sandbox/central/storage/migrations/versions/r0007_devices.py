"""Terminals with their keys, the codes that bring them in, and nonces that were seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make them; find what idempotency keys have grown too old."""
    op.create_table(
        "nonces",
        sa.Column("keyid", sa.String(length=43), nullable=False),
        sa.Column("nonce", sa.String(length=200), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("keyid", "nonce", name=op.f("pk_nonces")),
    )
    op.create_index(op.f("ix_nonces_expires_ms"), "nonces", ["expires_ms"], unique=False)
    op.create_table(
        "terminals",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("till", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_terminals_station")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_terminals")),
    )
    op.create_index(op.f("ix_terminals_station"), "terminals", ["station"], unique=False)
    op.create_table(
        "device_keys",
        sa.Column("keyid", sa.String(length=43), nullable=False),
        sa.Column("terminal", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["terminal"], ["terminals.name"], name=op.f("fk_device_keys_terminal")),
        sa.PrimaryKeyConstraint("keyid", name=op.f("pk_device_keys")),
    )
    op.create_index(op.f("ix_device_keys_terminal"), "device_keys", ["terminal"], unique=False)
    op.create_table(
        "enrolment_codes",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("till", sa.String(length=80), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.Column("keyid", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["keyid"], ["device_keys.keyid"], name=op.f("fk_enrolment_codes_keyid")),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_enrolment_codes_station")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_enrolment_codes")),
    )
    op.create_index(op.f("ix_idempotency_at_ms"), "idempotency", ["at_ms"], unique=False)
