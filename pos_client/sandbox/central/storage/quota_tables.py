"""Tables of what is counted against a limit, and limits that are not the usual ones."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from pos_client.sandbox.central.storage.tables import metadata

counted = Table(
    "counted",
    metadata,
    Column("what", String(20), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("until_ms", BigInteger, primary_key=True, index=True),
    Column("times", Integer, nullable=False),
)
"""How often in a stretch of time; `until_ms`: when the stretch ends."""

quota_limits = Table(
    "quota_limits",
    metadata,
    Column("what", String(20), primary_key=True),
    Column("most", Integer, nullable=False),
)
"""What is absent has its usual limit (`ledger.quotas`)."""
