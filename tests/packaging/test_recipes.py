"""The recipes of the packages say what is so: held to the sources, and built around a stand-in of the folder."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import files
from pathlib import Path

import pytest
import yaml

from pos_client import __version__

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}


def spec_list(name: str) -> list[str]:
    """A plain list of the spec, without running it."""
    tree = ast.parse((PACKAGING / "pos_client.spec").read_text(encoding="utf-8"))
    [value] = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]
    return list(ast.literal_eval(value))


def test_no_qt_module_that_is_left_out_is_used():
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pos_client").rglob("*.py"))
    used = set(re.findall(r"PySide6\.(\w+)", text))
    assert {"QtCore", "QtGui", "QtWidgets"} <= used
    assert used & set(spec_list("QT_MODULES_LEFT_OUT")) == set()


def test_every_qt_module_is_used_or_left_out_by_name():
    """A module Qt gains or we begin to use has to be decided on, not to slip in."""
    there = {path.name.split(".")[0] for path in files("PySide6-Essentials") or [] if path.match("PySide6/Qt*.abi3.so")}
    assert len(there) > 10
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pos_client").rglob("*.py"))
    used = set(re.findall(r"PySide6\.(\w+)", text))
    assert there - used - set(spec_list("QT_MODULES_LEFT_OUT")) <= {"QtSvg", "QtSvgWidgets"}


@pytest.mark.parametrize("script", sorted(path.name for path in PACKAGING.glob("*.sh")))
def test_a_script_is_a_script(script):
    assert os.access(PACKAGING / script, os.X_OK)
    subprocess.run(["sh", "-n", str(PACKAGING / script)], check=True, timeout=20)


def test_the_build_server_runs_what_is_there():
    text = (ROOT / ".github" / "workflows" / "packages.yml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)["jobs"]) == {"audit", "debian", "windows"}
    named = set(re.findall(r"packaging/[\w/]+\.(?:py|sh|txt)", text))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = {word for line in re.findall(r"run: make (.+)", text) for word in line.split()}
    assert made
    assert made <= targets


def stand_in(folder: Path) -> Path:
    """Something of the frozen folder's shape, with a program that really runs."""
    frozen = folder / "frozen"
    (frozen / "_internal" / "pos_client").mkdir(parents=True)
    shutil.copy("/bin/true", frozen / "pos-client")
    (frozen / "_internal" / "pos_client" / "words.toml").write_text("a = 1\n", encoding="utf-8")
    return frozen


@pytest.fixture(scope="module")
def deb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deb")
    return build_deb(stand_in(folder), folder / "made")


def build_deb(frozen: Path, target: Path) -> Path:
    command = [sys.executable, str(PACKAGING / "build_deb.py"), str(frozen), str(target)]
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, timeout=120)
    return next(target.glob("*.deb"))


def dpkg(*words: str) -> str:
    return subprocess.run(["dpkg-deb", *words], capture_output=True, text=True, check=True, timeout=20).stdout


def test_the_package_says_what_it_is_and_what_it_needs(deb):
    assert dpkg("--field", str(deb), "Package", "Version").split() == [
        "Package:",
        "pos-client",
        "Version:",
        __version__,
    ]
    needed = re.findall(r"[a-z0-9.+-]+(?= \(|,|$)", dpkg("--field", str(deb), "Depends").strip())
    assert {"acl", "adduser", "debconf", "fontconfig", "libc6", "libusb-1.0-0"} <= set(needed)


def test_the_package_puts_everything_in_its_place(deb):
    listed = {
        line.split(" ./", 1)[1]: line.split()[:2] for line in dpkg("--contents", str(deb)).splitlines() if " ./" in line
    }
    assert listed["usr/lib/pos-client/pos-client"] == ["-rwxr-xr-x", "root/root"]
    assert listed["usr/lib/pos-client/_internal/pos_client/words.toml"] == ["-rw-r--r--", "root/root"]
    assert "usr/bin/pos-client -> ../lib/pos-client/pos-client" in listed
    for place in (
        "applications/pos-client.desktop",
        "icons/hicolor/scalable/apps/pos-client.svg",
        "doc/pos-client/copyright",
        "man/man1/pos-client.1.gz",
    ):
        assert f"usr/share/{place}" in listed
    assert "usr/lib/udev/rules.d/60-pos-client.rules" in listed
    assert "usr/lib/systemd/user/pos-client.service" in listed
    assert not [name for name in listed if name.startswith(("home", "root", "var", "tmp"))]


def compare(one: Path, other: Path) -> str:
    command = [sys.executable, str(PACKAGING / "compare_builds.py"), str(one), str(other)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=50).stdout


def test_two_packages_of_one_tree_are_the_same_bytes(deb, tmp_path):
    frozen = stand_in(tmp_path)
    os.utime(frozen / "pos-client", (1, 1))
    again = build_deb(frozen, tmp_path / "again")
    assert again.read_bytes() == deb.read_bytes()
    assert compare(deb, again).endswith(" the same\n")


def test_what_differs_between_two_builds_is_named(deb, tmp_path):
    frozen = stand_in(tmp_path)
    (frozen / "_internal" / "pos_client" / "words.toml").write_text("a = 2\n", encoding="utf-8")
    (frozen / "_internal" / "more").touch()
    said = compare(deb, build_deb(frozen, tmp_path / "again"))
    assert "differs in contents: /./usr/lib/pos-client/_internal/pos_client/words.toml" in said
    assert "_internal/more" in next(line for line in said.splitlines() if line.startswith("only in"))
    assert said.endswith("NOT the same\n")


def test_the_entry_and_the_service_start_what_is_installed():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]  # keys of a desktop entry have cases
    entry.read(PACKAGING / "debian" / "pos-client.desktop", encoding="utf-8")
    assert entry["Desktop Entry"]["Exec"] == "pos-client keep"
    assert entry["Desktop Entry"]["Icon"] == "pos-client"
    service = configparser.ConfigParser(interpolation=None)
    service.read(PACKAGING / "debian" / "pos-client.service", encoding="utf-8")
    assert service["Service"]["ExecStart"] == "/usr/bin/pos-client keep"
    assert service["Service"]["Restart"] == "on-failure"
    assert service["Install"]["WantedBy"] == "graphical-session.target"


def test_a_rule_adds_to_a_device_and_takes_from_nobody():
    text = (PACKAGING / "debian" / "60-pos-client.rules").read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if "RUN+=" in line]
    assert len(rules) == 4
    assert all("setfacl -m g:pos-client:rw $devnode" in rule for rule in rules)
    assert not re.search(r"\b(GROUP|MODE|OWNER)\s*:?=", text)


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_a_maintainer_script_stops_at_the_first_fault(script):
    path = PACKAGING / "debian" / script
    subprocess.run(["sh", "-n", str(path)], check=True, timeout=20)
    assert "\nset -e\n" in path.read_text(encoding="utf-8")


def test_only_a_yes_deletes_books():
    """The one `rm` of the packages stands behind the question, and looks whether the folder is a till's."""
    scripts = {name: (PACKAGING / "debian" / name).read_text("utf-8") for name in ("postinst", "prerm", "postrm")}
    assert [name for name, text in scripts.items() if re.search(r"\brm\b", text)] == ["postrm"]
    asked, deletes = scripts["postrm"].index('if [ "$delete" = true ]'), scripts["postrm"].index("rm -rf")
    assert asked < scripts["postrm"].index("journal.db") < deletes
    assert "Default: false" in (PACKAGING / "debian" / "templates").read_text(encoding="utf-8")


def test_the_installer_compiles_around_a_stand_in_and_bears_the_version(tmp_path):
    payload = tmp_path / "nội dung"
    (payload / "_internal").mkdir(parents=True)
    for name in ("pos-client.exe", "pos-client-till.exe", "_internal/words.toml"):
        (payload / name).write_text("stand-in", encoding="utf-8")
    made = tmp_path / "pos-client-installer.exe"
    command = [sys.executable, str(PACKAGING / "build_installer.py"), str(payload), str(made)]
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, timeout=60)
    program = made.read_bytes()
    assert program[:2] == b"MZ"
    assert __version__.encode("utf-16-le") in program


def test_windows_is_told_the_version():
    version_info = import_module("version_info")

    assert version_info.windows_version("1.22.333") == (1, 22, 333, 0)
    assert version_info.strings(__version__, "pos-client.exe")["FileVersion"] == __version__


def test_the_version_is_one_of_three_numbers():
    assert import_module("release").version() == __version__
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"] == ["version"]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of keys, made by the tool that makes it."""
    folder = tmp_path_factory.mktemp("keys")
    made = [_announce("key", str(folder / name)).stdout.strip() for name in ("old", "next")]
    done = _announce("trust", "https://updates.example.vn/manifest", *made, str(folder / "releases.toml"))
    assert done.returncode == 0, done.stderr
    return folder / "releases.toml"


def _announce(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PACKAGING / "announce.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_package_brings_the_release_keys_it_was_made_with(keyed, tmp_path, monkeypatch):
    monkeypatch.setenv("POS_CLIENT_RELEASES", str(keyed))
    tree = import_module("release").copy_sources(tmp_path / "tree")
    assert (tree / "resources" / "releases.toml").read_bytes() == keyed.read_bytes()
    assert not (ROOT / "resources" / "releases.toml").exists(), "the checkout carries no key"


def test_without_keys_a_package_brings_none_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("POS_CLIENT_RELEASES", raising=False)
    tree = import_module("release").copy_sources(tmp_path / "tree")
    assert not (tree / "resources" / "releases.toml").exists()
    assert "look for no new version" in capsys.readouterr().err


def test_nothing_is_packed_with_a_key_no_till_would_read(keyed, tmp_path, monkeypatch):
    wrong = tmp_path / "releases.toml"
    wrong.write_text(keyed.read_text("utf-8").replace("https", "http"), "utf-8")
    monkeypatch.setenv("POS_CLIENT_RELEASES", str(wrong))
    with pytest.raises(ValueError, match="https"):
        import_module("release").copy_sources(tmp_path / "tree")
    assert _announce("trust", "http://updates.example.vn", "x", str(tmp_path / "out")).returncode == 1
    assert not (tmp_path / "out").exists()
