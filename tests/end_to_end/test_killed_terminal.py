"""SIGKILL during any scenario, start again: the three ledgers are equal (I1-I7, I14).

Each case is a real terminal process killed around one of its commits. CI plays a seeded handful a scenario; more, up
to all of them, with `POS_CLIENT_KILL_POINTS=N` (a scenario).
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_client.bootstrap.demo.headless import journal_facts
from pos_client.bootstrap.demo.ledgers import Evidence, differences
from pos_client.bootstrap.demo.sandbox_process import Control, Pumps
from pos_client.bootstrap.demo.scenarios import SCENARIOS
from pos_client.bootstrap.paths import Site
from tests.end_to_end.nursery import BornSandbox, Nursery

FIRST, LAST = 9, 24
"""Commits of a first start (session, every totalizer) come before the first; no scenario commits more often than the
last. A kill point behind a scenario's last commit is a run without a kill."""
EACH = 2


def kill_points() -> Iterator[tuple[str, int, str]]:
    each = int(os.environ.get("POS_CLIENT_KILL_POINTS", EACH))
    dice = random.Random(20261123)
    points = [(n, when) for n in range(FIRST, LAST + 1) for when in ("before", "after")]
    for name in SCENARIOS:
        for n, when in dice.sample(points, min(each, len(points))):
            yield name, n, when


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the terminals of all cases come from."""
    with closing(Nursery()) as one:
        yield one


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("scenario", "n", "when"), list(kill_points()))
def test_sigkill_then_restart_leaves_the_ledgers_equal(
    scenario: str, n: int, when: str, tmp_path: Path, nursery: Nursery
) -> None:
    site = Site(tmp_path / "till")
    site.folder.mkdir()
    sandbox = BornSandbox(nursery, "--speed", "20", "--db", f"sqlite:///{tmp_path / 'central.db'}")
    try:
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps(sandbox.addresses.raw), "utf-8")
        pumps = Pumps(sandbox.addresses)
        central = Control(sandbox.addresses.central["control"])
        before = pumps.all(), central.get("/control/ledger")
        killed = nursery.born("player", "play", addresses, site.folder, scenario, n, when).wait()
        assert killed in (-signal.SIGKILL, 0)
        central.delete("/control/faults")
        for pump in pumps.all():
            if not pump["powered"]:
                pumps.do(pump["point"], "restore_power")
            if pump["nozzle_out"]:
                pumps.do(pump["point"], "hang")
        assert nursery.born("player", "settle", addresses, site.folder).wait() == 0
        evidence = Evidence(before[0], pumps.all(), journal_facts(site), before[1], central.get("/control/ledger"))
        assert differences(evidence) == []
        pumps.close()
        central.close()
    finally:
        sandbox.stop()
