"""Journals of terminals as they were sent, and how far each is held. Rows are never changed and never removed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from pos_client.sandbox.central.storage.tables import metadata

journal_rows = Table(
    "journal_rows",
    metadata,
    Column("terminal", String(80), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", String(80), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("key", Integer, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Index("journal_rows_by_kind", "terminal", "epoch", "kind", "seq"),
)
"""One name is used once: the primary key is I12."""

journal_watermarks = Table(
    "journal_watermarks",
    metadata,
    Column("terminal", String(80), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""The last row held of a journal: what was acknowledged."""
