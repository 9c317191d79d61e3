"""Does a built program sell? `python packaging/smoke_test.py PROGRAM [--platform xcb]`. Needs nothing but Python.

PROGRAM is the `pos-client` of a frozen folder, an installed package or a wheel's environment. Started with its own
sandbox, it has to say its version, find its resources, serve a fuelling paid in part with points by a customer's OTP,
and agree with pump and head office about it; and leave the folder it lies in as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCENARIO = "redeem-individual-otp"
LIMIT_S = 300
EXPECTED = {"HoldGranted", "Captured", "SalePaid", "AccrualPosted"}


def main(words: list[str]) -> int:
    """0 when it does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--platform", default="offscreen", help="Qt's: offscreen, or xcb on the display there is")
    parser.add_argument("--version", help="what it has to say it is")
    parser.add_argument("--pictures", type=Path)
    arguments = parser.parse_args(words)
    program = arguments.program.resolve()
    before = _state(program.parent)
    with tempfile.TemporaryDirectory(prefix="Cửa hàng số 18 ") as folder:
        faults = [*_speaks(program, arguments.version), *_sells(program, Path(folder), arguments)]
    if _state(program.parent) != before:
        faults.append("it wrote into the folder it was installed in")
    for fault in faults:
        print(f"smoke test: {fault}", file=sys.stderr)
    if not faults:
        print(f"smoke test: {program.name} sold, redeemed, and all ledgers agree")
    return 1 if faults else 0


def _speaks(program: Path, version: str | None) -> list[str]:
    faults = []
    said = _run(program, "--version").stdout
    if not said.startswith("pos-client ") or (version and said.strip() != f"pos-client {version}"):
        faults.append(f"--version: {said!r}")
    rules = _run(program, "points", "petrolimex-id", "accrue", "--at", "2026-11-23", "--tender", "cash=100000")
    if rules.returncode:
        faults.append(f"it does not find its programmes: {rules.stderr}")
    return faults


def _sells(program: Path, folder: Path, arguments: argparse.Namespace) -> list[str]:
    report = folder / "báo cáo.json"
    words = ["demo", "--headless", "--scenario", SCENARIO, "--report", str(report)]
    if arguments.pictures:
        words += ["--screenshots", str(arguments.pictures)]
    done = _run(program, *words, folder=folder, platform=arguments.platform)
    if done.returncode:
        return [f"demo ended with {done.returncode}: {done.stdout}{done.stderr}"]
    [played] = json.loads(report.read_text(encoding="utf-8"))["scenarios"]
    missing = EXPECTED - {fact["fact"] for fact in played["journal"]}
    return [f"{SCENARIO}: no {', '.join(sorted(missing))}"] if missing or not played["ok"] else []


def _run(
    program: Path, *words: str, folder: Path | None = None, platform: str = "offscreen"
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(program), *words],
        cwd=folder,
        env={**environment, "POS_CLIENT_DEMO_PLATFORM": platform, "TMPDIR": str(folder or tempfile.gettempdir())},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=LIMIT_S,
    )


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """Every file below, its size and when it was written."""
    looked = [(path, path.lstat()) for path in sorted(folder.rglob("*"))]
    return [(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns) for path, status in looked]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
