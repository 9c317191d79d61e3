"""Bytes on their way to paper: to a file and to a printer on the network, read back as the picture they make."""

from __future__ import annotations

import socket
import threading
import unicodedata
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pos_client.adapters.peripherals.absent import AbsentPrinter
from pos_client.adapters.peripherals.printer_target import (
    FileTarget,
    NetworkTarget,
    SerialTarget,
    UsbTarget,
    parse_target,
)
from pos_client.adapters.peripherals.receipt_printer import EscposPrinter, Pace
from pos_client.adapters.peripherals.receipt_raster import draw
from pos_client.domain import shift_report_layout
from pos_client.domain.paper import Line, Style
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.domain.receipt_layout import layout
from pos_client.ports.reports import PrinterReported, PrinterState
from pos_client.sandbox.printer.roll import Picture, Roll
from pos_client.settings.model import PrinterSettings
from tests.printed import as_image
from tests.qr_reader import read_qr
from tests.receipts import FULL, REPORT
from tests.waiting import eventually
from tests.words import FONTS, words

VI = words("vi", "receipt")
MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = (
    unicodedata.normalize("NFC", "".join(letter + mark for letter in "AĂÂEÊIOÔƠUƯY" for mark in MARKS)) + "gjqyỵđ,;()"
)


BAD_DEVICES = ("usb:1", "usb:04b8", "serial:", "serial:COM3?baud=fast", "serial:COM3?flow=maybe", "serial:COM3?x=1")


class Inbox:
    def __init__(self) -> None:
        self.reports: list[PrinterReported] = []

    def post(self, report: object) -> None:
        assert isinstance(report, PrinterReported)
        self.reports.append(report)

    def printed(self, number: str) -> bool:
        return PrinterReported(PrinterState.READY, number) in self.reports


@contextmanager
def running(target: str, inbox: Inbox, *, fonts: Path = FONTS, mode: str = "raster", columns: int = 42):
    printer = EscposPrinter(PrinterSettings(target, columns, mode), VI, fonts, inbox, Pace(retry_s=0.02))
    stop = threading.Event()
    thread = threading.Thread(target=printer.run, args=(stop,), name="printer")
    thread.start()
    try:
        yield printer
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def one_picture(raw: bytes) -> Image.Image:
    roll = Roll()
    roll.feed(raw)
    assert not roll.waits_for_more
    (only,) = [mark for mark in roll.marks if isinstance(mark, Picture)]
    return as_image(only)


def test_a_receipt_in_a_file_is_the_picture_that_was_drawn_and_its_qr_can_be_read(tmp_path: Path):
    inbox = Inbox()
    paper = tmp_path / "paper.escpos"
    with running(f"file:{paper}", inbox) as printer:
        printer.print(FULL)
        eventually(lambda: inbox.printed("T1-000123"), 10)
    raw = paper.read_bytes()
    assert raw.startswith(b"\x1b@")
    assert b"\x1dV" in raw[-8:]
    picture = one_picture(raw)
    assert picture.width == 576
    drawn = draw(layout(FULL, VI, 42), FONTS, 576)
    assert ImageChops.difference(picture.convert("L"), drawn.convert("L")).getbbox() is None
    picture.convert("L").save(tmp_path / "paper.png")
    assert read_qr(tmp_path / "paper.png") == ["T1-000123"]


def test_the_report_of_a_shift_is_printed_like_a_receipt(tmp_path: Path):
    inbox, paper = Inbox(), tmp_path / "paper"
    with running(f"file:{paper}", inbox) as printer:
        printer.print(REPORT)
        eventually(lambda: len([x for x in inbox.reports if x.state is PrinterState.READY]) == 2, 10)
    drawn = draw(shift_report_layout.layout(REPORT, VI, 42), FONTS, 576)
    picture = one_picture(paper.read_bytes())
    assert ImageChops.difference(picture.convert("L"), drawn.convert("L")).getbbox() is None


def test_narrow_paper(tmp_path: Path):
    inbox = Inbox()
    with running(f"file:{tmp_path / 'paper'}", inbox, columns=32) as printer:
        printer.print(FULL)
        eventually(lambda: inbox.printed("T1-000123"), 10)
    assert one_picture((tmp_path / "paper").read_bytes()).width == 384


def test_a_printer_on_the_network_gets_the_same_bytes(tmp_path: Path):
    inbox = Inbox()
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as stream:
                    raw = stream.read()
                if raw == b"enough":
                    return
                got.append(raw)

        thread = threading.Thread(target=accept, name="paper")
        thread.start()
        port = listener.getsockname()[1]
        with running(f"tcp://127.0.0.1:{port}", inbox) as printer:
            printer.print(FULL)
            eventually(lambda: inbox.printed("T1-000123"), 10)
        with socket.create_connection(("127.0.0.1", port)) as end:
            end.sendall(b"enough")
        thread.join(10)
    assert [raw for raw in got if raw]
    assert one_picture(b"".join(got)).width == 576


def test_text_mode_sends_letters_and_the_printers_own_qr(tmp_path: Path):
    inbox = Inbox()
    with running(f"file:{tmp_path / 'paper'}", inbox, mode="text") as printer:
        printer.print(FULL)
        eventually(lambda: inbox.printed("T1-000123"), 10)
    raw = (tmp_path / "paper").read_bytes()
    assert b"350.009" in raw
    assert b"\x1d(k" in raw
    assert b"\x1dv0" not in raw


def test_a_failure_is_told_once_with_its_cause_and_the_receipts_are_printed_in_order_afterwards(tmp_path: Path):
    inbox = Inbox()
    folder = tmp_path / "drive"
    with running(f"file:{folder / 'paper'}", inbox) as printer:
        eventually(lambda: inbox.reports, 5)
        assert inbox.reports[0].state is PrinterState.FAILED
        printer.print(FULL)
        printer.print(replace(FULL, receipt_number="T1-000124"))
        eventually(lambda: any(report.receipt_number == "T1-000123" for report in inbox.reports), 10)
        assert not any(report.state is PrinterState.READY for report in inbox.reports)
        folder.mkdir()
        eventually(lambda: inbox.printed("T1-000124"), 10)
    failures = [report for report in inbox.reports if report.state is PrinterState.FAILED]
    assert [report.receipt_number for report in failures] == ["", "T1-000123"]
    assert all("o such" in report.detail for report in failures)
    order = [report.receipt_number for report in inbox.reports if report.state is PrinterState.READY]
    assert order == ["T1-000123", "T1-000124"]


def test_nobody_at_the_address(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    inbox = Inbox()
    with running(f"tcp://127.0.0.1:{port}", inbox):
        eventually(lambda: inbox.reports, 10)
    assert inbox.reports == [PrinterReported(PrinterState.FAILED, "", "Connection refused", PrinterTrouble.UNREACHABLE)]


def test_a_missing_font_is_named_and_stops_nothing(tmp_path: Path):
    inbox = Inbox()
    with running(f"file:{tmp_path / 'paper'}", inbox, fonts=tmp_path / "none") as printer:
        printer.print(FULL)
        eventually(lambda: any(report.receipt_number for report in inbox.reports), 10)
    assert inbox.reports[-1].trouble is PrinterTrouble.PROGRAM


def test_a_target_nobody_understands_is_told(tmp_path: Path):
    inbox = Inbox()
    with running("usb:1", inbox):
        eventually(lambda: inbox.reports, 10)
    assert "usb:1" in inbox.reports[0].detail
    assert inbox.reports[0].trouble is PrinterTrouble.SETTINGS


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("file:/dev/usb/lp0", FileTarget(Path("/dev/usb/lp0"))),
        ("tcp://10.0.0.9", NetworkTarget("10.0.0.9", 9100)),
        ("tcp://printer.local:9101", NetworkTarget("printer.local", 9101)),
        ("serial:COM3", SerialTarget("COM3")),
        ("serial:/dev/ttyS1?baud=19200&flow=rts", SerialTarget("/dev/ttyS1", 19_200, "rts")),
        ("usb:04b8:0E15", UsbTarget(0x04B8, 0x0E15)),
    ],
)
def test_targets(text: str, target: object):
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text", ["", "file:", "tcp://", "http://x", "tcp://x:0x", "tcp://h/path", "/dev/lp0", *BAD_DEVICES]
)
def test_targets_that_are_none(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - some of them are urllib's own words
        parse_target(text)


@pytest.mark.parametrize("style", [Style.PLAIN, Style.STRONG, Style.LARGE])
def test_no_mark_of_a_vietnamese_letter_is_cut_off(style: Style):
    """NGUYỄN was printed as NGUYÊN once: the upper mark stood above the strip."""
    for letter in VIETNAMESE:
        ink = draw((Line(letter, style=style),), FONTS, 576).convert("L").point(lambda value: 255 - value)
        box = ink.getbbox()
        assert box is not None
        assert box[1] > 0, letter
        assert box[3] < ink.height, letter


def test_no_printer_at_all():
    inbox = Inbox()
    AbsentPrinter(inbox).print(FULL)
    assert inbox.reports == [PrinterReported(PrinterState.ABSENT, "T1-000123")]
