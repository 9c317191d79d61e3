"""The line's thread with ports that fail in every way, with restarts, and with a protocol object that breaks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.adapters.dispensers.port import EchoRemoved, Port, PortFailed
from pos_client.adapters.dispensers.port_identity import PortsInUse
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.wire import Direction
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, DispenserCommand, ReadTotalizers, SetPrices
from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, LineSetup
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings.model import LineSettings, PointSettings
from tests.fakes.dispenser_site import PRICES, Reports, running
from tests.waiting import eventually

POINT = PointId(1)
POINTS = (PointSettings(1, 0x50, ("A",)),)


class DevicePort:
    """A port with a device right behind it. `echo`: the adapter returns what is written. Fails when told to."""

    def __init__(self, device: DartDispenser, bell: Bell, echo: bool = False) -> None:
        self.device, self.bell = device, bell
        self.fail_read = self.fail_write = self.closed = self.mute = False
        self._echo = echo
        self._waiting = b""

    def read(self, until_ms: int) -> bytes:
        if self.fail_read:
            raise PortFailed("port_gone")
        if not self._waiting:
            self.bell.wait(until_ms)
        raw, self._waiting = self._waiting, b""
        return raw

    def write(self, raw: bytes) -> None:
        if self.fail_write:
            raise PortFailed("cannot_send", "timeout")
        if self.mute:
            return
        self._waiting += raw if self._echo else b""
        self.device.receive_data(raw, 0)
        while (answer := self.device.next_answer()) is not None:
            self._waiting += answer.raw

    def close(self) -> None:
        self.closed = True


class Site:
    """A line whose ports are made here, one after the other."""

    def __init__(self, around: Callable[[Surroundings], Surroundings] = lambda around: around, **changes: Any):
        self.device = DartDispenser([DeviceHeadSetup(0x50, (1_000,))])
        self.ports: list[DevicePort] = []
        self.reports = Reports()
        self.recorded: list[tuple[str, int, Direction, bytes]] = []
        self.lost: list[str] = []
        fields: dict[str, Any] = {"protocol": "dart", "inter_frame_ms": 1, "points": POINTS, **changes}
        settings = LineSettings("l", port="-", **fields)
        self.around = around(
            Surroundings(
                open=self.open,
                record=lambda *entry: self.recorded.append(entry),
                lost=self.lost.append,
            )
        )
        self.line = Line(settings, lambda: PRICES, self.reports, self.around)

    def open(self, settings: LineSettings, bell: Bell) -> Port:
        port = DevicePort(self.device, bell, settings.echo)
        self.ports.append(port)
        return EchoRemoved(port) if settings.echo else port

    def links(self) -> list[LinkState]:
        return [change.state for change in self.reports.of(r.LineLinkChanged)]

    def finished(self, command_id: str) -> r.CommandFinished:
        return self.reports.wait(r.CommandFinished, lambda c: c.command_id == command_id)


@pytest.mark.parametrize(("failure", "detail"), [("fail_read", "port_gone"), ("fail_write", "cannot_send: timeout")])
def test_a_port_that_fails_is_closed_and_opened_again(failure: str, detail: str):
    site = Site()
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
        setattr(site.ports[0], failure, True)
        eventually(lambda: site.links() == [LinkState.UP, LinkState.DOWN, LinkState.UP])
        eventually(lambda: len(site.reports.of(r.TotalizerRead)) == 2)
    assert [port.closed for port in site.ports] == [True, True]
    assert [p.state for p in site.reports.of(r.PointLinkChanged)] == [LinkState.UP, LinkState.DOWN, LinkState.UP]
    assert [change.detail for change in site.reports.of(r.LineLinkChanged)] == ["", detail, ""]
    assert site.lost == ["l"], "what led to it is kept"


@pytest.mark.parametrize("echo", [False, True])
def test_everything_on_the_wire_can_be_recorded(echo: bool):
    site = Site(echo=echo)
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
    names, _, _, _ = zip(*site.recorded, strict=True)
    assert set(names) == {"l"}
    sent = b"".join(raw for _, _, direction, raw in site.recorded if direction is Direction.SENT)
    assert sent.startswith(bytes.fromhex("50 20 FA"))
    assert any(direction is Direction.RECEIVED for _, _, direction, _ in site.recorded)


@pytest.mark.parametrize(
    "changes",
    [{"protocol": "morse"}, {"points": (PointSettings(1, 0x10, ("A",)),)}, {"points": (*POINTS, *POINTS)}],
)
def test_settings_that_make_no_sense_leave_the_line_down_with_the_reason(changes: dict[str, Any]):
    site = Site(**changes)
    with running(site.line):
        down = site.reports.wait(r.LineLinkChanged)
        assert down.state is LinkState.DOWN
        assert down.detail.startswith("wrong_settings: ")
        site.line.submit(ReadTotalizers("t", POINT))
        assert site.finished("t").outcome is r.CommandOutcome.NO_ANSWER
        site.line.restart()
        eventually(lambda: len(site.links()) >= 2)
    assert site.ports == []


# ── as soon as it can be ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_quiet_line_sleeps_until_its_deadline_and_a_command_wakes_it():
    turns: list[int] = []

    class Sleepy(DartController):
        def next_deadline(self) -> int:
            turns.append(monotonic_ms())
            return turns[0] + 60_000

        def data_to_send(self, now_ms: int) -> bytes:
            return b""

        def submit(self, command: Command, now_ms: int) -> None:
            self._events.append(e.CommandDone(command.address, command.command_id))

    with Driven(Sleepy):
        site = Site()
        with running(site.line):
            eventually(lambda: len(turns) >= 3, what="it looks now and then whether it shall end")
            asked = monotonic_ms()
            site.line.submit(ReadTotalizers("t", POINT))
            site.finished("t")
            took = monotonic_ms() - asked
    assert took < 60, "it was woken, not found at the next look"
    assert len(turns) < 12, "no busy loop"


def test_a_deadline_that_nothing_comes_of_does_not_make_it_spin():
    turns = 0

    class Hasty(DartController):
        def next_deadline(self) -> int:
            nonlocal turns
            turns += 1
            return 0

        def data_to_send(self, now_ms: int) -> bytes:
            return b""

    with Driven(Hasty):
        site = Site()
        with running(site.line):
            site.reports.wait(r.LineMeasured)
    assert turns < 1_300, "a second at a millisecond each"


def test_it_says_every_second_how_it_fares():
    site = Site()
    with running(site.line):
        eventually(lambda: len(site.reports.of(r.LineMeasured)) >= 2)
    assert {measured.line for measured in site.reports.of(r.LineMeasured)} == {"l"}


# ── a new life ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_restart_begins_with_another_protocol_object_and_leaves_nothing_unanswered():
    site = Site()
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
        site.ports[0].mute = True
        site.line.submit(Authorise("a", POINT))
        site.line.submit(ReadTotalizers("t", POINT))
        eventually(lambda: len(site.recorded) > 0)
        site.line.restart()
        assert site.finished("a").outcome is r.CommandOutcome.NO_ANSWER
        assert site.finished("t").outcome is r.CommandOutcome.NO_ANSWER
        eventually(lambda: site.links() == [LinkState.UP, LinkState.DOWN, LinkState.UP])
        eventually(lambda: len(site.reports.of(r.TotalizerRead)) == 2, what="a controller made anew reads totals")
    assert [change.detail for change in site.reports.of(r.LineLinkChanged)] == ["", "line_restarted", ""]
    assert [p.state for p in site.reports.of(r.PointLinkChanged)] == [LinkState.UP, LinkState.DOWN, LinkState.UP]
    assert len(site.reports.of(r.CommandFinished)) == 2, "each exactly once"


def test_a_restart_while_the_port_is_away_tries_it_at_once():
    away = threading.Event()
    away.set()
    tries: list[int] = []

    def find(settings: LineSettings) -> str:
        tries.append(monotonic_ms())
        if away.is_set():
            raise PortFailed("identity_missing", "usb:0403:6001:A1")
        return settings.port

    site = Site(lambda around: replace(around, find=find))
    with running(site.line):
        eventually(lambda: len(tries) >= 3, what="pauses have grown to a second")
        away.clear()
        site.line.restart()
        eventually(lambda: LinkState.UP in site.links(), 0.9, what="not after the pause")
    assert site.reports.of(r.LineLinkChanged)[0].detail == "identity_missing: usb:0403:6001:A1"


class Broken(Exception):
    """A fault of ours in a protocol object."""


def test_a_protocol_object_that_breaks_is_told_and_the_line_can_be_run_again():
    class Breaks(DartController):
        def submit(self, command: Command, now_ms: int) -> None:
            raise Broken

    site = Site()
    with Driven(Breaks):
        stop = threading.Event()
        fallen: list[BaseException] = []

        def run() -> None:
            try:
                site.line.run(stop)
            except Broken as fault:
                fallen.append(fault)

        thread = threading.Thread(target=run)
        thread.start()
        site.reports.wait(r.TotalizerRead)
        site.line.submit(Authorise("a", POINT))
        thread.join(5)
    assert fallen
    assert site.finished("a").outcome is r.CommandOutcome.NO_ANSWER
    assert site.reports.of(r.LineLinkChanged)[-1] == r.LineLinkChanged("l", LinkState.DOWN, "line_fault: Broken")
    assert site.reports.of(r.PointLinkChanged)[-1].state is LinkState.DOWN
    assert site.lost == ["l"]
    assert [port.closed for port in site.ports] == [True]
    site.line.submit(ReadTotalizers("t", POINT))
    assert site.finished("t").outcome is r.CommandOutcome.NO_ANSWER, "nobody is there to take it later"
    with running(site.line):
        eventually(lambda: len(site.reports.of(r.TotalizerRead)) == 2)


def test_two_lines_that_mean_one_adapter_are_told_so():
    in_use = PortsInUse()
    first, second = (Site(lambda around: replace(around, in_use=in_use)) for _ in range(2))
    second.line._settings = replace(second.line._settings, name="m")
    with running(first.line):
        first.reports.wait(r.TotalizerRead)
        with running(second.line):
            refused = second.reports.wait(r.LineLinkChanged)
            assert (refused.state, refused.detail) == (LinkState.DOWN, "port_taken: - (l)")
            assert second.ports == []
    assert first.links() == [LinkState.UP]
    with running(second.line):
        eventually(lambda: second.links()[-1] is LinkState.UP, what="the first one gave it back")


@pytest.mark.parametrize(
    ("price_decimals", "prices", "why"),
    [(-1, ((1, 27_085),), "price_between_steps"), (0, (), "price_missing")],
)
def test_a_price_the_wire_cannot_carry_is_refused_and_nothing_is_sent(price_decimals: int, prices, why: str):
    site = Site(points=(PointSettings(1, 0x50, ("A",), price_decimals=price_decimals),))
    command: DispenserCommand = SetPrices("p", POINT, prices)
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
        site.line.submit(command)
        assert site.finished("p") == r.CommandFinished("p", POINT, r.CommandOutcome.REFUSED, why)


# ── the echo ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Scripted:
    """A port that returns what it is given."""

    def __init__(self, *reads: bytes) -> None:
        self.reads = list(reads)

    def read(self, until_ms: int) -> bytes:
        return self.reads.pop(0)

    def write(self, raw: bytes) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("reads", "left"),
    [
        ((b"abcXY",), [b"XY"]),
        ((b"a", b"b", b"cX", b"Y"), [b"", b"", b"X", b"Y"]),
        ((b"abQ", b"R"), [b"abQ", b"R"]),
        ((b"", b"abc"), [b"", b""]),
    ],
)
def test_our_own_bytes_are_taken_out_as_long_as_they_agree(reads: tuple[bytes, ...], left: list[bytes]):
    port = EchoRemoved(Scripted(*reads))
    port.write(b"abc")
    assert [port.read(0) for _ in reads] == left


class Driven:
    """For a while, DART lines are driven by this class."""

    def __init__(self, controller: Callable[[LineSetup], DartController]) -> None:
        self._controller = controller

    def __enter__(self) -> None:
        self._before = PROTOCOLS["dart"]
        PROTOCOLS["dart"] = replace(self._before, controller=self._controller)

    def __exit__(self, *_: object) -> None:
        PROTOCOLS["dart"] = self._before
