"""One database, opened the way a ledger needs it.

SQLite: write-ahead log, every commit flushed, foreign keys on, and one connection that all requests queue for. One
connection is one writer that also makes the checkpoints, which keeps us clear of the fault in older SQLite builds
where two of them damage the log; it also makes every transaction serial. `BEGIN IMMEDIATE` is taken up front, because
a ledger's read is nearly always followed by its write. PostgreSQL: serialisable, a pool.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pos_client.sandbox.central.storage.tables import metadata

IN_MEMORY = "sqlite:///:memory:"
WAIT_FOR_CONNECTION_S = 30


def open_database(url: str = IN_MEMORY) -> Engine:
    """The engine for a database URL, with all tables there. Raises `OSError` when it cannot be reached or used."""
    try:
        engine = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _server(url)
        metadata.create_all(engine)
    except (SQLAlchemyError, ImportError) as error:
        reason = getattr(error, "orig", None) or error
        raise OSError(f"database {make_url(url).render_as_string()}: {reason}") from error
    return engine


def _server(url: str) -> Engine:
    return create_engine(url, isolation_level="SERIALIZABLE", pool_size=8)


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
