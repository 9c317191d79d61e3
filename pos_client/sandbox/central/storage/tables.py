"""The reference central's tables, for SQLAlchemy Core: SQLite by default, PostgreSQL by URL.

Times are milliseconds since 1970 in UTC, days are ISO text, amounts are whole numbers. Where points lie is told by
`ledger_tables`; a fund is an account's number, a voucher's code or a group's.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every constraint has a name, so that a migration can say which one it means."""

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""A number the database gives out; SQLite only does so for INTEGER."""

stations = Table(
    "stations",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sms_name", Text, nullable=False),
)

grades = Table(
    "grades",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("earns", Boolean, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("number", String(9), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", String(20), nullable=False, unique=True),
    Column("status", String(30), nullable=False),
    Column("form", String(20)),
    Column("qr", String(80), unique=True),
    Column("trap", Boolean, nullable=False, default=False, server_default=false()),
)

pools = Table(
    "pools",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("owner", ForeignKey("accounts.number"), nullable=False),
)

pool_members = Table(
    "pool_members",
    metadata,
    Column("account", ForeignKey("accounts.number"), primary_key=True),
    Column("pool", ForeignKey("pools.code"), nullable=False, index=True),
)

drivers = Table(
    "drivers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False, default=True, server_default=true()),
)

vehicles = Table(
    "vehicles",
    metadata,
    Column("plate", String(20), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("active", Boolean, nullable=False, default=True, server_default=true()),
)

vouchers = Table(
    "vouchers",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("plate", ForeignKey("vehicles.plate"), nullable=False),
    Column("driver", ForeignKey("drivers.id"), nullable=False),
    Column("product", String(40)),
    Column("expires_on", String(10), nullable=False),
    Column("status", String(20), nullable=False),
)

credentials = Table(
    "credentials",
    metadata,
    Column("subject", String(60), primary_key=True),
    Column("salt", LargeBinary),
    Column("hash", LargeBinary),
    Column("failures", Integer, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("locked_until_ms", BigInteger),
)

customer_refs = Table(
    "customer_refs",
    metadata,
    Column("ref", String(40), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("voucher", ForeignKey("vouchers.code")),
    Column("spends", Boolean, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

redemptions = Table(
    "redemptions",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("terminal", String(80), nullable=False),
    Column("station", String(80), nullable=False),
    Column("account", ForeignKey("accounts.number")),
    Column("voucher", ForeignKey("vouchers.code")),
    Column("fund", String(20)),
    Column("method", String(20)),
    Column("subject", String(60)),
    Column("flow", String(10)),
    Column("points", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("resends", Integer, nullable=False, default=0),
    Column("permit", Text),
    Column("points_debited", BigInteger, nullable=False, default=0),
    Column("points_released", BigInteger, nullable=False, default=0),
    Column("excess_vnd", BigInteger, nullable=False, default=0),
    Column("balance_after", BigInteger, nullable=False, default=0),
    Column("reason", String(80)),
    Index("redemptions_by_end", "state", "expires_ms"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("redemption_id", ForeignKey("redemptions.id"), nullable=False),
    Column("subject", String(60), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("salt", LargeBinary),
    Column("hash", LargeBinary),
    Column("tries_left", Integer, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)

accruals = Table(
    "accruals",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("station", String(80), nullable=False),
    Column("point", Integer, nullable=False),
    Column("nozzle", Integer, nullable=False),
    Column("end_totalizer_ml", BigInteger, nullable=False),
    Column("terminal", String(80), nullable=False),
    Column("receipt_number", Text, nullable=False),
    Column("grade_code", String(2000), nullable=False),
    Column("amount_vnd", BigInteger, nullable=False),
    Column("fuelled_at", String(80), nullable=False),
    Column("time_quality", String(20), nullable=False, server_default=""),
    Column("state", String(10), nullable=False, server_default="POSTED"),
    Column("review_code", String(40), index=True),
    Column("points", BigInteger, nullable=False),
    Column("points_due", BigInteger, nullable=False, server_default="0"),
    Column("rules", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    UniqueConstraint("station", "point", "nozzle", "end_totalizer_ml", name="one_accrual_a_sale"),
)

reversals = Table(
    "reversals",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("operation", String(20), nullable=False),
    Column("operation_id", String(80), nullable=False),
    Column("station", String(80), nullable=False),
    Column("terminal", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("approved_by", String(80), nullable=False),
    Column("decided_at", String(80), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    UniqueConstraint("operation", "operation_id", name="one_reversal_an_operation"),
)

station_managers = Table(
    "station_managers",
    metadata,
    Column("station", ForeignKey("stations.code"), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("redemption_id", String(80), nullable=False),
    Column("station", String(80), nullable=False),
    Column("amount_vnd", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("number", SERIAL, primary_key=True, autoincrement=True),
    Column("station", String(80), nullable=False),
    Column("terminal", String(80), nullable=False, index=True),
    Column("version", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("terminal", String(80), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
)

sms_outbox = Table(
    "sms_outbox",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("phone", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("redemption_id", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("private", LargeBinary, nullable=False),
)
