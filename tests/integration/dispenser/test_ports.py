"""Ports as they really are: pseudo-terminals and sockets that answer, stay silent, stop listening, hang up, vanish."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from pos_client.adapters.dispensers import serial_port
from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.port import Port, PortFailed
from pos_client.adapters.dispensers.serial_port import PiecewisePort, open_port
from pos_client.settings.model import LineSettings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
PATIENCE_MS = 5_000


class Pty:
    """The far end of a serial cable."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        self.url = os.ttyname(self.slave)

    def say(self, raw: bytes) -> None:
        os.write(self.master, raw)

    def hear(self) -> bytes:
        return os.read(self.master, 100)

    def vanish(self) -> None:
        if self.master >= 0:
            os.close(self.slave)
            os.close(self.master)
            self.master = self.slave = -1

    close = vanish


class Converter:
    """The far end of a network cable; takes one caller."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._caller: socket.socket | None = None

    @property
    def caller(self) -> socket.socket:
        if self._caller is None:
            self._caller, _ = self._listener.accept()
        return self._caller

    def say(self, raw: bytes) -> None:
        self.caller.sendall(raw)

    def hear(self) -> bytes:
        return self.caller.recv(100)

    def vanish(self) -> None:
        self.caller.close()

    def close(self) -> None:
        self._listener.close()
        if self._caller is not None:
            self._caller.close()


FarEnd = Pty | Converter


@pytest.fixture(params=[Pty, Converter])
def far(request: pytest.FixtureRequest) -> Iterator[FarEnd]:
    end: FarEnd = request.param()
    with closing(end):
        yield end


@pytest.fixture
def bell() -> Iterator[Bell]:
    with Bell() as bell:
        yield bell


@pytest.fixture
def port(far: FarEnd, bell: Bell) -> Iterator[Port]:
    with closing(open_port(LineSettings("l", "dart", far.url, parity="N"), bell)) as port:
        yield port


def say_much(port: Port) -> None:
    for _ in range(10_000):
        port.write(bytes(4_096))


def soon(ms: int = PATIENCE_MS) -> int:
    return monotonic_ms() + ms


def test_what_comes_is_read_at_once_and_what_is_written_arrives(far: FarEnd, port: Port):
    far.say(b"\x50\x70\xfa")
    began = monotonic_ms()
    assert port.read(soon()) == b"\x50\x70\xfa"
    assert monotonic_ms() - began < 1_000
    port.write(b"\x50\x20\xfa")
    assert far.hear() == b"\x50\x20\xfa"


def test_a_read_ends_at_its_moment(port: Port):
    until = soon(30)
    assert port.read(until) == b""
    assert until <= monotonic_ms() < until + 1_000
    assert port.read(0) == b"", "a moment that is over is not waited for"


def test_a_bell_ends_a_read_from_another_thread_once(port: Port, bell: Bell):
    ringing = threading.Timer(0.02, bell.ring)
    ringing.start()
    began = monotonic_ms()
    assert port.read(soon()) == b""
    assert monotonic_ms() - began < 2_000
    ringing.join()
    assert port.read(soon(1)) == b""
    assert not bell.rang()


def test_a_bell_can_be_rung_any_number_of_times_and_when_nobody_is_there():
    bell = Bell()
    bell.ring()
    with bell:
        for _ in range(2_000):
            bell.ring()
        assert bell.rang()
        assert not bell.rang()
    bell.ring()


def test_a_far_end_that_vanishes_is_a_failure_not_a_silence(far: FarEnd, port: Port):
    far.say(b"\x50\x31")
    assert port.read(soon()) == b"\x50\x31"
    far.vanish()
    with pytest.raises(PortFailed) as failed:
        port.read(soon())
    assert failed.value.code == "port_gone"


def test_a_far_end_that_stops_listening_fails_the_write_in_time(far: FarEnd, port: Port):
    """Half open: what we say is taken, until nothing is taken any more."""
    if isinstance(far, Converter):
        far.say(b"!")
    began = monotonic_ms()
    with pytest.raises(PortFailed) as failed:
        say_much(port)
    assert failed.value.code == "cannot_send"
    assert monotonic_ms() - began < 10_000


def test_a_far_end_that_will_say_no_more_is_gone(bell: Bell):
    with closing(Converter()) as far, closing(open_port(LineSettings("l", "dart", far.url), bell)) as port:
        far.caller.shutdown(socket.SHUT_WR)
        with pytest.raises(PortFailed) as failed:
            port.read(soon())
        assert failed.value.code == "port_gone"


def test_a_device_is_ours_alone(bell: Bell):
    with closing(Pty()) as far, closing(open_port(LineSettings("l", "dart", far.url, parity="N"), bell)):
        with pytest.raises(PortFailed) as failed:
            open_port(LineSettings("l", "dart", far.url, parity="N"), bell)
        assert failed.value.code == "cannot_open"


def test_a_termios_error_is_a_failed_port(bell: Bell, monkeypatch: pytest.MonkeyPatch):
    import termios

    def refuse(*_: object) -> None:
        raise termios.error(22, "Invalid argument")

    with closing(Pty()) as far:
        monkeypatch.setattr(termios, "tcsetattr", refuse)
        with pytest.raises(PortFailed) as failed:
            open_port(LineSettings("l", "dart", far.url), bell)
    assert failed.value.code == "cannot_open"


@pytest.mark.parametrize(
    "url", ["/dev/there-is-no-such-port", "/dev/null", "socket://127.0.0.1:1", "socket://nonsense", "foo://x"]
)
def test_a_port_that_cannot_be_opened_fails_in_one_way(url: str, bell: Bell):
    with pytest.raises(PortFailed) as failed:
        open_port(LineSettings("l", "dart", url), bell)
    assert failed.value.code == "cannot_open"


def test_a_parity_nobody_knows_fails_in_the_same_way(bell: Bell):
    with closing(Pty()) as far, pytest.raises(PortFailed):
        open_port(LineSettings("l", "dart", far.url, parity="Q"), bell)


# ── ports whose arrivals nobody announces ───────────────────────────────────────────────────────────────────────────


class Piece:
    """A COM port as pyserial has it: reads wait for their time-out."""

    def __init__(self, *reads: bytes, fail: Callable[[], None] = lambda: None) -> None:
        self.waiting = list(reads)
        self.written = b""
        self.closed = False
        self._fail = fail

    @property
    def in_waiting(self) -> int:
        return len(self.waiting[0]) if self.waiting else 0

    def read(self, size: int) -> bytes:
        self._fail()
        if not self.waiting:
            threading.Event().wait(0.001)
            return b""
        whole = self.waiting.pop(0)
        if whole[size:]:
            self.waiting.insert(0, whole[size:])
        return whole[:size]

    def write(self, raw: bytes) -> None:
        self._fail()
        self.written += raw

    def close(self) -> None:
        self.closed = True
        self._fail()


def test_a_port_read_in_pieces_keeps_the_same_promises(bell: Bell):
    com = Piece(b"", b"", b"\x50\x70\xfa")
    port = PiecewisePort(com, bell, (OSError,))
    assert port.read(soon()) == b"\x50\x70\xfa"
    until = soon(20)
    assert port.read(until) == b""
    assert monotonic_ms() >= until
    bell.ring()
    began = monotonic_ms()
    assert port.read(soon()) == b""
    assert monotonic_ms() - began < 1_000
    port.write(b"x")
    assert com.written == b"x"


def test_a_port_read_in_pieces_fails_in_the_same_ways(bell: Bell):
    def fail() -> None:
        raise PermissionError("ClearCommError failed: access is denied")

    com = Piece(fail=fail)
    port = PiecewisePort(com, bell, serial_port.serial_failures())
    with pytest.raises(PortFailed) as gone:
        port.read(soon())
    with pytest.raises(PortFailed) as unsent:
        port.write(b"x")
    assert (gone.value.code, unsent.value.code) == ("port_gone", "cannot_send")
    port.close()
    assert com.closed


def test_what_pyserial_opens_and_nobody_announces_is_read_in_pieces(bell: Bell):
    with closing(open_port(LineSettings("l", "dart", "loop://"), bell)) as port:
        assert isinstance(port, PiecewisePort)
        port.write(b"\x50\x20\xfa")
        assert port.read(soon()) == b"\x50\x20\xfa"


@pytest.mark.parametrize("parity", ["N", "E", "O"])
def test_bytes_with_a_wrong_parity_bit_are_left_to_the_driver_to_drop(parity: str, bell: Bell):
    import termios

    with closing(Pty()) as far, closing(open_port(LineSettings("l", "dart", far.url, parity=parity), bell)):
        flags = termios.tcgetattr(far.slave)[0]
        wanted = termios.INPCK | termios.IGNPAR
        assert (flags & wanted == wanted) is (parity != "N")
