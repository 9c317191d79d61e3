"""The line's thread, a real pseudo-terminal or socket, and the simulator's process end to end on this machine.

One story for every protocol; what one tells and another does not stands in `SPOKEN`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.adapters.dispensers.lines import Lines
from pos_client.adapters.dispensers.port_identity import describe_ports
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers, SetPrices, StopPoint
from tests.fakes.dispenser_site import (
    GRADES,
    POINT,
    QUICK,
    TOTALS_ML,
    Control,
    Reports,
    make_line,
    running,
    simulator,
)

ENDPOINTS = ("pty", "tcp://127.0.0.1:0")
WIRE_FAULTS = ("lost_answer", "bad_crc", "noise", "late_answer")


@dataclass(frozen=True)
class Spoken:
    """What is peculiar to a protocol."""

    preset_reached: str
    """what the pump shows then"""
    tells_start: bool
    """says by itself that it had no power"""
    faults: tuple[str, ...]
    """of a pump, that change nothing"""


SPOKEN = {
    "dart": Spoken("max_reached", True, ("missed_ack", "ignored_reset")),
    "gilbarco-two-wire": Spoken("peot", False, ("wrong_pump", "bad_lrc", "cut_short", "refused_block")),
}


needs_pty = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals")


@dataclass(frozen=True)
class Site:
    """A pump at rest whose totals are read."""

    spoken: Spoken
    control: Control
    line: Line
    reports: Reports

    def wait_state(self, state: FuellingPointState, nozzle: int | None = None) -> None:
        self.reports.wait(r.PointStateReported, lambda s: s.state is state and nozzle in (None, s.nozzle))

    def finished(self, command_id: str, seconds: float = 8.0) -> r.CommandFinished:
        return self.reports.wait(r.CommandFinished, lambda c: c.command_id == command_id, seconds)

    def authorise(self, nozzle: int = 1, preset_vnd: int | None = None) -> r.CommandFinished:
        """Lifted, seen calling, permitted; what became of it."""
        self.control.do("lift", nozzle=nozzle)
        self.wait_state(FuellingPointState.CALLING, nozzle)
        self.line.submit(Authorise("a1", POINT, preset_vnd))
        return self.finished("a1", seconds=20)


@pytest.fixture(
    params=[
        pytest.param((spoken, endpoint), id=f"{spoken} {endpoint[:3]}", marks=needs_pty if endpoint == "pty" else ())
        for spoken, endpoint in product(SPOKEN, ENDPOINTS)
    ]
)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    spoken, endpoint = request.param
    reports = Reports()
    with (
        simulator(endpoint, protocol=spoken) as addresses,
        running(make_line(addresses["port"], reports, protocol=spoken, options=QUICK.get(spoken, ""))) as line,
    ):
        reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.IDLE)
        reports.wait(r.TotalizerRead, lambda t: t.nozzle == 2)
        yield Site(SPOKEN[spoken], Control(addresses["control"]), line, reports)


def test_start_tells_link_power_state_and_all_totals(site: Site):
    reports = site.reports
    opened = reports.of(r.LineLinkChanged)
    assert reports.posted[0] == opened[0]
    assert [(link.line, link.state, link.detail) for link in opened] == [("forecourt", LinkState.UP, "")]
    assert opened[0].device.startswith(("/dev/pts/", "socket://"))
    assert reports.of(r.PointLinkChanged) == [r.PointLinkChanged(POINT, LinkState.UP)]
    assert reports.of(r.PointRestarted) == [r.PointRestarted(POINT)] * site.spoken.tells_start
    assert [s.state for s in reports.of(r.PointStateReported)] == [
        FuellingPointState.INOPERATIVE,
        FuellingPointState.IDLE,
    ]
    assert [(t.nozzle, t.totalizer_ml) for t in reports.of(r.TotalizerRead)] == list(enumerate(TOTALS_ML, start=1))


def test_a_delivery_with_preset_from_lift_to_proof(site: Site):
    assert site.authorise(nozzle=2, preset_vnd=100_000) == r.CommandFinished("a1", POINT, r.CommandOutcome.DONE)
    site.control.flow(amount_vnd=500_000)
    assert site.control.point()["status"] == site.spoken.preset_reached
    site.control.do("hang")
    ended = site.reports.wait(r.DeliveryEnded)
    pump = site.control.point()
    assert ended == r.DeliveryEnded(
        POINT, NozzleId(2), pump["volume_ml"], 100_000, GRADES[1].unit_price, pump["totals"]["2"]
    )
    assert ended.end_totalizer_ml == TOTALS_ML[1] + ended.volume_ml
    site.reports.wait(r.PriceShown, lambda p: (p.nozzle, p.unit_price) == (2, GRADES[1].unit_price))
    assert all(p.amount_vnd <= 100_000 for p in site.reports.of(r.DeliveryProgressed))


def test_new_prices_wait_for_the_end_of_a_delivery_and_hold_from_the_next_one_on(site: Site):
    new = ((NozzleId(1), 27_450), (NozzleId(2), 22_000))
    site.authorise()
    site.control.flow(volume_ml=2_000)
    site.line.submit(SetPrices("p1", POINT, new))
    assert site.finished("p1").outcome is r.CommandOutcome.REFUSED
    site.control.do("hang")
    assert site.reports.wait(r.DeliveryEnded).unit_price == GRADES[0].unit_price
    site.line.submit(SetPrices("p2", POINT, new))
    assert site.finished("p2", seconds=20).outcome is r.CommandOutcome.DONE
    site.reports.wait(r.PriceShown, lambda p: (p.nozzle, p.unit_price) == (1, 27_450))
    site.control.do("lift", nozzle=1)
    site.reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.CALLING)
    site.line.submit(Authorise("a2", POINT))
    assert site.finished("a2", seconds=20).outcome is r.CommandOutcome.DONE
    site.control.flow(volume_ml=1_000)
    site.control.do("hang")
    ended = site.reports.wait(r.DeliveryEnded, lambda d: d.unit_price == 27_450)
    assert (ended.volume_ml, ended.amount_vnd) == (1_000, 27_450)


def test_stop_freezes_and_totals_are_read_on_request(site: Site):
    site.authorise()
    site.control.do("flow", seconds=60)
    site.reports.wait(r.DeliveryProgressed, lambda p: p.volume_ml > 0)
    site.line.submit(StopPoint("s1", POINT))
    assert site.finished("s1").outcome is r.CommandOutcome.DONE
    site.line.submit(ReadTotalizers("t1", POINT))
    assert site.finished("t1").outcome is r.CommandOutcome.REFUSED, "a total read before the nozzle hangs is no proof"
    site.control.do("hang")
    ended = site.reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == site.control.point()["volume_ml"]
    site.line.submit(ReadTotalizers("t2", POINT))
    assert site.finished("t2").outcome is r.CommandOutcome.DONE
    assert site.reports.of(r.TotalizerRead)[-2].totalizer_ml == TOTALS_ML[0] + ended.volume_ml


def test_a_cable_pulled_in_the_middle_loses_no_litre(site: Site):
    site.authorise()
    site.control.flow(volume_ml=2_000)
    site.control.call("POST", "/control/line/unplug")
    site.reports.wait(r.LineLinkChanged, lambda c: c.state is LinkState.DOWN)
    site.reports.wait(r.PointLinkChanged, lambda c: c.state is LinkState.DOWN)
    told = len(site.reports.of(r.PointStateReported))
    site.line.submit(StopPoint("s1", POINT))
    assert site.finished("s1").outcome is r.CommandOutcome.NO_ANSWER
    site.control.flow(volume_ml=5_000)
    site.control.do("hang")
    assert len(site.reports.of(r.PointStateReported)) == told, "a lost link says nothing about the hose"
    site.control.call("POST", "/control/line/replug")
    ended = site.reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == site.control.point()["volume_ml"] >= 5_000
    assert ended.end_totalizer_ml == TOTALS_ML[0] + ended.volume_ml
    site.reports.wait(r.TotalizerRead, lambda t: t.totalizer_ml == ended.end_totalizer_ml)
    assert len(site.reports.of(r.DeliveryEnded)) == 1


def test_a_power_cut_leaves_only_the_totals(site: Site):
    restarts = len(site.reports.of(r.PointRestarted))
    site.authorise()
    site.control.flow(volume_ml=3_000)
    site.control.do("cut_power")
    site.reports.wait(r.PointLinkChanged, lambda c: c.state is LinkState.DOWN)
    site.control.do("hang")
    site.control.do("restore_power")
    after = site.control.point()["totals"]["1"]
    site.reports.wait(r.TotalizerRead, lambda t: t.totalizer_ml == after)
    assert len(site.reports.of(r.PointRestarted)) == restarts + 1
    assert site.reports.of(r.DeliveryEnded) == []


def test_faults_from_the_control_address_do_not_change_what_is_reported(site: Site):
    for name in (*WIRE_FAULTS, *site.spoken.faults):
        site.control.call("POST", "/control/faults", name=name, times=2, point=POINT)
    assert site.authorise(preset_vnd=50_000).outcome is r.CommandOutcome.DONE
    site.control.flow(amount_vnd=50_000)
    site.control.do("hang")
    ended = site.reports.wait(r.DeliveryEnded, seconds=20)
    assert (ended.amount_vnd, ended.end_totalizer_ml) == (50_000, site.control.point()["totals"]["1"])
    assert site.reports.of(r.AlarmReported) == []
    site.control.call("DELETE", "/control/faults")


def test_an_alarm_of_the_pump_is_told(site: Site):
    """Every protocol has a way to say that fuel flows which nobody permitted."""
    site.control.call("POST", "/control/faults", name="unauthorised", times=1, point=POINT)
    site.control.do("lift", nozzle=1)
    site.control.flow(volume_ml=3_000)
    alarm = site.reports.wait(r.AlarmReported)
    assert alarm == r.AlarmReported(POINT, "unauthorised_delivery")
    site.control.do("hang")
    assert site.reports.wait(r.DeliveryEnded).end_totalizer_ml == site.control.point()["totals"]["1"]


def test_a_line_without_a_port_answers_at_once_and_tells_it_once():
    reports = Reports()
    line = make_line("/dev/there-is-no-such-port", reports)
    with running(line):
        reports.wait(r.LineLinkChanged, lambda c: c.state is LinkState.DOWN)
        Lines([line], reports).send(StopPoint("s1", POINT))
        done = reports.wait(r.CommandFinished)
        assert (done.outcome, done.detail) == (r.CommandOutcome.NO_ANSWER, "line_down")
    assert len(reports.of(r.LineLinkChanged)) == 1


def test_a_command_for_a_point_nobody_serves_is_refused():
    reports = Reports()
    Lines([], reports).send(StopPoint("s1", PointId(99)))
    assert reports.posted == [r.CommandFinished("s1", PointId(99), r.CommandOutcome.REFUSED, "unknown_point")]


def test_describing_ports_needs_none():
    assert isinstance(describe_ports(), list)


@needs_pty
def test_two_lines_whose_links_lead_to_one_device_are_told_so(tmp_path: Path):
    around, first, second = Surroundings(), Reports(), Reports()
    with simulator("pty") as addresses:
        device = os.path.realpath(addresses["port"])
        for name in ("east", "west"):
            (tmp_path / name).symlink_to(addresses["port"])
        with running(make_line(str(tmp_path / "east"), first, around)):
            first.wait(r.TotalizerRead)
            other = make_line(str(tmp_path / "west"), second, around, name="west")
            with running(other):
                refused = second.wait(r.LineLinkChanged)
                assert (refused.state, refused.detail) == (LinkState.DOWN, f"port_taken: {device} (forecourt)")
            assert [(link.state, link.device) for link in first.of(r.LineLinkChanged)] == [(LinkState.UP, device)]
