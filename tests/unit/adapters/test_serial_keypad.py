"""The serial PIN pad over a real pseudo-terminal, with its simulator at the other end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from pos_client.adapters.peripherals import serial_keypad
from pos_client.adapters.peripherals.serial_keypad import SerialKeypad
from pos_client.domain.keypad import KeypadKey, KeypadTrouble
from pos_client.protocols.keypad.keys import OtherKey
from pos_client.sandbox.keypad.pad import SimulatedPad
from pos_client.settings.model import KeypadSettings
from tests.unit.adapters.test_usb_keypad import Heard, told
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
MISSING, SILENT, GARBLED = KeypadTrouble.MISSING, KeypadTrouble.SILENT, KeypadTrouble.GARBLED


@pytest.fixture
def pad() -> Iterator[SimulatedPad]:
    simulated = SimulatedPad(heartbeat_ms=50)
    thread = Thread(target=simulated.serve)
    thread.start()
    yield simulated
    simulated.close()
    thread.join()


@pytest.fixture
def heard(pad: SimulatedPad, request: pytest.FixtureRequest) -> Iterator[Heard]:
    """What a till at that wire hears; the mark's argument is the number of the pad it was paired with."""
    heard, stop = Heard(), Event()
    settings = KeypadSettings("serial", getattr(request, "param", ""), pad.url)
    thread = Thread(target=SerialKeypad(settings, heard, again_s=0.02).run, args=(stop,))
    thread.start()
    yield heard
    stop.set()
    thread.join()


def test_keys_arrive_once_the_pad_has_said_that_it_is_there(pad: SimulatedPad, heard: Heard):
    told(heard, None)
    for key in (2, 4, OtherKey.CLEAR, 0, OtherKey.OK, OtherKey.CANCEL):
        pad.press(key)
    eventually(
        lambda: heard.keys == [2, 4, KeypadKey.CLEAR, 0, KeypadKey.OK, KeypadKey.CANCEL], what="keys in their order"
    )


def test_a_cable_pulled_out_at_either_end_is_noticed_and_its_return_too(
    pad: SimulatedPad, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(serial_keypad, "SILENT_MS", 400)
    told(heard, None)
    pad.unplug()
    told(heard, None, MISSING)
    pad.replug()
    told(heard, None, MISSING, None)
    pad.silent = True
    told(heard, None, MISSING, None, SILENT)
    pad.silent = False
    eventually(lambda: heard.troubles[-1] is None, what="it is heard again")


def test_a_key_lost_on_the_way_ends_what_was_typed(pad: SimulatedPad, heard: Heard):
    told(heard, None)
    pad.press(1)
    pad.lose(2)
    pad.press(3)
    told(heard, None, GARBLED, None)
    eventually(lambda: heard.keys == [1, 3], what="what came is in order")


@pytest.mark.parametrize("heard", ["OTHER"], indirect=True)
def test_another_pad_than_the_paired_one_is_not_typed_on(pad: SimulatedPad, heard: Heard):
    told(heard, MISSING)
    pad.press(5)
    pad.number = "OTHER"
    told(heard, MISSING, None)
    assert heard.keys == []


def test_a_port_that_is_not_there_is_missing_and_one_we_may_not_open_is_denied():
    def denied(device: str) -> serial_keypad.Port:
        raise PermissionError(13, "Permission denied", device)

    for opened, trouble in ((serial_keypad.open_port, MISSING), (denied, KeypadTrouble.DENIED)):
        heard, stop = Heard(), Event()
        keypad = SerialKeypad(KeypadSettings("serial", "", "/dev/no-such-pad"), heard, opened=opened, again_s=0.01)
        thread = Thread(target=keypad.run, args=(stop,))
        thread.start()
        told(heard, trouble)
        stop.set()
        thread.join()
