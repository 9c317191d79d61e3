"""Every module of tables, brought together: who makes or compares a schema reads `metadata` here."""

from __future__ import annotations

from pos_client.sandbox.central.storage import (
    device_tables,
    journal_tables,
    ledger_tables,
    offline_tables,
    portal_tables,
    quota_tables,
    shift_tables,
    tables,
)

MODULES = (
    *(tables, ledger_tables, device_tables, offline_tables),
    *(portal_tables, journal_tables, shift_tables, quota_tables),
)
metadata = tables.metadata
