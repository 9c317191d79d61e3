"""Pairing over real pseudo-terminals and a kernel of files and pipes: who says 5 is bound, nobody else is touched."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pos_client.adapters.peripherals.usb_keypad import UsbKeypad
from pos_client.bootstrap.keypad_pairing import KeypadPairer
from pos_client.domain.keypad import KeypadKind, KeypadTrouble
from pos_client.domain.keypad_pairing import PairingProgress, PairingStep
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.sandbox.keypad.pad import SimulatedPad
from tests.fakes.keypads import FakeKernel
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "openpty"), reason="evdev and ptys")


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[FakeKernel]:
    """The customer's keypad and the cashier's keyboard."""
    made = FakeKernel(tmp_path / "kernel")
    made.plug("event2", "046d:c31c", place="usb-0000:00:14.0-1/input0", name="Keyboard")
    made.plug("event3")
    yield made
    made.close()


@dataclass
class Pairing:
    """One pairing, and what it told."""

    pairer: KeypadPairer
    told: list[PairingProgress] = field(default_factory=list)

    def begin(self) -> None:
        self.pairer.pair(self.told.append)
        eventually(lambda: self.told, what="it listens")

    def end(self) -> PairingProgress:
        last = eventually(self._last, 20.0, what="a verdict")
        assert last is not None
        return last

    def _last(self) -> PairingProgress | None:
        return self.told[-1] if self.told and self.told[-1].step is not PairingStep.LISTENING else None


@contextmanager
def pairing(kernel: FakeKernel, *ports: str, limit_ms: int = 30_000) -> Iterator[Pairing]:
    known = [KnownPort(port, "", "", (), PortUse.FREE) for port in ports]
    known.append(KnownPort("/dev/served", "", "", ("dart-1",), PortUse.BUSY))
    made = Pairing(KeypadPairer(kernel.devices(), lambda: known, limit_ms=limit_ms))
    try:
        yield made
    finally:
        made.pairer.end()


@contextmanager
def pad() -> Iterator[SimulatedPad]:
    made = SimulatedPad(heartbeat_ms=50)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made
    made.close()
    thread.join()


def test_the_usb_keypad_that_says_5_is_bound_and_no_keyboard_was_grabbed(kernel: FakeKernel):
    with pairing(kernel) as one:
        one.begin()
        assert not any(plug.grabbed for plug in kernel.plugs.values())
        kernel.type("event3", "5")
        end = one.end()
    assert end.step is PairingStep.PAIRED
    assert end.paired is not None
    assert (end.paired.kind, end.paired.identity) == (KeypadKind.USB, "usb:046a:0023@usb-0000:00:14.0-2")
    assert {candidate.name for candidate in end.candidates} == {"Cherry Keypad", "Keyboard"}


def test_the_pin_pad_that_says_5_is_bound_with_its_number_and_port(kernel: FakeKernel):
    with pad() as pin_pad, pairing(kernel, "/dev/no-such-port", pin_pad.url) as one:
        one.begin()
        eventually(lambda: any(c.identity == "PAD0001" for c in one.told[-1].candidates), what="the pad is heard")
        pin_pad.press(5)
        end = one.end()
    assert end.paired is not None
    assert (end.paired.kind, end.paired.identity, end.paired.port) == (KeypadKind.SERIAL, "PAD0001", pin_pad.url)


def test_two_at_once_bind_neither(kernel: FakeKernel):
    with pairing(kernel) as one:
        one.begin()
        kernel.type("event2", "5")
        kernel.type("event3", "5")
        assert one.end().step is PairingStep.TWO


def test_nobody_says_5_or_the_technician_ends_it(kernel: FakeKernel):
    with pairing(kernel, limit_ms=50) as one:
        one.pairer.pair(one.told.append)
        kernel_end = one.end()
    assert (kernel_end.step, kernel_end.paired) == (PairingStep.TIMED_OUT, None)
    with pairing(kernel) as one:
        one.begin()
        one.pairer.end()
        assert one.told[-1].step is PairingStep.CANCELLED


def test_what_may_not_be_read_is_named_with_the_rule_and_nothing_at_all_is_said(kernel: FakeKernel):
    kernel.denied = True
    with pairing(kernel) as one:
        one.pairer.pair(one.told.append)
        end = one.end()
    assert end.step is PairingStep.NONE
    assert [candidate.trouble for candidate in end.candidates] == [KeypadTrouble.DENIED] * 2
    assert 'TAG+="uaccess"' in end.candidates[1].help


class Told:
    """`Sink`."""

    def __init__(self) -> None:
        self.reports: list[object] = []

    def post(self, report: object) -> None:
        self.reports.append(report)


def test_the_tills_own_keypad_is_borrowed_and_given_back(kernel: FakeKernel):
    told, stop = Told(), threading.Event()
    own = UsbKeypad("usb:046a:0023@usb-0000:00:14.0-2", kernel.devices(), told, again_s=0.02)
    thread = threading.Thread(target=own.run, args=(stop,))
    thread.start()
    grabbed: Callable[[], bool] = lambda: kernel.plugs["event3"].grabbed  # noqa: E731 (asked again and again)
    try:
        eventually(grabbed, what="it is the till's")
        with pairing(kernel) as one:
            one.pairer.own = own
            one.begin()
            assert not grabbed()
            kernel.type("event3", "5")
            assert one.end().step is PairingStep.PAIRED
            eventually(grabbed, what="it is the till's again")
    finally:
        stop.set()
        thread.join()
