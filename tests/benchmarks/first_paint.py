"""Start to first usable paint, beside a bare PySide6 window in the same run: interleaved pairs, each a fresh process.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.first_paint --pairs 9

Bare: one QLabel. Till: both windows with real words, fonts, styles and pages, a forecourt of six points drawn. Counted
from the start of the process to the end of the first paint, by the clock and by its own processor time; memory is what
the process holds then. Ratios are of medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

KINDS = ("bare", "till")
INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed program lies compiled on the disk; only a first run compiles."""
AIMS = {"wall_s": 1.5, "cpu_s": 1.5, "rss_mb": 1.6}


def held_mb() -> float:
    """What this process holds in memory now (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def tell(began: float) -> None:
    """Say how it went and end."""
    row = {"wall_s": time.time() - began, "cpu_s": time.process_time(), "rss_mb": held_mb()}
    sys.stdout.write(json.dumps(row))
    sys.stdout.flush()
    os._exit(0)


def bare(began: float) -> None:
    """One window with one label."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel

    app = QApplication([])
    label = QLabel("Petrolimex")
    label.resize(1366, 768)
    label.show()
    label.grab()
    QTimer.singleShot(0, lambda: tell(began))
    app.exec()


def till(began: float) -> None:
    """The cashier's window as a station sees it."""
    from PySide6.QtCore import QTimer

    from pos_client.bootstrap import loading
    from pos_client.bootstrap.paths import resources
    from pos_client.settings.model import ScreenSettings
    from pos_client.ui.application import TerminalWindows, create_application
    from pos_client.ui.bridge import Bridge
    from tests.ui import sample

    app = create_application([], resources(), "day")
    windows = TerminalWindows(
        Bridge(lambda command: None),
        loading.catalogue(resources(), "vi"),
        lambda: sample.NOW,
        ScreenSettings(),
        resources=resources(),
    )
    windows.cashier.show_snapshot(sample.terminal())
    windows.cashier.show()
    windows.cashier.grab()
    QTimer.singleShot(0, lambda: tell(began))
    app.exec()


def measured(kind: str) -> dict[str, float]:
    """One process from its start."""
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", "--child", kind, "--began", repr(time.time())]
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=INSTALLED)
    row: dict[str, float] = json.loads(done.stdout)
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--child", choices=KINDS)
    parser.add_argument("--began", type=float, default=0.0)
    arguments = parser.parse_args()
    if arguments.child:
        {"bare": bare, "till": till}[arguments.child](arguments.began)
        return 1
    for kind in KINDS:  # files come from the disk once, not in a measured run
        measured(kind)
    rows: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(arguments.pairs):
        for kind in KINDS:
            rows[kind].append(measured(kind))
    medians = {k: {name: statistics.median(row[name] for row in rows[k]) for name in AIMS} for k in KINDS}
    ratios = {name: round(medians["till"][name] / medians["bare"][name], 2) for name in AIMS}
    shown = {kind: {name: round(value, 3) for name, value in each.items()} for kind, each in medians.items()}
    sys.stdout.write(json.dumps({"pairs": arguments.pairs, **shown, "ratios": ratios, "aims": AIMS}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
