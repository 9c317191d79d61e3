"""What differs between two trees of settings."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pos_client.settings.changes import Change, changes

TREE: dict[str, Any] = {
    "version": 1,
    "secrets_backend": "os",
    "station": {"station": "CHXD018", "terminal": "T1"},
    "grades": [{"code": "DO", "name": "DO 0,05S", "unit_price": 21_580}],
    "lines": [
        {"name": "a", "port": "COM3", "points": [{"point": 1, "address": 80}, {"point": 2, "address": 81}]},
        {"name": "b", "port": "COM4", "points": []},
    ],
}


def changed() -> dict[str, Any]:
    return copy.deepcopy(TREE)


def test_equal_trees_differ_in_nothing_whatever_order_their_entries_have():
    other = changed()
    other["lines"].reverse()
    other["lines"][1]["points"].reverse()
    assert changes(TREE, other) == ()


def test_values_entries_and_the_version_of_the_file():
    other = changed()
    other["version"] = 2
    other["secrets_backend"] = "sandbox-file"
    other["station"]["terminal"] = "T2"
    other["lines"][0]["points"][1]["address"] = 90
    other["lines"][0]["points"].append({"point": 3, "address": 82})
    del other["lines"][1]
    assert changes(TREE, other) == (
        Change("secrets", (), "secrets_backend", "os", "sandbox-file"),
        Change("station", (), "terminal", "T1", "T2"),
        Change("points", ("a", "2"), "address", 81, 90),
        Change("points", ("a", "3"), after="3"),
        Change("lines", ("b",), before="b"),
    )


@given(st.integers(0, 255), st.integers(0, 255), st.sampled_from(["T1", "T2"]))
def test_there_and_back_is_the_same_differences_turned_round(one: int, two: int, till: str):
    other = changed()
    other["lines"][0]["points"][0]["address"], other["lines"][0]["points"][1]["address"] = one, two
    other["station"]["terminal"] = till
    back = {(c.section, c.of, c.key, c.after, c.before) for c in changes(other, TREE)}
    assert {(c.section, c.of, c.key, c.before, c.after) for c in changes(TREE, other)} == back


def test_an_option_that_is_called_like_a_list_is_an_option():
    """The radar's `staff` is a number, the station's a list."""
    assert changes({"radar": {"staff": 1}}, {"radar": {"staff": 2}}) == (Change("radar", (), "staff", 1, 2),)
