"""Forward only, backup first; every migration in a row gives the schema."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.instance_lock import InstanceLock
from pos_client.adapters.sqlite.migrate import APPLICATION_ID, SCHEMA_VERSION, bring_up, shipped_steps
from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.domain.facts import Fact, FuellingCompleted, SaleOpened, subject_of
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.journal import encode
from pos_client.ports.errors import Unavailable
from tests.contracts.store_contract import AT, fuelled, sold

STEPS = {
    2: "CREATE TABLE shelf (name TEXT) STRICT; INSERT INTO shelf VALUES ('two');",
    3: "ALTER TABLE shelf ADD COLUMN width INTEGER;",
}


def schema_of(connection: apsw.Connection) -> set[str]:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    plain = (re.sub(r"\s+", " ", re.sub(r"--[^\n]*", "", str(row[0]))) for row in rows)
    return {re.sub(r" ?([(),]) ?", r"\1", text) for text in plain}


def first_schema(path: Path) -> apsw.Connection:
    """A book as the first program made it."""
    connection = connect(path)
    script = Path(__file__).with_name("schema_v1.sql").read_text(encoding="utf-8")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID};\n{script}\nPRAGMA user_version=1;").fetchall()
    return connection


def put(connection: apsw.Connection, *facts: Fact) -> None:
    (last,) = connection.execute("SELECT count(*) FROM journal").fetchone() or (0,)
    for seq, fact in enumerate(facts, start=int(last) + 1):
        kind, body = encode(fact)
        connection.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", (seq, AT.isoformat(), kind, subject_of(fact), body, b"")
        )


def test_all_steps_in_a_row_give_the_schema(tmp_path: Path):
    old, new = first_schema(tmp_path / "old.db"), connect(tmp_path / "new.db")
    bring_up(old, tmp_path / "old.db")
    bring_up(new, tmp_path / "new.db")
    assert schema_of(old) == schema_of(new)
    assert old.pragma("user_version") == new.pragma("user_version") == SCHEMA_VERSION
    old.close()
    new.close()


def test_an_old_book_tells_the_stories_of_a_nozzle(tmp_path: Path):
    """Also one with a row that a failing disk has damaged."""
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    put(connection, fuelled(1, 1, 1_000), fuelled(1, 2, 2_000), sold(1, 1, 1_000), fuelled(1, 1, 3_000))
    connection.execute(
        "INSERT INTO journal VALUES (5, ?, 'FuellingCompleted', 'x', ?, ?)", (AT.isoformat(), b"{not", b"")
    )
    connection.close()
    connection = connect(book)
    bring_up(connection, book)
    store = SqliteStore(connection, InstanceLock(book))
    found = store.stories_at(PointId(1), NozzleId(1), 0, None, (FuellingCompleted, SaleOpened))
    assert [entry.fact for entry in found] == [
        fuelled(1, 1, 1_000),
        sold(1, 1, 1_000),
        fuelled(1, 1, 3_000),
    ]
    store.close()


def test_counters_that_stood_lower_than_a_fuelling_ended_are_carried_on_above_it(tmp_path: Path):
    """They began anew, or were exchanged, when nobody counted that; also beside a row a failing disk has damaged."""
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    put(connection, fuelled(1, 1, 999_000), fuelled(1, 1, 4_000), fuelled(1, 2, 2_000), fuelled(2, 1, 8_000))
    connection.execute(
        "INSERT INTO journal VALUES (5, ?, 'FuellingCompleted', 'x', ?, ?)", (AT.isoformat(), b"{not", b"")
    )
    bring_up(connection, book, version=3)
    connection.execute("INSERT INTO totalizer VALUES (1, 1, 4000), (1, 2, 2000), (2, 1, 9000), (3, 1, 500)")
    bring_up(connection, book)
    store = SqliteStore(connection, InstanceLock(book))
    books = store.open_books()
    assert books.totalizers == {(1, 1): 4_000, (1, 2): 2_000, (2, 1): 9_000, (3, 1): 500}
    assert books.turned == {(1, 1): 995_000, (1, 2): 0, (2, 1): 0, (3, 1): 0}
    store.close()


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
    bring_up(connection, book, version=1)
    connection.close()
    assert not list(tmp_path.glob("*.before-*"))


def test_an_older_program_does_not_open_a_later_book(tmp_path: Path):
    book = tmp_path / "journal.db"
    connection = first_schema(book)
    bring_up(connection, book, version=2, steps=STEPS)
    assert connection.pragma("user_version") == 2
    with pytest.raises(Unavailable, match="store_newer"):
        bring_up(connection, book, version=1)
    connection.close()
