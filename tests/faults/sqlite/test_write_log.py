"""A sample of the power cuts that `write_log.py` enumerates; all of them by `fault_runs.py write-log` (F02; I14)."""

from __future__ import annotations

import pytest

from pos_client.adapters.sqlite.connection import PRAGMAS
from tests.faults.sqlite.write_log import Replay

PLAY = "redeem-otp-partly"
EVERY = 211


@pytest.mark.timeout(300)
def test_whatever_the_disk_kept_of_its_writes_the_day_ends_well():
    replay = Replay(PLAY, lambda number: number % EVERY == 0)
    replay.run()
    assert replay.broken == []
    assert len(replay.outcomes) > 10


@pytest.mark.timeout(300)
def test_a_book_that_does_not_wait_for_the_disk_is_caught(monkeypatch: pytest.MonkeyPatch):
    lazy = tuple(("synchronous", "NORMAL", 1) if each[0] == "synchronous" else each for each in PRAGMAS)
    monkeypatch.setattr("pos_client.adapters.sqlite.connection.PRAGMAS", lazy)
    replay = Replay(PLAY, lambda number: number % EVERY == 0 and not replay.broken)
    replay.run()
    assert replay.broken[0][1].startswith("BROKEN I14")
