"""The computer's clock put years on and back, or hours on as after a sleep, at every step of sales with points (F17).

Durations are measured by the clock that only grows, so nothing expires early or lives on; what is dated is dated by
central's time, and the till says how sure it is of it.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_client.adapters.central_http import identity
from pos_client.adapters.system_clock import SystemClock
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.moment import Moment
from pos_client.services import messages as m
from pos_client.services.snapshots import CustomerState, PointsPhase
from tests.central import running_central
from tests.fakes.selling_till import SellingTill, enrol, selling_till, settings_for

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals"),
    pytest.mark.timeout(180),
]
ORGANISATION, PIN = "000200001", "246813"
JUMPS = {"years on": timedelta(days=1200), "years back": timedelta(days=-1200), "a night asleep": timedelta(hours=8)}


class Jumping(SystemClock):
    """The computer's clock, and a hand at its wall. Asleep, the clock that only grows stands still too."""

    def __init__(self) -> None:
        super().__init__()
        self.off = timedelta()

    def now(self) -> Moment:
        real = super().now()
        return Moment(real.ticks_ms, real.wall + self.off, real.boot)


def sell_for_points(till: SellingTill, clock: Jumping, jump: timedelta, first: int) -> None:
    """One sale; the clock jumps there and back between its steps, so that it is wrong in every other one."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        clock.off = jump if steps % 2 == first else timedelta()

    step()
    till.lift()
    step()
    till.flow_and_hang()
    step()
    till.open_sale()
    step()
    till.post(m.Identify(ORGANISATION))
    seen = till.till
    seen.until(lambda: seen.seen.customer is not None and seen.seen.customer.state is CustomerState.KNOWN, "known")
    step()
    till.post(m.StartRedemption())
    seen.until(lambda: phase(till) is PointsPhase.WAITING_SECRET, "the PIN is asked for")
    step()
    for digit in PIN:
        till.post(m.KeypadPressed(int(digit)))
    step()
    till.post(m.KeypadPressed(m.KeypadKey.OK))
    seen.until(lambda: seen.seen.sale is None, "it is paid")
    step()
    seen.until(lambda: seen.seen.status.queue.waiting == 0, "head office has heard")


def phase(till: SellingTill) -> PointsPhase | None:
    panel = till.till.seen.points_panel
    return panel.phase if panel else None


@pytest.mark.parametrize("how", JUMPS)
def test_a_clock_that_jumps_at_every_step_of_a_sale_loses_nothing(how: str, tmp_path: Path, monkeypatch):
    clock = Jumping()
    monkeypatch.setattr(
        identity, "time", SimpleNamespace(time=lambda: time.time() + clock.off.total_seconds())
    )  # one computer, one clock: what a request is signed at jumps with it
    with running_central(seed=17) as central:
        enrol(tmp_path, central.addresses)
        before = central.account(ORGANISATION)
        with selling_till(tmp_path, settings_for(central.addresses), clock=clock) as till:
            till.till.until(lambda: till.till.facts(f.SessionOpened), "head office has answered")
            for first in (0, 1):
                sell_for_points(till, clock, JUMPS[how], first)
            assert till.till.seen.status.central is LinkState.UP
            spent = [fact.amount_vnd for fact in till.till.facts(f.TenderTaken)]
            assert len(till.till.facts(f.SalePaid)) == len(till.till.facts(f.FuellingCompleted)) == len(spent) == 2
            assert not till.till.facts(f.VoidIntended)
            noted = till.till.facts(f.TimeNoted)
        after = central.account(ORGANISATION)
        assert after["debits"] - before["debits"] == sum(spent)
        assert after["held"] == 0
    real = time.time() * 1000
    assert noted
    assert all(abs(fact.floor_ms - real) < 600_000 for fact in noted), "the floor follows central, not the jump"
