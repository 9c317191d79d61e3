"""A whole database in one file, and back: the file is a SQLite database, whatever it was taken from.

SQLite is copied by its own backup; PostgreSQL is read in one transaction, so that the file is of one moment. Both are
verified: the file is opened again, and every table has as many rows and the same digest as its source. A backup is
brought to the present revision on its way back, so an old one fits a new program. (A PostgreSQL of many gigabytes is
better served by its own `pg_basebackup` and archived logs.)
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from pos_client.sandbox.central.storage.all_tables import metadata
from pos_client.sandbox.central.storage.engine import connect_to, open_database

AT_ONCE = 2_000


class NotEmpty(OSError):
    """The target has rows already."""


def back_up(source: str, file: Path) -> dict[str, int]:
    """Write the database at this URL into a new file; rows by table. Raises `OSError`: there is such a file, or it is
    not what was read."""
    if file.exists():
        raise FileExistsError(f"{file} exists; a backup never overwrites one")
    half = file.with_name(file.name + ".part")
    half.unlink(missing_ok=True)
    engine = open_database(source)
    try:
        found = _copy_file(engine, half) if engine.dialect.name == "sqlite" else _copy_rows(engine, _url(half))
        half.replace(file)
    finally:
        engine.dispose()
        half.unlink(missing_ok=True)
    return found


def restore(file: Path, target: str) -> dict[str, int]:
    """Fill the empty database at this URL from a backup; rows by table. Raises `OSError`: no such file, a target with
    rows in it, a file that is no backup."""
    if not file.is_file():
        raise FileNotFoundError(f"{file}: no such backup")
    engine = open_database(target)
    try:
        with engine.connect() as db:
            full = [table.name for table in metadata.sorted_tables if db.execute(select(table).limit(1)).first()]
        if full:
            raise NotEmpty(f"the target has rows in {', '.join(full)}; choose an empty database")
        with tempfile.TemporaryDirectory(prefix="pos-restore-") as folder:
            copy = Path(folder) / "backup.db"
            copy.write_bytes(file.read_bytes())
            source = open_database(_url(copy))
            try:
                return _copy_rows(source, target)
            finally:
                source.dispose()
    finally:
        engine.dispose()


def _copy_file(engine: Engine, file: Path) -> dict[str, int]:
    """Nobody writes meanwhile: our transaction has the one writer's place; a second connection reads."""
    if not engine.url.database or engine.url.database == ":memory:":
        raise OSError("a database in memory is gone with its process; there is nothing to back up")
    with engine.connect() as db:
        before = {table.name: _digest(db, table) for table in metadata.sorted_tables}
        with closing(sqlite3.connect(engine.url.database)) as there, closing(sqlite3.connect(file)) as here:
            there.backup(here)
    return _verified(before, _url(file))


def _copy_rows(source: Engine, target: str) -> dict[str, int]:
    engine = open_database(target)
    try:
        with source.connect() as there, engine.begin() as here:
            before = {}
            for table in metadata.sorted_tables:
                before[table.name] = _digest(there, table)
                rows = there.execute(select(table)).mappings()
                while some := rows.fetchmany(AT_ONCE):
                    here.execute(insert(table), [dict(row) for row in some])
            _set_numbers(here)
    finally:
        engine.dispose()
    return _verified(before, target)


def _verified(before: dict[str, tuple[int, str]], url: str) -> dict[str, int]:
    """Rows by table. Raises `OSError` when a table is not what it was."""
    engine = connect_to(url)
    try:
        with engine.connect() as db:
            wrong = [table.name for table in metadata.sorted_tables if _digest(db, table) != before[table.name]]
    finally:
        engine.dispose()
    if wrong:
        raise OSError(f"read back otherwise than written: {', '.join(wrong)}; nothing here can be relied on")
    return {name: count for name, (count, _) in before.items()}


def _digest(db: Connection, table: Table) -> tuple[int, str]:
    """How many rows, and a digest of all of them that does not hang on their order."""
    count, total = 0, 0
    rows = db.execute(select(table))
    while some := rows.fetchmany(AT_ONCE):
        for row in some:
            count += 1
            total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:16])
    return count, f"{total % 2**128:032x}"


def _set_numbers(db: Connection) -> None:
    """Numbers the database gives out go on where they were."""
    if db.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = db.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name})
            if sequence is not None:
                last = db.scalar(select(func.max(column))) or 0
                db.execute(text("SELECT setval(:s, :n, false)"), {"s": sequence, "n": last + 1})


def _url(file: Path) -> str:
    return f"sqlite:///{file}"
