"""ENOSPC and EIO at a storage call of a till, once or from there on (F03, F05; I2, I14, I16).

In every flow: what was acknowledged is there, nothing that failed was acknowledged, the code is the disk's own, and a
sale is paid on a full disk. The suite plays a sample; all of it by `tests/benchmarks/fault_runs.py refusals`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.fakes.remote_till import Nursery, nursery
from tests.faults.process.kills import Strace, folder, traced, why_no_strace
from tests.faults.process.refusals import CODES, FLOWS, refuse
from tests.unit.services.plays import PLAYS

CASES = 36
ALWAYS = ("anonymous", "start after a death", "rebuilding from the mirror", "migration")
NAMES = {"full": "ENOSPC", "failing": "EIO"}
SAID = {"pwrite64": CODES, "write": CODES, "fdatasync": {what: {"store_failed"} for what in CODES}}
SAID["openat"] = SAID["fdatasync"]
"""Of a sync or an opening that failed for want of room SQLite says only that it failed."""


@pytest.mark.timeout(180)
def test_a_storage_call_is_refused():
    dice = random.Random(20261124)
    often: dict[str, int] = {}
    struck = 0
    for n in range(CASES):
        flow = ALWAYS[n // 2 % 4] if n % 2 else dice.choice(list(FLOWS))
        if flow not in often:
            often[flow] = refuse(flow, 0, "full", lasting=False)
        struck += refuse(flow, dice.randrange(1, often[flow] + 1), dice.choice(list(CODES)), lasting=n % 3 == 0) > 0
    assert struck == CASES, "a call that was counted was not made"


@pytest.fixture(scope="module")
def tills() -> Iterator[Nursery]:
    with nursery() as opened:
        yield opened


@pytest.mark.timeout(180)
@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize(("call", "at"), [("pwrite64", 31), ("fdatasync", 12), ("write", 9), ("openat", 2)])
def test_a_system_call_is_refused(tills: Nursery, call: str, at: int, what: str):
    """By the operating system itself, as strace makes it: no Python is between SQLite and the disk."""
    if (why := why_no_strace()) is not None:
        pytest.skip(f"NOT PROVED HERE, no system call can be made to fail: {why}")
    with folder() as where, TemporaryDirectory() as beside:
        book = where / "journal.db"
        paths = (book, Path(f"{book}-wal"), where / "mirror" / "mirror-000001.seg", where / "journal.db.making")
        strace = Strace(Path(beside) / "log", f"{call}:error={NAMES[what]}:when={at}", paths)
        with traced(tills, where, strace) as rig:
            rig.play(PLAYS["gift-while-selling"], people_go_on=True, requests_arrive=True)
            assert set(rig.watched.refused) | set(rig.store.refusals) <= SAID[call][what]
            rig.restart()
            rig.run()
            rig.evening()
        assert "INJECTED" in (Path(beside) / "log").read_text(errors="replace"), f"there was no {call} number {at}"
