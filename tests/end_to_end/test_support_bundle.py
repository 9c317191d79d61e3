"""A support bundle taken from a terminal at work, after customers were there: none of them is in it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.services.snapshots import PointsPhase
from tests.end_to_end.console import pos_client
from tests.end_to_end.counter import ORGANISATION, PHONE, Counter, phase_of
from tests.unit.diagnostics.test_allow_list import PEOPLE

pytestmark = pytest.mark.timeout(120)
ORGANISATION_PIN = "246813"


def spend(counter: Counter, identifier: str, secret: str | None) -> None:
    counter.open_sale()
    counter.known(identifier)
    counter.use_points()
    counter.type_secret(secret or counter.code())
    counter.stage.until(lambda s: phase_of(s) in (None, PointsPhase.DONE), "the points are spent", 40.0)
    counter.stage.key(Qt.Key.Key_Return)


def test_no_customer_is_in_the_bundle_of_a_terminal_at_work(counter: Counter, tmp_path: Path):
    stage = counter.stage
    spend(counter, PHONE, None)
    spend(counter, ORGANISATION, ORGANISATION_PIN)
    write_settings(stage.site.settings, stage.settings)
    assert stage.terminal is not None
    target = tmp_path / "bundle.zip"
    answer = pos_client("support-bundle", target, "--data", stage.site.folder, "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    with zipfile.ZipFile(target) as archive:
        files = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert {row["kind"] for row in json.loads(files["journal.json"])["entries"]} >= {"CustomerAttached", "Captured"}
    assert {row["use"] for row in json.loads(files["ports.json"]) if row["lines"]} == {"busy"}
    assert any(name.startswith("logs/link-dart-1") for name in files)
    assert len(counter.secrets) == 2
    for name, text in files.items():
        for canary in (*PEOPLE, *counter.secrets, stage.settings.station.cashier, str(stage.site.folder)):
            assert canary not in text, (name, canary)
