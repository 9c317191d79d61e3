"""The file of crash marks: what it holds against a record, and when it forgets."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pos_client.adapters.crash_marks import FileMarks


def begun(path: Path) -> FileMarks:
    """As after a start, with whatever the run before left."""
    marks = FileMarks(path)
    marks.count()
    return marks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crash-marks.json"


@pytest.mark.log_expected("the end of a run is said in the log")
def test_each_death_while_working_on_a_record_is_held_against_it(path: Path):
    for deaths in range(3):
        marks = begun(path)
        assert marks.deaths() == ({"a": deaths, "b": deaths} if deaths else {})
        marks.put(["a", "b"])


@pytest.mark.log_expected("the end of a run is said in the log")
def test_a_death_while_the_network_has_it_is_held_against_nobody(path: Path):
    marks = begun(path)
    marks.put(["a"])
    with marks.waiting():
        assert begun(path).deaths() == {}
    assert begun(path).deaths() == {"a": 1}


@pytest.mark.log_expected("the end of a run is said in the log")
def test_what_was_worked_on_to_its_end_is_forgiven(path: Path):
    begun(path).put(["a", "b"])
    marks = begun(path)
    marks.put(["a"])
    marks.done("a")
    again = begun(path)
    assert again.deaths() == {"b": 1}
    again.put(["b"])
    assert begun(path).deaths() == {"b": 2}


@pytest.mark.log_expected("the end of a run is said in the log")
def test_where_no_answer_came_an_earlier_death_is_still_held_against_it(path: Path):
    begun(path).put(["a"])
    marks = begun(path)
    marks.put(["a"])
    marks.done("a", answered=False)
    assert begun(path).deaths() == {"a": 1}


def test_a_clean_end_is_nobodys_death(path: Path):
    marks = begun(path)
    marks.put(["a"])
    marks.put(())
    assert begun(path).deaths() == {}


def test_of_many_that_travelled_together_all_are_done_at_the_last(path: Path):
    marks = begun(path)
    marks.put(["a", "b"])
    marks.done("a")
    marks.done("b")
    assert begun(path).deaths() == {}


def test_before_the_books_are_ours_the_file_is_somebody_elses(path: Path):
    first = begun(path)
    first.put(["a"])
    before = path.read_text()
    second = FileMarks(path)
    second.put(())
    second.done("a")
    assert second.deaths() == {}
    assert path.read_text() == before


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"deaths": []}', '{"under_way": ["a"]}', '{"deaths": {"a": "x"}}'])
def test_a_file_nobody_can_read_says_nothing_and_the_next_mark_holds(
    path: Path, rubbish: str, caplog: pytest.LogCaptureFixture
):
    path.write_text(rubbish)
    with caplog.at_level(logging.CRITICAL):
        marks = begun(path)
    assert marks.deaths() == {}
    marks.put(["a"])
    assert '"a"' in path.read_text()


def test_a_disk_that_takes_no_marks_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.CRITICAL):
        marks = begun(tmp_path / "gone" / "crash-marks.json")
        marks.put(["a"])
        marks.done("a")
        with marks.waiting():
            pass
    assert marks.deaths() == {}
