"""The simulator over the production core: nothing breaks, and whatever is broken on purpose is caught."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.simulate.histories import roll
from pos_client.bootstrap.simulate.mutants import MUTANTS, applied
from pos_client.bootstrap.simulate.runner import (
    SEEDS_APART,
    Tally,
    play_many,
    play_some,
    shrink,
    try_history,
    undisturbed,
)
from tests.properties.kept_histories import KEPT, TOLD

HISTORIES = int(os.environ.get("POS_CLIENT_HISTORIES", "4000"))
"""How many are played with each run of the tests: more than twice as many as show every mistake we know to make (the
last needs 1,624), in about a minute of two busy cores. `POS_CLIENT_HISTORIES=N` plays more; longer runs are recorded in
the README."""
BUDGET = 4_000
"""So many histories a mistake may stay unseen."""
WITNESSES: dict[str, int] = tomllib.loads((Path(__file__).parent / "witnesses.toml").read_text("utf-8"))
"""Mistake -> number of the first history that shows it, of those every run of the tests plays"""
SLOW = 1200


def main(typed: list[str]) -> int:
    """The command, as it was typed."""
    arguments = parse(typed)
    return arguments.run(arguments)


@pytest.mark.timeout(SLOW)
def test_no_history_breaks_a_promise():
    total = Tally()
    for tally in play_many(HISTORIES, seed=1):
        total.add(tally)
    assert total.histories == HISTORIES
    assert total.broken == []
    assert min(total.faults.values()) > 0


@pytest.mark.parametrize("name", sorted(KEPT | TOLD))
def test_a_history_told_step_by_step_breaks_no_promise(name: str):
    with undisturbed():
        assert try_history(*(KEPT | TOLD)[name]) is None


@pytest.mark.timeout(SLOW)
@pytest.mark.parametrize("name", sorted(MUTANTS.keys() - TOLD.keys()))
def test_a_mistake_made_on_purpose_is_caught(name: str):
    """By the history that caught it before; by the first of the budget that does, when histories have changed since."""
    tally = play_some(SEEDS_APART + WITNESSES.get(name, 0), 1, name)
    if not tally.broken:
        tally = play_some(SEEDS_APART, BUDGET, name, stop_at_first=True)
    assert tally.broken, f"{name}: {MUTANTS[name].says}"
    what = tally.broken[0].what
    assert not what.startswith(("TypeError", "AttributeError")), f"the mistake itself is mistaken: {what}"


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_mistake_seldom_met_is_caught_by_a_history_that_meets_it(name: str):
    with undisturbed(), applied(name):
        assert try_history(*TOLD[name]) is not None


def test_each_witness_is_a_history_that_is_played_without_the_mistake_too():
    assert set(WITNESSES) <= set(MUTANTS)
    assert max(WITNESSES.values()) < BUDGET <= HISTORIES or "POS_CLIENT_HISTORIES" in os.environ


def test_there_are_mistakes_enough_and_none_stays_in_the_product():
    assert len(MUTANTS) >= 40
    assert play_some(SEEDS_APART, BUDGET, "gap-is-ignored", stop_at_first=True).broken
    assert not play_some(SEEDS_APART, 50).broken


def test_a_seed_is_one_history_for_ever():
    steps, temper = roll(1_000_000_010)
    assert (steps, temper) == roll(1_000_000_010)
    assert roll(1_000_000_011) != (steps, temper)


def test_a_broken_history_is_shrunk_to_the_steps_that_matter():
    broken = play_some(SEEDS_APART, BUDGET, "gap-is-ignored", stop_at_first=True).broken[0]
    steps, temper, violation = shrink(broken.seed, "gap-is-ignored")
    assert violation is not None
    assert violation.invariant == broken.invariant
    assert 0 < len(steps) <= len(roll(broken.seed)[0])
    assert temper == roll(broken.seed)[1]


def test_the_command_says_what_it_played_and_what_broke(capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--histories", "30", "--seed", "7", "--processes", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["histories"] == 30
    assert answer["violations_total"] == 0
    assert set(answer["violations"]) >= {"I1", "I2", "I14", "L1"}
    assert answer["histories_per_second"] > 0
    mutant = ["simulate", "--histories", "200", "--mutant", "gap-is-ignored", "--processes", "1", "--json"]
    assert main(mutant) == 0
    caught = json.loads(capsys.readouterr().out)
    assert caught["broken"][0]["invariant"] == "I2"
    assert main(["simulate", "--replay", str(caught["broken"][0]["seed"]), "--mutant", "gap-is-ignored"]) == 1
    assert "I2:" in capsys.readouterr().out


def test_a_mutant_nobody_knows_and_one_nobody_catches(capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "--mutant", "no-such-thing"]) == 2
    assert "--list-mutants" in capsys.readouterr().err
    assert main(["simulate", "--histories", "1", "--mutant", "lazy-fsync", "--processes", "1"]) == 1
    assert main(["simulate", "--list-mutants"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= len(MUTANTS)
