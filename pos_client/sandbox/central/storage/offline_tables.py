"""Tables of what is spent while central is away: activated vouchers, statements of their use, bundles, limits, prices.

An activated voucher's points are held like any redemption's: `voucher_activations.id` is a row of `redemptions`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from pos_client.sandbox.central.storage.tables import metadata

voucher_activations = Table(
    "voucher_activations",
    metadata,
    Column("id", ForeignKey("redemptions.id"), primary_key=True),
    Column("voucher", ForeignKey("vouchers.code"), nullable=False, index=True),
    Column("station", String(20), nullable=False),
    Column("product", String(40)),
    Column("text", Text, nullable=False),
    Column("not_after_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Column("revoked_because", String(40)),
    Index("activations_revoked", "revoked_ms"),
)

offline_redemptions = Table(
    "offline_redemptions",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("voucher_id", String(40), nullable=False, index=True),
    Column("terminal", String(80), nullable=False),
    Column("station", String(80), nullable=False),
    Column("amount_vnd", BigInteger, nullable=False),
    Column("spent_at", String(80), nullable=False),
    Column("time_quality", String(80), nullable=False),
    Column("revocations", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("shortfall_code", String(40)),
    Column("answer", LargeBinary, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

bundle_issues = Table(
    "bundle_issues",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("needed", Integer, nullable=False, server_default="0"),
    Column("digest", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
)
"""The newest issue of each. `needed`: the oldest one that still tells all of it; what only went out of force since then
is no loss."""

offline_policy = Table(
    "offline_policy",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""What head office has set otherwise than `domain.offline_policy` by default, by the limit's name."""

zone_prices = Table(
    "zone_prices",
    metadata,
    Column("zone", String(20), primary_key=True),
    Column("grade", String(40), primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    Column("unit_price", BigInteger, nullable=False),
)
