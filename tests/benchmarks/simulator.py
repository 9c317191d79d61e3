"""A simulated line in a process of its own, for benchmarks: real bytes through a real pseudo-terminal."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.config import DispenserConfig, PointConfig
from pos_client.sandbox.dispenser.server import serve
from pos_client.settings.model import GradeSettings, LineSettings, PointSettings
from tests.fakes.dispenser_site import VOLUME_DECIMALS

GRADE = GradeSettings("A", "E10", 27_080)
START_S = 30.0
Around = Callable[[Connection], None]
"""Runs in the simulator's process before it serves; the connection leads to the benchmark."""


def nothing(told: Connection) -> None:
    """The simulator as it is."""


def line_of(points: int, spoken: str, port: str = "", **changes: Any) -> LineSettings:
    """A line with so many points, set up as its protocol wants it."""
    offered = protocol(spoken)
    first = offered.addresses[0]
    return LineSettings(
        "line",
        spoken,
        port,
        offered.baud_rate,
        offered.parity,
        tuple(
            PointSettings(n + 1, first + n, ("A",), volume_decimals=VOLUME_DECIMALS.get(spoken, 2))
            for n in range(points)
        ),
        offered.answer_timeout_ms,
        offered.inter_frame_ms,
        **changes,
    )


def simulated(points: int, spoken: str, **changes: Any) -> DispenserConfig:
    """Its far end."""
    first = protocol(spoken).addresses[0]
    heads = tuple(
        PointConfig(n + 1, first + n, (1_000_000 * (n + 1),), VOLUME_DECIMALS.get(spoken, 2)) for n in range(points)
    )
    return DispenserConfig("line", heads, spoken, "pty", **changes)


@contextmanager
def simulator_process(config: DispenserConfig, around: Around = nothing) -> Iterator[tuple[dict[str, str], Connection]]:
    """The simulator's addresses, and what its process tells besides; it ends with this block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(config, theirs, around), name="simulator")
    process.start()
    try:
        if not ours.poll(START_S):
            raise TimeoutError("the simulator did not come up")
        yield ours.recv(), ours
    finally:
        ours.send("end")
        process.join(10)
        if process.is_alive():
            process.kill()


def _serve(config: DispenserConfig, told: Connection, around: Around) -> None:
    stop = threading.Event()

    def wait_for_the_end() -> None:
        told.recv()
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    around(told)
    serve(config, stop, told.send)
