"""Cables, whole terminals, real pseudo-terminals: litres end in the journal exactly once, and no hose is guessed at."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.diagnostics.wire_file import load
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.registry import PROTOCOLS, protocol
from pos_client.services import messages as m
from pos_client.settings.model import LineSettings, PointSettings
from tests.fakes.dispenser_site import POINT, QUICK, TOTALS_ML, VOLUME_DECIMALS, Control, simulator
from tests.fakes.till import Till, running_till
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals")


class Place:
    """A pump, its cable, and a terminal."""

    def __init__(self, stack: ExitStack, spoken: str, folder: Path, **changes: Any) -> None:
        addresses = stack.enter_context(simulator("pty", protocol=spoken))
        self.port = addresses["port"]
        self.control = Control(addresses["control"])
        offered = protocol(spoken)
        line = LineSettings(
            "l",
            spoken,
            self.port,
            offered.baud_rate,
            offered.parity,
            (PointSettings(POINT, offered.addresses[0], ("A", "B"), VOLUME_DECIMALS.get(spoken, 2)),),
            inter_frame_ms=5,
            options=QUICK.get(spoken, ""),
            **changes,
        )
        self.till: Till = stack.enter_context(running_till(folder, line))
        self.till.until(lambda: self.till.point(POINT).metered, "all totalizers are read")
        self.till.until(lambda: self.state is FuellingPointState.IDLE, "the pump is ready")

    @property
    def state(self) -> FuellingPointState:
        return self.till.point(POINT).state

    def authorised(self) -> None:
        self.control.do("lift", nozzle=1)
        self.till.until(lambda: self.state is FuellingPointState.CALLING, "it calls")
        self.till.system.post(m.AuthorisePoint(POINT))
        self.till.until(lambda: self.state in DELIVERING, "it may deliver")

    def fuelling(self, volume_ml: int = 2_000) -> None:
        self.authorised()
        self.control.flow(volume_ml=volume_ml)
        self.till.until(lambda: self.till.point(POINT).volume_ml > 0, "litres are shown")

    def unplug(self, mid_frame: bool = False) -> None:
        self.control.call("POST", "/control/line/unplug", mid_frame=mid_frame)
        self.till.until(lambda: self.till.line("l").state is LinkState.DOWN, "the line is down")

    def replug(self) -> None:
        self.control.call("POST", "/control/line/replug")
        self.till.until(lambda: self.till.point(POINT).link is LinkState.UP, "the pump is heard again")

    def at_rest_again(self) -> None:
        """Everything that flowed is in the journal, once, and the totalizers agree."""
        moved = self.control.point()["totals"]["1"] - TOTALS_ML[0]
        self.till.until(lambda: sum(fact.volume_ml for fact in self.till.fuellings(POINT)) >= moved, "it is written")
        self.till.until(lambda: self.till.point(POINT).metered, "its totalizers agree with the books")
        told = self.till.fuellings(POINT)
        assert sum(fact.volume_ml for fact in told) == moved
        assert len({fact.fuelling_id for fact in told}) == len(told)
        assert told[-1].end_totalizer_ml == TOTALS_ML[0] + moved


@pytest.fixture(params=["dart", "gilbarco-two-wire"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(stack, request.param, tmp_path)


@pytest.mark.parametrize("mid_frame", [False, True])
def test_a_cable_pulled_during_a_fuelling_and_put_back_under_another_name(place: Place, mid_frame: bool):
    device = place.till.line("l").device
    assert device == os.path.realpath(place.port)
    place.fuelling()
    seen = len(place.till.shown)
    place.unplug(mid_frame)
    assert place.till.line("l").detail.startswith(("port_gone", "cannot_send"))
    place.control.flow(volume_ml=6_000)
    place.control.do("hang")
    while_away = {point.state for shown in place.till.shown[seen:] for point in shown.points}
    assert while_away <= DELIVERING, "a lost line says nothing about the hose"
    place.replug()
    place.at_rest_again()
    assert place.till.line("l").device not in ("", device)
    assert list(place.till.site.logs.glob("wire-*-l.jsonl")), "what led to it is kept"


def test_a_fuelling_that_begins_and_ends_unseen_is_recovered(place: Place):
    place.authorised()
    place.unplug()
    place.control.flow(volume_ml=3_000)
    place.control.do("hang")
    place.replug()
    place.at_rest_again()


@pytest.mark.parametrize("moment", ["idle", "delivering", "hung", "away"])
def test_a_line_restarted_at_any_moment_loses_no_litre(place: Place, moment: str):
    if moment != "idle":
        place.fuelling()
    if moment == "away":
        place.unplug()
    if moment in ("hung", "away"):
        place.control.do("hang")
    place.till.system.post(m.RestartLine("l"))
    story = place.till.site.logs / "link-l.log"
    place.till.until(lambda: "line_restarted" in story.read_text("utf-8"), "it is told")
    if moment == "away":
        place.replug()
    place.till.until(lambda: place.till.point(POINT).link is LinkState.UP, "the pump is heard again")
    if moment == "idle":
        place.fuelling()
    place.control.do("hang")
    place.at_rest_again()


@pytest.mark.log_expected("the terminal's thread dies")
def test_a_terminal_that_dies_leaves_what_went_over_its_wires(tmp_path: Path):
    with ExitStack() as stack:
        place = Place(stack, "dart", tmp_path)
        place.till.system.post(object())
        eventually(lambda: place.till.faults, what="it died")
        assert isinstance(place.till.faults.pop(), TypeError)
        (kept,) = place.till.site.logs.glob("wire-*-all.jsonl")
        assert load(kept).records


@pytest.mark.log_expected("a protocol object breaks")
def test_a_protocol_object_that_breaks_takes_its_line_alone_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    faults: list[str] = []

    class Fragile(DartController):
        def receive_data(self, raw: bytes, now_ms: int) -> None:
            if faults:
                raise ZeroDivisionError(faults.pop())
            super().receive_data(raw, now_ms)

    monkeypatch.setitem(PROTOCOLS, "dart", replace(PROTOCOLS["dart"], controller=Fragile))
    with ExitStack() as stack:
        place = Place(stack, "dart", tmp_path)
        place.fuelling()
        faults.append("in the middle of a delivery")
        place.till.until(lambda: place.till.line("l").detail == "line_fault: ZeroDivisionError", "the fault is told")
        place.control.flow(volume_ml=1_000)
        place.control.do("hang")
        place.till.until(lambda: place.till.point(POINT).link is LinkState.UP, "the line lives again")
        place.at_rest_again()
