"""Brings a database to the newest revision, or says why not.

Alembic is used as a library: no ini file, no environment script, no command of its own. A database from before the
first revision is taken for what it is when its tables are exactly those of the baseline; one that a newer program has
touched is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from pos_client.sandbox.central.storage.all_tables import metadata

FOLDER = Path(__file__).parent
BASELINE = "0001"
VERSION_TABLE = "alembic_version"
ONE_AT_A_TIME = 0x504C58
"""PostgreSQL's advisory lock of a migration: workers that start together go through it one by one."""


class ForeignSchema(OSError):
    """A database this program must not touch; the message says why and what can be done."""


def prepare(engine: Engine) -> None:
    """All tables at once where there are none, the missing revisions where there are.

    An empty database gets what `upgrade` would give it, in a third of the time. Raises `ForeignSchema`.
    """
    with _alone(engine) as connection:
        if inspect(connection).get_table_names():
            _upgrade(connection, _script())
        else:
            metadata.create_all(connection, checkfirst=False)
            MigrationContext.configure(connection).stamp(_script(), newest())


def upgrade(engine: Engine, versions: tuple[Path, ...] = ()) -> None:
    """Run what is missing, from the first revision on if need be; `versions`: folders beside ours (a test's).

    Raises `ForeignSchema` for tables of a newer program, or of none that we know.
    """
    with _alone(engine) as connection:
        _upgrade(connection, _script(versions))


def _upgrade(connection: Connection, script: ScriptDirectory) -> None:
    here = revision(connection)
    if here is None and (found := _description(connection)):
        if found != _baseline():
            raise ForeignSchema(
                "its tables are neither empty nor those of any version of this program; choose another database"
            )
        MigrationContext.configure(connection).stamp(script, BASELINE)
    elif here is not None and here not in _known(script):
        raise ForeignSchema(
            f"its schema {here} is newer than this program's {newest()}; start the newer program, "
            "or restore the backup that was made before it"
        )
    _run(script, connection)


def newest() -> str:
    """The revision this program works with."""
    head = _script().get_current_head()
    assert head is not None  # the chain has one end: a test holds it
    return head


def revision(connection: Connection) -> str | None:
    """Where this database stands; None: no revision was ever recorded in it."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _script(versions: tuple[Path, ...] = ()) -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER), version_locations=[str(each) for each in (FOLDER / "versions", *versions)])


def _known(script: ScriptDirectory) -> frozenset[str]:
    return frozenset(each.revision for each in script.walk_revisions())


def _run(script: ScriptDirectory, connection: Connection, to: str = "head") -> None:
    def steps(here: Any, _: MigrationContext) -> Any:
        return script._upgrade_revs(to, here)  # what Alembic's own `upgrade` command is made of

    with EnvironmentContext(Config(), script, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that nobody else migrates beside.

    SQLite re-makes a table to change it, and cannot while others point to it: foreign keys are off meanwhile and
    looked over before the commit.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            keys = connection.connection.driver_connection
            assert keys is not None  # checked out a line ago
            keys.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise AssertionError(f"a migration left rows that point nowhere: {broken[:5]}")
            finally:
                keys.execute("PRAGMA foreign_keys=ON")
        else:
            # not serialisable: the lock is waited for in the first statement, and what is read then must be new
            connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
                yield connection


def _baseline() -> dict[str, object]:
    """What the first revision makes, looked up in a database of its own."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            _run(_script(), connection, BASELINE)
            return _description(connection)
    finally:
        engine.dispose()


def _description(connection: Connection) -> dict[str, object]:
    """Tables, their columns with whether they may be empty, and their primary keys: the same words on any database."""
    looked = inspect(connection)
    return {
        table: (
            {column["name"]: column["nullable"] for column in looked.get_columns(table)},
            tuple(looked.get_pk_constraint(table)["constrained_columns"]),
        )
        for table in looked.get_table_names()
        if table != VERSION_TABLE
    }
