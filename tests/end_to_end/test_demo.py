"""`pos-client demo --headless` as CI and customers run it: a process of its own, every scenario, one report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pos_client.bootstrap.demo.scenarios import SCENARIOS

PROMISED = {
    "accrue-cash", "accrue-electronic", "accrue-mixed", "redeem-individual-otp", "redeem-organisation-pin",
    "redeem-driver-voucher", "gift-fuel-preset", "offline-accrual", "offline-voucher",
    "answer-lost", "wrong-otp",
    "power-cut-mid-fuelling", "serial-unplugged", "two-dispensers", "price-change",
}  # fmt: skip


def pos_client(*arguments: str, seconds: float = 480) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pos_client", *arguments], capture_output=True, text=True, timeout=seconds, check=False
    )


def test_every_promised_scenario_is_listed() -> None:
    listed = pos_client("demo", "--list-scenarios")
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines()} >= PROMISED


def test_an_unknown_scenario_is_wrong_usage() -> None:
    answer = pos_client("demo", "--headless", "--scenario", "no-such")
    assert answer.returncode == 2
    assert "accrue-cash" in answer.stderr


@pytest.mark.timeout(900)
def test_all_scenarios_leave_three_equal_ledgers(tmp_path: Path) -> None:
    report_file = tmp_path / "report.json"
    pictures = str(tmp_path / "pictures")
    answer = pos_client("demo", "--headless", "--report", str(report_file), "--screenshots", pictures, seconds=840)
    report = json.loads(report_file.read_text("utf-8"))
    bad = [(s["name"], s["error"], s["differences"]) for s in report["scenarios"] if not s["ok"]]
    assert not bad
    assert answer.returncode == 0
    assert "Traceback" not in answer.stderr
    by_name = {s["name"]: s for s in report["scenarios"]}
    assert set(by_name) == set(SCENARIOS)
    assert earned(by_name["accrue-cash"]) == [200]
    assert earned(by_name["accrue-electronic"]) == [450]
    assert earned(by_name["accrue-mixed"]) == [400]
    assert list((tmp_path / "pictures").glob("redeem-individual-otp-*-cashier.png"))


def earned(scenario: dict[str, object]) -> list[int]:
    facts = scenario["journal"]
    assert isinstance(facts, list)
    return [fact["points"] for fact in facts if fact["fact"] == "AccrualPosted"]
