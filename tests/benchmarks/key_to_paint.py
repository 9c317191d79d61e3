"""From a key to its paint while the till is busy: `python -m tests.benchmarks.key_to_paint [--keys N]`.

The real cashier's window (offscreen) over a whole terminal: a real line thread polls 32 points on a real
pseudo-terminal (the simulator a process of its own), and 10,000 claims for points drain to a reference central (a
process of its own, on a database file). Letters are typed one by one into the field of the sales list; each is timed
from the key event to the field's next paint. Beside it in the same process, before the till is made, the same keys go
to a bare PySide6 window whose one label shows the letter.

Prints JSON: median, 99th percentile, the event loop's longest stall, and the ratios to the bare window. It ends with 1
when the queue ran empty or no record left during the measurement, for then nothing was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.windowed import Windowed
from pos_client.sandbox.dispenser.config import RECORDED_DELAY_MS
from pos_client.ui.application import create_application
from pos_client.ui.records.page import RecordsPage
from tests.benchmarks.byte_to_tile import idle
from tests.benchmarks.queue_drain import Sandbox, claims, queue
from tests.benchmarks.sales_search import Painted, turn_until
from tests.benchmarks.simulator import GRADE, line_of, simulated, simulator_process
from tests.ui.finding import found

SPOKEN, POINTS = "dart", 32
GAP_MS = 40
"""Between two keys: a quick typist's, and time for what goes on beside."""
LETTERS = "0123456789"
BEAT_MS = 5
PATIENCE_S = 30.0


class Heartbeat:
    """How much later than every `BEAT_MS` the event loop came round at the worst. It sleeps in between: a timer without
    a pause would take the processor from the threads the window is measured beside."""

    def __init__(self) -> None:
        self.longest_s, self._last = 0.0, perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = perf_counter()
        self.longest_s, self._last = max(self.longest_s, now - self._last - BEAT_MS / 1000), now


class Label(QLabel):
    """One label that shows the key it was given."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.setText(event.text())


def pause(milliseconds: int) -> None:
    """Let the event loop sleep and work as it does in a shop."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(so: Callable[[], bool], what: str) -> None:
    """Wait asleep, as a shop does. Raises `SystemExit` when it never comes."""
    deadline = perf_counter() + PATIENCE_S
    while not so():
        if perf_counter() > deadline:
            raise SystemExit(f"not within {PATIENCE_S} s: {what}")
        pause(GAP_MS)


def typed(app: QApplication, widget: QWidget, keys: int, clear: Callable[[], None]) -> dict[str, float]:
    """So many keys, each until it is painted."""
    pause(GAP_MS)
    paint, beat = Painted(widget), Heartbeat()
    took: list[float] = []
    for n in range(keys):
        if n % len(LETTERS) == 0:
            clear()
        pause(GAP_MS)
        pressed = perf_counter()
        QTest.keyClicks(widget, LETTERS[n % len(LETTERS)])
        turn_until(app, lambda pressed=pressed: paint.at > pressed, "a key painted")
        took.append(paint.at - pressed)
    ordered = sorted(took)
    return {
        "median_ms": round(statistics.median(took) * 1000, 2),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000, 2),
        "longest_stall_ms": round(beat.longest_s * 1000, 1),
    }


def bare(app: QApplication, keys: int) -> dict[str, float]:
    """A window with one label."""
    label = Label("-")
    label.resize(1366, 768)
    label.show()
    row = typed(app, label, keys, label.clear)
    label.close()
    return row


def till(app: QApplication, keys: int, records: int, folder: Path, stack: ExitStack) -> dict[str, Any]:
    """The cashier's window at work."""
    for name in ("central", "till"):
        (folder / name).mkdir()
    central, site = Sandbox(folder / "central", stack), Site(folder / "till")
    queue(site, claims(central.settings.seal_key, records, 1_000_000_000))
    config = simulated(POINTS, SPOKEN, answer_delay_ms=RECORDED_DELAY_MS)
    addresses, _ = stack.enter_context(simulator_process(config))
    settings = central.enrolled(site, grades=(GRADE,), lines=(line_of(POINTS, SPOKEN, addresses["port"]),))
    windowed = Windowed(app, settings, site)
    windowed.start()
    windowed.show()
    try:
        cashier = windowed.windows.cashier
        until(lambda: windowed.snapshot is not None and all(map(idle, windowed.snapshot.points)), "all pumps are idle")
        until(lambda: waiting(windowed) < records, "the first records have left")
        cashier.open_records()
        page = found(cashier, RecordsPage)
        until(lambda: not page.search.is_asked, "the sales list")
        before = waiting(windowed)
        row = typed(app, page.field, keys, page.field.clear)
        after = waiting(windowed)
        assert windowed.snapshot is not None
        cycle_ms = windowed.snapshot.status.lines[0].cycle_ms
    finally:
        windowed.stop()
    return {**row, "cycle_ms": cycle_ms, "waiting_before": before, "waiting_after": after}


def waiting(windowed: Windowed) -> int:
    """Records for head office that are still here."""
    assert windowed.snapshot is not None
    return windowed.snapshot.status.queue.waiting


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=400)
    parser.add_argument("--records", type=int, default=10_000)
    arguments = parser.parse_args()
    app = create_application([], resources(), "day")
    alone = bare(app, arguments.keys)
    with TemporaryDirectory(prefix="key-to-paint-") as folder, ExitStack() as stack:
        busy = till(app, arguments.keys, arguments.records, Path(folder), stack)
    report = {
        "keys": arguments.keys,
        "points_polled": POINTS,
        "load": round(os.getloadavg()[0], 1),
        "bare": alone,
        "till": busy,
        "ratios": {name: round(busy[name] / alone[name], 2) for name in alone},
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0 if busy["waiting_before"] > busy["waiting_after"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
