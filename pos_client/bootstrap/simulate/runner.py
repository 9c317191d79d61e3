"""Plays many histories, over all processors, and counts: faults met, promises broken, histories a second.

A history is its seed, so a violation is repeated by its seed alone; `shrink` finds the few steps that matter.
"""

from __future__ import annotations

import gc
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import field

from pos_client.bootstrap.simulate.histories import FAULTS_OF, Step, play, roll
from pos_client.bootstrap.simulate.mutants import MUTANTS, applied
from pos_client.bootstrap.simulate.violation import Violation
from pos_client.value import dataclass

CHUNK = 250
SEEDS_APART = 1_000_000_007
"""One run's seeds are `seed * SEEDS_APART + n`: runs of different seeds share no history."""
KEPT_VIOLATIONS = 20
COLLECTED_EVERY = 20_000
"""So many new objects, about one history, between two looks for rubbish."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A history that broke a promise."""

    seed: int
    invariant: str
    what: str


@dataclass(slots=True)
class Tally:
    """What some histories came to. `invariants` counts all violations, `broken` keeps the first ones."""

    histories: int = 0
    steps: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    invariants: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.histories += other.histories
        self.steps += other.steps
        self.faults += other.faults
        self.invariants += other.invariants
        self.broken = sorted([*self.broken, *other.broken], key=lambda broken: broken.seed)[:KEPT_VIOLATIONS]


def try_history(steps: Sequence[Step], temper: int) -> Violation | None:
    """Play one history to its evening and compare the ledgers. Whatever the core raises is a bug of ours."""
    try:
        play(steps, temper)
    except Violation as violation:
        return violation
    except Exception as error:  # noqa: BLE001  # the production core must raise nothing, whatever happens to it
        return Violation("bug", f"{type(error).__name__}: {error}")
    return None


def play_some(first: int, count: int, mutant: str | None = None, stop_at_first: bool = False) -> Tally:
    """Histories of `count` seeds from `first` on, in this process."""
    tally = Tally()
    with undisturbed(), applied(mutant):
        for seed in range(first, first + count):
            steps, temper = roll(seed)
            tally.histories += 1
            tally.steps += len(steps)
            tally.faults.update(FAULTS_OF[name] for name, _ in steps if name in FAULTS_OF)
            violation = try_history(steps, temper)
            if violation is not None:
                tally.invariants[violation.invariant] += 1
                tally.broken.append(Broken(seed, violation.invariant, violation.what))
                if stop_at_first:
                    break
    return tally


def play_many(
    histories: int, seed: int, mutant: str | None = None, *, processes: int = 0, stop_at_first: bool = False
) -> Iterator[Tally]:
    """Tallies as they come, from all processors (`processes` 0: as many as there are)."""
    begin = seed * SEEDS_APART
    chunks = iter([(begin + at, min(CHUNK, histories - at)) for at in range(0, histories, CHUNK)])
    workers = processes or os.cpu_count() or 1
    if workers == 1:
        for first, count in chunks:
            tally = play_some(first, count, mutant, stop_at_first)
            yield tally
            if stop_at_first and tally.broken:
                return
        return
    with ProcessPoolExecutor(workers) as pool:
        running: set[Future[Tally]] = set()
        over = False
        while True:
            while not over and len(running) < workers * 2 and (chunk := next(chunks, None)) is not None:
                running.add(pool.submit(play_some, *chunk, mutant, stop_at_first))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                tally = future.result()
                yield tally
                over = over or (stop_at_first and bool(tally.broken))


def shrink(seed: int, mutant: str | None = None) -> tuple[list[Step], int, Violation | None]:
    """The steps of a seed that are needed to break the same promise; all of them when none is broken."""
    steps, temper = roll(seed)
    with undisturbed(), applied(mutant):
        violation = try_history(steps, temper)
        if violation is None:
            return steps, temper, None
        size = max(1, len(steps) // 2)
        while size:
            at = 0
            while at < len(steps):
                fewer = steps[:at] + steps[at + size :]
                found = try_history(fewer, temper)
                if found is not None and found.invariant == violation.invariant:
                    steps, violation = fewer, found
                else:
                    at += size
            size //= 2
    return steps, temper, violation


@contextmanager
def undisturbed() -> Iterator[None]:
    """Millions of refused commits are meant here: the core's log is not written. What the program consists of is no
    history's rubbish: the collector does not look through it again after every few messages."""
    before, rarely = logging.root.manager.disable, gc.get_threshold()
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_EVERY, *rarely[1:])
    try:
        yield
    finally:
        gc.set_threshold(*rarely)
        gc.unfreeze()
        logging.disable(before)


__all__ = ["MUTANTS", "Broken", "Tally", "play_many", "play_some", "shrink", "try_history", "undisturbed"]
