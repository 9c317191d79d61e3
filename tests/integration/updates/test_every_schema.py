"""Books of every schema there has been: rehearsed without a trace, brought up, read again by the till they came from.

The till of the old version is played by what it would do: its steps of the schema, and its keeper's way back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite import trial
from pos_client.adapters.sqlite.chain import START, mac_of
from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION, bring_up, copy_before
from pos_client.adapters.sqlite.mirror import open_mirror
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.commands.rehearse import _open_a_copy
from pos_client.domain.facts import Fact, SessionOpened, subject_of
from pos_client.domain.journal import encode
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, fuelled, sold
from tests.integration.sqlite.test_migrate import first_schema, schema_of

FACTS: tuple[Fact, ...] = (fuelled(1, 1, 1_000), fuelled(1, 2, 2_000), sold(1, 1, 1_000), fuelled(1, 1, 3_000))
EVERY = range(1, SCHEMA_VERSION)
Rows = list[tuple[object, ...]]


@pytest.fixture(params=EVERY, ids=lambda schema: f"v{schema}")
def schema(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def book(tmp_path: Path, schema: int) -> Path:
    """Half of its rows were there before it got its schema."""
    book = tmp_path / "journal.db"
    with opened(book, first_schema(book)) as connection:
        write(connection, FACTS[:2])
        bring_up(connection, book, version=schema)
        write(connection, FACTS[2:])
    for copy in tmp_path.glob("*.before-v*"):
        copy.unlink()
    return book


def opened(book: Path, connection: apsw.Connection | None = None) -> closing[apsw.Connection]:
    return closing(connection or connect(book))


def write(connection: apsw.Connection, facts: tuple[Fact, ...]) -> None:
    last = connection.execute("SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before = (0, START) if last is None else (int(last[0]), bytes(last[1]))
    for fact in facts:
        kind, body = encode(fact)
        seq, before = seq + 1, mac_of(b"", before, seq + 1, AT.isoformat(), kind, body)
        connection.execute(
            "INSERT INTO journal (seq, at, kind, subject, body, mac) VALUES (?, ?, ?, ?, ?, ?)",
            (seq, AT.isoformat(), kind, subject_of(fact), body, before),
        )


def rows(book: Path) -> Rows:
    with closing(sqlite3.connect(book)) as connection:
        return connection.execute("SELECT seq, at, kind, subject, body, mac FROM journal ORDER BY seq").fetchall()


def facts(book: Path) -> Iterator[Fact]:
    with open_reader(book) as reader:
        assert reader.verify().broken_at is None
        yield from (entry.fact for entry in reader.everything())


def test_a_rehearsal_opens_them_and_leaves_no_trace(book: Path):
    before = {path: path.read_bytes() for path in book.parent.iterdir()}
    _open_a_copy(book)
    assert {path: path.read_bytes() for path in book.parent.iterdir()} == before


def test_they_are_brought_up_with_a_copy_and_go_on(book: Path, schema: int):
    before = rows(book)
    store = open_store(book, mirror=open_mirror(book.with_name("mirror"), book))
    store.commit(Change((SessionOpened("T1", 1, AT.isoformat()),)), AT)
    store.close()
    assert rows(copy_before(book, SCHEMA_VERSION)) == before
    assert rows(book)[:-1] == before
    assert list(facts(book)) == [*FACTS, SessionOpened("T1", 1, AT.isoformat())]


@pytest.mark.log_expected("that books have gone back is said")
def test_the_till_they_came_from_reads_them_again_when_the_version_is_given_up(
    book: Path, schema: int, monkeypatch: pytest.MonkeyPatch
):
    before = rows(book)
    with opened(book) as connection:
        as_it_was = schema_of(connection)
    open_store(book).close()
    monkeypatch.setattr(trial, "SCHEMA_VERSION", schema)
    assert trial.put_back(book)
    with opened(book) as connection:
        bring_up(connection, book, version=schema)  # as the old version does at its start; it knows no later one
        assert schema_of(connection) == as_it_was
        write(connection, (fuelled(1, 1, 4_000),))  # and sells
    assert rows(book)[:-1] == before
    monkeypatch.setattr(trial, "SCHEMA_VERSION", SCHEMA_VERSION)
    open_store(book).close()  # the next version, one day
    assert list(facts(book)) == [*FACTS, fuelled(1, 1, 4_000)]


@pytest.mark.log_expected("books that stay with the later version are said to")
def test_what_the_later_version_has_written_is_never_thrown_away(
    book: Path, schema: int, monkeypatch: pytest.MonkeyPatch
):
    store = open_store(book)
    store.commit(Change((SessionOpened("T1", 1, AT.isoformat()),)), AT)
    store.close()
    kept = rows(book)
    monkeypatch.setattr(trial, "SCHEMA_VERSION", schema)
    assert not trial.put_back(book)
    assert rows(book) == kept
