"""A scanner on a line: codes however they are cut, an end of line or none, noise, and a cable that comes and goes."""

from __future__ import annotations

import socket
import threading

import pytest

from pos_client.adapters.peripherals.serial_scanner import LONGEST, Codes, SerialScanner
from pos_client.ports.reports import CodeScanned
from pos_client.settings.model import ScannerSettings
from tests.waiting import eventually


def told(*came: bytes) -> list[str]:
    codes = Codes()
    return [text for raw in came for text in codes.take(raw)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_code_is_the_same_however_it_is_cut(end: bytes):
    raw = b"000100001" + end + b"P-00231" + end
    assert told(raw) == ["000100001", "P-00231"]
    assert told(*(raw[at : at + 1] for at in range(len(raw)))) == ["000100001", "P-00231"]


def test_a_pause_ends_what_no_end_of_line_ends():
    assert told(b"0001", b"00001", b"", b"PLX:7", b"") == ["000100001", "PLX:7"]


def test_what_kind_of_code_it_was_is_left_out_and_noise_is_no_code():
    assert told(b"]Q3000100001\r", b"\r\n\r\n", b"\x00\x01\x02\r", b" \r") == ["000100001"]
    assert told(b"9" * (LONGEST + 1), b"9" * 50, b"\r000100001\r") == ["000100001"]
    assert told("Nguyễn".encode() + b"\r") == ["Nguyễn"]


def test_nobody_is_named_in_a_log():
    assert "000100001" not in repr(CodeScanned("000100001"))


class Sink:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def post(self, report: object) -> None:
        assert isinstance(report, CodeScanned)
        self.heard.append(report.text)


def test_over_a_real_wire_that_is_unplugged_and_comes_back():
    sink, stop = Sink(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = ScannerSettings(port=f"socket://127.0.0.1:{server.getsockname()[1]}")
        thread = threading.Thread(target=SerialScanner(settings, sink, again_s=0.01).run, args=(stop,))
        thread.start()
        try:
            for code in ("000100001", "000200001"):
                wire, _ = server.accept()
                with wire:
                    eventually(lambda: _scanned(wire, code, sink), 20, what="the code is heard")  # noqa: B023 - now
        finally:
            stop.set()
            thread.join(20)
    assert not thread.is_alive()
    assert list(dict.fromkeys(sink.heard)) == ["000100001", "000200001"]


def _scanned(wire: socket.socket, code: str, sink: Sink) -> bool:
    """Scanned once more, as people do, until it is heard: a port throws away what came before it was open."""
    wire.sendall(f"{code}\r\n".encode())
    return sink.heard[-1:] == [code]
