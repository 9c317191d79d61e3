"""One database, opened the way a ledger needs it.

SQLite: write-ahead log, every commit flushed, foreign keys on, and one connection that all requests queue for. One
connection is one writer that also makes the checkpoints, which keeps us clear of the fault in older SQLite builds
where two of them damage the log; it also makes every transaction serial. `BEGIN IMMEDIATE` is taken up front, because
a ledger's read is nearly always followed by its write. PostgreSQL: a pool, each statement on what is committed by then;
what a decision rests on it locks, or it asks to be made as if it were alone (`service`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pos_client.sandbox.central.storage.migrations.upgrade import prepare

IN_MEMORY = "sqlite:///:memory:"
WAIT_FOR_CONNECTION_S = 30
CONNECT_WITHIN_S = 5
BY_INDEX = "-c enable_seqscan=off"
"""A table that is read as a whole is in the way of everybody who writes into it: small tables too are read by index."""
CONNECTIONS = 8
"""Of one process to a PostgreSQL; more decisions at once only meet each other more often."""


def open_database(url: str = IN_MEMORY) -> Engine:
    """The engine for a database URL, its tables brought to the present revision.

    Raises `OSError` when it cannot be reached or used, or when its tables are not ours to touch.
    """
    engine = connect_to(url)
    try:
        prepare(engine)
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise _unusable(url, error) from error
    return engine


def connect_to(url: str) -> Engine:
    """The engine alone: whatever is in the database stays as it is. Raises `OSError`."""
    try:
        return _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _server(url)
    except (SQLAlchemyError, ImportError) as error:
        raise _unusable(url, error) from error


def _unusable(url: str, error: Exception) -> OSError:
    return OSError(f"database {make_url(url).render_as_string()}: {getattr(error, 'orig', None) or error}")


def _server(url: str) -> Engine:
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        connect_args={
            "connect_timeout": CONNECT_WITHIN_S,
            "application_name": "pos-client central",
            "options": BY_INDEX,
        },
    )


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
