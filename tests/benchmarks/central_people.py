"""Customers by the million for central's benchmarks: organisations with a PIN and lots that die on several days."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import Connection, Engine, Table, insert, text

from pos_client.protocols.central.sealing import pad_secret, secret_info
from pos_client.sandbox.central.ledger.challenges import hash_secret
from pos_client.sandbox.central.storage import ledger_tables as ledger
from pos_client.sandbox.central.storage import tables

PIN, SALT = "246810", b"0123456789abcdef"
LOT_POINTS = 1_000
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
Row = tuple[Any, ...]


def number_of(index: int) -> str:
    """The account's number; the sandbox's own people have others."""
    return f"{500_000_000 + index:09d}"


def ref_of(index: int) -> str:
    """A look-up's reference that lives for ever: the look-up is not measured."""
    return f"ref-{index}"


def load(engine: Engine, accounts: int, lots_each: int, today: date) -> None:
    """Fill a database: COPY on PostgreSQL, many rows at once on SQLite."""
    digest = hash_secret(PIN.encode(), SALT)
    days = [(today + timedelta(days=30 * (n + 1))).isoformat() for n in range(lots_each)]
    people = range(accounts)
    rows: list[tuple[Table, str, Iterator[Row]]] = [
        (
            tables.accounts,
            "number kind name phone status form",
            ((number_of(n), "organisation", "Công ty", f"+849{n:08d}", "active", "pin") for n in people),
        ),
        (
            tables.credentials,
            "subject salt hash failures locked",
            ((f"account:{number_of(n)}", SALT, digest, 0, False) for n in people),
        ),
        (
            tables.customer_refs,
            "ref account spends expires_ms",
            ((ref_of(n), number_of(n), True, 2**42) for n in people),
        ),
        (
            ledger.transfers,
            "id source target kind points reference at_ms",
            (
                (10**6 + n * lots_each + k, "@issued", number_of(n), "opening", LOT_POINTS, "opening", 1)
                for n in people
                for k in range(lots_each)
            ),
        ),
        (
            ledger.lots,
            "entry_id fund points_left credited_at_ms expires_on",
            (
                (10**6 + n * lots_each + k, number_of(n), LOT_POINTS, 1, days[k])
                for n in people
                for k in range(lots_each)
            ),
        ),
        (ledger.balances, "fund points", ((number_of(n), LOT_POINTS * lots_each) for n in people)),
    ]
    with engine.begin() as db:
        for table, columns, values in rows:
            _fill(db, table, columns.split(), values)
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT setval('transfers_id_seq', (SELECT max(id) + 1 FROM transfers), false)"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("ANALYZE"))


def sealed_pin(seal_key: str, redemption: str, challenge: str, terminal: str, points: int) -> str:
    """The PIN as a keypad seals it."""
    key = X25519PublicKey.from_public_bytes(base64.b64decode(seal_key))
    info = secret_info(redemption, challenge, terminal, points)
    plain = bytes(pad_secret(bytearray(PIN.encode()), bytes(16)))
    return base64.b64encode(_SUITE.encrypt(plain, key, info=info)).decode()


def _fill(db: Connection, table: Table, columns: list[str], values: Iterator[Row]) -> None:
    if db.dialect.name == "postgresql":
        driver: Any = db.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    some: list[dict[str, Any]] = []
    for row in values:
        some.append(dict(zip(columns, row, strict=True)))
        if len(some) == 5_000:
            db.execute(insert(table), some)
            some = []
    if some:
        db.execute(insert(table), some)
