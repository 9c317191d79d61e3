"""What a line costs: `python tests/benchmarks/line_cost.py [--protocol P] [--points N] [--filling N] [--seconds S]`.

A full line on a real pseudo-terminal, a real simulator process on the other side that says its bytes at the speed of
the wire. The processor time of the line's thread is measured, all of it: port, protocol, recorder, reports. Beside it
the least there can be: a bare pyserial loop that writes the same questions at the same moments and reads the same
answers from a process that gives them at the same pace.

Prints JSON: percent of one core of both, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import select
import sys
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.adapters.dispensers.replaying import Exchange, exchanges
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.config import RECORDED_DELAY_MS
from tests.benchmarks.simulator import GRADE, line_of, simulated, simulator_process
from tests.fakes.dispenser_site import Control, Reports
from tests.waiting import eventually

ENOUGH_PERCENT = 5.0
BITS_PER_BYTE = 11
READY_S = 120.0


@dataclass(frozen=True)
class Load:
    """What a thread did in a while. `heard` and `said`: bytes."""

    percent: float
    seconds: float
    exchanges: int
    said: int
    heard: int


@contextmanager
def running(line: Line) -> Iterator[int]:
    """The line in its thread; the clock of its processor time."""
    stop = threading.Event()
    thread = threading.Thread(target=line.run, args=(stop,), name="line")
    thread.start()
    assert thread.ident is not None
    try:
        yield time.pthread_getcpuclockid(thread.ident)
    finally:
        stop.set()
        thread.join()


def idle(reports: Reports) -> set[PointId]:
    """Points that were ready at least once."""
    return {state.point for state in reports.of(r.PointStateReported) if state.state is FuellingPointState.IDLE}


def start_filling(control: Control, line: Line, reports: Reports, points: int) -> None:
    """So many nozzles are out and pouring for longer than anybody measures."""
    for n in range(1, points + 1):
        control.call("POST", f"/control/points/{n}/lift", nozzle=1)
        reports.wait(
            r.PointStateReported,
            lambda s, n=n: (s.point, s.state) == (n, FuellingPointState.CALLING),  # type: ignore[misc]
            READY_S,
        )
        line.submit(Authorise(f"a{n}", PointId(n)))
    for n in range(1, points + 1):
        reports.wait(r.CommandFinished, lambda c, n=n: c.command_id == f"a{n}", READY_S)  # type: ignore[misc]
        control.call("POST", f"/control/points/{n}/flow", seconds=100_000)


def measure_line(spoken: str, points: int, filling: int, seconds: float) -> tuple[Load, int, list[Exchange]]:
    """The line's thread; the cycle it told; what was said in that time."""
    recorder, reports = FrameRecorder(), Reports()
    baud = protocol(spoken).baud_rate
    config = simulated(points, spoken, answer_delay_ms=RECORDED_DELAY_MS, paced_at=baud)
    with simulator_process(config) as (addresses, _):
        settings = line_of(points, spoken, addresses["port"])
        prices = {GRADE.code: GRADE.unit_price}
        line = Line(settings, lambda: prices, reports, Surroundings(record=recorder.record))
        with running(line) as clock:
            eventually(lambda: len(reports.of(r.TotalizerRead)) >= points, READY_S, what="all totals are read")
            eventually(lambda: len(idle(reports)) == points, READY_S, what="all have prices")
            start_filling(Control(addresses["control"]), line, reports, filling)
            settle(5.0)
            seen = recorder.since(0)[-1].number
            began, used = time.monotonic(), time.clock_gettime(clock)
            settle(seconds)
            used, took = time.clock_gettime(clock) - used, time.monotonic() - began
        lost = [link for link in reports.of(r.PointLinkChanged) if link.state is LinkState.DOWN]
        if lost:
            raise RuntimeError(f"points were lost, this machine is too busy: {lost}")
        talks = exchanges(recorder.since(seen))
        measured = reports.of(r.LineMeasured)[-1]
    said = sum(len(talk.question) for talk in talks)
    heard = sum(len(talk.answer) for talk in talks)
    return Load(100 * used / took, took, len(talks), said, heard), measured.cycle_ms, talks


def measure_bare(talks: list[Exchange], baud: int) -> Load:
    """A bare pyserial loop with the same bytes at the same moments."""
    import serial

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    peer = multiprocessing.get_context("fork").Process(target=answer, args=(ours, talks, baud))
    peer.start()
    try:
        with serial.Serial(os.ttyname(theirs), baud, timeout=1.0, write_timeout=1.0) as port:
            began, used = time.monotonic(), time.thread_time()
            for talk in talks:
                wait_until(began + (talk.at_ms - talks[0].at_ms) / 1000)
                port.write(talk.question)
                if talk.answer and len(port.read(len(talk.answer))) < len(talk.answer):
                    raise RuntimeError("the peer did not answer")
            used, took = time.thread_time() - used, time.monotonic() - began
    finally:
        peer.terminate()
        peer.join()
        os.close(ours)
        os.close(theirs)
    said = sum(len(talk.question) for talk in talks)
    return Load(100 * used / took, took, len(talks), said, sum(len(talk.answer) for talk in talks))


def answer(descriptor: int, talks: list[Exchange], baud: int) -> None:
    """The far end of the bare loop: each answer after its pause, byte by byte."""
    byte_s = BITS_PER_BYTE / baud
    for talk in talks:
        question = b""
        while len(question) < len(talk.question):
            question += os.read(descriptor, len(talk.question) - len(question))
        at = time.monotonic() + talk.pause_ms / 1000
        for n in range(len(talk.answer)):
            wait_until(at + n * byte_s)
            os.write(descriptor, talk.answer[n : n + 1])


def wait_until(at: float) -> None:
    """Asleep, not spinning."""
    left = at - time.monotonic()
    if left > 0:
        select.select([], [], [], left)


def settle(seconds: float) -> None:
    """Let the others work."""
    wait_until(time.monotonic() + seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protocol", default="dart")
    parser.add_argument("--points", type=int, default=32)
    parser.add_argument("--filling", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    line, cycle_ms, talks = measure_line(arguments.protocol, arguments.points, arguments.filling, arguments.seconds)
    bare = measure_bare(talks, protocol(arguments.protocol).baud_rate)
    told = {
        **vars(arguments),
        "line": asdict(line),
        "bare_pyserial": asdict(bare),
        "ratio": line.percent / bare.percent,
        "cycle_ms": cycle_ms,
        "enough": line.percent < ENOUGH_PERCENT,
    }
    json.dump(told, sys.stdout, indent=1)
    return 0 if told["enough"] else 1


if __name__ == "__main__":
    sys.exit(main())
