"""Tables of the terminals: who they are, keys they sign with, codes that bring them in, nonces that were seen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from pos_client.sandbox.central.storage.tables import metadata

terminals = Table(
    "terminals",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("station", ForeignKey("stations.code"), nullable=False, index=True),
    Column("till", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(200)),
    Column("epoch", Integer, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
)
"""`reason`: why it is suspended or quarantined. `since_ms`: when it came into its state."""

terminal_conditions = Table(
    "terminal_conditions",
    metadata,
    Column("terminal", ForeignKey("terminals.name"), primary_key=True),
    Column("version", String(80), nullable=False),
    Column("ready", String(80), nullable=False),
    Column("offered_number", BigInteger),
    Column("offered", String(80)),
    Column("offered_percent", Integer),
    Column("judgement", String(80)),
    Column("waiting", BigInteger, nullable=False),
    Column("in_doubt", BigInteger, nullable=False),
    Column("parked", BigInteger, nullable=False),
    Column("oldest_ms", BigInteger),
    Column("unacknowledged", BigInteger, nullable=False),
    Column("clock", String(80), nullable=False),
    Column("clock_off_s", BigInteger),
    Column("disk_free_mb", BigInteger),
    Column("certificate_ends_ms", BigInteger),
    Column("troubles", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""How each terminal said it was, last. `oldest_ms`: since when its oldest record waits; `clock_off_s`: how far its own
clock is ahead of ours; `troubles`: codes, one a line."""

device_keys = Table(
    "device_keys",
    metadata,
    Column("keyid", String(43), primary_key=True),
    Column("terminal", ForeignKey("terminals.name"), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("closed_ms", BigInteger),
)
"""A closed key signs no more requests; what it signed before can still be checked."""

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("till", String(80), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
    Column("keyid", ForeignKey("device_keys.keyid")),
)

nonces = Table(
    "nonces",
    metadata,
    Column("keyid", String(43), primary_key=True),
    Column("nonce", String(200), primary_key=True),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)
"""Of requests that could still be repeated; all workers look here."""
