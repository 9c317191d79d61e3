"""The fault tests on the real process, in full: the suite plays a sample of each, this plays all, or until time is up.

    python -m tests.benchmarks.fault_runs deaths            a till dead at every storage call of every play
    python -m tests.benchmarks.fault_runs kills             the same as a process that is killed
    python -m tests.benchmarks.fault_runs system-calls      killed by strace at every system call
    python -m tests.benchmarks.fault_runs refusals          every storage call of every flow refused
    python -m tests.benchmarks.fault_runs flips             a million single bits turned
    python -m tests.benchmarks.fault_runs write-log         the power gone at every write, each state the disk may be in

Cases are shuffled by a fixed seed, so a run that is cut short is a fair sample of all. Ends with 1 when a promise was
broken, and says at which play and call.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from pos_client.bootstrap.simulate.violation import Violation
from tests.fakes.remote_till import Nursery, nursery
from tests.faults.process import kills, refusals
from tests.faults.sqlite.flips import FILES, Flipper
from tests.faults.sqlite.write_log import Replay
from tests.unit.services.plays import PLAYS

Case = tuple[Any, ...]
SEED = 20261123
SPOKEN_S = 60.0
PARTS = 10
STATES_PLAY, STATES_PARTS = "redeem-otp-partly", 100
FLIPS, FLIPS_A_CASE, ON_DISK_CASES = 1_000_000, 500, 40


def all_kills(tills: Nursery) -> Iterator[Case]:
    for play in PLAYS:
        yield from ((play, at) for at in range(1, kills.storage_points(tills, play) + 1))


def all_system_calls(tills: Nursery) -> Iterator[Case]:
    for play in PLAYS:
        for call, often in sorted(kills.system_calls(tills, play).items()):
            yield from ((play, call, at) for at in range(1, often + 1))


def all_deaths(tills: Nursery) -> Iterator[Case]:
    del tills
    yield from ((play, part) for part in range(PARTS) for play in PLAYS)


def some_deaths(tills: Nursery, play: str, part: int) -> Iterator[str]:
    del tills
    for call, outcome in kills.photographed(play, lambda call: call % PARTS == part):
        yield outcome if outcome == "ok" else f"{outcome} at storage call {call}"


def one(run: Callable[..., object]) -> Callable[..., Iterator[str]]:
    """A run whose case is one death, which may not have happened."""

    def play(*case: Any) -> Iterator[str]:
        yield "ok" if run(*case) else "alive"

    return play


def all_refusals(tills: Nursery) -> Iterator[Case]:
    del tills
    for flow in refusals.FLOWS:
        often = refusals.refuse(flow, 0, "full", lasting=False)
        for what, lasting in itertools.product(refusals.CODES, (False, True)):
            yield from ((flow, at, what, lasting) for at in range(1, often + 1))


def all_flips(tills: Nursery) -> Iterator[Case]:
    """A million bits of the book in memory, and some of all files as a till opens them."""
    del tills
    yield from (("memory", part) for part in range(FLIPS // FLIPS_A_CASE))
    yield from ((name, part) for name in FILES for part in range(ON_DISK_CASES))


def some_flips(tills: Nursery, where: str, part: int) -> Iterator[str]:
    del tills
    dice = Random(f"{where} {part}")
    flipper = a_flipper()
    if where == "memory":
        for _ in range(FLIPS_A_CASE):
            yield broken_if_silent(flipper.in_memory(dice.randrange(len(flipper.raw)), dice.randrange(8)))
        return
    for _ in range(FLIPS_A_CASE // 10):
        yield broken_if_silent(flipper.on_disk(where, dice.randrange(flipper.sizes[where]), dice.randrange(8)))


@cache
def a_flipper() -> Flipper:
    return Flipper(Path(mkdtemp(dir=kills.FAST if Path(kills.FAST).is_dir() else None)))


def all_states(tills: Nursery) -> Iterator[Case]:
    del tills
    yield from ((part,) for part in range(STATES_PARTS))


def some_states(tills: Nursery, part: int) -> Iterator[str]:
    del tills
    replay = Replay(STATES_PLAY, lambda number: number % STATES_PARTS == part)
    replay.run()
    for number, outcome in replay.outcomes:
        yield outcome if outcome == "ok" else f"{outcome} at state {number}"


def broken_if_silent(outcome: str) -> str:
    return f"BROKEN {outcome}" if outcome == "SILENT" or outcome.endswith("Error") else outcome


def one_refusal(tills: Nursery, flow: str, at: int, what: str, lasting: bool) -> Iterator[str]:
    del tills
    yield "ok" if refusals.refuse(flow, at, what, lasting=lasting) else "unmade"


RUNS: dict[str, tuple[Callable[[Nursery], Iterator[Case]], Callable[..., Iterator[str]]]] = {
    "deaths": (all_deaths, some_deaths),
    "kills": (all_kills, one(kills.die_at_storage_call)),
    "refusals": (all_refusals, one_refusal),
    "flips": (all_flips, some_flips),
    "write-log": (all_states, some_states),
    "system-calls": (all_system_calls, one(kills.die_at_system_call)),
}


def some(run: str, cases: Sequence[Case], until: float, told: Any) -> None:
    """Play cases until none is left or time is up; one word a case: what came of it."""
    with nursery() as tills:
        for case in cases:
            if time.monotonic() > until:
                break
            try:
                for outcome in RUNS[run][1](tills, *case):
                    told.put((case, outcome))
            except Violation as broken:
                told.put((case, f"BROKEN {broken}"))
    told.put(None)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", choices=RUNS)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with nursery() as tills:
        cases = list(RUNS[chosen.run][0](tills))
    Random(SEED).shuffle(cases)
    print(f"{len(cases)} cases in {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
    context = get_context("spawn")
    told = context.Queue()
    until = time.monotonic() + chosen.minutes * 60
    workers = [
        context.Process(target=some, args=(chosen.run, cases[first :: chosen.processes], until, told))
        for first in range(chosen.processes)
    ]
    for worker in workers:
        worker.start()
    outcomes: Counter[str] = Counter()
    spoken, running = time.monotonic(), len(workers)
    while True:
        word = told.get()
        if word is None:
            running -= 1
            if not running:
                break
            continue
        case, outcome = word
        outcomes[outcome.split(" ")[0]] += 1
        if outcome.startswith("BROKEN"):
            print(case, outcome, flush=True)  # noqa: T201
        if time.monotonic() - spoken > SPOKEN_S:
            spoken = time.monotonic()
            print(f"{sum(outcomes.values())} of {len(cases)}: {dict(outcomes)}", flush=True)  # noqa: T201
    for worker in workers:
        worker.join()
    print(f"{sum(outcomes.values())} of {len(cases)} in {time.monotonic() - began:.0f} s: {dict(outcomes)}")  # noqa: T201
    return 1 if outcomes["BROKEN"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
