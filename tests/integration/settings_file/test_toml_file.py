from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.settings_file.toml_file import previous_path, read_settings, write_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import GradeSettings, LineSettings, PointSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS

PRINTABLE = Settings(
    station=StationSettings("CHXD018", 'CHXD "số" 18 \\', "T1", "Ánh"),
    grades=(GradeSettings("E10-95-III", "E10 RON 95-III", 27_080, earns=False),),
    lines=(
        LineSettings("dart-1", "dart", "COM3", points=(PointSettings(1, 80, ("E10-95-III",)),)),
        LineSettings("dart-2", "dart", "COM4"),
    ),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_what_was_saved_is_read_back(file: Path):
    write_settings(file, PRINTABLE)
    loaded = read_settings(file)
    assert loaded.faults == ()
    assert loaded.settings == PRINTABLE
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_the_file_before_is_kept_but_a_damaged_one_never_takes_its_place(file: Path):
    write_settings(file, PRINTABLE)
    write_settings(file, Settings())
    assert read_settings(previous_path(file)).settings == PRINTABLE
    file.write_text("station = [", encoding="utf-8")
    write_settings(file, Settings())
    assert read_settings(previous_path(file)).settings == PRINTABLE


def test_a_damaged_file_is_told_with_its_line_and_the_one_before_is_offered(file: Path):
    write_settings(file, PRINTABLE)
    write_settings(file, PRINTABLE)
    file.write_text('[station]\nname = "x"\nterminal = T1\n', encoding="utf-8")
    loaded = read_settings(file)
    assert loaded.settings is None
    (fault,) = loaded.faults
    assert (fault.code, dict(fault.params)["line"]) == ("damaged", 3)
    assert loaded.previous == previous_path(file)


def test_a_file_cut_short_is_damaged_at_its_end(file: Path):
    file.write_text('[station]\nname = "CHXD', encoding="utf-8")
    (fault,) = read_settings(file).faults
    assert (fault.code, dict(fault.params)["line"]) == ("damaged", 2)


def test_a_file_in_another_encoding_is_damaged(file: Path):
    file.write_bytes("[station]\nname = 'Số 18'\n".encode("cp1258", errors="replace") + b"x = '\xff'\n")
    (fault,) = read_settings(file).faults
    assert (fault.code, dict(fault.params)["line"]) == ("damaged", 3)


def test_notepads_mark_and_line_ends_do_no_harm(file: Path):
    file.write_bytes(b"\xef\xbb\xbf[station]\r\nname = 'A'\r\n")
    settings = read_settings(file).settings
    assert settings is not None
    assert settings.station.name == "A"


def test_no_file_is_a_fault_of_its_own(file: Path):
    loaded = read_settings(file)
    assert [fault.code for fault in loaded.faults] == ["no_file"]
    assert loaded.previous is None


def test_a_folder_in_its_place_cannot_be_read(file: Path):
    file.mkdir()
    assert [fault.code for fault in read_settings(file).faults] == ["unreadable"]
    with pytest.raises(Unavailable, match="settings_not_saved"):
        write_settings(file, Settings())


def test_a_previous_file_that_is_wrong_is_not_offered(file: Path):
    file.write_text("x", encoding="utf-8")
    previous_path(file).write_text("[station]\ncolour = 1\n", encoding="utf-8")
    assert read_settings(file).previous is None


def test_the_sandboxs_secrets_are_refused_unless_allowed(file: Path):
    write_settings(file, replace(PRINTABLE, secrets_backend=SANDBOX_SECRETS))
    assert [fault.code for fault in read_settings(file).faults] == ["sandbox_secrets"]
    assert read_settings(file, allow_sandbox_secrets=True).settings is not None


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_file_as_it_was(file: Path, broken: str, monkeypatch: pytest.MonkeyPatch):
    write_settings(file, PRINTABLE)
    before = file.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, refuse)
    with pytest.raises(Unavailable) as refused:
        write_settings(file, Settings())
    monkeypatch.undo()
    assert refused.value.code == "settings_not_saved"
    assert "No space left" in refused.value.detail
    assert file.read_bytes() == before
    assert not list(file.parent.glob("*.unfinished"))
    assert os.listdir(file.parent) == [file.name]


scalars = st.one_of(st.text(st.characters(codec="utf-8"), max_size=20), st.integers(-(2**63), 2**63 - 1), st.booleans())
keys = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
trees = st.recursive(
    st.dictionaries(keys, scalars | st.lists(scalars, max_size=3), max_size=4),
    lambda inner: st.dictionaries(keys, scalars | inner | st.lists(inner, min_size=1, max_size=2), max_size=4),
    max_leaves=8,
)


@given(trees)
def test_written_toml_is_read_back_equal_by_the_standard_library(tree: dict[str, object]):
    assert tomllib.loads(dumps(tree)) == tree


def test_what_settings_never_hold_is_refused():
    with pytest.raises(TypeError):
        dumps({"x": 1.5})
