"""How long a cashier waits for a sale among a million records: `python tests/benchmarks/sales_search.py [--facts N]`.

A book of 200,000 sales (a million facts) and the real windows over it, drawn offscreen. Each search is typed letter by
letter; what is measured is the time from a letter to its being painted in the field, from Enter to the painted rows,
and the longest time the windows' event loop did not come round in between. It prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.files_out import FilesOut
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.sales_list import SalesList
from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId
from pos_client.domain.moment import VIETNAM
from pos_client.ports.store import Change
from pos_client.settings.model import ScreenSettings, StationSettings
from pos_client.ui.application import TerminalWindows, create_application
from pos_client.ui.bridge import Bridge
from pos_client.ui.records.page import RecordsPage
from tests.ui import sample
from tests.ui.finding import found
from tests.words import RESOURCES, words

BEGIN = datetime(2025, 11, 23, 0, tzinfo=VIETNAM)
CHUNK = 2_000
PATIENT_S = 60.0


def fill(path: Path, sales: int) -> None:
    """A year of sales, five facts each, all closed."""
    dice, gap = random.Random(11), timedelta(days=364) / max(1, sales)
    path.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(path)
    for first in range(1, sales + 1, CHUNK):
        rows: list[f.Fact] = []
        closed: list[str] = []
        at = BEGIN
        for n in range(first, min(first + CHUNK, sales + 1)):
            at = BEGIN + n * gap
            fuelling, sale = FuellingId(f"CHXD018-{n}"), SaleId(f"01939000-0000-7000-8000-{n:012x}")
            amount = dice.randrange(20_000, 1_500_000, 10)
            mask = f"{dice.randint(0, 999):03d} *** {dice.randint(0, 999):03d}"
            rows += [
                f.FuellingCompleted(fuelling, PointId(n % 6 + 1), NozzleId(1), "E10", "E10 RON 95-III", 27_080,
                                    amount * 1000 // 27_080, amount, 0, n, at.isoformat()),
                f.SaleOpened(sale, fuelling, f"CHXD018-T1-{at:%y%m%d}-{n:05d}"),
                f.CustomerAttached(sale, "sealed" * 20, mask, "P***", "individual", True),
                f.TenderTaken(sale, "cash", amount),
                f.SalePaid(sale, at.isoformat(), 650, "13 x 50", "13 x 50"),
            ]  # fmt: skip
            closed += [fuelling, sale]
        store.commit(Change(tuple(rows), closed=tuple(closed)), at)
    store.close()


class Painted(QObject):
    """When a widget was painted last."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.at = 0.0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at = perf_counter()
        return False


class Heartbeat:
    """The longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest_s, self._last = 0.0, perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(0)

    def _beat(self) -> None:
        now = perf_counter()
        self.longest_s, self._last = max(self.longest_s, now - self._last), now

    def begin(self) -> None:
        self.longest_s, self._last = 0.0, perf_counter()


def turn_until(app: QApplication, so, what: str) -> None:
    until = perf_counter() + PATIENT_S
    while not so():
        app.processEvents()
        if perf_counter() > until:
            raise SystemExit(f"not within {PATIENT_S} s: {what}")


def queries(dice: random.Random, sales: int, count: int) -> list[str]:
    """What cashiers look for, and what costs most: a pump and hour, and a pump that never sold."""
    made = []
    for n in range(count):
        day = BEGIN + timedelta(days=dice.randint(0, 363))
        made.append(
            (
                f"#{dice.randint(1, sales)}",
                f"{dice.randrange(20_000, 1_500_000, 10)}d",
                f"{dice.randint(0, 999):03d}000{dice.randint(0, 999):03d}",
                f"{day:%d/%m/%Y} {dice.randint(5, 21)}h c{dice.randint(1, 6)}",
                f"{dice.randint(1, 99_999)}",
                f"{day:%d/%m/%Y} c9",
            )[n % 6]
        )
    return made


def spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = min(len(ordered) - 1, len(ordered) * 99 // 100)
    return {"median_ms": round(statistics.median(times) * 1000, 1), "p99_ms": round(ordered[at] * 1000, 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=120)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--site", type=Path, help="a book kept between two runs: made when it is not there yet")
    arguments = parser.parse_args()
    sales = arguments.facts // 5
    app = create_application([], RESOURCES, "day")
    with TemporaryDirectory(dir=arguments.folder) as folder:
        site = Site(arguments.site or Path(folder))
        began = perf_counter()
        if not site.journal.exists():
            fill(site.journal, sales)
        filled = perf_counter() - began
        reader = SalesList(site, FilesOut(site, StationSettings()))
        reader.start()
        shown = TerminalWindows(
            Bridge(lambda command: None),
            words("vi"),
            lambda: int(perf_counter() * 1000),
            ScreenSettings(),
            resources=RESOURCES,
            records=reader,
        )
        shown.cashier.show_snapshot(sample.terminal())
        shown.cashier.show()
        shown.cashier.open_records()
        page = found(shown.cashier, RecordsPage)
        field, table = Painted(page.field), Painted(page.card.table.viewport())
        beat = Heartbeat()
        turn_until(app, lambda: not page.search.is_asked, "the first page")
        letters: list[float] = []
        enters: list[float] = []
        stalls: list[float] = []
        rows = 0
        for text in queries(random.Random(5), sales, arguments.searches):
            page.field.clear()
            beat.begin()
            for letter in text:
                pressed = perf_counter()
                QTest.keyClicks(page.field, letter)
                turn_until(app, lambda pressed=pressed: field.at > pressed, "a letter")
                letters.append(field.at - pressed)
            pressed = perf_counter()
            QTest.keyClick(page.field, Qt.Key.Key_Return)
            turn_until(app, lambda: not page.search.is_asked, text)
            app.processEvents()  # what is still to be painted
            enters.append(table.at - pressed if table.at > pressed else perf_counter() - pressed)
            stalls.append(beat.longest_s)
            rows += len(page.search.rows)
        shown.close()
        reader.stop()
    report = {
        "facts": arguments.facts,
        "sales": sales,
        "fill_s": round(filled, 1),
        "searches": len(enters),
        "rows_found": rows,
        "letter_to_paint": spread(letters),
        "enter_to_rows": spread(enters),
        "slowest_search_ms": round(max(enters) * 1000, 1),
        "longest_stall_ms": round(max(stalls) * 1000, 1),
        "median_stall_ms": round(statistics.median(stalls) * 1000, 1),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
