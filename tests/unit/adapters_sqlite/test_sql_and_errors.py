"""Every query is named, explained, used and right; every error of the library has its line; every pragma holds."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite import errors, queries, reader, sales, store
from pos_client.adapters.sqlite.connection import PRAGMAS, connect, know_sums, require_pragma, wal_is_sound
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.errors import Unavailable


def all_errors(kind: type[apsw.Error]) -> set[type[apsw.Error]]:
    return {kind} | {deeper for child in kind.__subclasses__() for deeper in all_errors(child)}


def test_every_error_of_the_library_is_the_worlds_or_ours():
    theirs = {kind for kind in all_errors(apsw.Error) if kind.__module__ == "apsw"} - {apsw.Error}
    assert theirs == set(errors.CODES) | errors.OURS
    assert not set(errors.CODES) & errors.OURS


@pytest.mark.parametrize("kind", errors.CODES)
def test_the_worlds_errors_are_translated(kind: type[apsw.Error]):
    with pytest.raises(Unavailable) as refused, errors.translated():
        raise kind("the reason")
    assert refused.value.code == errors.CODES[kind]
    assert "the reason" in refused.value.detail


def test_our_errors_stay_what_they_are():
    with pytest.raises(apsw.SQLError), errors.translated():
        raise apsw.SQLError("a mistake")


@pytest.mark.parametrize("name", queries.queries())
def test_a_query_has_a_sentence_is_used_and_fits_the_schema(name: str):
    sql = queries.queries()[name]
    assert re.match(r"-- [A-Z].*\.$", sql.partition("\n")[0])
    used = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (store, reader, sales))
    assert f'"{name}"' in used
    book = apsw.Connection(":memory:")
    know_sums(book)
    book.execute(queries.resource("schema.sql"))
    book.execute(f"EXPLAIN {sql}", dict.fromkeys(re.findall(r":(\w+)", sql))).fetchall()
    book.close()


def test_the_stories_of_a_nozzle_are_found_without_reading_the_journal():
    book = apsw.Connection(":memory:")
    book.execute(queries.resource("schema.sql"))
    sql = queries.queries()["stories_at"]
    places = dict.fromkeys(re.findall(r":(\w+)", sql))
    plan = [str(row[3]) for row in book.execute(f"EXPLAIN QUERY PLAN {sql}", places)]
    book.close()
    assert any("USING INDEX journal_fuellings (<expr>=? AND <expr>=? AND seq>? AND seq<?)" in step for step in plan)
    assert any("sale USING INDEX journal_sales_of (<expr>=?)" in step for step in plan)
    assert any("journal USING INDEX journal_by_subject (subject=?)" in step for step in plan)
    assert not [step for step in plan if step.startswith(("SCAN journal", "SCAN sale"))]


def test_a_name_given_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        queries.split("-- name: a\n-- One.\nSELECT 1;\n-- name: a\n-- Two.\nSELECT 2;\n")


SOUND, UNSOUND = (
    (3_006_023, 3_044_006, 3_050_007, 3_051_003, 3_054_001),
    (
        *(3_007_000, 3_007_001, 3_040_001, 3_044_005, 3_044_007, 3_045_000),
        *(3_050_006, 3_050_008, 3_051_000, 3_051_001, 3_051_002),
    ),
)


@pytest.mark.parametrize("version", [*SOUND, *UNSOUND])
def test_the_range_of_sqlite_that_damages_a_log_is_refused_before_a_book_is_touched(version, tmp_path, monkeypatch):
    assert wal_is_sound(version) is (version in SOUND)
    monkeypatch.setattr(apsw, "SQLITE_VERSION_NUMBER", version)
    if version in SOUND:
        connect(tmp_path / "journal.db").close()
    else:
        with pytest.raises(Unavailable, match="write-ahead"):
            open_store(tmp_path / "journal.db")
        assert not (tmp_path / "journal.db").exists()


@pytest.mark.parametrize("name", [name for name, _, _ in PRAGMAS])
def test_a_pragma_that_is_not_what_it_was_set_to_stops_the_opening(name: str, tmp_path: Path, monkeypatch):
    """The real read-back of each, on a real book: SQLite answers something else than was wanted."""
    other = tuple((each, wanted, "something else" if each == name else answer) for each, wanted, answer in PRAGMAS)
    monkeypatch.setattr("pos_client.adapters.sqlite.connection.PRAGMAS", other)
    with pytest.raises(Unavailable, match=name):
        open_store(tmp_path / "journal.db")


def test_every_pragma_holds_on_a_new_connection(tmp_path: Path):
    book = connect(tmp_path / "journal.db")
    assert {name: book.pragma(name) for name, _, _ in PRAGMAS} == {name: answer for name, _, answer in PRAGMAS}
    book.close()


def test_a_pragma_that_does_not_take_is_refused():
    memory = apsw.Connection(":memory:")  # cannot keep a write-ahead log, and says nothing about it
    with pytest.raises(Unavailable, match="journal_mode"):
        require_pragma(memory, "journal_mode", "WAL", "wal")
    memory.close()
