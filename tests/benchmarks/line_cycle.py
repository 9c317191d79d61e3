"""How near a full line comes to what its protocol allows: `python tests/benchmarks/line_cycle.py [--json]`.

In virtual time, byte by byte, so the figures are the schedule's and not the machine's. For every protocol the most
heads its line can have, at rest and with some of them delivering. A *cycle* is the time until every head was heard
once. Its *limit* is computed here, from the protocol notes' timings alone, as the shortest legal cycle: every head
asked once, no pause longer than it has to be. Beside it: how often a delivering head is heard, and the longest any head
waited.

Idle and with many delivering the cycle has to reach 0.9 of the limit (exit code 1 when it does not). With one car alone
it does not, on purpose: that one is shown three times a second, and the others wait a little longer for it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds what stands beside it, not the tests' fakes

from pos_client.protocols.dispenser.commands import AuthoriseHead
from pos_client.protocols.dispenser.interface import (
    DeviceHeadSetup,
    DispenserProtocol,
    HeadSetup,
    LineSetup,
)
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.timed_line import TimedLine, rounds_ms, waits_ms

LEAST_RATIO = 0.9
SETTLING_S = 60
"""until all heads are found, priced and read"""
BITS = 11
"""of a byte, in both protocols: start, eight data bits, parity, stop"""
PRICES = (21_580, 18_640)
TOTALS = (18_427_365, 9_751_833)
FLOW = 6
"""meter units every 100 ms: 36 litres a minute"""


@dataclass(frozen=True)
class Timings:
    """Of the protocol notes: what one exchange with a head has to take, in ms."""

    protocol: str
    baud_rate: int
    heads: int
    delivering: int
    answer_delay: float
    resting: float
    moving: float

    def limit(self, moving: int) -> float:
        """The shortest legal cycle."""
        return (self.heads - moving) * self.resting + moving * self.moving


def dart() -> Timings:
    """Section 4: POLL, EOT and ACK 3 bytes, DC2 16; an answer after 25 ms, ACK after 5, the next POLL after 35."""
    byte, delay, pause, ack_pause = BITS * 1000 / 9600, 25.0, 35.0, 5.0
    resting = 3 * byte + delay + 3 * byte + pause
    moving = 3 * byte + delay + 16 * byte + ack_pause + 3 * byte + pause
    return Timings("dart", 9600, 32, 8, delay, resting, moving)


def two_wire(baud_rate: int) -> Timings:
    """Section 8: one word each way, eight for running money, which is asked for every second time; 5 ms pause.

    At 9600 bit/s behind a converter that buffers.
    """
    word, delay, pause = BITS * 1000 / baud_rate, 25.0, 5.0
    state, money = word + delay + word + pause, word + delay + 8 * word + pause
    return Timings("gilbarco-two-wire", baud_rate, 16, 8, delay, state, (state + money) / 2)


@dataclass(frozen=True)
class Row:
    """One line of the table; times in ms."""

    protocol: str
    baud_rate: int
    heads: int
    delivering: int
    limit: float
    cycle: float
    ratio: float
    moving_every: float | None
    longest_wait: float
    controller_says: int


def measure(timings: Timings, delivering: int, seconds: int) -> Row:
    """A full line in which so many heads deliver all the time."""
    offered = PROTOCOLS[timings.protocol]
    line = full_line(offered, timings)
    line.run(SETTLING_S * 1000)
    first = offered.addresses[0]
    moving = set(range(first, first + delivering))
    start_delivering(line, moving)
    line.run(20_000, hands=flow(line, moving))
    line.heard.clear()
    line.controller.take_counts(line.now_us // 1000)
    line.run(seconds * 1000, hands=flow(line, moving))
    says = line.controller.take_counts(line.now_us // 1000).cycle_ms
    everybody = set(range(first, first + timings.heads))
    cycle, limit = fmean(rounds_ms(line.heard, everybody)), timings.limit(delivering)
    return Row(
        timings.protocol,
        timings.baud_rate,
        timings.heads,
        delivering,
        round(limit, 1),
        round(cycle, 1),
        round(limit / cycle, 3),
        round(fmean(waits_ms(line.heard, moving)), 1) if moving else None,
        round(max(waits_ms(line.heard, everybody)), 1),
        says,
    )


def full_line(offered: DispenserProtocol, timings: Timings) -> TimedLine:
    """Both ends with the protocol's own defaults."""
    first = offered.addresses[0]
    addresses = range(first, first + timings.heads)
    setup = LineSetup(
        tuple(HeadSetup(address, PRICES) for address in addresses),
        timings.baud_rate,
        offered.answer_timeout_ms,
        offered.inter_frame_ms,
    )
    device = offered.dispenser(DeviceHeadSetup(address, TOTALS) for address in addresses)
    byte_us = BITS * 1_000_000 / timings.baud_rate
    return TimedLine(offered.controller(setup), device, byte_us, lambda: round(timings.answer_delay * 1000))


def start_delivering(line: TimedLine, moving: set[int]) -> None:
    """A car at each of them, one after another, as people come; each with a permission."""
    ids = count()
    for address in sorted(moving):
        line.device.lift(address, 1)
        line.run(3_000)
        line.controller.submit(AuthoriseHead(address, f"a{next(ids)}"), line.now_us // 1000)
        line.run(3_000)
    stopped = [address for address in moving if not line.device.reading(address).delivering]
    if stopped:
        raise RuntimeError(f"not delivering: {stopped}")


def flow(line: TimedLine, moving: set[int]) -> Callable[[], None]:
    """Fuel for everybody who delivers."""

    def once() -> None:
        for address in moving:
            line.device.pulse(address, FLOW)

    return once


LINES = (dart(), two_wire(5787), two_wire(9600))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=int, default=300, help="virtual seconds of each measurement")
    chosen = parser.parse_args()
    rows = [measure(line, moving, chosen.seconds) for line in LINES for moving in (0, 1, line.delivering)]
    print(json.dumps([asdict(row) for row in rows], indent=1) if chosen.json else table(rows))  # noqa: T201  # the report
    return 0 if all(row.ratio >= LEAST_RATIO for row in rows if row.delivering != 1) else 1


def table(rows: list[Row]) -> str:
    """For people."""
    names = ("limit ms", "cycle ms", "ratio", "moving every", "longest wait")
    first = ("baud rate", "heads", "delivering")
    lines = [f"{'protocol':18}" + "".join(f"{name:>11}" for name in first) + "".join(f"{name:>14}" for name in names)]
    for row in rows:
        figures = (row.limit, row.cycle, row.ratio, row.moving_every or "", row.longest_wait)
        line = f"{row.protocol:18}" + "".join(f"{x:11}" for x in (row.baud_rate, row.heads, row.delivering))
        lines.append(line + "".join(f"{x:>14}" for x in figures))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
