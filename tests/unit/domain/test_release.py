"""What a till makes of an announced release."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.__main__ import CRASHED
from pos_client.domain.keeping import (
    EXIT_AGAIN,
    EXIT_CLOSED,
    EXIT_EXCHANGE,
    EXIT_NOT_NOW,
    EXIT_REFUSED,
    EXIT_USAGE,
    Next,
    after_end,
)
from pos_client.domain.release import (
    Judgement,
    Package,
    Release,
    Stage,
    Till,
    Version,
    judge,
    place_in_line,
    read_release,
)
from tests.releases import NOW, manifest

PACKAGE = Package("p.tar.gz", 100, "0" * 64)
TILL = Till("CHXD018", "here", Version(1, 4, 0), book_schema=9)


def release(**changes: Any) -> Release:
    return replace(read_release(json.dumps(manifest()).encode()), packages={"here": PACKAGE}, **changes)


@pytest.mark.parametrize("text", ["1.4", "1.4.0.0", "01.4.0", "1.4.x", "", "1.4.0 ", "../1.0.0", "1.4.0\n", "-1.0.0"])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(ValueError, match="no version"):
        Version.parse(text)


@given(*[st.tuples(*[st.integers(0, 99_999)] * 3)] * 2)
def test_versions_are_compared_as_numbers(one, other):
    first, second = (Version.parse(".".join(map(str, each))) for each in (one, other))
    assert (first < second) == (one < other)
    assert Version.parse(str(first)) == first


@pytest.mark.parametrize(
    ("announced", "till", "now", "judged"),
    [
        ({}, {}, NOW, Judgement.TAKE),
        ({"version": Version(1, 4, 0)}, {}, NOW, Judgement.HAVE_IT),
        ({"version": Version(1, 3, 9)}, {}, NOW, Judgement.DOWNGRADE),
        ({"book_schema": 8}, {}, NOW, Judgement.DOWNGRADE),
        ({"floor": Version(1, 4, 1)}, {}, NOW, Judgement.BELOW_FLOOR),
        ({"number": 6}, {"highest_number": 7}, NOW, Judgement.OLD_MANIFEST),
        ({"number": 7}, {"highest_number": 7}, NOW, Judgement.TAKE),
        ({}, {}, NOW + timedelta(days=30), Judgement.EXPIRED),
        ({}, {}, NOW - timedelta(days=2), Judgement.CLOCK),
        ({}, {"given_up": frozenset({Version(1, 5, 0)})}, NOW, Judgement.GIVEN_UP),
        ({}, {"platform": "elsewhere"}, NOW, Judgement.NO_PACKAGE),
        ({"stages": ()}, {}, NOW, Judgement.LATER),
        ({"stages": (Stage(100, NOW + timedelta(minutes=1)),)}, {}, NOW, Judgement.LATER),
    ],
)
def test_judgement(announced, till, now, judged):
    assert judge(release(**announced), replace(TILL, **till), now) is judged


def test_a_till_that_was_brought_up_never_goes_down_again_whatever_is_announced():
    """An old manifest, an old version, a version below: none is ever taken."""
    newest = release(number=9, version=Version(1, 6, 0))
    for older in (release(), release(number=9), release(number=10, version=Version(1, 5, 9))):
        till = replace(TILL, running=newest.version, highest_number=9)
        assert judge(older, till, NOW) is not Judgement.TAKE


@given(st.integers(0, 100), st.integers(0, 100), st.text("ABCDEFGH0123456789", min_size=1, max_size=12))
def test_a_later_stage_only_adds_stations(one, other, station):
    few, many = sorted((one, other))

    def takes(percent: int) -> bool:
        stages = (Stage(percent, NOW - timedelta(days=1)), Stage(few, NOW - timedelta(days=2)))
        return judge(release(stages=stages), replace(TILL, station=station), NOW) is Judgement.TAKE

    assert takes(many) or not takes(few)
    assert not takes(0) or few > 0
    assert takes(100)


def test_a_stage_is_about_so_many_stations_and_others_for_the_next_version():
    stations = [f"CHXD{n:04d}" for n in range(2700)]
    first = {each for each in stations if place_in_line(each, Version(1, 5, 0)) < 10}
    second = {each for each in stations if place_in_line(each, Version(1, 6, 0)) < 10}
    assert 200 < len(first) < 340
    assert len(first & second) < 60


BROKEN: list[dict[str, Any]] = [
    {"format": 2},
    {"number": 0},
    {"number": 1.5},
    {"number": True},
    {"version": "1.5"},
    {"version": None},
    {"floor": "9.0.0"},
    {"made_at": "2026-11-29T09:00:00"},
    {"good_until": "12:99"},
    {"stages": {}},
    {"stages": [5]},
    {"stages": [{"percent": 101, "begins": NOW.isoformat()}]},
    {"packages": []},
    {"packages": {"here": "x"}},
    {"packages": {"here": {"file": "../../etc/passwd", "size": 1, "sha256": "0" * 64}}},
    {"packages": {"here": {"file": "http://evil/x", "size": 1, "sha256": "0" * 64}}},
    {"packages": {"here": {"file": "x", "size": 10**12, "sha256": "0" * 64}}},
    {"packages": {"here": {"file": "x", "size": 1, "sha256": "0"}}},
    {"notes": "x"},
    {"number": 10**400},
    {"number": (1 << 53) + 1},
    {"book_schema": 10**9},
    {"version": "100000.0.0"},
    {"packages": {"here": {"file": "x", "size": -1, "sha256": "0" * 64}}},
    {"stages": [{"percent": 1, "begins": NOW.isoformat()}] * 101},
    {"stages": [{"percent": -1, "begins": NOW.isoformat()}]},
    {"made_at": "99999-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("changes", BROKEN, ids=lambda changes: str(changes)[:50])
def test_a_manifest_that_is_wrong_is_refused(changes):
    with pytest.raises(ValueError, match=r"\w"):
        read_release(json.dumps(manifest() | changes).encode())


@pytest.mark.parametrize("raw", [b'{"format": ' + b"9" * 10_000 + b"}", b"[" * 100_000, b'{"number": 1e999}', b"NaN"])
def test_numbers_and_nests_beyond_measure_are_refused(raw):
    with pytest.raises(ValueError, match=r"\w"):
        read_release(raw)


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_times_at_the_ends_of_the_calendar_are_judged_like_any_other(day):
    for name in ("made_at", "good_until"):
        told = read_release(json.dumps(manifest(**{name: day}, stages=[{"percent": 100, "begins": day}])).encode())
        assert judge(replace(told, packages={"here": PACKAGE}), TILL, NOW) in {
            Judgement.TAKE,
            Judgement.CLOCK,
            Judgement.EXPIRED,
            Judgement.LATER,
        }


@pytest.mark.parametrize("years", [-26, -1, 1, 40])
def test_a_clock_years_off_takes_nothing_and_says_which_way(years):
    wrong = NOW + timedelta(days=366 * years)
    assert judge(release(), TILL, wrong) is (Judgement.CLOCK if years < 0 else Judgement.EXPIRED)


@given(st.binary(max_size=300))
def test_rubbish_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_release(text)


@given(st.data())
def test_a_member_that_is_missing_or_another_kind_is_refused_or_harmless(data):
    told = manifest()
    name = data.draw(st.sampled_from(sorted(told)))
    value = data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers()))
    try:
        read_release(json.dumps(told | {name: value}).encode())
    except ValueError:
        return
    assert name in {"number", "book_schema", "version", "floor", "stages", "made_at", "good_until"}


@pytest.mark.parametrize(
    ("code", "trial", "starts", "wanted", "comes"),
    [
        (EXIT_AGAIN, False, 1, False, Next.AGAIN),
        (EXIT_AGAIN, True, 2, True, Next.AGAIN),
        (EXIT_CLOSED, False, 0, False, Next.END),
        (EXIT_CLOSED, True, 1, False, Next.END),
        (EXIT_REFUSED, False, 0, False, Next.END),
        (EXIT_USAGE, False, 0, False, Next.END),
        (EXIT_EXCHANGE, False, 0, True, Next.EXCHANGE),
        (EXIT_EXCHANGE, False, 0, False, Next.AGAIN),
        (-9, False, 0, False, Next.AGAIN),
        (-11, False, 0, True, Next.AGAIN),
        (-11, True, 1, False, Next.AGAIN),
        (-11, True, 2, False, Next.GO_BACK),
        (EXIT_REFUSED, True, 1, False, Next.GO_BACK),
        (EXIT_NOT_NOW, True, 1, False, Next.PUT_OFF),
        (EXIT_NOT_NOW, True, 2, True, Next.PUT_OFF),
        (CRASHED, False, 0, False, Next.AGAIN),
        (CRASHED, True, 1, False, Next.AGAIN),
        (CRASHED, True, 2, False, Next.GO_BACK),
    ],
)
def test_what_the_keeper_does_when_the_program_ends(code, trial, starts, wanted, comes):
    assert after_end(code, trial=trial, starts=starts, exchange_wanted=wanted) is comes
