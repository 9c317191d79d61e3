"""The whole ledger in one picture, for the sandbox's control address and for the checkers of tests."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Table, case, func, select

from pos_client.sandbox.central.ledger import funds, lots, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.redemption_states import LIVE
from pos_client.sandbox.central.storage.device_tables import device_keys, terminals
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.sandbox.central.storage.ledger_tables import entries, sides
from pos_client.sandbox.central.storage.offline_tables import offline_redemptions
from pos_client.sandbox.central.storage.tables import (
    accounts,
    accruals,
    incidents,
    pools,
    redemptions,
    reversals,
    sms_outbox,
    vouchers,
)


def overview(book: Book) -> dict[str, object]:
    """Everything in the ledger, table by table; how far each journal is kept; the live holds; the sums of every
    fund."""
    shown = _rows(book, redemptions)
    return {
        "accounts": [{**row, **fund_sums(book, str(row["number"]))} for row in _rows(book, accounts)],
        "vouchers": [{**row, **fund_sums(book, str(row["code"]))} for row in _rows(book, vouchers)],
        "pools": [{**row, **fund_sums(book, str(row["code"]))} for row in _rows(book, pools)],
        "entries": [dict(row) for row in book.db.execute(select(entries).order_by(entries.c.id)).mappings()],
        "ledger_accounts": transfers.sums(book),
        "redemptions": shown,
        "accruals": [{**row, "answer": row["answer"].decode()} for row in _rows(book, accruals)],
        "reversals": [{**row, "answer": row["answer"].decode()} for row in _rows(book, reversals)],
        "incidents": _rows(book, incidents),
        "offline_redemptions": [{**row, "answer": row["answer"].decode()} for row in _rows(book, offline_redemptions)],
        "journals": _rows(book, journal_watermarks),
        "terminals": _rows(book, terminals),
        "device_keys": [{**row, "public": row["public"].hex()} for row in _rows(book, device_keys)],
        "live_holds": [row["id"] for row in shown if row["state"] in LIVE],
    }


def journal_of(book: Book, terminal: str) -> list[dict[str, Any]]:
    """A terminal's journal as central keeps it."""
    mine = select(journal_rows).where(journal_rows.c.terminal == terminal)
    rows = book.db.execute(mine.order_by(journal_rows.c.epoch, journal_rows.c.seq)).mappings()
    return [dict(row) for row in rows]


def fund_sums(book: Book, fund: str) -> dict[str, object]:
    """Credits, debits, holds and what is available; `balanced` (I13): statement, sums and lots agree."""
    positive = func.sum(case((entries.c.points > 0, entries.c.points), else_=0))
    negative = func.sum(case((entries.c.points < 0, -entries.c.points), else_=0))
    credits_, debits = book.db.execute(select(positive, negative).where(entries.c.fund == fund)).one()
    credited, debited = int(credits_ or 0), int(debits or 0)
    in_ledger = int(book.db.scalar(select(func.sum(sides.c.points)).where(sides.c.fund == fund)) or 0)
    held, there = funds.held_points(book, fund), funds.available_points(book, fund)
    in_lots = sum(lot.points_left for lot in lots.everything(book, fund))
    return {
        "credits": credited,
        "debits": debited,
        "held": held,
        "available": there,
        "balanced": credited - debited - held == in_ledger == in_lots == transfers.balance(book, fund)
        and in_lots == there + lots.dead_points(book, fund),
    }


def text_messages(book: Book, kind: str) -> list[dict[str, Any]]:
    """The simulated text messages of a kind (`challenge`, `notice`), oldest first; `code` is the code in it."""
    rows = [row for row in _rows(book, sms_outbox) if row["kind"] == kind]
    return [{**row, "code": _code_in(row["text"])} for row in rows]


def _code_in(text: str) -> str:
    found = re.search(r"Mã (\d+)", text)
    return found.group(1) if found else ""


def _rows(book: Book, table: Table) -> list[dict[str, Any]]:
    columns = list(table.primary_key.columns)
    order = [table.c.created_ms, *columns] if "created_ms" in table.c else columns
    return [dict(row) for row in book.db.execute(select(table).order_by(*order)).mappings()]
