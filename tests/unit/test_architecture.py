"""The import contracts hold, and bite: a copy with a forbidden import breaks the one meant for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(lint), "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False, timeout=50
    )


def test_the_import_contracts_hold():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


VIOLATIONS = {
    "domain/sale.py": ("import pos_client.settings.model", "Outer layers import inner ones"),
    "utils.py": ("", "Outer layers import inner ones"),
    "domain/tender.py": ("import time", "The core takes values, bytes and times"),
    "ports/store.py": ("import sqlite3", "The core takes values, bytes and times"),
    "settings/model.py": ("import msgspec", "need no library"),
    "sandbox/dispenser/__init__.py": ("import PySide6.QtCore", "Qt stays in ui"),
    "adapters/sqlite/__init__.py": ("import pos_client.services.messages", "Adapters know ports"),
    "ui/shell/__init__.py": ("import pos_client.ports.store", "Screens know services and domain"),
    "ui/forecourt/view_model.py": ("import PySide6.QtWidgets", "View models are plain Python"),
    "sandbox/central/__init__.py": ("import pos_client.settings.model", "The sandbox is the other end"),
    "adapters/diagnostics/__init__.py": ("import pos_client.adapters.sqlite", "Adapters do not know each other"),
    "protocols/dispenser/gilbarco_two_wire/echo.py": (
        "import pos_client.protocols.dispenser.dart.states",
        "Dispenser protocols do not know each other",
    ),
    "__main__.py": ("import pos_client.sandbox.dispenser", "Only the composition root reaches the sandbox"),
}


@pytest.fixture(scope="module")
def broken_contracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of a copy that holds one violation of each kind, by contract: one run for all of them."""
    copy = tmp_path_factory.mktemp("architecture")
    shutil.copytree(ROOT / "pos_client", copy / "pos_client", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, (line, _) in VIOLATIONS.items():
        file = copy / "pos_client" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(f"{text}\n{line}\n", encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode == 1, result.stderr
    sections = re.split(r"\n([^\n]+)\n-+\n", result.stdout.partition("Broken contracts")[2])
    return dict(zip(sections[1::2], sections[2::2], strict=True))


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_caught_by_the_contract_meant_for_it(broken_contracts: dict[str, str], name: str):
    line, contract = VIOLATIONS[name]
    (said,) = [" ".join(text.split()) for title, text in broken_contracts.items() if contract in title]
    module = "pos_client." + name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    assert module in said
    if line:
        imported = line.removeprefix("import ")
        assert f"{module} -> {imported if imported.startswith('pos_client') else imported.partition('.')[0]}" in said
