"""Opens the one connection that writes, and makes sure it is as durable as it says.

Every pragma is read back: SQLite ignores what it does not know or cannot do (a network drive keeps its old journal
mode without a word), and a journal that is less durable than we believe is worse than none.
"""

from __future__ import annotations

import sys
import zlib
from functools import cache
from pathlib import Path

import apsw

from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.queries import resource
from pos_client.ports.errors import Unavailable

PRAGMAS: tuple[tuple[str, str, int | str], ...] = (
    ("busy_timeout", "5000", 5000),  # ms; only a backup program or a technician's tool can be in the way
    ("journal_mode", "WAL", "wal"),  # one sync a commit
    ("synchronous", "FULL", 2),  # that one sync; NORMAL loses the last commits with the power
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),  # a schema somebody edited runs no function for him
    ("secure_delete", "ON", 1),  # delivered items hold sealed identifiers; nothing of them stays in free pages
    ("mmap_size", "0", 0),  # a failing disk answers with an error, not with a signal that kills the process
)
FULL_FSYNC: tuple[str, str, int | str] = ("fullfsync", "1", 1)
"""On macOS plain fsync does not force the drive's cache."""


def wal_is_sound(version: int) -> bool:
    """Whether this SQLite is without the WAL-reset fault that damages books (3.7.0 to 3.51.2, two back-ports apart).

    `version` as SQLite says it: 3051003 is 3.51.3. One that is not sound is refused, and the till does not start. The
    other way out would be a rollback journal instead of the log, which the fault does not touch. It is not taken: a
    commit would cost several syncs in place of one, readers and backups would stand in the writer's way, and durability
    would rest on a way no till has been tested in. SQLite comes with this program and is pinned, so an unsound one says
    that somebody has put another in its place.
    """
    return version >= 3_051_003 or version in (3_044_006, 3_050_007) or version < 3_007_000


def connect(path: Path) -> apsw.Connection:
    """The writing connection to `path`, made if absent. Raises `Unavailable`; its detail names a pragma refused."""
    if not wal_is_sound(apsw.SQLITE_VERSION_NUMBER):
        raise Unavailable("store_failed", f"SQLite {apsw.sqlite_lib_version()} can damage a write-ahead log")
    with translated():
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        know_sums(connection)
        try:
            for name, wanted, answer in (*PRAGMAS, *((FULL_FSYNC,) if sys.platform == "darwin" else ())):
                require_pragma(connection, name, wanted, answer)
        except BaseException:
            connection.close(force=True)
            raise
    return connection


def know_sums(connection: apsw.Connection) -> None:
    """Teach a connection `row_sum`, which the schema's `sum` columns are made with."""
    connection.create_scalar_function("row_sum", row_sum, deterministic=True)


def damage_of_schema(connection: apsw.Connection, *, guards: bool = True) -> str | None:
    """What of a book's schema is not what this program writes: somebody or a disk has changed it. One letter of an
    index's expression compiles like any other, and fails when a row is written.

    `guards` False: without the triggers. Who reads a book looks for what was done behind them.
    """
    changed = _schema_of(connection) ^ _schema_as_written()
    return ", ".join(sorted({name for kind, name, _ in changed if guards or kind != "trigger"})) or None


@cache
def _schema_as_written() -> frozenset[tuple[str, str, str]]:
    empty = apsw.Connection(":memory:")
    try:
        know_sums(empty)
        empty.execute(resource("schema.sql")).fetchall()
        return _schema_of(empty)
    finally:
        empty.close()


def _schema_of(connection: apsw.Connection) -> frozenset[tuple[str, str, str]]:
    """Kinds, names, and texts without their spaces, in which a migrated book differs from a new one."""
    rows = connection.execute(
        "SELECT CAST(type AS TEXT), CAST(name AS TEXT), CAST(coalesce(sql, '') AS TEXT) FROM sqlite_schema "
        "WHERE name NOT LIKE 'sqlite_%'"  # one bit makes a number or bytes of a text
    )
    return frozenset((kind, name, "".join(sql.split())) for kind, name, sql in rows)


def row_sum(*values: object) -> int:
    """CRC-32 of a row's values, in order; a text and a number that look alike differ."""
    return zlib.crc32(repr(values).encode(errors="surrogatepass"))


def require_pragma(connection: apsw.Connection, name: str, wanted: str, answer: int | str) -> None:
    """Set a pragma and read it back. Raises `Unavailable("store_failed")` when it is not as it was asked for."""
    connection.execute(f"PRAGMA {name}={wanted}").fetchall()
    got = connection.pragma(name)
    if got != answer:
        raise Unavailable("store_failed", f"PRAGMA {name} is {got!r}, not {answer!r}")
