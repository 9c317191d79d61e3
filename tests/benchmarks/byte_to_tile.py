"""From a byte on the wire to the tile painted: `python tests/benchmarks/byte_to_tile.py [--protocol P] [--rounds N]`.

A whole terminal with its windows (offscreen) on a full line: a real pseudo-terminal, a real simulator process. That
process stamps the moment at which it writes the answer that says "a nozzle is out"; the tile's paint event stamps the
moment at which the bell is drawn. Both read the machine's one monotonic clock.

Prints JSON: median and 99th percentile in milliseconds, beside one poll cycle, which is what a lifted nozzle waits for
before its pump may say so at all.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent

from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser import line as simulated_line
from pos_client.sandbox.dispenser.config import RECORDED_DELAY_MS
from pos_client.sandbox.dispenser.endpoint import Endpoint, open_endpoint
from pos_client.services.snapshots import PointSnapshot
from pos_client.settings.model import CentralSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS
from pos_client.ui.application import create_application
from pos_client.ui.forecourt.tile import Tile
from pos_client.ui.tone import Shape
from tests.benchmarks.simulator import GRADE, line_of, simulated, simulator_process
from tests.fakes.dispenser_site import Control

AT_ONCE = 4
"""nozzles that are lifted in one round"""
PATIENCE_S = 120.0
LOOK_MS = 5


def stamp_writes(told: Connection) -> None:
    """In the simulator's process: tell when each answer left."""

    def stamping(listen: str, name: str) -> Endpoint:
        endpoint = open_endpoint(listen, name)
        write = endpoint.write

        def stamped(raw: bytes) -> None:
            write(raw)
            told.send((time.monotonic_ns(), raw))

        endpoint.write = stamped  # type: ignore[method-assign]
        return endpoint

    setattr(simulated_line, "open_endpoint", stamping)  # noqa: B010 - a name that module only borrows


class Wire:
    """What the simulator's process tells: when a pump first said that a nozzle is out."""

    def __init__(self, told: Connection, spoken: str) -> None:
        self._told, self._describe = told, protocol(spoken).describe
        self.said: list[tuple[int, bytes]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.said.append(self._told.recv())
            except (EOFError, OSError):
                return

    def lifted(self, head: int, after_ns: int) -> int | None:
        """When a head said so, the first time after then."""
        for at, raw in list(self.said):
            if at > after_ns and any(self._is_lifted(frame, head) for frame in self._describe(raw, "dispenser")):
                return at
        return None

    def _is_lifted(self, frame: dict[str, Any], head: int) -> bool:
        if frame.get("address", frame.get("pump")) != head:
            return False
        return frame.get("state") == "CALL" or any(field.get("nozzle_out") for field in frame.get("fields", ()))


class Paint:
    """When each tile first showed a bell."""

    def __init__(self) -> None:
        self.bell: dict[int, int] = {}
        real = Tile.paintEvent

        def paint_event(tile: Tile, event: QPaintEvent) -> None:
            real(tile, event)
            if tile.view.shape is Shape.BELL:
                self.bell.setdefault(tile.view.number, time.monotonic_ns())

        setattr(Tile, "paintEvent", paint_event)  # noqa: B010 - Qt finds it on the class


class Bench:
    """The terminal, and hands at its pumps."""

    def __init__(self, windowed: Windowed, control: Control) -> None:
        self.windowed, self.control = windowed, control

    def until(self, so: Callable[[], bool], what: str) -> None:
        """Let the windows work until it is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not so():
            if time.monotonic() > deadline or self.windowed.fault:
                raise RuntimeError(f"never: {what} ({self.windowed.fault})")
            loop = QEventLoop()
            QTimer.singleShot(LOOK_MS, loop.quit)
            loop.exec()

    def all_are(self, points: Iterable[int], so: Callable[[PointSnapshot], bool]) -> bool:
        """Whether the screens show so of all these points."""
        snapshot = self.windowed.snapshot
        wanted = set(points)
        return snapshot is not None and all(so(point) for point in snapshot.points if point.point in wanted)

    def do(self, point: int, verb: str, **body: object) -> None:
        """Somebody at a pump."""
        self.control.call("POST", f"/control/points/{point}/{verb}", **body)

    @property
    def cycle_ms(self) -> int:
        """As the line tells it."""
        assert self.windowed.snapshot is not None
        return self.windowed.snapshot.status.lines[0].cycle_ms


def idle(point: PointSnapshot) -> bool:
    """Heard, priced, at rest."""
    return point.link is LinkState.UP and point.state is FuellingPointState.IDLE


def measure(spoken: str, points: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Rounds of lifted nozzles."""
    first, paint = protocol(spoken).addresses[0], Paint()
    app = create_application([], resources(), "day")
    config = simulated(points, spoken, answer_delay_ms=RECORDED_DELAY_MS)
    with simulator_process(config, stamp_writes) as (addresses, told):
        wire = Wire(told, spoken)
        settings = Settings(
            station=StationSettings("CHXD018"),
            central=CentralSettings(url="http://127.0.0.1:9"),
            grades=(GRADE,),
            lines=(line_of(points, spoken, addresses["port"]),),
            secrets_backend=SANDBOX_SECRETS,
        )
        windowed = Windowed(app, settings, Site(folder))
        windowed.start()
        windowed.show()
        bench = Bench(windowed, Control(addresses["control"]))
        took_ms: list[float] = []
        cycles: list[int] = []
        everybody = range(1, points + 1)
        try:
            bench.until(lambda: bench.all_are(everybody, idle), "all pumps are idle")
            for n in range(rounds):
                chosen = [(n * AT_ONCE + k) % points + 1 for k in range(min(AT_ONCE, points))]
                paint.bell.clear()
                began = time.monotonic_ns()
                for point in chosen:
                    bench.do(point, "lift", nozzle=1)
                bench.until(lambda: set(chosen) <= set(paint.bell), "bells")  # noqa: B023 - used up in this turn
                for point in chosen:
                    said = wire.lifted(first + point - 1, began)
                    assert said is not None
                    took_ms.append((paint.bell[point] - said) / 1e6)
                    bench.do(point, "hang")
                wire.said.clear()
                cycles.append(bench.cycle_ms)
                bench.until(lambda: bench.all_are(everybody, idle), "all hang again")
        finally:
            windowed.stop()
    return {
        "protocol": spoken,
        "points": points,
        "lifted": len(took_ms),
        "median_ms": round(median(took_ms), 1),
        "p99_ms": round(quantiles(took_ms, n=100, method="inclusive")[98], 1),
        "most_ms": round(max(took_ms), 1),
        "cycle_ms": int(median(cycles)),
    }


def main() -> int:
    """JSON on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protocol", default="dart")
    parser.add_argument("--points", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=25)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="byte-to-tile-") as folder:
        json.dump(measure(arguments.protocol, arguments.points, arguments.rounds, Path(folder)), sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
