"""The port doctor on a real pseudo-terminal and a real socket, and beside a terminal that is at work there."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace

import pytest

from pos_client.adapters.dispensers import discovery, probe_line
from pos_client.adapters.dispensers.discovery import PortDoctor
from pos_client.adapters.dispensers.probe_line import Examination
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.ports import reports as r
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.fakes.dispenser_site import Control, Reports, make_line, running, simulator

needs_pty = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals")
ENDPOINTS = [pytest.param("pty", marks=needs_pty), "tcp://127.0.0.1:0"]


@pytest.fixture(autouse=True)
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is on these wires: seconds of silence prove nothing more here."""
    monkeypatch.setattr(discovery, "QUIET_MS", 200)
    monkeypatch.setattr(discovery, "LISTEN_MS", 300)
    monkeypatch.setattr(discovery, "CALM_MS", 50)
    monkeypatch.setattr(probe_line, "PATIENCE_MS", 0)


def examine(port: str, **order: object) -> ProbeProgress:
    """With protocols whose devices answer as quickly as the simulator's do."""
    quick = [replace(offered, answer_timeout_ms=25) for offered in PROTOCOLS.values()]
    return PortDoctor(protocols=quick).examine(Examination(port, **order), lambda _: None, threading.Event())  # type: ignore[arg-type]


@pytest.mark.parametrize("listen", ENDPOINTS)
@pytest.mark.parametrize("spoken", ["dart", "gilbarco-two-wire"])
def test_a_simulated_line_is_found(spoken: str, listen: str):
    offered = PROTOCOLS[spoken]
    with simulator(listen, protocol=spoken) as addresses:
        before = Control(addresses["control"]).point()
        last = examine(addresses["port"])
        assert Control(addresses["control"]).point() == before
    (finding,) = last.findings
    assert (finding.protocol, finding.addresses) == (spoken, (offered.addresses[0],))
    assert (finding.baud_rate, finding.parity) == (offered.baud_rate, offered.parity)
    assert finding.confidence >= discovery.SURE
    assert (last.step, last.detail) == (ProbeStep.DONE, discovery.SPEED_UNSEEN)


@needs_pty
def test_a_port_somebody_works_on_is_left_alone():
    reports = Reports()
    with simulator("pty") as addresses, running(make_line(addresses["port"], reports)):
        reports.wait(r.TotalizerRead, lambda t: t.nozzle == 2)
        last = examine(addresses["port"])
        assert last.step is ProbeStep.FAILED
        assert "lock" in last.detail
        assert not [c for c in reports.of(r.LineLinkChanged) if c.state.value == "down"]
