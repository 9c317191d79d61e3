"""Forward only, backup first; every migration in a row gives the schema."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION, bring_up, shipped_steps
from pos_client.ports.errors import Unavailable

STEPS = {
    2: "CREATE TABLE shelf (name TEXT) STRICT; INSERT INTO shelf VALUES ('two');",
    3: "ALTER TABLE shelf ADD COLUMN width INTEGER;",
}


def schema_of(connection: apsw.Connection) -> set[str]:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {re.sub(r"\s+", " ", re.sub(r"--[^\n]*", "", str(row[0]))) for row in rows}


def first_schema(path: Path) -> apsw.Connection:
    connection = connect(path)
    bring_up(connection, path, version=1)
    return connection


def test_every_step_up_to_the_present_version_is_shipped():
    assert sorted(shipped_steps()) == list(range(2, SCHEMA_VERSION + 1))


def test_steps_are_taken_in_order_and_a_whole_copy_is_kept(tmp_path: Path):
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    old = schema_of(connection)
    bring_up(connection, book, version=3, steps=STEPS)
    assert connection.pragma("user_version") == 3
    assert connection.execute("SELECT name, width FROM shelf").fetchall() == [("two", None)]
    connection.close()
    copy = apsw.Connection(str(tmp_path / "journal.db.before-v3"))
    assert schema_of(copy) == old
    assert copy.pragma("user_version") == 1
    copy.close()
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path):
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    with pytest.raises(apsw.SQLError):
        bring_up(connection, book, version=3, steps={**STEPS, 3: "CREATE TABLE half (x); CREATE TABLE half (x);"})
    assert connection.pragma("user_version") == 2
    assert not any("half" in sql for sql in schema_of(connection))
    connection.close()


def test_a_present_book_is_not_copied(tmp_path: Path):
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    bring_up(connection, book)
    connection.close()
    assert not list(tmp_path.glob("*.before-*"))


def test_an_older_program_does_not_open_a_later_book(tmp_path: Path):
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    bring_up(connection, book, version=2, steps=STEPS)
    with pytest.raises(Unavailable, match="store_newer"):
        bring_up(connection, book, version=1)
    connection.close()
