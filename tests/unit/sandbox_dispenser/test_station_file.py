"""Scenario files: what they say, and what is said of those that make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.sandbox.events import VERBS, faults_in, read_events
from pos_client.sandbox.station_file import WrongStation, read_station, read_tables
from tests.central import RESOURCES

FOLDER = RESOURCES / "sandbox"
DAY = FOLDER / "day.toml"


def written(folder: Path, text: str) -> Path:
    (folder / "station.toml").write_text((FOLDER / "station.toml").read_text("utf-8"), "utf-8")
    path = folder / "story.toml"
    path.write_text(text, "utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(WrongStation) as caught:
        read_station(written(folder, text))
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: str(file.name))
def test_what_we_ship_is_right(file: Path):
    assert read_station(file)["station"]["code"] == "CHXD018"


def test_the_day_has_every_verb_but_those_a_driver_does_in_one():
    events = read_events(read_station(DAY), 1)
    assert {event.do for event in events} == set(VERBS)
    assert {event.line for event in events if event.do == "fuel"} == {"dart-1", "gilbarco-1"}


def test_drivers_come_as_late_as_the_dice_of_the_seed_say():
    station = read_station(DAY)
    assert read_events(station, 1) == read_events(station, 1)
    assert read_events(station, 1) != read_events(station, 2)
    on_time = read_events({**station, "day": {}}, 1)
    for seed in range(20):
        late = [
            (event.do, event.at_ms - exact.at_ms)
            for event, exact in zip(read_events(station, seed), on_time, strict=True)
        ]
        assert all(0 <= ms <= (5_000 if do == "fuel" else 0) for do, ms in late)


def test_own_tables_stand_before_included_ones(tmp_path: Path):
    path = written(tmp_path, 'include = "station.toml"\n[station]\ncode = "X"\nname = "Y"\n')
    tables = read_station(path)
    assert tables["station"] == {"code": "X", "name": "Y"}
    assert len(tables["dispensers"]) == 2


def test_all_faults_are_told_at_once_each_with_its_place(tmp_path: Path):
    text = """include = "station.toml"
[day]
spread_s = -1
[[events]]
at = "1:75"
do = "fuel"
point = 9
[[events]]
at = "1:00"
do = "explode"
[[events]]
at = "0:10"
do = "fault"
point = 5
name = "ignored_reset"
times = "often"
[[events]]
at = "0:10"
do = "unplug"
line = "dart-9"
after_ml = 0
[[events]]
at = "0:10"
do = "lift"
point = 1
nozzle = 4
price_vnd = 10
watch = 2
"""
    assert faults(tmp_path, text) == [
        "$.day: spread_s, a whole number of seconds, and opens are all a day has",
        "$.events[0]: one of amount_vnd, volume_ml is wanted",
        '$.events[0].at: \'1:75\' is no time such as "1:30" or "1:00:00"',
        "$.events[0].point: 9 is no point of this station (1, 2, 3, 4, 5, 6)",
        f"$.events[1].do: 'explode' is none of {', '.join(VERBS)}",
        "$.events[2].name: 'ignored_reset' is no fault of gilbarco-two-wire (lost_answer, bad_crc, noise, late_answer, "
        "no_answer, wrong_pump, bad_lrc, cut_short, refused_block, unauthorised, twin)",
        "$.events[2].times: 'often' is no count",
        "$.events[3].line: 'dart-9' is no line of this station (dart-1, gilbarco-1)",
        "$.events[3].after_ml: 0 is no whole number above 0",
        "$.events[3].after_ml: of which point? say watch",
        "$.events[4].price_vnd: means nothing here",
        "$.events[4].nozzle: 4 is none of its 3 nozzles",
        "$.events[4].watch: says whose after_ml is meant, which is missing",
    ]


def test_a_forecourt_that_cannot_be_is_told_with_everything_else(tmp_path: Path):
    text = (FOLDER / "station.toml").read_text("utf-8")
    for right, wrong in (
        ("address = 81", "address = 80"),
        ("address = 82", "address = 300"),
        ('grade = "DO-005S", total_ml = 508_216_940', 'grade = "MAZUT", total_ml = 1'),
        ('status = "blocked"', "status = 7"),
        ("unit_price = 25790", 'unit_price = "dear"'),
        ('number = "000300001"', 'number = "000300002"'),
        ("point = 6", "point = 5"),
        ("total_ml = 731_882_410", "total_ml = 1_000_000_000_000"),
        ('name = "gilbarco-1"', 'name = "../gilbarco"'),
    ):
        text = text.replace(right, wrong, 1)
    found = faults(tmp_path, text)
    assert [line.partition(": ")[0] for line in found] == [
        "$.grades[1].unit_price",
        "$.accounts[2].status",
        "$.accounts",
        "$.dispensers[0].points[2].address",
        "$.dispensers[0].points[3]",
        "$.dispensers[0].points",
        "$.dispensers[1].name",
        "$.dispensers[1].points[1].nozzles[0].grade",
        "$.dispensers.points",
    ]


def test_options_are_checked_by_the_protocol_they_are_for(tmp_path: Path):
    text = (FOLDER / "station.toml").read_text("utf-8").replace("address = 1\n", 'address = 1\ndevice = "wings=2"\n')
    assert faults(tmp_path, text) == ["$.dispensers[1].points[0]: no such option: wings=2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("include = 7", "$.include"),
        ('include = "story.toml"', "includes none"),
        ("[[events]", "line 1"),
        ("", "$.station"),
        ("dispensers = 3", "[[dispensers]]"),
    ],
)
def test_a_file_that_is_no_station(tmp_path: Path, text: str, says: str):
    with pytest.raises(WrongStation, match="story") as caught:
        read_station(written(tmp_path, text))
    assert says in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(OSError, match="nowhere"):
        read_tables(written(tmp_path, 'include = "nowhere.toml"'))


_ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**12), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.just([{}]), st.just([1]), st.just({"point": []}),
)  # fmt: skip


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


TABLES = read_tables(DAY)
PLACES = sorted(places(TABLES), key=str)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLACES), _ODD), min_size=1, max_size=3))
def test_whatever_stands_in_a_file_is_told_by_its_place_or_can_be_read(changes: list[tuple[tuple[Any, ...], Any]]):
    """Any value anywhere: never a traceback; and what is not complained of can be played."""
    from pos_client.sandbox.station_file import _faults

    tables = deepcopy(TABLES)
    for path, value in changes:
        spot = tables
        try:
            for key in path[:-1]:
                spot = spot[key]
            spot[path[-1]] = value
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    found = list(_faults(tables))
    assert all(fault.startswith("$.") for fault in found)
    if not found:
        assert list(faults_in(tables)) == []
        assert len(read_events(tables, 1)) == len(tables["events"])
