"""Whatever cables, restarts and broken protocol objects do, and when: each litre is sold once, no hose guessed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_client.domain.facts import FuellingCompleted
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.wired_station import Station

STEPS: dict[str, Callable[[Station], object]] = {
    "lift": lambda station: station.device.lift(station.address, 1),
    "lift other": lambda station: station.device.lift(station.address, 2),
    "authorise": Station.authorise,
    "flow": Station.flow,
    "hang": lambda station: station.device.hang(station.address),
    "pull": Station.pull,
    "pull mid-frame": lambda station: station.pull(mid_frame=True),
    "put back": Station.put_back,
    "restart": lambda station: station.line.restart(),
    "break": Station.break_controller,
}
FUELLING = ((5_000, "lift"), (1_500, "authorise"), (2_500, "flow"), (300, "flow"), (300, "hang"))
PAUSES_MS = (0, 1, 15, 30, 200, 700, 3_000)
stories = st.lists(st.tuples(st.sampled_from(PAUSES_MS), st.sampled_from(list(STEPS))), max_size=14)


def play(spoken: str, monkeypatch: pytest.MonkeyPatch, story) -> Station:
    station = Station(spoken, lambda name, offered: monkeypatch.setitem(PROTOCOLS, name, offered))
    station.play([(pause, partial(STEPS[name], station)) for pause, name in story])
    station.check()
    return station


@pytest.mark.parametrize("spoken", ["dart", "gilbarco-two-wire"])
def test_an_undisturbed_fuelling_is_written_as_the_pump_tells_it(spoken: str, monkeypatch: pytest.MonkeyPatch):
    station = play(spoken, monkeypatch, FUELLING)
    told = station.rig.only(FuellingCompleted)
    assert (told.volume_ml, told.recovered) == (4_000, False)


@pytest.mark.parametrize("spoken", ["dart", "gilbarco-two-wire"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=stories)
def test_every_litre_is_sold_once_whatever_happens_to_the_line(spoken: str, monkeypatch: pytest.MonkeyPatch, story):
    with monkeypatch.context() as patch:
        play(spoken, patch, [*FUELLING[:4], *story])
