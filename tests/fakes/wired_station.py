"""The production terminal and the production line on a protocol's real device, in virtual time, on one thread.

Nothing waits here: a bell or a port that is asked to wait lets time pass in the whole station instead, until something
comes. `play` runs a script of (pause, action) while the line serves, then lets everything heal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.dispensers.bell import Bell
from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.adapters.dispensers.lines import Lines
from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.dispensers.translation import line_setup
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.protocols.dispenser.interface import ControllerEnd, DeviceHeadSetup, LineSetup
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.services import messages as m
from pos_client.settings.model import LineSettings, PointSettings, Settings, StationSettings
from tests.fakes.dispenser_site import GRADES, PRICES, QUICK, VOLUME_DECIMALS

POINT = PointId(1)
TOTALS = (18_427_365, 9_751_833)
"""hundredths of a litre"""
ML = 10
DELAY_MS, TICK_MS, HEAL_MS, AGAIN_MS = 20, 200, 60_000, 1_000
SAYS_WHAT_A_HOSE_DOES = (r.PointStateReported, r.DeliveryProgressed, r.DeliveryEnded, r.TotalizerRead)


class Broken(Exception):
    """A fault of ours in a protocol object."""


class Station:
    """One pump of a protocol, its cable, its line, its till."""

    def __init__(self, spoken: str, monkeypatch: Callable[[str, Any], None]) -> None:
        offered = PROTOCOLS[spoken]
        address, decimals = offered.addresses[0], VOLUME_DECIMALS.get(spoken, 2)
        self.address = address
        self.device = offered.dispenser([DeviceHeadSetup(address, TOTALS, volume_decimals=decimals)])
        point = PointSettings(POINT, address, ("A", "B"), volume_decimals=decimals)
        line = LineSettings(
            "l", spoken, "/dev/one", offered.baud_rate, offered.parity, (point,), options=QUICK.get(spoken, "")
        )
        settings = Settings(StationSettings("CHXD018"), grades=GRADES, lines=(line,))
        self.now = 1_000
        self.plugged, self.cut_next, self.break_next = True, False, False
        self.line_up = False
        self.arriving: list[tuple[int, bytes]] = []
        self.script: list[tuple[int, Callable[[], object]]] = []
        self.stop = threading.Event()
        self._tick_at = 0
        self.rig = Rig(settings, totals={(POINT, n): total * ML for n, total in enumerate(TOTALS, start=1)})
        monkeypatch(spoken, replace(offered, controller=lambda setup: self._fragile(offered.controller, setup)))
        self.recorder = FrameRecorder()
        around = Surroundings(
            open=self._open, now_ms=lambda: self.now, bell=lambda: VirtualBell(self), record=self.recorder.record
        )
        self.setup = line_setup(line, PRICES)
        self.line = Line(line, lambda: PRICES, self, around)
        self.rig.desk.dispensers = Lines([self.line], self)

    # ── the line's surroundings ────────────────────────────────────────────────────────────────────────────────

    def post(self, report: object) -> None:
        """What the line tells; while it is down it tells nothing of any hose."""
        if isinstance(report, r.LineLinkChanged):
            self.line_up = report.state is LinkState.UP
        assert self.line_up or not isinstance(report, SAYS_WHAT_A_HOSE_DOES), report
        self.rig.inbox.append(report)

    def _open(self, settings: LineSettings, bell: Bell) -> VirtualPort:
        assert isinstance(bell, VirtualBell)
        if not self.plugged:
            raise PortFailed("cannot_open", settings.port)
        self.arriving.clear()
        return VirtualPort(self, bell)

    def _fragile(self, make: Callable[[LineSetup], ControllerEnd], setup: LineSetup) -> ControllerEnd:
        controller = make(setup)
        real = controller.data_to_send

        def data_to_send(now_ms: int) -> bytes:
            if self.break_next:
                self.break_next = False
                raise Broken
            return real(now_ms)

        controller.data_to_send = data_to_send  # type: ignore[method-assign]
        return controller

    def let_time_pass(self, until_ms: int) -> None:
        """To the next thing that happens, at the most until then."""
        due = [until_ms, self._tick_at, *(at for at, _ in self.arriving), *(at for at, _ in self.script[:1])]
        before, self.now = self.now, max(self.now, min(due))
        self.rig.clock.advance(self.now - before)
        while self.script and self.script[0][0] <= self.now:
            self.script.pop(0)[1]()
        if self.now >= self._tick_at:
            self._tick_at = self.now + TICK_MS
            self.rig.tell(m.Tick())
        self.rig.run()

    # ── hands ──────────────────────────────────────────────────────────────────────────────────────────────────

    def authorise(self) -> None:
        self.rig.tell(m.AuthorisePoint(POINT))

    def flow(self) -> None:
        for _ in range(40):
            self.device.pulse(self.address, 5)

    def pull(self, mid_frame: bool = False) -> None:
        if mid_frame and self.plugged:
            self.cut_next = True
        else:
            self.plugged = False

    def put_back(self) -> None:
        self.cut_next = False
        if not self.plugged:
            self.plugged = True
            self.device.line_restored()

    def break_controller(self) -> None:
        self.break_next = True

    # ── a story ────────────────────────────────────────────────────────────────────────────────────────────────

    def play(self, steps: Iterable[tuple[int, Callable[[], object]]]) -> None:
        """The script, then a minute in which the cable is in and the nozzle hangs."""
        at = self.now
        for pause, action in steps:
            at += pause
            self.script.append((at, action))
        self.script += [
            (at + 1, self.put_back),
            (at + 1 + 2 * DELAY_MS, self.put_back),
            (at + 2 + 2 * DELAY_MS, lambda: self.device.hang(self.address)),
            (at + HEAL_MS, self.stop.set),
        ]
        while not self.stop.is_set():
            try:
                self.line.run(self.stop)
            except Broken:
                until = self.now + AGAIN_MS
                while self.now < until and not self.stop.is_set():
                    self.let_time_pass(until)

    def check(self) -> None:
        """What the meters moved is what the journal has, once; nothing is guessed, nothing is open."""
        self.rig.run()
        moved = [now - before for now, before in zip(self.device.reading(self.address).totals, TOTALS, strict=True)]
        told = self.rig.facts(f.FuellingCompleted)
        for nozzle, hundredths in enumerate(moved, start=1):
            assert sum(fact.volume_ml for fact in told if fact.nozzle == nozzle) == hundredths * ML
        assert len({fact.fuelling_id for fact in told}) == len(told)
        (point,) = self.rig.picture.points
        assert (point.link, point.metered) == (LinkState.UP, True)


class VirtualBell(Bell):
    """Rings in virtual time."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._rung = False

    def ring(self) -> None:
        self._rung = True

    def rang(self) -> bool:
        rung, self._rung = self._rung, False
        return rung

    def wait(self, until_ms: int) -> bool:
        while not self._rung and self._station.now < until_ms:
            self._station.let_time_pass(until_ms)
        return self.rang()

    def __enter__(self) -> Bell:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class VirtualPort:
    """A port at the near end of the cable."""

    def __init__(self, station: Station, bell: VirtualBell) -> None:
        self._station = station
        self._bell = bell

    def read(self, until_ms: int) -> bytes:
        station = self._station
        while True:
            self._look()
            ready = b"".join(raw for at, raw in station.arriving if at <= station.now)
            station.arriving = [(at, raw) for at, raw in station.arriving if at > station.now]
            if ready or self._bell.rang() or station.now >= until_ms:
                if station.now >= until_ms:
                    station.let_time_pass(station.now)
                return ready
            station.let_time_pass(until_ms)

    def write(self, raw: bytes) -> None:
        self._look()
        station = self._station
        station.device.receive_data(raw, station.now)
        while (answer := station.device.next_answer()) is not None:
            cut, station.cut_next = station.cut_next, False
            station.arriving.append((station.now + DELAY_MS, answer.raw[: len(answer.raw) // 2] if cut else answer.raw))
            if cut:
                station.script.insert(0, (station.now + DELAY_MS, station.pull))

    def _look(self) -> None:
        if not self._station.plugged:
            raise PortFailed("port_gone")

    def close(self) -> None:
        self._station.arriving.clear()
