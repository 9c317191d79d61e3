"""Fuzzes the live reference central by its own contract for as long as wanted, and says what was asked and found.

python -m tests.benchmarks.fuzz_contract --cases 200 --seeds 1,2,3 [--db postgresql+psycopg://...]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter

from pos_client.bootstrap.conformance.fuzzing import Target, fuzz
from pos_client.sandbox.central.contract import document
from pos_client.sandbox.central.storage.engine import IN_MEMORY
from tests.central import TERMINAL, Till, running_central
from tests.living_requests import Life


def main() -> int:
    """0 when nothing was found and the ledger adds up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100, help="random requests an address")
    parser.add_argument("--steps", type=int, default=10, help="requests of a chain")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--db", default=IN_MEMORY, metavar="URL")
    wanted = parser.parse_args()
    asked, statuses, faults = Counter[str](), Counter[str](), list[str]()
    began = time.monotonic()
    for seed in map(int, wanted.seeds.split(",")):
        with running_central(seed=seed, database=wanted.db) as central:
            till = Till(central.addresses)
            try:
                target = Target(central.addresses.url, TERMINAL, cases=wanted.cases, seed=seed, steps=wanted.steps)
                record = fuzz(document.published(), target, Life(central, till, seed), central.sign)
            finally:
                till.close()
            central.ledger()  # raises when a fund does not add up
        asked += record.asked
        for key, times in record.statuses.items():
            statuses[key.rpartition(" ")[2]] += times
        faults += [f"{one.address}: {one.check}: {one.says}\n{one.again}" for one in record.findings]
        faults += record.broken
    told = {
        "requests": dict(asked),
        "statuses": dict(sorted(statuses.items())),
        "faults": faults,
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
