"""Each flow within its budget, and the table people read equal to what was counted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.flows import FLOWS, Flow, row
from tests.ui.station import open_station

README = Path(__file__).parents[2] / "pos_client" / "README.md"
TOLD = {told[1]: told[0] for told in re.finditer(r"^\| (\d+[b-z]?) \|.*$", README.read_text("utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.number)
def test_a_flow_keeps_its_budget_and_the_table_says_so(qapp: QApplication, flow: Flow) -> None:
    del qapp
    with open_station(flow.settings) as station:
        flow.play(station)
    assert station.taps.cashier <= flow.cashier
    assert station.taps.customer <= flow.customer
    assert TOLD.get(flow.number) == row(flow, station.taps)


def test_the_table_has_these_flows_and_no_others() -> None:
    assert list(TOLD) == [flow.number for flow in FLOWS]
