"""The support bundle of a real terminal's folder: what is in it, what never is, and what becomes of a bad target."""

from __future__ import annotations

import json
import logging
import os
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_client.adapters.diagnostics import support_bundle as b
from pos_client.adapters.diagnostics import wire_file
from pos_client.adapters.diagnostics.log_setup import link_logger, set_up_logging
from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.paths import Site
from pos_client.domain.facts import CustomerAttached, SaleOpened
from pos_client.domain.identifiers import FuellingId, SaleId
from pos_client.domain.wire import Direction, WireRecord
from pos_client.ports.store import Change
from pos_client.settings.model import (
    CentralSettings,
    GradeSettings,
    LineSettings,
    PointSettings,
    PrinterSettings,
    Settings,
    StationSettings,
)
from tests.contracts.store_contract import AT, item
from tests.unit.diagnostics.test_allow_list import PEOPLE

KEY = "c2VjcmV0LXNlYWwta2V5LW9mLWhlYWQtb2ZmaWNlISE="
DEVICE_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CASHIER = "Nguyễn Thị Ánh"
OTP = "730164"
EXPECTED = {"README.txt", "versions.json", "machine.json", "settings.toml", "journal.json", "ports.json", "doctor.json"}


@pytest.fixture(autouse=True)
def no_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own key store is opened by a test."""
    monkeypatch.setattr(
        "pos_client.adapters.secrets.keyring_store.open_keyring", lambda **_: SimpleNamespace(get=lambda name: None)
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A terminal's folder in which everything that must not leave stands wherever it could."""
    site = Site(tmp_path / "Nguyen Van A" / "till")
    site.folder.mkdir(parents=True)
    settings = Settings(
        station=StationSettings("CHXD018", "CHXD số 18", "T1", CASHIER),
        central=CentralSettings(url="http://127.0.0.1:9", seal_key=KEY),
        printer=PrinterSettings(target=f"file:{site.folder}/receipts"),
        grades=(GradeSettings("DO-005S", "DO", 21_580),),
        lines=(LineSettings("dart-1", "dart", "/dev/none", points=(PointSettings(1, 80, ("DO-005S",)),)),),
    )
    write_settings(site.settings, settings)
    store = open_store(site.journal)
    sale = SaleId("s1")
    facts = [
        SaleOpened(sale, FuellingId("f1"), "T1-000001"),
        *(CustomerAttached(sale, DEVICE_KEY, form, form, "individual", True) for form in PEOPLE),
    ]
    store.commit(Change(facts=tuple(facts), items=(replace(item(1), body=f'{{"otp": "{OTP}"}}'.encode()),)), AT)
    store.close()
    handler = set_up_logging(site.logs)
    link = link_logger(site.logs, "dart-1")
    for form in (*PEOPLE, DEVICE_KEY, KEY, OTP, CASHIER):
        logging.getLogger("pos_client.test").info("looked up %s", form)
        link.debug("customer %s, folder %s", form, site.folder)
    link.debug("> 50 20 fa")
    for each in (handler, *link.handlers):
        each.close()
    logging.getLogger().removeHandler(handler)
    records = [WireRecord(1, "dart-1", 123_456, Direction.SENT, b"\x50\x20\xfa")]
    setup: dict[str, object] = {"options": "Trần Hồng Phúc", "heads": [{"address": 80, "prices": [21_580]}]}
    wire_file.save(
        site.logs / "wire-20261123-081500-dart-1.jsonl",
        {"dart-1": wire_file.RecordedWire("dart", setup)},
        records,
        CASHIER,
        1,
    )
    yield site
    for each in list(link.handlers):
        link.removeHandler(each)


def bundled(site: Site, target: Path, *more: str) -> dict[str, str]:
    arguments = parse(["support-bundle", str(target), "--data", str(site.folder), *more])
    assert arguments.run(arguments) == 0
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_everything_support_asks_for_is_there(site: Site, tmp_path: Path):
    files = bundled(site, tmp_path / "bundle.zip")
    assert set(files) >= EXPECTED
    assert {name for name in files if "/" in name} == {
        "logs/pos-client.log",
        "logs/link-dart-1.log",
        "wires/wire-20261123-081500-dart-1.jsonl",
    }
    settings = tomllib.loads(files["settings.toml"])
    assert settings["lines"][0]["points"] == [
        {
            "point": 1,
            "address": 80,
            "nozzles": ["DO-005S"],
            "volume_decimals": 2,
            "amount_decimals": 0,
            "price_decimals": 0,
            "total_decimals": 2,
            "total_digits": 0,
        }
    ]
    journal = json.loads(files["journal.json"])
    assert journal["verdict"]["entries"] == 1 + len(PEOPLE)
    assert {row["kind"]: row["count"] for row in journal["entries"]} == {
        "SaleOpened": 1,
        "CustomerAttached": len(PEOPLE),
    }
    assert [row["count"] for row in journal["waiting"]] == [1]
    assert [port["lines"] for port in json.loads(files["ports.json"]) if port["device"] == "/dev/none"] == [["dart-1"]]
    assert "line dart-1" in {finding["what"] for finding in json.loads(files["doctor.json"])}
    assert json.loads(files["machine.json"])["disk_mb"]["total"] > 0
    assert json.loads(files["versions.json"])["pos-client"]
    assert "> 50 20 fa" in files["logs/link-dart-1.log"]
    recording = tmp_path / "wire.jsonl"
    recording.write_text(files["wires/wire-20261123-081500-dart-1.jsonl"], "utf-8")
    replayed = wire_file.load(recording)
    assert [record.raw for record in replayed.records] == [b"\x50\x20\xfa"]
    assert replayed.wires["dart-1"].setup["heads"] == [{"address": 80, "prices": [21_580]}]


def test_nobody_and_no_key_is_in_any_file(site: Site, tmp_path: Path):
    written = "".join(path.read_text("utf-8", "replace") for path in site.logs.iterdir())
    assert "Trần Hồng Phúc" in written, "the canaries are in what is bundled"
    files = bundled(site, tmp_path / "bundle.zip")
    for name, text in files.items():
        for canary in (*PEOPLE, CASHIER, OTP, KEY, DEVICE_KEY, "Nguyen Van A", str(site.folder), str(Path.home())):
            assert canary not in text, (name, canary)
    raw = (tmp_path / "bundle.zip").read_bytes()
    assert b"Nguyen" not in raw


def test_a_folder_without_a_terminal_gives_a_bundle_too(tmp_path: Path):
    files = bundled(Site(tmp_path / "none"), tmp_path / "bundle.zip", "--lang", "en")
    assert EXPECTED - {"settings.toml"} | {"settings-faults.json"} == set(files)
    assert json.loads(files["settings-faults.json"])[0]["code"] == "no_file"
    assert json.loads(files["journal.json"]) == {"there": False}
    assert not (tmp_path / "none").exists()


def test_damaged_books_and_settings_are_named_and_not_copied(site: Site, tmp_path: Path):
    site.settings.write_text(f'[station]\ncashier = "{CASHIER}"\nx = "Trần Hồng Phúc"\n', "utf-8")
    site.journal.write_bytes(b"Tran Hong Phuc" * 900)
    files = bundled(site, tmp_path / "bundle.zip")
    assert "error" in json.loads(files["journal.json"])
    assert json.loads(files["settings-faults.json"]) == [{"place": "station.x", "code": "unknown_key"}]
    assert not [name for name, text in files.items() if "Phuc" in text or "Phúc" in text or CASHIER in text]


def test_only_the_end_of_a_long_log_goes(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(b, "LOG_BYTES", 200)
    monkeypatch.setattr(b, "WIRE_BYTES", 10)
    files = bundled(site, tmp_path / "bundle.zip")
    assert len(files["logs/link-dart-1.log"]) <= 200
    assert files["logs/link-dart-1.log"].endswith("> 50 20 fa\n")
    assert not [name for name in files if name.startswith("wires/")]


def refused(site: Site, target: Path, capsys: pytest.CaptureFixture[str]) -> str:
    arguments = parse(["support-bundle", str(target), "--data", str(site.folder), "--lang", "en"])
    assert arguments.run(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    return said.err


def test_a_place_that_takes_no_file_is_said(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "could not be written" in refused(site, tmp_path / "there" / "is" / "no.zip", capsys)
    (tmp_path / "folder.zip").mkdir()
    assert "directory" in refused(site, tmp_path / "folder.zip", capsys).lower()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Nguyen Van A", "folder.zip"]


def test_a_full_disk_leaves_the_bundle_before_as_it_was(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    target = tmp_path / "bundle.zip"
    bundled(site, target)
    before = target.read_bytes()
    capsys.readouterr()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in refused(site, target, capsys)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
