"""Change frames of a live line and see whether it lies: `python tests/benchmarks/fuzz_frames.py PROTOCOL --frames N`.

A controller and a device with three heads at which people fuel, in virtual time, until N frames were flipped, dropped,
lost, merged ... on their way, in either direction. What is checked is said in `tests/fakes/fuzzed_line.py`. It prints
one JSON object; exit code 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds what stands beside it, not the tests' fakes

from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.fuzzed_line import FuzzedLine, Violation

WANTS_ANSWER = {
    "dart": lambda raw: raw[1] >> 4 in (0x2, 0x3),
    "gilbarco-two-wire": lambda raw: raw[0] >> 4 == 0,
}
"""POLL and DATA; an ACK or NAK is not answered. The status poll; anything else is legal in some states only."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("protocol", choices=WANTS_ANSWER)
    parser.add_argument("--frames", type=int, default=1_000_000, help="changed frames")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    line = FuzzedLine(PROTOCOLS[chosen.protocol], chosen.seed, WANTS_ANSWER[chosen.protocol])
    report: dict[str, object] = {"protocol": chosen.protocol, "seed": chosen.seed}
    began = process_time()
    try:
        line.fuzz(chosen.frames)
    except Violation as error:
        report["violation"] = str(error)
    spent = process_time() - began
    report |= {
        "fuzzed_frames": line.mutated.total(),
        "all_frames": line.frames,
        "virtual_hours": round(line.now / 3_600_000, 1),
        "seconds_of_a_core": round(spent, 1),
        "frames_a_second": round(line.frames / spent),
        "fuzzed_frames_a_second": round(line.mutated.total() / spent),
        "changes": dict(sorted(line.mutated.items())),
        "told": dict(sorted(line.told.items())),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 1 if "violation" in report else 0


if __name__ == "__main__":
    sys.exit(main())
