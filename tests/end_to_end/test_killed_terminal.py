"""SIGKILL during any scenario, start again: the three ledgers are equal (I1-I7, I14).

Each case is a real terminal process killed around one of its commits. CI plays a seeded handful a scenario; all kill
points are played with `POS_CLIENT_KILL_POINTS=all`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_client.bootstrap.demo.headless import journal_facts
from pos_client.bootstrap.demo.ledgers import Evidence, differences
from pos_client.bootstrap.demo.sandbox_process import Control, Pumps, SandboxProcess
from pos_client.bootstrap.demo.scenarios import SCENARIOS
from pos_client.bootstrap.paths import Site

PLAYER = Path(__file__).with_name("player.py")
COMMITS = 14
"""No scenario commits more often; a kill point behind its last commit is a run without a kill."""
EACH = 2


def kill_points() -> Iterator[tuple[str, int, str]]:
    every = os.environ.get("POS_CLIENT_KILL_POINTS") == "all"
    dice = random.Random(20261123)
    for name in SCENARIOS:
        points = [(n, when) for n in range(2, COMMITS + 1) for when in ("before", "after")]
        for n, when in points if every else dice.sample(points[:18], EACH):
            yield name, n, when


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("scenario", "n", "when"), list(kill_points()))
def test_sigkill_then_restart_leaves_the_ledgers_equal(scenario: str, n: int, when: str, tmp_path: Path) -> None:
    site = Site(tmp_path / "till")
    site.folder.mkdir()
    sandbox = SandboxProcess(["--speed", "20", "--db", f"sqlite:///{tmp_path / 'central.db'}"])
    try:
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps(sandbox.addresses.raw), "utf-8")
        pumps = Pumps(sandbox.addresses)
        central = Control(sandbox.addresses.central["control"])
        before = pumps.all(), central.get("/control/ledger")
        killed = play("play", addresses, site, scenario, str(n), when)
        assert killed in (-signal.SIGKILL, 0)
        central.delete("/control/faults")
        for pump in pumps.all():
            if not pump["powered"]:
                pumps.do(pump["point"], "restore_power")
            if pump["nozzle_out"]:
                pumps.do(pump["point"], "hang")
        assert play("settle", addresses, site) == 0
        evidence = Evidence(before[0], pumps.all(), journal_facts(site), before[1], central.get("/control/ledger"))
        assert differences(evidence) == []
        pumps.close()
        central.close()
    finally:
        sandbox.stop()


def play(*arguments: object) -> int:
    words = [str(a.folder) if isinstance(a, Site) else str(a) for a in arguments]
    return subprocess.run([sys.executable, str(PLAYER), *words], check=False, timeout=120).returncode
