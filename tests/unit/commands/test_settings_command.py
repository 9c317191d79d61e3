"""`pos-client settings`: shown, checked, given away, taken over; the present file survives whatever is wrong."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.settings_file.toml_file import previous_path, read_settings, write_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.paths import Site
from pos_client.settings.model import (
    GradeSettings,
    LineSettings,
    PointSettings,
    ScreenSettings,
    Settings,
    StationSettings,
)
from pos_client.settings.options import SECTIONS, SETTINGS_VERSION
from pos_client.settings.transfer import exported, for_support
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree

SETTINGS = Settings(
    station=StationSettings("CHXD018", "CHXD số 18", "T2", "Nguyễn Thị Ánh"),
    screen=ScreenSettings(language="en"),
    grades=(GradeSettings("DO", "DO 0,05S", 21_580),),
    lines=(LineSettings("dart-1", "dart", "COM3", points=(PointSettings(1, 80, ("DO",)),)),),
)
OTHER = replace(SETTINGS, station=replace(SETTINGS.station, terminal="T3"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "till")
    site.folder.mkdir()
    write_settings(site.settings, SETTINGS)
    return site


def run(site: Site, *words: object) -> int:
    arguments = parse(["settings", *map(str, words), "--data", str(site.folder)])
    return arguments.run(arguments)


def test_show_prints_what_reads_back_equal(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert run(site, "show") == 0
    copy = tmp_path / "copy.toml"
    copy.write_text(capsys.readouterr().out, "utf-8")
    assert read_settings(copy).settings == SETTINGS
    assert run(site, "show", "--json") == 0
    assert check(json.loads(capsys.readouterr().out)).settings == SETTINGS


def test_export_and_import_carry_everything_to_another_till(site: Site, tmp_path: Path):
    away, other = tmp_path / "away.toml", Site(tmp_path / "new" / "till")
    assert run(site, "export", away) == 0
    assert run(other, "import", away) == 0
    assert read_settings(other.settings).settings == SETTINGS


def test_import_keeps_the_settings_before(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "other.toml"
    write_settings(file, OTHER)
    assert run(site, "import", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["previous"] == str(previous_path(site.settings))
    assert read_settings(site.settings).settings == OTHER
    assert read_settings(previous_path(site.settings)).settings == SETTINGS


WRONG = {
    "a nozzle mapped twice": dumps(as_tree(SETTINGS)).replace("point = 1", "point = 1\n")
    + '\n[[lines]]\nname = "dart-2"\nprotocol = "dart"\nport = "com3"\n'
    + '[[lines.points]]\npoint = 1\naddress = 80\nnozzles = ["X"]\n',
    "newer": f"version = {SETTINGS_VERSION + 1}\n[hologram]\n",
    "sandbox": 'secrets_backend = "sandbox-file"\n',
    "no TOML": "lines = [",
    "no text": "\udcff",
}
CODES = {
    "a nozzle mapped twice": ["duplicate", "duplicate", "unknown_grade"],
    "newer": ["newer_settings"],
    "sandbox": ["sandbox_secrets"],
    "no TOML": ["damaged"],
    "no text": ["damaged"],
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("action", ["check", "import"])
def test_a_wrong_file_is_told_whole_and_changes_nothing(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str, what: str
):
    file = tmp_path / "wrong.toml"
    file.write_bytes(WRONG[what].encode("utf-8", "surrogateescape"))
    before = {path.name: path.read_bytes() for path in site.folder.iterdir()}
    assert run(site, action, file, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert [fault["code"] for fault in answer["faults"]] == CODES[what]
    assert all(fault["says"] for fault in answer["faults"])
    assert run(site, action, file) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) >= 1 + len(CODES[what])
    assert {path.name: path.read_bytes() for path in site.folder.iterdir()} == before


def test_an_older_file_is_taken_with_defaults_for_what_it_lacks(site: Site, tmp_path: Path):
    tree = as_tree(OTHER)
    for new in ("version", "counter", "prices"):
        del tree[new]
    file = tmp_path / "old.toml"
    file.write_text(dumps(tree), "utf-8")
    assert run(site, "check", file) == 0
    assert run(site, "import", file) == 0
    assert read_settings(site.settings).settings == OTHER


def test_a_damaged_present_file_is_kept_for_support_when_another_is_taken(site: Site, tmp_path: Path):
    file = tmp_path / "other.toml"
    write_settings(file, OTHER)
    site.settings.write_text("lines = [", "utf-8")
    assert run(site, "import", file) == 0
    assert site.settings.with_name("settings.toml.damaged").read_text("utf-8") == "lines = ["
    assert read_settings(site.settings).settings == OTHER


@pytest.mark.parametrize("action", ["export", "import"])
def test_a_disk_that_takes_nothing_is_said_and_the_files_stay(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], action: str
):
    file = tmp_path / "other.toml"
    write_settings(file, OTHER)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run(site, action, file) == 1
    assert "No space left" in capsys.readouterr().err
    assert read_settings(site.settings).settings == SETTINGS
    assert read_settings(file).settings == OTHER
    assert [path.name for path in tmp_path.rglob("*.unfinished")] == []


def test_a_till_without_settings_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    nothing = Site(tmp_path / "none")
    for words in (("show",), ("export", tmp_path / "x.toml"), ("check", tmp_path / "absent.toml")):
        assert run(nothing, *words, "--lang", "vi") == 1
        assert "Không có tệp cài đặt" in capsys.readouterr().err
    assert not nothing.folder.exists()
    assert not (tmp_path / "x.toml").exists()


def test_words_follow_the_settings_unless_told(site: Site, capsys: pytest.CaptureFixture[str]):
    assert run(site, "check", site.settings) == 0
    assert run(site, "check", site.settings, "--lang", "vi") == 0
    assert capsys.readouterr().out.splitlines() == ["The settings are right.", "Cài đặt đúng."]


def test_what_leaves_the_machine_names_nobody():
    assert check(exported(SETTINGS)).settings == SETTINGS
    assert "Ánh" not in json.dumps(for_support(SETTINGS), ensure_ascii=False)
    assert for_support(SETTINGS)["station"]["terminal"] == "T2"


def test_a_secret_option_would_stay_at_home(monkeypatch: pytest.MonkeyPatch):
    secret = {"central": ("seal_key",), "lines": ("port",), "points": ("address",), "secrets": ("secrets_backend",)}
    sections = {
        section: tuple(replace(o, secret=o.key in secret.get(section, ())) for o in options)
        for section, options in SECTIONS.items()
    }
    monkeypatch.setattr("pos_client.settings.transfer.SECTIONS", sections)
    tree = exported(SETTINGS)
    assert "seal_key" not in tree["central"]
    assert "port" not in tree["lines"][0]
    assert "address" not in tree["lines"][0]["points"][0]
    assert "secrets_backend" not in tree
    assert tree["central"]["url"] == SETTINGS.central.url
