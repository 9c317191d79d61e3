"""Each flow within its budget, and the table people read equal to what was counted."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.flows import FLOWS, Flow
from tests.ui.station import open_station


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.number)
def test_a_flow_keeps_its_budget(qapp: QApplication, flow: Flow) -> None:
    del qapp
    with open_station() as station:
        flow.play(station)
    assert station.taps.cashier <= flow.cashier
    assert station.taps.customer <= flow.customer
    print(flow.number, station.taps)
