"""The wheel carries everything: installed in an empty environment, away from the checkout, it sells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from pos_client import __version__

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, str(ROOT / "packaging" / "build_wheel.py"), str(folder)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000"},
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own, in a folder whose name has spaces and Vietnamese letters.

    The libraries are the ones already here, lent by a path; the program is the wheel's.
    """
    home = tmp_path_factory.mktemp("cài đặt") / "Cửa hàng xăng dầu số 18"
    venv.create(home, with_pip=False, symlinks=True)
    [site] = home.glob("lib/python*/site-packages") if os.name == "posix" else [home / "Lib" / "site-packages"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / ("bin" if os.name == "posix" else "Scripts") / "python"


def ask(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(python), *words],
        cwd=python.parent,
        env={**environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=150,
    )


def test_every_file_that_is_not_python_travels(wheel: Path):
    """A file somebody adds tomorrow is in tomorrow's wheel, or this says which is not."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    resources = [path for path in (ROOT / "resources").rglob("*") if path.is_file() and not LEFT_OUT & set(path.parts)]
    package = [path for path in (ROOT / "pos_client").rglob("*") if path.is_file() and not LEFT_OUT & set(path.parts)]
    wanted = {f"pos_client/_resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in resources}
    wanted |= {path.relative_to(ROOT).as_posix() for path in package if path.name != "README.md"}
    assert len(resources) > 40
    assert sorted(wanted - inside) == []


def test_nothing_of_the_workshop_travels(wheel: Path):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"pos_client", f"{wheel.name.split('-py3')[0]}.dist-info"}


def test_the_installed_program_reads_its_own_resources(installed: Path):
    said = ask(
        installed, "-c", "from pos_client.bootstrap import paths; print(paths.resources(), paths.__file__, sep='\\n')"
    )
    resources, module = (Path(line) for line in said.stdout.splitlines())
    assert module.is_relative_to(installed.parents[1])
    assert resources == module.parents[1] / "_resources"


def test_the_installed_program_says_its_version(installed: Path):
    said = ask(installed, "-m", "pos_client", "--version")
    assert said.stdout == f"pos-client {__version__}\n", said.stderr


@pytest.mark.timeout(180)
def test_the_installed_program_plays_a_sale_with_a_redemption(installed: Path, tmp_path: Path):
    report = tmp_path / "báo cáo.json"
    scenario = "redeem-individual-otp"
    said = ask(installed, "-m", "pos_client", "demo", "--headless", "--scenario", scenario, "--report", str(report))
    assert said.returncode == 0, said.stdout + said.stderr
    [played] = json.loads(report.read_text("utf-8"))["scenarios"]
    assert played["ok"]
    assert {"Captured", "SalePaid", "AccrualPosted"} <= {fact["fact"] for fact in played["journal"]}
