"""A totalizer passes its end on the real wire, and the terminal follows it: deliveries and the row of the shift."""

from __future__ import annotations

import pytest

from pos_client.adapters.dispensers.line import Line
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId
from pos_client.domain.shift import MeterState
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise
from pos_client.protocols.dispenser.registry import protocol
from pos_client.services import messages as m
from pos_client.settings.model import LineSettings, PointSettings, Settings, StationSettings
from tests.fakes.dispenser_site import (
    GRADES,
    POINT,
    QUICK,
    VOLUME_DECIMALS,
    Control,
    Reports,
    make_line,
    running,
    simulator,
)
from tests.waiting import eventually

ENDS_AT_ML = {"dart": 10**11, "gilbarco-two-wire": 10**13}
"""Ten digits, and the twelve of the 8-digit format; two of them decimals."""
LEFT_ML = 1_500
AMOUNTS = (100_000, 50_000)


def terminal_of(spoken: str, totals_ml: tuple[int, int]) -> Rig:
    """A terminal whose own pumps are dark: it hears what the real line reports."""
    point = PointSettings(
        POINT, protocol(spoken).addresses[0], ("A", "B"), volume_decimals=VOLUME_DECIMALS.get(spoken, 2)
    )
    options = "format=8" if spoken == "gilbarco-two-wire" else ""
    line = LineSettings("line", spoken, "-", points=(point,), options=options)
    rig = Rig(
        Settings(StationSettings("CHXD018"), grades=GRADES, lines=(line,)),
        totals={(POINT, nozzle): total for nozzle, total in enumerate(totals_ml, start=1)},
    )
    rig.tell(m.OpenShift("Lan"))
    rig.act(rig.forecourt.cut_power, POINT)
    return rig


def calls(reports: Reports) -> int:
    """How often the pump has begun to call."""
    return sum(report.state is FuellingPointState.CALLING for report in reports.of(r.PointStateReported))


def fuel(control: Control, line: Line, reports: Reports, n: int, amount_vnd: int) -> None:
    """The n-th delivery, up to an amount."""
    control.do("lift", nozzle=1)
    eventually(lambda: calls(reports) == n, what="the pump calls")
    line.submit(Authorise(f"a{n}", POINT, amount_vnd))
    taken = reports.wait(r.CommandFinished, lambda finished: finished.command_id == f"a{n}")
    assert taken.outcome is r.CommandOutcome.DONE
    control.flow(amount_vnd=amount_vnd)
    control.do("hang")
    reports.wait(r.DeliveryEnded, lambda ended: ended.amount_vnd == amount_vnd)


@pytest.mark.parametrize("spoken", ENDS_AT_ML)
def test_a_delivery_over_the_end_of_a_counter(spoken: str):
    end = ENDS_AT_ML[spoken]
    totals = (end - LEFT_ML, 97_518_330)
    reports, rig = Reports(), terminal_of(spoken, totals)
    with (
        simulator("tcp://127.0.0.1:0", protocol=spoken, totals_ml=totals) as addresses,
        running(make_line(addresses["port"], reports, protocol=spoken, options=QUICK.get(spoken, ""))) as line,
    ):
        control = Control(addresses["control"])
        reports.wait(r.TotalizerRead, lambda t: t.nozzle == 2)
        reports.wait(r.PointStateReported, lambda s: s.state is FuellingPointState.IDLE)
        for n, amount in enumerate(AMOUNTS, start=1):
            fuel(control, line, reports, n, amount)
    first, second = reports.of(r.DeliveryEnded)
    assert first.end_totalizer_ml < LEFT_ML * 3 < first.volume_ml * 3
    rig.tell(*reports.posted)
    done = rig.facts(f.FuellingCompleted)
    assert [(x.volume_ml, x.amount_vnd, x.recovered) for x in done] == [
        (first.volume_ml, AMOUNTS[0], False),
        (second.volume_ml, AMOUNTS[1], False),
    ]
    assert done[0].start_totalizer_ml is not None
    assert abs(done[0].start_totalizer_ml - totals[0]) <= 10
    assert done[0].end_totalizer_ml == first.end_totalizer_ml
    assert rig.picture.shift is not None
    row = next(each for each in rig.picture.shift.rows if each.nozzle == NozzleId(1))
    assert row.state is MeterState.WRAPPED
    assert row.told_ml == first.volume_ml + second.volume_ml
    assert "totalizer_went_down" not in rig.notices
