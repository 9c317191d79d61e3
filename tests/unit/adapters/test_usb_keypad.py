"""A USB keypad found, grabbed, read, pulled out and put back; bytes go through the real library (`tests/fakes`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest

from pos_client.adapters.peripherals.keypad_input import KeypadFailed
from pos_client.adapters.peripherals.usb_keypad import UsbKeypad
from pos_client.domain.keypad import KeypadKey, KeypadTrouble, name_of
from pos_client.ports.reports import KeypadKeyed, KeypadReported
from tests.fakes.keypads import BACKSPACE, ENTER, FakeKernel
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="evdev is Linux's")
IDENTITY = "usb:046a:0023@usb-0000:00:14.0-2"
LETTERS = sum(1 << code for code in range(16, 51))


@dataclass
class Heard:
    """`Sink`."""

    reports: list[object] = field(default_factory=list)

    def post(self, report: object) -> None:
        self.reports.append(report)

    @property
    def keys(self) -> list[object]:
        return [report.key for report in self.reports if isinstance(report, KeypadKeyed)]

    @property
    def troubles(self) -> list[KeypadTrouble | None]:
        return [report.trouble for report in self.reports if isinstance(report, KeypadReported)]


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[FakeKernel]:
    made = FakeKernel(tmp_path / "kernel")
    yield made
    made.close()


Listening = Callable[[str], tuple[Heard, UsbKeypad]]


@pytest.fixture
def listening(kernel: FakeKernel) -> Iterator[Listening]:
    """Keypads at work, ended with the test."""
    stop, threads = Event(), list[Thread]()

    def listen(identity: str) -> tuple[Heard, UsbKeypad]:
        heard = Heard()
        keypad = UsbKeypad(identity, kernel.devices(), heard, again_s=0.02)
        thread = Thread(target=keypad.run, args=(stop,))
        threads.append(thread)
        thread.start()
        return heard, keypad

    yield listen
    stop.set()
    for thread in threads:
        thread.join()


def told(heard: Heard, *troubles: KeypadTrouble | None) -> None:
    eventually(lambda: heard.troubles == list(troubles), what=f"{troubles}, not {heard.troubles}")


def test_digits_and_ok_arrive_from_a_grabbed_keypad(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    heard, _ = listening(IDENTITY)
    told(heard, None)
    assert kernel.plugs["event3"].grabbed
    kernel.type("event3", "2468", BACKSPACE, ENTER)
    eventually(lambda: heard.keys == [2, 4, 6, 8, KeypadKey.CLEAR, KeypadKey.OK], what="keys")


def test_a_held_key_counts_once_and_letters_not_at_all(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3", keys=LETTERS | (1 << 80))
    heard, _ = listening(IDENTITY)
    told(heard, None)
    kernel.send("event3", ((1, 76, 0), (1, 79, 1), (1, 79, 2), (1, 79, 2), (1, 30, 1), (1, 79, 0), (1, 80, 1)))
    eventually(lambda: heard.keys == [1, 2], what="one of each")


def test_pulled_out_and_put_back_under_another_name(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    heard, _ = listening(IDENTITY)
    told(heard, None)
    kernel.type("event3", "12")
    eventually(lambda: heard.keys == [1, 2], what="keys")
    kernel.unplug("event3")
    told(heard, None, KeypadTrouble.MISSING)
    kernel.plug("event17")
    told(heard, None, KeypadTrouble.MISSING, None)
    kernel.type("event17", "7")
    eventually(lambda: heard.keys == [1, 2, 7], what="keys of the same keypad")


def test_one_of_the_same_model_in_another_socket_is_another_one(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3", place="usb-0000:00:14.0-1/input0")
    heard, _ = listening(IDENTITY)
    told(heard, KeypadTrouble.MISSING)
    assert kernel.plugs["event3"].opened == 0


def test_two_that_cannot_be_told_apart_are_neither(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3", serial="A1")
    kernel.plug("event4", serial="A1", place="usb-0000:00:14.0-3/input0")
    heard, _ = listening("usb:046a:0023:A1")
    told(heard, KeypadTrouble.ALIKE)
    kernel.unplug("event4")
    told(heard, KeypadTrouble.ALIKE, None)


def test_two_nodes_of_one_keypad_are_one_and_both_are_grabbed(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    kernel.plug("event4", place="usb-0000:00:14.0-2/input1")
    kernel.plug("event5", place="usb-0000:00:14.0-2/input2", keys=1 << 113)  # volume keys alone
    heard, _ = listening(IDENTITY)
    told(heard, None)
    assert [kernel.plugs[node].grabbed for node in ("event3", "event4", "event5")] == [True, True, False]
    kernel.type("event4", "9")
    eventually(lambda: heard.keys == [9], what="a key of the second node")


def test_a_keypad_that_may_not_be_read_says_which_rule_lets_it(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    kernel.denied = True
    heard, _ = listening(IDENTITY)
    told(heard, KeypadTrouble.DENIED)
    (report,) = heard.reports
    assert isinstance(report, KeypadReported)
    assert 'ATTRS{idVendor}=="046a", ATTRS{idProduct}=="0023"' in report.detail
    kernel.denied = False
    told(heard, KeypadTrouble.DENIED, None)


def test_a_keypad_another_program_has_grabbed_is_not_read(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    kernel.held_by_another = True
    heard, _ = listening(IDENTITY)
    told(heard, KeypadTrouble.TAKEN)


def test_events_the_system_dropped_end_what_was_typed(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    heard, _ = listening(IDENTITY)
    told(heard, None)
    kernel.send("event3", ((1, 79, 1), (0, 3, 0), (1, 80, 1)))
    told(heard, None, KeypadTrouble.GARBLED, None)
    assert heard.reports[1:] == [
        KeypadKeyed(1),
        KeypadReported(KeypadTrouble.GARBLED),
        KeypadReported(None),
        KeypadKeyed(2),
    ]


def test_lent_it_is_let_go_of_and_taken_back_grabbed_again(kernel: FakeKernel, listening: Listening):
    kernel.plug("event3")
    heard, keypad = listening(IDENTITY)
    told(heard, None)
    keypad.lend()
    assert not kernel.plugs["event3"].grabbed
    told(heard, None, KeypadTrouble.LENT)
    keypad.take_back()
    told(heard, None, KeypadTrouble.LENT, None)
    assert kernel.plugs["event3"].grabbed


def test_without_the_library_it_says_so(kernel: FakeKernel):
    def no_library(node: str) -> object:
        raise ImportError("No module named 'evdev'")

    kernel.plug("event3")
    devices = kernel.devices()
    devices._open_node = no_library  # type: ignore[assignment]
    with pytest.raises(KeypadFailed) as failed:
        devices.open(devices.known()[0], alone=True)
    assert failed.value.trouble is KeypadTrouble.UNSUPPORTED


def test_what_is_no_keypad_or_goes_while_it_is_looked_at_is_not_in_the_list(kernel: FakeKernel):
    kernel.plug("event0", keys=1 << 116)  # a power button
    kernel.plug("event1", keys=1 << 272)  # a mouse
    (kernel.folder / "sys" / "event2").mkdir()
    (kernel.folder / "sys" / "eventful").mkdir()
    assert list(kernel.devices().known()) == []


@pytest.mark.parametrize(
    ("serial", "of_another", "name"),
    [
        ("A1", "B2", "usb:046a:0023:A1"),
        ("A1", "A1", "usb:046a:0023@usb-0000:00:14.0-2"),
        ("", "", "usb:046a:0023@usb-0000:00:14.0-2"),
        ("A 1@x", "B", "usb:046a:0023:A_1_x"),
    ],
)
def test_a_keypad_is_named_by_its_number_while_no_other_has_it_else_by_its_socket(
    kernel: FakeKernel, serial: str, of_another: str, name: str
):
    kernel.plug("event3", serial=serial)
    kernel.plug("event4", serial=of_another, place="usb-0000:00:14.0-3/input0")
    known = kernel.devices().known()
    assert name_of(known[0], known) == name
