"""The line's thread, a real pseudo-terminal or socket, and the simulator's process end to end on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pos_client.adapters.dispensers.line import Surroundings
from pos_client.adapters.dispensers.lines import Lines
from pos_client.adapters.dispensers.port_identity import describe_ports
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers, StopPoint
from tests.fakes.dispenser_site import GRADES, POINT, TOTALS_ML, Control, Reports, make_line, running, simulator

needs_pty = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals")
ENDPOINTS = [pytest.param("pty", marks=needs_pty), "tcp://127.0.0.1:0"]


def is_state(state: FuellingPointState):
    return lambda report: report.state is state


@pytest.fixture(params=ENDPOINTS)
def site(request: pytest.FixtureRequest):
    """Simulator, its control, a running line, its reports; the head is idle and its totals are read."""
    reports = Reports()
    with simulator(request.param) as addresses, running(make_line(addresses["port"], reports)) as line:
        reports.wait(r.TotalizerRead, lambda t: t.nozzle == 2)
        yield Control(addresses["control"]), line, reports


def test_start_tells_link_power_state_and_all_totals(site):
    _, _, reports = site
    opened = reports.of(r.LineLinkChanged)
    assert reports.posted[0] == opened[0]
    assert [(link.line, link.state, link.detail) for link in opened] == [("forecourt", LinkState.UP, "")]
    assert opened[0].device.startswith(("/dev/pts/", "socket://"))
    assert reports.of(r.PointLinkChanged) == [r.PointLinkChanged(POINT, LinkState.UP)]
    assert reports.of(r.PointRestarted) == [r.PointRestarted(POINT)]
    assert [s.state for s in reports.of(r.PointStateReported)] == [
        FuellingPointState.INOPERATIVE,
        FuellingPointState.IDLE,
    ]
    assert [(t.nozzle, t.totalizer_ml) for t in reports.of(r.TotalizerRead)] == list(enumerate(TOTALS_ML, start=1))


def test_a_delivery_with_preset_from_lift_to_proof(site):
    control, line, reports = site
    control.do("lift", nozzle=2)
    reports.wait(r.PointStateReported, is_state(FuellingPointState.CALLING))
    line.submit(Authorise("a1", POINT, 100_000))
    done = reports.wait(r.CommandFinished)
    assert (done.command_id, done.outcome) == ("a1", r.CommandOutcome.DONE)
    control.flow(amount_vnd=500_000)
    assert control.point()["status"] == "max_reached"
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded)
    pump = control.point()
    assert ended == r.DeliveryEnded(
        POINT, NozzleId(2), pump["volume_ml"], 100_000, GRADES[1].unit_price, pump["totals"]["2"]
    )
    assert ended.end_totalizer_ml == TOTALS_ML[1] + ended.volume_ml
    reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.IDLE and s is not reports.posted[0])
    assert all(p.amount_vnd <= 100_000 for p in reports.of(r.DeliveryProgressed))


def test_stop_freezes_and_totals_are_read_on_request(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    line.submit(Authorise("a1", POINT))
    reports.wait(r.CommandFinished)
    control.do("flow", seconds=60)
    reports.wait(r.DeliveryProgressed, lambda p: p.volume_ml > 0)
    line.submit(StopPoint("s1", POINT))
    assert reports.wait(r.CommandFinished, lambda c: c.command_id == "s1").outcome is r.CommandOutcome.DONE
    line.submit(ReadTotalizers("t1", POINT))
    refused = reports.wait(r.CommandFinished, lambda c: c.command_id == "t1")
    assert refused.outcome is r.CommandOutcome.REFUSED, "a total read before the nozzle hangs proves nothing"
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == control.point()["volume_ml"]
    line.submit(ReadTotalizers("t2", POINT))
    reports.wait(r.CommandFinished, lambda c: c.command_id == "t2")
    assert reports.of(r.TotalizerRead)[-2].totalizer_ml == TOTALS_ML[0] + ended.volume_ml


def test_a_cable_pulled_in_the_middle_loses_no_litre(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    line.submit(Authorise("a1", POINT))
    reports.wait(r.CommandFinished)
    control.flow(volume_ml=2_000)
    control.call("POST", "/control/line/unplug")
    reports.wait(r.LineLinkChanged, lambda c: c.state is LinkState.DOWN)
    reports.wait(r.PointLinkChanged, lambda c: c.state is LinkState.DOWN)
    told = len(reports.of(r.PointStateReported))
    line.submit(StopPoint("s1", POINT))
    assert reports.wait(r.CommandFinished, lambda c: c.command_id == "s1").outcome is r.CommandOutcome.NO_ANSWER
    control.flow(volume_ml=5_000)
    control.do("hang")
    assert len(reports.of(r.PointStateReported)) == told, "a lost link says nothing about the hose"
    control.call("POST", "/control/line/replug")
    ended = reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == control.point()["volume_ml"] >= 5_000
    assert ended.end_totalizer_ml == TOTALS_ML[0] + ended.volume_ml
    reports.wait(r.TotalizerRead, lambda t: t.totalizer_ml == ended.end_totalizer_ml)
    assert len(reports.of(r.DeliveryEnded)) == 1


def test_a_power_cut_leaves_only_the_totals(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    line.submit(Authorise("a1", POINT))
    reports.wait(r.CommandFinished)
    control.flow(volume_ml=3_000)
    control.do("cut_power")
    reports.wait(r.PointLinkChanged, lambda c: c.state is LinkState.DOWN)
    control.do("hang")
    control.do("restore_power")
    after = control.point()["totals"]["1"]
    reports.wait(r.TotalizerRead, lambda t: t.totalizer_ml == after)
    assert len(reports.of(r.PointRestarted)) == 2
    assert reports.of(r.DeliveryEnded) == []
    reports.wait(r.PointStateReported, lambda s: s is reports.of(r.PointStateReported)[-1])


def test_faults_from_the_control_address_do_not_change_what_is_reported(site):
    control, line, reports = site
    for name, times in (("lost_answer", 2), ("bad_crc", 3), ("noise", 4), ("late_answer", 2), ("missed_ack", 2)):
        control.call("POST", "/control/faults", name=name, times=times, point=POINT)
    control.call("POST", "/control/faults", name="ignored_reset", times=2, point=POINT)
    control.call("POST", "/control/faults", name="alarm", times=1, point=POINT)
    control.do("lift", nozzle=1)
    line.submit(Authorise("a1", POINT, 50_000))
    assert reports.wait(r.CommandFinished).outcome is r.CommandOutcome.DONE
    control.flow(amount_vnd=50_000)
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded)
    assert (ended.amount_vnd, ended.end_totalizer_ml) == (50_000, control.point()["totals"]["1"])
    assert reports.of(r.AlarmReported) == [r.AlarmReported(POINT, "emergency_stop")]
    control.call("DELETE", "/control/faults")


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
