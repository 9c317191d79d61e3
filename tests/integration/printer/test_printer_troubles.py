"""Everything a printer can do to us, played on a simulated one over TCP and on terminals: it is said in words, the
receipts come out in the end, and nobody waits for a printer that hangs."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import ImageChops

from pos_client.adapters.peripherals import printer_link, printer_talk
from pos_client.adapters.peripherals.printer_look import look_at
from pos_client.adapters.peripherals.receipt_printer import EscposPrinter, Pace
from pos_client.adapters.peripherals.receipt_raster import draw
from pos_client.domain.printer_trouble import PrinterTrouble as T
from pos_client.domain.receipt import Receipt
from pos_client.domain.receipt_layout import layout
from pos_client.ports.reports import PrinterReported, PrinterState
from pos_client.sandbox.printer.roll import Code, Letters, Mark, Picture, Roll
from pos_client.sandbox.printer.server import SimulatedPrinter, simulated_printer
from pos_client.services import messages as m
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.settings.model import PrinterSettings
from tests.fakes.till import running_till
from tests.printed import as_image
from tests.receipts import FULL
from tests.waiting import eventually
from tests.words import FONTS, words

VI = words("vi", "receipt")
SECOND = replace(FULL, receipt_number="T1-000124")
PATIENT_S = 30.0


@dataclass
class Told:
    reports: list[PrinterReported] = field(default_factory=list)

    def post(self, report: object) -> None:
        assert isinstance(report, PrinterReported)
        self.reports.append(report)

    def printed(self) -> list[str]:
        return [r.receipt_number for r in self.reports if r.state is PrinterState.READY and r.receipt_number]

    def causes(self) -> list[T | None]:
        return [r.trouble for r in self.reports if r.state is PrinterState.FAILED]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of a counter, shortened: a test has no hands to load paper with."""
    monkeypatch.setattr(printer_talk, "ANSWER_S", 0.25)
    monkeypatch.setattr(printer_talk, "STALL_S", 0.6)
    monkeypatch.setattr(printer_talk, "CONFIRM_S", 1.0)
    monkeypatch.setattr(printer_link, "DRAIN_S", 0.2)


@contextmanager
def till(target: str, told: Told, *, look_s: float = 60.0, mode: str = "raster", profile: str = "TM-T20II"):
    settings = PrinterSettings(target, 42, mode, profile)
    printer = EscposPrinter(settings, VI, FONTS, told, Pace(0.05, look_s, 0.05))
    stop = threading.Event()
    thread = threading.Thread(target=printer.run, args=(stop,), name="printer")
    thread.start()
    try:
        yield printer
    finally:
        stop.set()
        thread.join(PATIENT_S)
        assert not thread.is_alive()


@pytest.fixture
def device() -> Iterator[SimulatedPrinter]:
    with simulated_printer() as printer:
        yield printer


def at(device: SimulatedPrinter) -> str:
    return f"tcp://127.0.0.1:{device.port}"


def looks_like(marks: Sequence[Mark], receipt: Receipt) -> bool:
    pictures = [mark for mark in marks if isinstance(mark, Picture)]
    drawn = draw(layout(receipt, VI, 42), FONTS, 576).convert("L")
    return len(pictures) == 1 and (
        as_image(pictures[0]).size == drawn.size
        and ImageChops.difference(as_image(pictures[0]).convert("L"), drawn).getbbox() is None
    )


def test_a_printer_that_answers_prints_what_was_drawn_and_says_when_it_is_out(device: SimulatedPrinter):
    told = Told()
    with till(at(device), told) as printer:
        printer.print(FULL)
        printer.print(SECOND)
        eventually(lambda: told.printed() == ["T1-000123", "T1-000124"], PATIENT_S)
    first, second = device.roll.receipts()
    assert looks_like(first, FULL)
    assert looks_like(second, SECOND)
    assert told.causes() == []


TROUBLES = [
    ({"paper": False}, T.PAPER_OUT),
    ({"cover_open": True}, T.COVER_OPEN),
    ({"on_line": False}, T.OFF_LINE),
    ({"broken": True}, T.BROKEN),
]


@pytest.mark.parametrize(("how", "cause"), TROUBLES)
def test_a_cause_is_named_and_when_it_is_mended_the_receipt_comes_out_once(
    device: SimulatedPrinter, how: dict[str, bool], cause: T
):
    told = Told()
    for name, value in how.items():
        setattr(device.state, name, value)
    with till(at(device), told) as printer:
        printer.print(FULL)
        eventually(lambda: told.causes()[-1:] == [cause] and told.reports[-1].receipt_number, PATIENT_S)
        assert told.printed() == []
        for name, value in how.items():
            setattr(device.state, name, not value)
        eventually(lambda: told.printed() == ["T1-000123"], PATIENT_S)
    assert set(told.causes()) == {cause}
    (only,) = device.roll.receipts()
    assert looks_like(only, FULL)


def test_paper_that_ends_in_the_middle_is_told_and_the_rest_of_the_same_receipt_comes_with_the_new_roll(
    device: SimulatedPrinter,
):
    told = Told()
    device.state.stops_after = 9000
    with till(at(device), told) as printer:
        printer.print(FULL)
        printer.print(SECOND)
        eventually(lambda: T.PAPER_OUT in told.causes(), PATIENT_S)
        assert told.printed() == []
        device.state.paper = True
        eventually(lambda: told.printed() == ["T1-000123", "T1-000124"], PATIENT_S)
    first, second = device.roll.receipts()
    assert looks_like(first, FULL)
    assert looks_like(second, SECOND)


def test_a_printer_switched_off_with_a_receipt_in_it_gets_that_receipt_again_as_a_copy(device: SimulatedPrinter):
    told = Told()
    device.state.stops_after = 9000
    with till(at(device), told) as printer:
        printer.print(FULL)
        eventually(lambda: T.PAPER_OUT in told.causes(), PATIENT_S)
        device.switch_off_and_on()
        eventually(lambda: told.printed() == ["T1-000123"], PATIENT_S)
    half, whole = device.roll.receipts()
    assert not looks_like(half, FULL)
    assert looks_like(whole, replace(FULL, copy=True))


def test_low_paper_is_a_warning_beside_a_printed_receipt(device: SimulatedPrinter):
    told = Told()
    device.state.paper_near_end = True
    with till(at(device), told) as printer:
        printer.print(FULL)
        eventually(lambda: told.printed() == ["T1-000123"], PATIENT_S)
    assert told.reports[-1] == PrinterReported(PrinterState.READY, "T1-000123", "", T.PAPER_LOW)


def test_an_idle_printer_is_looked_at_so_that_the_empty_roll_is_known_before_the_next_sale(device: SimulatedPrinter):
    told = Told()
    with till(at(device), told, look_s=0.1):
        eventually(lambda: told.reports, PATIENT_S)
        device.state.paper = False
        eventually(lambda: told.causes() == [T.PAPER_OUT], PATIENT_S)
        device.state.paper = True
        eventually(lambda: told.reports[-1] == PrinterReported(PrinterState.READY), PATIENT_S)


def test_a_printer_that_never_answers_is_printed_on_all_the_same(device: SimulatedPrinter):
    told = Told()
    device.state.speaks = False
    with till(at(device), told) as printer:
        printer.print(FULL)
        eventually(lambda: told.printed() == ["T1-000123"], PATIENT_S)
        eventually(device.roll.receipts, PATIENT_S)
    (only,) = device.roll.receipts()
    assert looks_like(only, FULL)
    assert told.causes() == []


def test_one_that_answered_before_and_is_silent_now_hangs(device: SimulatedPrinter):
    told = Told()
    with till(at(device), told) as printer:
        eventually(lambda: told.reports, PATIENT_S)
        device.state.hangs = True
        printer.print(FULL)
        eventually(lambda: T.HANGS in told.causes(), PATIENT_S)
        device.state.hangs = False
        eventually(lambda: told.printed() == ["T1-000123"], PATIENT_S)


def accepts_and_never_reads() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    return listener


@contextmanager
def blocked_terminal() -> Iterator[str]:
    """A serial line at whose other end nobody reads."""
    ours, theirs = pty.openpty()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


@contextmanager
def hanging(kind: str) -> Iterator[str]:
    if kind == "tcp":
        with accepts_and_never_reads() as listener:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        with blocked_terminal() as name:
            yield f"{kind}:{name}"


@pytest.mark.parametrize("kind", ["tcp", "serial", "file"])
def test_a_printer_that_takes_nothing_is_told_keeps_nobody_and_ends_at_once(kind: str, monkeypatch):
    told = Told()
    with hanging(kind) as target:
        with till(target, told) as printer:
            printer.print(FULL)
            eventually(lambda: T.HANGS in told.causes(), PATIENT_S)
        monkeypatch.setattr(printer_talk, "STALL_S", 3600.0)
        printer = EscposPrinter(PrinterSettings(target), VI, FONTS, told, Pace(0.05, 60.0, 0.05))
        stop = threading.Event()
        thread = threading.Thread(target=printer.run, args=(stop,))
        thread.start()
        began = time.monotonic()
        for _ in range(200):
            printer.print(FULL)
        assert time.monotonic() - began < 1.0
        eventually(lambda: printer._broke_off, PATIENT_S, what="a job under way")
        stop.set()
        thread.join(5.0)
        assert not thread.is_alive(), "the end of the program waited for a printer that hangs"


@pytest.mark.parametrize("kind", ["tcp", "serial", "file"])
@pytest.mark.log_expected("the printer hangs, and is said to")
def test_a_whole_till_beside_a_printer_that_hangs_opens_its_shift_says_so_and_ends(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """The report of a shift is what it prints; nothing on the counter waits for it, and no thread is left behind."""
    with hanging(kind) as target:
        with running_till(tmp_path, printer=target) as till:
            till.until(lambda: till.seen.ready, "it is ready")
            till.system.post(m.OpenShift("Hoa"))
            till.until(lambda: till.seen.shift is not None, "the shift is open")
            till.system.post(m.CloseShift())
            till.until(lambda: till.seen.shift is not None and till.seen.shift.phase is ShiftPhase.COUNTING, "counting")
            till.system.post(m.CountCash(0))
            till.until_said("printer_hangs")
            till.until(lambda: till.seen.shift is not None and till.seen.shift.phase is ShiftPhase.CLOSED, "closed")
        assert "did not end" not in caplog.text
        assert not [thread for thread in threading.enumerate() if thread.name == "printer"]


def test_a_connection_nobody_answers_is_left_when_the_program_ends(monkeypatch):
    """A listener whose queue is full answers no connection: the address is there, and silent."""
    monkeypatch.setattr(printer_link, "CONNECT_S", 3600.0)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        printer = EscposPrinter(PrinterSettings(f"tcp://127.0.0.1:{address[1]}"), VI, FONTS, Told())
        stop = threading.Event()
        thread = threading.Thread(target=printer.run, args=(stop,))
        thread.start()
        stop.set()
        thread.join(5.0)
        for filler in fillers:
            filler.close()
        assert not thread.is_alive()


def test_after_a_picture_that_broke_off_the_next_receipt_is_whole():
    """A printer that lost us inside a picture waits for its rest: the next job begins with what completes it."""
    told = Told()
    with simulated_printer() as device:
        device.state.speaks = False
        with till(at(device), told) as printer:
            eventually(lambda: device.connections >= 1, PATIENT_S)
            device.roll.feed(b"\x1b@\x1dv0\x00\x48\x00\x40\x00" + b"\x00" * 100)
            printer._broke_off = True
            printer.print(FULL)
            eventually(device.roll.receipts, PATIENT_S)
            eventually(lambda: not device.roll.waits_for_more, PATIENT_S)
    (marks,) = device.roll.receipts()
    (picture,) = [mark for mark in marks if isinstance(mark, Picture)]
    rows = draw(layout(FULL, VI, 42), FONTS, 576).height
    assert as_image(replace(picture, rows=picture.rows[-rows:])).size == (576, rows)
    assert looks_like([replace(picture, rows=picture.rows[-rows:])], FULL)


def test_a_missing_device_is_a_cable_and_no_file_is_made_in_its_place():
    told = Told()
    with till("file:/dev/no-such-printer", told):
        eventually(lambda: told.reports, PATIENT_S)
    assert told.causes() == [T.CABLE]
    assert not Path("/dev/no-such-printer").exists()


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("serial:/dev/no-such-port", T.CABLE),
        ("file:/dev/full", T.DISK),
        ("file:/", T.SETTINGS),
        ("usb:1234", T.SETTINGS),
        ("tcp://no-such-host.invalid", T.UNREACHABLE),
    ],
)
def test_what_the_system_says_in_a_persons_words(target: str, cause: T):
    told = Told()
    with till(target, told) as printer:
        printer.print(FULL)
        eventually(told.causes, PATIENT_S)
        eventually(lambda: any(report.receipt_number for report in told.reports), PATIENT_S)
    assert told.causes()[-1] is cause


def test_a_usb_device_that_is_not_there():
    trouble, detail = look_at("usb:dead:beef")
    assert trouble in (T.CABLE, T.PROGRAM), detail  # PROGRAM: a machine without libusb


def test_the_check_up_asks_the_printer(device: SimulatedPrinter):
    assert look_at(at(device)) == (None, "")
    device.state.cover_open = True
    assert look_at(at(device)) == (T.COVER_OPEN, "")


def test_letters_of_the_printers_own_and_a_picture_for_each_line_it_has_no_letters_for():
    """TM-T20II has Vietnamese pages; POS-5890 has none, and its receipt is still right."""
    told = Told()
    with simulated_printer() as device:
        with till(at(device), told, mode="text") as printer:
            printer.print(FULL)
            eventually(told.printed, PATIENT_S)
        (with_pages,) = device.roll.receipts()
    with simulated_printer() as device:
        with till(at(device), Told(), mode="text", profile="POS-5890") as printer:
            printer.print(FULL)
            eventually(device.roll.receipts, PATIENT_S)
        (without,) = device.roll.receipts()
    assert not [mark for mark in with_pages if isinstance(mark, Picture)]
    assert Code(b"T1-000123") in with_pages
    assert [mark for mark in without if isinstance(mark, Picture)]
    assert b"?" not in b"".join(mark.raw for mark in without if isinstance(mark, Letters))


def test_a_printer_python_escpos_does_not_know_is_a_setting():
    told = Told()
    with simulated_printer() as device, till(at(device), told, mode="text", profile="NO-SUCH") as printer:
        printer.print(FULL)
        eventually(lambda: T.SETTINGS in told.causes(), PATIENT_S)


def test_a_roll_reads_bytes_in_any_pieces_alike():
    told, whole, pieces = Told(), Roll(), Roll()
    with simulated_printer() as device, till(at(device), told) as printer:
        seen: list[bytes] = []
        feed = device.roll.feed
        device.roll = _Spy(seen, feed)  # type: ignore[assignment]
        printer.print(FULL)
        eventually(told.printed, PATIENT_S)
    raw = b"".join(seen)
    whole.feed(raw)
    for start in range(0, len(raw), 7):
        pieces.feed(raw[start : start + 7])
    assert whole.marks == pieces.marks
    assert len(whole.receipts()) == 1


class _Spy:
    def __init__(self, seen: list[bytes], feed: Callable[[bytes], list[bytes]]) -> None:
        self._seen, self._feed = seen, feed

    def feed(self, raw: bytes) -> list[bytes]:
        self._seen.append(raw)
        return self._feed(raw)


def test_looking_at_a_printer_that_is_a_file_makes_no_file(tmp_path: Path):
    assert look_at(f"file:{tmp_path / 'paper'}") == (None, "")
    assert list(tmp_path.iterdir()) == []
    assert look_at(f"file:{tmp_path / 'gone' / 'paper'}")[0] is T.DISK
