"""`pos-client simulate`: the production core through random histories of faults, and what it promises compared."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from itertools import count

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.simulate.mutants import MUTANTS
from pos_client.bootstrap.simulate.runner import SEEDS_APART, Tally, play_many, shrink
from pos_client.bootstrap.simulate.world import INVARIANTS

PROGRESS_S = 5.0
ALL = "all"
"""in place of a mutant's name: each of them"""


def run(arguments: Arguments) -> int:
    """0: every promise was kept (or, with a mutant, it was caught); 1: not; 2: wrong usage."""
    if arguments.list_mutants:
        for mutant in MUTANTS.values():
            print(f"{mutant.name:32} {mutant.says}")
        return 0
    if arguments.mutant == ALL:
        return _catch_all(arguments)
    if arguments.mutant is not None and arguments.mutant not in MUTANTS:
        print(f"no mutant is called {arguments.mutant!r}; --list-mutants names them", file=sys.stderr)
        return 2
    if arguments.replay is not None:
        return _replay(arguments)
    return _play(arguments)


def _catch_all(arguments: Arguments) -> int:
    """Every mistake in turn, with the number of histories it took to catch it. 1: one was not caught."""
    missed = 0
    for name in sorted(MUTANTS):
        tally = Tally()
        played = play_many(arguments.histories, arguments.seed, name, processes=arguments.processes, stop_at_first=True)
        for some in played:
            tally.add(some)
        needed = tally.broken[0].seed - arguments.seed * SEEDS_APART + 1 if tally.broken else 0
        missed += not tally.broken
        caught = f"{needed:6} {tally.broken[0].invariant:4}" if tally.broken else f"{'-':>6} {'':4}"
        print(f"{name:36} {caught} {MUTANTS[name].says}", flush=True)
    print(f"{len(MUTANTS) - missed} of {len(MUTANTS)} caught within {arguments.histories} histories")
    return int(missed > 0)


def _play(arguments: Arguments) -> int:
    total, started = Tally(), time.perf_counter()
    told = started
    tallies = play_many(
        arguments.histories,
        arguments.seed,
        arguments.mutant,
        processes=arguments.processes,
        stop_at_first=arguments.mutant is not None,
    )
    for tally in tallies:
        total.add(tally)
        now = time.perf_counter()
        if now - told > PROGRESS_S and sys.stderr.isatty():
            told = now
            print(f"{total.histories} histories, {sum(total.invariants.values())} violations", file=sys.stderr)
    seconds = time.perf_counter() - started
    answer = {
        "histories": total.histories,
        "seed": arguments.seed,
        "mutant": arguments.mutant,
        "steps": total.steps,
        "faults": dict(sorted(total.faults.items())),
        "violations": {name: total.invariants.get(name, 0) for name in sorted({*INVARIANTS, *total.invariants})},
        "violations_total": sum(total.invariants.values()),
        "broken": [asdict(broken) for broken in total.broken],
        "seconds": round(seconds, 1),
        "histories_per_second": round(total.histories / seconds, 1),
    }
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        _say(answer, total)
    caught = bool(total.broken)
    return int(caught != (arguments.mutant is not None))


def _say(answer: dict[str, object], total: Tally) -> None:
    rate, seconds = answer["histories_per_second"], answer["seconds"]
    print(f"{total.histories} histories of {total.steps} steps in {seconds} s: {rate} a second")
    print("faults met:  " + ", ".join(f"{name} {number}" for name, number in sorted(total.faults.items())))
    print("violations:  " + ", ".join(f"{name} {total.invariants.get(name, 0)}" for name in INVARIANTS))
    for broken in total.broken:
        print(f"  seed {broken.seed}: {broken.invariant}: {broken.what}")
    if total.broken:
        mutant = f" --mutant {answer['mutant']}" if answer["mutant"] else ""
        print(f"repeat one with: pos-client simulate --replay {total.broken[0].seed}{mutant}")


def _replay(arguments: Arguments) -> int:
    steps, temper, violation = shrink(arguments.replay, arguments.mutant)
    answer = {
        "seed": arguments.replay,
        "temper": temper,
        "steps": [list(step) for step in steps],
        "invariant": violation.invariant if violation else None,
        "what": violation.what if violation else None,
    }
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(f"seed {arguments.replay}, forecourt of temper {temper}")
        for number, (name, die) in zip(count(1), steps, strict=False):
            print(f"{number:3}  {name:14} {die}")
        print(f"{violation.invariant}: {violation.what}" if violation else "every promise was kept")
    return int(violation is not None)
