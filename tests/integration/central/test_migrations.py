"""A database of central comes from every earlier schema to the present one, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, text

from pos_client.sandbox.central.storage import engine as storage
from pos_client.sandbox.central.storage.all_tables import metadata
from pos_client.sandbox.central.storage.engine import open_database
from pos_client.sandbox.central.storage.migrations import upgrade as migrations

CUT_OFF = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = {newest!r}

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.bulk_insert(sa.table("half", sa.column("id")), [{{"id": each}} for each in range(1000)])
    op.drop_table("grades")
    {then}
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
MIGRATE = """
import sys
from pathlib import Path
from pos_client.sandbox.central.storage import engine
from pos_client.sandbox.central.storage.migrations.upgrade import upgrade
made = engine.connect_to(sys.argv[1])
upgrade(made, (Path(sys.argv[2]),))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'central.db'}"
    return request.getfixturevalue("postgres").empty_database()


def picture(url):
    """Everything a database says of its tables; what order columns were added in is nobody's business."""
    made = create_engine(url)
    looked = inspect(made)
    try:
        return {
            table: {
                "columns": {
                    c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in looked.get_columns(table)
                },
                "primary key": looked.get_pk_constraint(table),
                "foreign keys": by_name(looked.get_foreign_keys(table)),
                "unique": by_name(looked.get_unique_constraints(table)),
                "indexes": by_name(looked.get_indexes(table)),
                "checks": by_name(looked.get_check_constraints(table)),
            }
            for table in looked.get_table_names()
            if table != migrations.VERSION_TABLE
        }
    finally:
        made.dispose()


def by_name(constraints):
    return {each["name"]: each for each in constraints}


def revision_of(url):
    made = create_engine(url)
    try:
        with made.connect() as db:
            return migrations.revision(db)
    finally:
        made.dispose()


def execute(url, *statements):
    made = create_engine(url)
    try:
        with made.begin() as db:
            for statement in statements:
                db.execute(text(statement))
    finally:
        made.dispose()


def missing(url):
    """What a revision would have to do, as Alembic would write it."""
    made = create_engine(url)
    try:
        with made.connect() as db:
            context = MigrationContext.configure(db, opts={"target_metadata": metadata})
            operations = produce_migrations(context, metadata).upgrade_ops
            return "" if operations is None or operations.is_empty() else render_python_code(operations)
    finally:
        made.dispose()


def test_all_revisions_in_a_row_give_the_tables_as_they_are_declared(empty, tmp_path, request):
    open_database(empty).dispose()
    assert missing(empty) == "", f"a table was changed without a revision; it might say:\n{missing(empty)}"
    server = empty.startswith("postgresql")
    declared = request.getfixturevalue("postgres").empty_database() if server else f"sqlite:///{tmp_path / 'all.db'}"
    made = create_engine(declared)
    metadata.create_all(made)
    made.dispose()
    assert picture(empty) == picture(declared)
    assert revision_of(empty) == migrations.newest()


def test_revisions_are_one_chain_numbered_without_a_gap():
    script = ScriptDirectory(str(migrations.FOLDER), version_locations=[str(migrations.FOLDER / "versions")])
    chain = [each.revision for each in script.walk_revisions()][::-1]
    assert chain == [f"{number:04d}" for number in range(1, len(chain) + 1)]
    files = sorted(path.name[1:5] for path in (migrations.FOLDER / "versions").glob("r*.py"))
    assert files == chain


def test_a_database_that_is_in_memory_has_the_same_tables_and_revision():
    made = open_database()
    try:
        with made.connect() as db:
            assert migrations.revision(db) == migrations.newest()
            found = MetaData()
            found.reflect(db)
            assert set(found.tables) == {*metadata.tables, migrations.VERSION_TABLE}
    finally:
        made.dispose()


def test_a_database_from_before_revisions_is_taken_for_what_it_is(empty):
    made = storage.connect_to(empty)
    with made.begin() as db:
        migrations._run(migrations._script(), db, migrations.BASELINE)
    made.dispose()
    execute(empty, "DROP TABLE alembic_version", "INSERT INTO grades VALUES ('E10', 'E10', true)")
    open_database(empty).dispose()
    assert revision_of(empty) == migrations.newest()
    made = create_engine(empty)
    with made.connect() as db:
        assert db.execute(text("SELECT code FROM grades")).all() == [("E10",)]
    made.dispose()


def test_tables_of_somebody_else_are_left_alone(empty):
    execute(empty, "CREATE TABLE accounts (number VARCHAR(9) PRIMARY KEY)")
    before = picture(empty)
    with pytest.raises(OSError, match="neither empty nor those of any version"):
        open_database(empty)
    assert picture(empty) == before


def test_a_database_of_a_newer_program_is_refused_in_words_and_not_touched(empty):
    open_database(empty).dispose()
    execute(empty, "UPDATE alembic_version SET version_num = '8123'", "ALTER TABLE grades ADD COLUMN colour TEXT")
    before = picture(empty)
    with pytest.raises(OSError, match=r"8123 is newer than this program's .*start the newer program"):
        open_database(empty)
    assert (picture(empty), revision_of(empty)) == (before, "8123")


def test_a_migration_killed_in_the_middle_has_changed_nothing_and_is_begun_again(empty, tmp_path):
    open_database(empty).dispose()
    before = picture(empty)
    versions = tmp_path / "versions"
    versions.mkdir()
    revision = versions / "r9001_cut_off.py"
    revision.write_text(CUT_OFF.format(newest=migrations.newest(), then=KILLED), encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, "-c", MIGRATE, empty, str(versions)], cwd=Path(__file__).parents[3], check=False, timeout=60
    )
    assert killed.returncode == -9
    assert (picture(empty), revision_of(empty)) == (before, migrations.newest())

    again = tmp_path / "again"
    again.mkdir()
    (again / "r9001_cut_off.py").write_text(CUT_OFF.format(newest=migrations.newest(), then="pass"), encoding="utf-8")
    made = storage.connect_to(empty)
    migrations.upgrade(made, (again,))
    made.dispose()
    assert revision_of(empty) == "9001"
    assert {*before, "half"} - {"grades"} == set(picture(empty))


def test_a_migration_that_leaves_rows_pointing_nowhere_is_rolled_back(tmp_path):
    url = f"sqlite:///{tmp_path / 'central.db'}"
    made = open_database(url)
    with made.begin() as db:
        db.execute(text("INSERT INTO accounts (number, kind, name, phone, status) VALUES ('1', 'i', 'n', '2', 'a')"))
        db.execute(text("INSERT INTO vehicles (plate, account) VALUES ('51C', '1')"))
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "r9001_cut_off.py").write_text(
        CUT_OFF.format(newest=migrations.newest(), then="op.execute('DELETE FROM accounts')"), encoding="utf-8"
    )
    with pytest.raises(AssertionError, match="point nowhere"):
        migrations.upgrade(made, (versions,))
    with made.connect() as db:
        assert db.execute(text("SELECT count(*) FROM accounts")).scalar_one() == 1
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    made.dispose()
    assert revision_of(url) == migrations.newest()
