"""Killing a till at every call it makes: which calls there are, and one death at one of them.

Three ways. `die_at_system_call` lets strace count and kill: nothing of ours is in between, and what the till says to
the world is counted too. `die_at_storage_call` counts what SQLite, mirror and reserve ask of the disk and kills the
process there, now and then with half a write made. `photographed` plays once and forks at each such call, over a copy
of what lay there: a death costs its recovery alone, so all of them can be played.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pos_client.bootstrap.simulate.violation import hold
from tests.fakes.remote_till import Nursery, RemoteRig, Tracer, station
from tests.fakes.storage_calls import Half, StorageCalls
from tests.fakes.till_in_place import photograph, station_in_place
from tests.fakes.till_process import Plan
from tests.unit.services.plays import PLAYS
from tests.waiting import eventually

CALLS = "pwrite64,write,fdatasync,fsync,sendto,ioctl,unlink,rename,ftruncate,openat"
ATTACHED_S = 20.0
FAST = "/dev/shm"
"""A disk in memory, where there is one: a killed process loses nothing it has written, so nothing is proved less."""


@contextmanager
def folder() -> Iterator[Path]:
    """A till's folder for one life."""
    with TemporaryDirectory(dir=FAST if os.path.isdir(FAST) else None, prefix="till-") as name:
        yield Path(name)


def plan_in(where: Path, **how: object) -> Plan:
    return Plan(str(where), str(where / "mirror"), **how)  # type: ignore[arg-type]


def photographed(play: str, at: Callable[[int], bool] = lambda call: True) -> Iterator[tuple[int, str]]:
    """Every storage call of a play, or those of one's choice, and what came of a till that died there."""
    outcomes: list[tuple[int, str]] = []
    with folder() as where:
        site = where / "till"
        site.mkdir()
        calls = StorageCalls()
        with station_in_place(site, calls) as rig:

            def watch(call: int, half: Half | None) -> None:
                if at(call):
                    outcomes.append((call, photograph(rig, call, half if call % 2 else None)))

            calls.watch = watch
            rig.play(PLAYS[play])
            rig.evening()
    return iter(outcomes)


def storage_points(nursery: Nursery, play: str) -> int:
    """How many storage calls a till makes in a play, from the first opening to the closing."""
    with folder() as where, station(nursery, plan_in(where)) as rig:
        rig.play(PLAYS[play], people_go_on=True, requests_arrive=True)
        rig.evening()
        return rig.watched.calls


def die_at_storage_call(nursery: Nursery, play: str, at: int) -> bool:
    """One death of a process; raises `Violation` for a broken promise. False: the call was never made."""
    with folder() as where, station(nursery, plan_in(where, at=at)) as rig:
        rig.play(PLAYS[play], people_go_on=at % 2 == 0, requests_arrive=at % 3 != 0)
        rig.evening()
        return rig.watched.starts > 1


class Strace:
    """`Tracer` that attaches strace; `inject` as strace wants it, or None to count."""

    def __init__(self, log: Path, inject: str | None = None, paths: tuple[Path, ...] = ()) -> None:
        self._log, self._inject, self._paths = log, inject, paths
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, number: int) -> None:
        words = ["strace", "-f", "-qq", "-o", str(self._log), "-e", f"trace={CALLS}", "-e", "signal=none"]
        words += ["-e", f"inject={self._inject}"] if self._inject else []
        words += [word for path in self._paths for word in ("-P", str(path))]
        self._process = subprocess.Popen([*words, "-p", str(number)], stderr=subprocess.PIPE)
        eventually(lambda: self._attached(number), ATTACHED_S, what="strace has hold of the till")

    def _attached(self, number: int) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._process.stderr and self._process.stderr.read()
        return "TracerPid:\t0\n" not in Path(f"/proc/{number}/status").read_text("ascii")

    def close(self) -> None:
        """Its till is gone, so it is over."""
        if self._process is not None:
            self._process.communicate(timeout=ATTACHED_S)


def why_no_strace() -> str | None:
    """Why real system calls cannot be counted here; None: they can."""
    if sys.platform != "linux":
        return "strace is of Linux"
    if shutil.which("strace") is None:
        return "strace is not installed"
    child = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False, timeout=60)
    return child.stderr.decode(errors="replace") if child.returncode else None


def system_calls(nursery: Nursery, play: str) -> Counter[str]:
    """How often a till makes each system call in a play, from the moment it is told to begin."""
    with folder() as where, TemporaryDirectory() as beside:
        log = Path(beside) / "log"
        with traced(nursery, where, Strace(log)) as rig:
            rig.play(PLAYS[play], people_go_on=True, requests_arrive=True)
            rig.evening()
        names = [line.split("(")[0].split()[-1] for line in log.read_text(errors="replace").splitlines() if "(" in line]
    return Counter(names)


def die_at_system_call(nursery: Nursery, play: str, call: str, at: int) -> bool:
    """One death, by strace, on entering the n-th call of a name."""
    with folder() as where, TemporaryDirectory() as beside:
        strace = Strace(Path(beside) / "log", f"{call}:signal=SIGKILL:when={at}")
        with traced(nursery, where, strace) as rig:
            rig.play(PLAYS[play], people_go_on=at % 2 == 0, requests_arrive=at % 3 != 0)
            rig.evening()
            hold(rig.watched.refused == [], "L1", f"it did not start: {rig.watched.refused}")
            return rig.watched.starts > 1


@contextmanager
def traced(nursery: Nursery, where: Path, strace: Strace) -> Iterator[RemoteRig]:
    """A station whose first till runs under strace."""
    tracer: Tracer = strace
    try:
        with station(nursery, plan_in(where), tracer) as rig:
            yield rig
    finally:
        strace.close()
