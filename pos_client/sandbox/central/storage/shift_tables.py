"""Shifts as terminals closed them, and every result of comparing them with the books."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table

from pos_client.sandbox.central.storage.tables import SERIAL, metadata

shift_closes = Table(
    "shift_closes",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("terminal", String(80), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("station", String(20), nullable=False),
    Column("stated", LargeBinary, nullable=False),
    Column("result", String(20), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""What was stated never changes; `result` is the newest of its comparisons."""

shift_comparisons = Table(
    "shift_comparisons",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("shift", ForeignKey("shift_closes.id"), nullable=False, index=True),
    Column("answer", LargeBinary, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Append-only."""
