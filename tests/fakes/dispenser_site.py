"""A simulated dispenser line in threads, a real `Line` on it, and what the line reported."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.domain.identifiers import PointId
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.config import DispenserConfig, PointConfig
from pos_client.sandbox.dispenser.server import serve
from pos_client.settings.model import GradeSettings, LineSettings, PointSettings
from tests.waiting import eventually

Kind = TypeVar("Kind")
POINT = PointId(7)
TOTALS_ML = (184_273_650, 97_518_330)
GRADES = (GradeSettings("A", "E10", 27_080), GradeSettings("B", "DO", 21_580))
PRICES = {grade.code: grade.unit_price for grade in GRADES}
JOIN_S = 5.0
VOLUME_DECIMALS = {"gilbarco-two-wire": 3}
QUICK = {"gilbarco-two-wire": "readback_ms=100 data_retry_ms=200 money_after_ms=100 stop_wait_ms=100"}
"""Options of a line whose tester is in a hurry."""


@dataclass
class Reports:
    """Everything that was posted."""

    posted: list[object] = field(default_factory=list)

    def post(self, report: object) -> None:
        self.posted.append(report)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [report for report in list(self.posted) if isinstance(report, kind)]

    def wait(self, kind: type[Kind], matching: Callable[[Kind], bool] = lambda _: True, seconds: float = 8.0) -> Kind:
        """The first report of a kind that matches, once it is there."""
        found = eventually(
            lambda: [report for report in self.of(kind) if matching(report)], seconds, what=f"{kind.__name__}"
        )
        return found[0]


class Control:
    """The simulator's control address."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, **body: object) -> Any:
        request = urllib.request.Request(
            self._address + path,
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Connection": "close"},
        )
        with self._opener.open(request, timeout=10) as answer:
            return json.loads(answer.read())

    def point(self) -> dict[str, Any]:
        points: list[dict[str, Any]] = self.call("GET", "/control/points")
        return points[0]

    def do(self, verb: str, **body: object) -> None:
        self.call("POST", f"/control/points/{POINT}/{verb}", **body)

    def flow(self, **how_much: int) -> None:
        """Squeeze, and wait until nothing flows any more."""
        self.do("flow", **how_much)
        eventually(lambda: not self.point()["flowing"], what="the flow ends")


@contextmanager
def simulator(listen: str, *, totals_ml: tuple[int, int] = TOTALS_ML, **changes: Any) -> Iterator[dict[str, str]]:
    """A simulated line with one two-nozzle head, answering within 1..3 ms."""
    spoken = changes.setdefault("protocol", "dart")
    config = DispenserConfig(
        name="test",
        points=(PointConfig(POINT, protocol(spoken).addresses[0], totals_ml, VOLUME_DECIMALS.get(spoken, 2)),),
        listen=listen,
        answer_delay_ms=(1, 3),
        flow_ml_per_s=20_000,
        **changes,
    )
    stop, ready = threading.Event(), threading.Event()
    addresses: dict[str, str] = {}

    def told(what: dict[str, str]) -> None:
        addresses.update(what)
        ready.set()

    thread = threading.Thread(target=serve, args=(config, stop, told), name="simulator")
    thread.start()
    try:
        assert ready.wait(10)
        yield addresses
    finally:
        stop.set()
        thread.join(JOIN_S)
        assert not thread.is_alive()


@contextmanager
def running(line: Line) -> Iterator[Line]:
    """A line in its thread."""
    stop = threading.Event()
    thread = threading.Thread(target=line.run, args=(stop,), name="line")
    thread.start()
    try:
        yield line
    finally:
        stop.set()
        thread.join(JOIN_S)
        assert not thread.is_alive()


def make_line(port: str, reports: Reports, around: Surroundings | None = None, **changes: Any) -> Line:
    """A `Line` with short pauses, on that port."""
    spoken = protocol(changes.pop("protocol", "dart"))
    decimals = VOLUME_DECIMALS.get(spoken.name, 2)
    point = PointSettings(POINT, spoken.addresses[0], ("A", "B"), volume_decimals=decimals)
    fields: dict[str, Any] = {"baud_rate": spoken.baud_rate, "parity": spoken.parity, "inter_frame_ms": 5, **changes}
    line = LineSettings(fields.pop("name", "forecourt"), spoken.name, port, points=(point,), **fields)
    return Line(line, lambda: PRICES, reports, around)
