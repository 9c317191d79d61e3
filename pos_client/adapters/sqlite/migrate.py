"""Brings a book to the present schema: forward only, and never without a checked copy first."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import apsw

from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.queries import resource
from pos_client.ports.errors import Unavailable

SCHEMA_VERSION = 9
APPLICATION_ID = 0x504F5331
"""Marks a file as ours ("POS1"), so that a settings mistake does not write a journal into somebody's database."""
TRAINING_ID = 0x504F5354
"""Marks the book of a till that trains ("POST"): what stands in it happened to nobody."""


_OTHERS = {TRAINING_ID: "store_of_training", APPLICATION_ID: "store_of_a_till"}


def shipped_steps() -> dict[int, str]:
    """Version reached -> SQL, out of `migrations/NNNN_*.sql`."""
    folder = files(__package__).joinpath("migrations")
    return {
        int(file.name[:4]): file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".sql")
    }


def bring_up(
    connection: apsw.Connection,
    path: Path,
    *,
    version: int = SCHEMA_VERSION,
    steps: dict[int, str] | None = None,
    training: bool = False,
) -> None:
    """Make the schema, or migrate it step by step, each step one transaction.

    Raises `Unavailable`: `store_newer` (a later program wrote it), `store_of_training` and `store_of_a_till` (it is not
    what was asked for), `store_corrupt` (not ours), or the disk's reason.
    """
    wanted = TRAINING_ID if training else APPLICATION_ID
    with translated():
        found = _number(connection, "user_version")
        if found == 0 and not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall():
            script = f"PRAGMA application_id={wanted};\n{resource('schema.sql')}"
            _transaction(connection, script, version)
            return
        marked = _number(connection, "application_id")
        if marked != wanted and marked in _OTHERS:
            raise Unavailable(_OTHERS[marked], path.name)
        if marked != wanted:
            raise Unavailable("store_corrupt", f"{path.name} is not a journal of this program")
        if found > version:
            raise Unavailable("store_newer", f"schema {found}, this program knows {version}")
        if found < version:
            back_up(connection, copy_before(path, version))
            known = shipped_steps() if steps is None else steps
            for step in range(found + 1, version + 1):
                _transaction(connection, known[step], step)


def copy_before(path: Path, version: int) -> Path:
    """Where the books lie as they were before they were brought to a schema."""
    return path.with_name(f"{path.name}.before-v{version}")


def back_up(connection: apsw.Connection, target: Path) -> None:
    """A checked copy by SQLite's own backup, under its name only when it is whole."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    with translated():
        unfinished.unlink(missing_ok=True)
        copy = apsw.Connection(str(unfinished))
        try:
            with copy.backup("main", connection, "main") as backup:
                backup.step(-1)
            verdict = copy.pragma("integrity_check")
        finally:
            copy.close()
        if verdict != "ok":
            unfinished.unlink()
            raise Unavailable("store_corrupt", f"the copy before migrating is damaged: {verdict}")
        os.replace(unfinished, target)


def _number(connection: apsw.Connection, pragma: str) -> int:
    return int(connection.pragma(pragma))


def _transaction(connection: apsw.Connection, script: str, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"{script}\nPRAGMA user_version={version};").fetchall()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
