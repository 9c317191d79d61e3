"""Writes DEPENDENCIES.md out of locks, reasons and licences: `python packaging/dependencies.py [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

import locked
import release

FILE = release.ROOT / "packaging" / "DEPENDENCIES.md"
_HEAD = """# What we depend on

Written by `packaging/dependencies.py`; a test holds it to the locks. Every line is pinned with the hashes of its files
(`packaging/locks`). The reason is the one beside the dependency in `pyproject.toml`, or who needs it.

| lock | what it is for |
|---|---|
| `run.txt` | the terminal alone, as a wheel installs it |
| `package.txt` | what the frozen program carries: the terminal and its sandbox |
| `build.txt` | that, and what makes packages of it |
| `dev.txt` | the checkout: all of it but the packagers' tools, and what the tests need |
"""


def text() -> str:
    """The whole file."""
    shipped, run = locked.pins("package"), locked.pins("run")
    tools = {**locked.pins("build"), **locked.pins("dev")}
    inside = [_row(pin, "terminal" if name in run else "sandbox") for name, pin in sorted(shipped.items())]
    outside = [
        _row(pin, "tests" if name in locked.pins("dev") else "packaging")
        for name, pin in sorted(tools.items())
        if name not in shipped
    ]
    return "\n".join([_HEAD, "## In the program\n", _TITLES, *inside, "", "## Tools\n", _TITLES, *outside, ""])


_TITLES = "| name | version | for | why | where | licence |\n|---|---|---|---|---|---|"


def _row(pin: locked.Pin, part: str) -> str:
    why = locked.reasons().get(pin.name) or f"needed by {', '.join(n for n in pin.needed_by if n != 'pos-client')}"
    where = pin.marker.replace("|", "\\|") or "everywhere"
    return f"| {pin.name} | {pin.version} | {part} | {why} | {where} | {locked.licences()[pin.name]} |"


def main(words: list[str]) -> int:
    """1 when the file is out of date and was only to be looked at."""
    if words == ["--check"]:
        return int(not FILE.exists() or FILE.read_text(encoding="utf-8") != text())
    Path(FILE).write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
