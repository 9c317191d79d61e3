"""The line's thread with ports that fail in every way, and the echo that is taken out."""

from __future__ import annotations

import threading

import pytest

from pos_client.adapters.dispensers.line import Line
from pos_client.adapters.dispensers.serial_port import EchoRemoved, Port, PortFailed, open_port
from pos_client.domain.fuelling_point import LinkState
from pos_client.ports import reports as r
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup
from pos_client.settings.model import LineSettings, PointSettings, Settings
from tests.fakes.dispenser_site import GRADES, Reports, running
from tests.waiting import eventually

POINTS = (PointSettings(1, 0x50, ("A",)),)


class DevicePort:
    """A port with a device right behind it. `echo`: the adapter returns what is written. Fails when told to."""

    def __init__(self, device: DartDispenser, echo: bool = False) -> None:
        self.device = device
        self.fail_read = self.fail_write = self.closed = False
        self._echo = echo
        self._waiting = b""
        self._data = threading.Event()

    def read(self) -> bytes:
        if self.fail_read:
            raise PortFailed("read failed")
        self._data.wait(0.005)
        self._data.clear()
        raw, self._waiting = self._waiting, b""
        return raw

    def write(self, raw: bytes) -> None:
        if self.fail_write:
            raise PortFailed("write failed")
        self._waiting += raw if self._echo else b""
        self.device.receive_data(raw, 0)
        while (answer := self.device.next_answer()) is not None:
            self._waiting += answer.raw
        self._data.set()

    def close(self) -> None:
        self.closed = True


class Site:
    """A line whose ports are made here, one after the other."""

    def __init__(self, **changes: object) -> None:
        self.device = DartDispenser([DeviceHeadSetup(0x50, (1_000,))])
        self.ports: list[DevicePort] = []
        self.reports = Reports()
        self.recorded: list[tuple[str, int, bool, bytes]] = []
        fields: dict[str, object] = {"protocol": "dart", "inter_frame_ms": 1, "points": POINTS, **changes}
        settings = LineSettings("l", port="-", **fields)  # type: ignore[arg-type]
        forecourt = Settings(grades=GRADES, lines=(settings,)).forecourt()
        self.line = Line(settings, forecourt, self.reports, self.open, lambda *entry: self.recorded.append(entry))

    def open(self, settings: LineSettings) -> Port:
        port = DevicePort(self.device, settings.echo)
        self.ports.append(port)
        return EchoRemoved(port) if settings.echo else port

    def links(self) -> list[LinkState]:
        return [change.state for change in self.reports.of(r.LineLinkChanged)]


@pytest.mark.parametrize("failure", ["fail_read", "fail_write"])
def test_a_port_that_fails_is_closed_and_opened_again(failure: str):
    site = Site()
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
        setattr(site.ports[0], failure, True)
        eventually(lambda: site.links() == [LinkState.UP, LinkState.DOWN, LinkState.UP])
        eventually(lambda: len(site.reports.of(r.TotalizerRead)) == 2)
    assert [port.closed for port in site.ports] == [True, True]
    assert [p.state for p in site.reports.of(r.PointLinkChanged)] == [LinkState.UP, LinkState.DOWN, LinkState.UP]


@pytest.mark.parametrize("echo", [False, True])
def test_everything_on_the_wire_can_be_recorded(echo: bool):
    site = Site(echo=echo)
    with running(site.line):
        site.reports.wait(r.TotalizerRead)
    names, _, _, _ = zip(*site.recorded, strict=True)
    assert set(names) == {"l"}
    assert b"".join(raw for _, _, sent, raw in site.recorded if sent).startswith(bytes.fromhex("50 20 FA"))
    assert any(not sent for _, _, sent, _ in site.recorded)


@pytest.mark.parametrize(
    "changes",
    [{"protocol": "morse"}, {"points": (PointSettings(1, 0x10, ("A",)),)}, {"points": (*POINTS, *POINTS)}],
)
def test_settings_that_make_no_sense_leave_the_line_down_with_the_reason(changes: dict[str, object]):
    site = Site(**changes)
    with running(site.line):
        down = site.reports.wait(r.LineLinkChanged)
        assert down.state is LinkState.DOWN
        assert down.detail
    assert site.ports == []


class Scripted:
    """A port that returns what it is given."""

    def __init__(self, *reads: bytes) -> None:
        self.reads = list(reads)

    def read(self) -> bytes:
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
    assert [port.read() for _ in reads] == left


@pytest.mark.parametrize("port", ["/dev/there-is-no-such-port", "socket://127.0.0.1:1", "socket://nonsense", "foo://x"])
def test_a_port_that_cannot_be_opened_fails_in_one_way(port: str):
    with pytest.raises(PortFailed):
        open_port(LineSettings("l", "dart", port))


def test_a_parity_nobody_knows_fails_in_the_same_way():
    with pytest.raises(PortFailed):
        open_port(LineSettings("l", "dart", "socket://127.0.0.1:1", parity="Q"))
