"""Plays scenarios one after the other: each on a fresh sandbox and a fresh site, each judged by its three ledgers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from pos_client.adapters.sqlite.reader import as_json, open_reader
from pos_client.bootstrap import loading
from pos_client.bootstrap.demo.demo_site import enrolled_settings, make_folder
from pos_client.bootstrap.demo.ledgers import Evidence, differences
from pos_client.bootstrap.demo.sandbox_process import SandboxFailed, SandboxProcess
from pos_client.bootstrap.demo.scenarios import SCENARIOS
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.paper import as_text
from pos_client.domain.receipt_layout import layout
from pos_client.ports.errors import Unavailable
from pos_client.ui.application import create_application

Report = dict[str, Any]
SPEED = 20
"""Pumps run so many times faster than real ones; the wire keeps its own pace."""


def play_all(names: list[str], folder: Path, language: str, seed: int, pictures: Path | None) -> Report:
    """The report of all scenarios, in the order asked for."""
    app = create_application([], resources(), "day")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    scenarios = []
    for name in names:
        result = play_one(app, name, folder, language, seed, pictures)
        scenarios.append(result)
        print(f"{'ok' if result['ok'] else 'FAILED':6} {name:24} {result['seconds']:6.1f} s", flush=True)
        for line in result["differences"]:
            print(f"       {line}", flush=True)
        if result["error"]:
            print(f"       {result['error']}", flush=True)
    return {"language": language, "seed": seed, "scenarios": scenarios}


def play_one(app: QApplication, name: str, folder: Path, language: str, seed: int, pictures: Path | None) -> Report:
    """One scenario with its evidence."""
    started = time.monotonic()
    error, evidence = "", None
    steps: list[str] = []
    receipts: list[str] = []
    site = make_folder(folder, name)
    try:
        sandbox = SandboxProcess(
            ["--seed", str(seed), "--speed", str(SPEED), "--db", f"sqlite:///{site.folder / 'central.db'}"]
        )
        try:
            stage = Stage(app, sandbox.addresses, enrolled_settings(sandbox.addresses, site, language), site)
            stage.pictures = pictures
            steps = stage.steps
            try:
                evidence, receipts = _witnessed(stage, name)
            finally:
                stage.close()
        finally:
            sandbox.stop()
    except (ScenarioFailed, SandboxFailed, Unavailable) as failure:
        error = str(failure)
    wrong = differences(evidence) if evidence is not None else []
    return {
        "name": name,
        "ok": evidence is not None and not wrong and not error,
        "seconds": round(time.monotonic() - started, 2),
        "steps": steps,
        "receipts": receipts,
        "journal": evidence.facts if evidence else [],
        "central": evidence.central_after if evidence else {},
        "dispenser": {
            "before": evidence.pumps_before if evidence else [],
            "after": evidence.pumps_after if evidence else [],
        },
        "differences": wrong,
        "error": error,
    }


def _witnessed(stage: Stage, name: str) -> tuple[Evidence, list[str]]:
    """Play the story between two looks at every ledger."""
    pumps, central = stage.pumps.all(), stage.central.get("/control/ledger")
    receipts: list[str] = []
    with stage.scenario(name):
        stage.open_terminal()
        SCENARIOS[name](stage)
        words = loading.catalogue(resources(), stage.settings.screen.language)
        columns = stage.settings.printer.columns
        if stage.seen.receipt is not None:
            receipts.append(as_text(layout(stage.seen.receipt, words, columns), columns))
        stage.close_terminal()
    return gather(stage, pumps, central), receipts


def gather(stage: Stage, pumps_before: list[Report], central_before: Report) -> Evidence:
    """What the three ledgers say now."""
    return Evidence(
        pumps_before=pumps_before,
        pumps_after=stage.pumps.all(),
        facts=journal_facts(stage.site),
        central_before=central_before,
        central_after=stage.central.get("/control/ledger"),
    )


def journal_facts(site: Site) -> list[Report]:
    """Every fact of a site's journal, as plain rows."""
    with open_reader(site.journal) as reader:
        rows = [as_json(entry) for entry in reader.everything()]
    return [{"seq": row["seq"], "at": row["at"], "fact": row["kind"], **row["fact"]} for row in rows]
