"""A further protocol is a folder and a line in the registry: simulator, line thread and decoder need nothing else."""

from __future__ import annotations

import json

import pytest

from pos_client.bootstrap.arguments import parse
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.dispenser_site import GRADES, POINT, TOTALS_ML, Control, Reports, make_line, running, simulator
from tests.fakes.plain_protocol.protocol import PROTOCOL


@pytest.fixture(autouse=True)
def a_line_in_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROTOCOLS, PROTOCOL.name, PROTOCOL)


def test_it_sells_fuel():
    reports = Reports()
    with (
        simulator("tcp://127.0.0.1:0", protocol="plain") as addresses,
        running(make_line(addresses["port"], reports, protocol="plain")) as line,
    ):
        control = Control(addresses["control"])
        reports.wait(r.TotalizerRead, lambda t: t.nozzle == 2)
        control.do("lift", nozzle=2)
        reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.CALLING)
        line.submit(Authorise("a", POINT))
        reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.FUELLING)
        control.flow(volume_ml=3_000)
        control.do("hang")
        ended = reports.wait(r.DeliveryEnded)
        assert (ended.nozzle, ended.unit_price) == (NozzleId(2), GRADES[1].unit_price)
        assert ended.end_totalizer_ml == TOTALS_ML[1] + ended.volume_ml


def test_it_is_decoded(capsys: pytest.CaptureFixture[str]):
    arguments = parse(["decode", "plain", b"?7\n!7\n".hex()])
    assert arguments.run(arguments) == 0
    told = [json.loads(line)["meaning"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["?7", "!7"]
