"""How sure the time of a fuelling is travels with its claim for points (reliability 3.10, 3.13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pos_client.bootstrap.simulate.envelopes import opened
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.tender import TenderKind
from pos_client.ports.central import EncodedCall


def claimed(rig: Rig, fuel: bool = True) -> str:
    """The quality the next claim states."""
    seen: list[Any] = []

    def watch(call: EncodedCall) -> None:
        if call.key.endswith(":accrue"):
            seen.append(opened(call.body)["time_quality"])

    rig.central.watch = watch
    rig.identify()
    if fuel:
        rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)
    rig.advance(2_000)
    return str(seen[-1])


def test_while_central_is_heard_the_time_is_sure():
    rig = Rig()
    rig.advance(5_000)
    assert claimed(rig) == TimeQuality.SYNCED
    assert rig.only(f.FuellingCompleted).time_quality == TimeQuality.SYNCED


def test_hours_without_central_it_is_held_over_and_after_a_restart_the_computers_own():
    rig = Rig()
    rig.advance(5_000)
    rig.central.down = True
    rig.advance(2 * 3_600_000, step_ms=60_000)
    rig.fuel()
    assert rig.facts(f.FuellingCompleted)[-1].time_quality == TimeQuality.HOLDOVER


def test_a_clock_that_jumped_is_not_trusted_and_the_claim_is_sent_all_the_same():
    rig = Rig()
    rig.advance(5_000)
    rig.central.down = True
    rig.advance(10_000)
    rig.clock.set_wall(rig.clock.now().wall + timedelta(days=40))
    rig.fuel()
    rig.central.down = False
    rig.advance(20_000)
    assert claimed(rig, fuel=False) == TimeQuality.UNTRUSTED
    assert len(rig.credits()) == 1


def test_a_clock_that_is_wrong_beside_centrals_says_so_of_what_it_stamps():
    """The time is known well; the stamp was read from a clock that says something else."""
    rig = Rig()
    rig.clock.set_wall(rig.clock.now().wall - timedelta(days=40))
    rig.restart()
    rig.advance(20_000)
    assert claimed(rig) == TimeQuality.UNTRUSTED
