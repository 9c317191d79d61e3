"""What every step of a release asks: which version, which moment, and the tree it is made from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SOURCES = ("pos_client", "resources", "packaging")
_FILES = ("pyproject.toml", "LICENSE")
RELEASES = "POS_CLIENT_RELEASES"
"""The environment names a file by this: whose releases the tills of this build believe, and where they look."""
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def version() -> str:
    """The version, read from the package without importing it. Raises `ValueError`."""
    text = (ROOT / "pos_client" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(\d+\.\d+\.\d+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("pos_client/__init__.py names no version of three numbers")
    return found.group(1)


def epoch() -> int:
    """The moment every file of a release bears, in seconds: the caller's SOURCE_DATE_EPOCH, or the last commit's."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(said.stdout)


def environment() -> dict[str, str]:
    """This environment, with what differs from one build to the next held still."""
    return {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(epoch()),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def copy_sources(target: Path) -> Path:
    """The tree a build reads: a clean copy, with the modes of a fresh clone whatever the umask, and the release keys
    its tills will believe. Raises `ValueError` for a file of keys that no till would read."""
    for name in _SOURCES:
        shutil.copytree(ROOT / name, target / name, ignore=_LEFT_OUT)
    for name in _FILES:
        shutil.copy(ROOT / name, target / name)
    _place_trust(target / "resources")
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".sh" else 0o644)
    return target


def _place_trust(resources: Path) -> None:
    """The checkout carries no key: what a developer builds by the way believes nobody's releases."""
    given = os.environ.get(RELEASES)
    if not given:
        print(f"no {RELEASES}: tills of this build look for no new version by themselves", file=sys.stderr)
        return
    text = Path(given).read_text(encoding="utf-8")
    sys.path.append(str(ROOT))  # what makes packages has our libraries installed, not us
    from pos_client.adapters.updates import trust

    try:
        trust.read_trust(text)
    except ValueError as error:
        raise ValueError(f"{given}: {error}") from None
    (resources / trust.FILE).write_text(text, encoding="utf-8")
