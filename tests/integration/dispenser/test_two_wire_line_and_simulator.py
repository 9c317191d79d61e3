"""A Two-Wire line's thread, a real pseudo-terminal or socket, and the simulator behind it, on this machine."""

from __future__ import annotations

import pytest

from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers, StopPoint
from tests.fakes.dispenser_site import GRADES, POINT, TOTALS_ML, Control, Reports, make_line, running, simulator
from tests.integration.dispenser.test_line_and_simulator import ENDPOINTS, is_state

SPOKEN = "gilbarco-two-wire"
QUICK = "readback_ms=100 data_retry_ms=200 money_after_ms=100 stop_wait_ms=100"


@pytest.fixture(params=ENDPOINTS)
def site(request: pytest.FixtureRequest):
    """Simulator, its control, a running line, its reports; the pump is idle, priced, and its totals are read."""
    reports = Reports()
    with (
        simulator(request.param, protocol=SPOKEN) as addresses,
        running(make_line(addresses["port"], reports, protocol=SPOKEN, options=QUICK)) as line,
    ):
        reports.wait(r.PointStateReported, is_state(FuellingPointState.IDLE))
        yield Control(addresses["control"]), line, reports


def test_start_tells_link_state_and_all_totals(site):
    _, _, reports = site
    assert [link.state for link in reports.of(r.LineLinkChanged)] == [LinkState.UP]
    assert reports.of(r.PointLinkChanged) == [r.PointLinkChanged(POINT, LinkState.UP)]
    assert [s.state for s in reports.of(r.PointStateReported)] == [
        FuellingPointState.INOPERATIVE,
        FuellingPointState.IDLE,
    ]
    assert [(t.nozzle, t.totalizer_ml) for t in reports.of(r.TotalizerRead)] == list(enumerate(TOTALS_ML, start=1))


def test_a_delivery_with_preset_from_lift_to_proof(site):
    control, line, reports = site
    control.do("lift", nozzle=2)
    reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.CALLING and s.nozzle == 2)
    line.submit(Authorise("a1", POINT, 100_000))
    assert reports.wait(r.CommandFinished) == r.CommandFinished("a1", POINT, r.CommandOutcome.DONE)
    control.flow(amount_vnd=500_000)
    assert control.point()["status"] == "peot"
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded)
    pump = control.point()
    assert ended == r.DeliveryEnded(
        POINT, NozzleId(2), pump["volume_ml"], 100_000, GRADES[1].unit_price, pump["totals"]["2"]
    )
    assert ended.end_totalizer_ml == TOTALS_ML[1] + ended.volume_ml
    assert all(p.amount_vnd <= 100_000 for p in reports.of(r.DeliveryProgressed))


def test_stop_freezes_and_totals_are_read_on_request(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    reports.wait(r.PointStateReported, is_state(FuellingPointState.CALLING))
    line.submit(Authorise("a1", POINT))
    reports.wait(r.CommandFinished)
    control.do("flow", seconds=60)
    reports.wait(r.DeliveryProgressed, lambda p: p.volume_ml > 0)
    line.submit(StopPoint("s1", POINT))
    assert reports.wait(r.CommandFinished, lambda c: c.command_id == "s1").outcome is r.CommandOutcome.DONE
    line.submit(ReadTotalizers("t1", POINT))
    refused = reports.wait(r.CommandFinished, lambda c: c.command_id == "t1")
    assert refused.outcome is r.CommandOutcome.REFUSED
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == control.point()["volume_ml"]
    line.submit(ReadTotalizers("t2", POINT))
    reports.wait(r.CommandFinished, lambda c: c.command_id == "t2")
    assert reports.of(r.TotalizerRead)[-2].totalizer_ml == TOTALS_ML[0] + ended.volume_ml


def test_a_cable_pulled_in_the_middle_loses_no_litre(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    reports.wait(r.PointStateReported, is_state(FuellingPointState.CALLING))
    line.submit(Authorise("a1", POINT))
    reports.wait(r.CommandFinished)
    control.flow(volume_ml=2_000)
    control.call("POST", "/control/line/unplug")
    reports.wait(r.PointLinkChanged, lambda c: c.state is LinkState.DOWN)
    told = len(reports.of(r.PointStateReported))
    control.flow(volume_ml=5_000)
    control.do("hang")
    assert len(reports.of(r.PointStateReported)) == told, "a lost link says nothing about the hose"
    control.call("POST", "/control/line/replug")
    ended = reports.wait(r.DeliveryEnded)
    assert ended.volume_ml == control.point()["volume_ml"] >= 5_000
    assert ended.end_totalizer_ml == TOTALS_ML[0] + ended.volume_ml
    assert len(reports.of(r.DeliveryEnded)) == 1


def test_faults_from_the_control_address_do_not_change_what_is_reported(site):
    control, line, reports = site
    control.do("lift", nozzle=1)
    reports.wait(r.PointStateReported, lambda s: s.nozzle == 1)
    for name in ("lost_answer", "bad_crc", "noise", "wrong_pump", "bad_lrc", "cut_short", "refused_block"):
        control.call("POST", "/control/faults", name=name, times=2, point=POINT)
    line.submit(Authorise("a1", POINT, 50_000))
    assert reports.wait(r.CommandFinished, seconds=20).outcome is r.CommandOutcome.DONE
    control.flow(amount_vnd=50_000)
    control.do("hang")
    ended = reports.wait(r.DeliveryEnded, seconds=20)
    assert (ended.amount_vnd, ended.end_totalizer_ml) == (50_000, control.point()["totals"]["1"])
    control.call("DELETE", "/control/faults")
