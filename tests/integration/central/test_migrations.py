"""A database of central comes from every earlier schema to the present one, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, text

from pos_client.sandbox.central.ledger import funds, transfers
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.overview import fund_sums
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.storage import engine as storage
from pos_client.sandbox.central.storage.all_tables import metadata
from pos_client.sandbox.central.storage.engine import open_database
from pos_client.sandbox.central.storage.migrations import upgrade as migrations
from tests.central import PROFILE, TestClock

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
from random import Random
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
    return {each["name"]: in_words(each) for each in constraints}


def in_words(value):
    """Conditions of an index are objects that equal nobody."""
    return {key: in_words(each) for key, each in value.items()} if isinstance(value, dict) else str(value)


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
    made = storage.connect_to(empty)
    migrations.upgrade(made)
    made.dispose()
    assert missing(empty) == "", f"a table was changed without a revision; it might say:\n{missing(empty)}"
    server = empty.startswith("postgresql")
    at_once = request.getfixturevalue("postgres").empty_database() if server else f"sqlite:///{tmp_path / 'all.db'}"
    open_database(at_once).dispose()
    assert picture(empty) == picture(at_once)
    assert revision_of(empty) == revision_of(at_once) == migrations.newest()


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


BEFORE_DOUBLE_ENTRY = """
INSERT INTO accounts (number, kind, name, phone, status) VALUES ('100', 'organisation', 'n', '1', 'active')
INSERT INTO drivers VALUES ('d', '100', 'n')
INSERT INTO vehicles VALUES ('51C', '100')
INSERT INTO vouchers VALUES ('PD-1', '100', '51C', 'd', NULL, '2027-03-31', 'active')
INSERT INTO entries VALUES (1, '100', 'opening', 9000, 'opening', 1)
INSERT INTO entries VALUES (2, '100', 'moved', -2000, 'PD-1', 1)
INSERT INTO entries VALUES (3, 'PD-1', 'moved', 2000, 'PD-1', 1)
INSERT INTO entries VALUES (4, '100', 'accrual', 700, 'a-1', 1)
INSERT INTO entries VALUES (5, '100', 'accrual_reversed', 0, 'reverses:4', 1)
INSERT INTO entries VALUES (6, '100', 'redemption', -1000, 'r-1', 1)
INSERT INTO entries VALUES (7, '100', 'redemption_reversed', 1000, 'reverses:6', 1)
INSERT INTO entries VALUES (8, '100', 'expiry', -700, '4', 1)
INSERT INTO entries VALUES (9, '100', 'extension', 0, 'r-1', 1)
INSERT INTO lots VALUES (1, '100', 6000, 1, '2027-03-31')
INSERT INTO lots VALUES (3, 'PD-1', 1500, 1, '2027-03-31')
INSERT INTO lots VALUES (4, '100', 0, 1, '2026-03-31')
INSERT INTO lots VALUES (9, '100', 1000, 1, '2027-03-31')
INSERT INTO redemptions (id, state, created_ms, terminal, station, fund, points, resends, points_debited, \
points_released, excess_vnd, balance_after) VALUES ('r-2', 'AUTHORISED', {now}, 't', 's', 'PD-1', 500, 0, 0, 0, 0, 0)
INSERT INTO hold_lots VALUES ('r-2', 3, 'PD-1', 500)
INSERT INTO entry_lots VALUES (6, 1, 1000)
"""


def test_entries_become_transfers_and_no_point_is_lost_or_made(empty):
    made = storage.connect_to(empty)
    with made.begin() as db:
        migrations._run(migrations._script(), db, "0001")
    made.dispose()
    now = to_ms(TestClock().at)
    execute(empty, *BEFORE_DOUBLE_ENTRY.strip().format(now=now).splitlines())
    made = open_database(empty)
    service = CentralService(made, TestClock().now, PROFILE, Random(1), load_keys(made, Random(1)))
    with service.book() as book:
        assert fund_sums(book, "100") == {
            "credits": 10_700, "debits": 3_700, "held": 0, "available": 7_000, "balanced": True
        }  # fmt: skip
        assert fund_sums(book, "PD-1")["balanced"]
        assert transfers.sums(book) == {
            "100": 7_000,
            "PD-1": 1_500,
            "@held:PD-1": 500,
            "@issued": -9_700,
            "@expired": 700,
            "@spent": 0,
        }
        assert book.db.scalar(text("SELECT expires_ms FROM redemptions")) == now + 86_400_000
        funds.credit(book, "100", "accrual", 10, book.today, "a-2")  # numbers go on where they were
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
