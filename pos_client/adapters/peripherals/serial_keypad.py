"""The serial PIN pad (`protocols/keypad/serial_pad.py`): its own thread, listening only.

It counts as there from its first heartbeat on, and as lost when three have not come, whatever the port says: a cable
pulled out at the pad's end leaves the adapter's port as open as before.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from pos_client.adapters.peripherals.keypad_input import KeypadFailed
from pos_client.adapters.peripherals.keypad_lending import AGAIN_S, TURN_S, LentKeypad
from pos_client.domain.keypad import KeypadTrouble
from pos_client.ports.peripherals import Stop
from pos_client.ports.reports import Sink
from pos_client.protocols.keypad.serial_pad import BAUD_RATE, SILENT_MS, PadEvent, PadHere, PadKey, PadReader
from pos_client.settings.model import KeypadSettings

READ_AT_MOST = 256


class Port(Protocol):
    """What is needed of a serial port."""

    def read(self, size: int = ..., /) -> bytes:
        """What has come; empty after a turn of silence."""

    def close(self) -> None:
        """Give it back."""


def open_port(device: str, turn_s: float = TURN_S) -> Port:
    """A port at the pad's speed, whose reads end after `turn_s`. Raises `OSError` (`serial.SerialException` is one)."""
    import serial

    port: Port = serial.serial_for_url(device, BAUD_RATE, timeout=turn_s)
    return port


class SerialKeypad(LentKeypad):
    """`ports.peripherals.CustomerKeypad` on a serial port. `find`: where an adapter's identity is now."""

    def __init__(
        self,
        settings: KeypadSettings,
        sink: Sink,
        find: Callable[[str], str] = str,
        opened: Callable[[str], Port] = open_port,
        again_s: float = AGAIN_S,
    ) -> None:
        super().__init__(sink, again_s)
        self._settings, self._find, self._opened = settings, find, opened

    def _listen(self, stop: Stop) -> None:
        try:
            port = self._opened(self._find(self._settings.port))
        except OSError as error:
            denied = isinstance(error, PermissionError) or "denied" in str(error).lower()
            raise KeypadFailed(KeypadTrouble.DENIED if denied else KeypadTrouble.MISSING, str(error)) from error
        reader, heard = PadReader(), monotonic()
        try:
            while not stop.is_set() and not self._lending.is_lent():
                for event in reader.receive(port.read(READ_AT_MOST)):
                    heard = monotonic()
                    self._take(event)
                if monotonic() - heard > SILENT_MS / 1000:
                    self._lending.say(KeypadTrouble.SILENT, self._settings.port)
        except OSError as gone:
            raise KeypadFailed(KeypadTrouble.MISSING, str(gone)) from gone
        finally:
            port.close()

    def _take(self, event: PadEvent) -> None:
        """A pad is there from its heartbeat on; keys before that, or of another pad, are nobody's."""
        match event:
            case PadHere(number) if self._settings.identity in ("", number):
                self._lending.say(None)
            case PadHere(number):
                self._lending.say(KeypadTrouble.MISSING, f"{self._settings.identity}: {number}")
            case PadKey(key):
                if self._lending.is_said_well():
                    self._lending.pressed(key)
            case _:
                if self._lending.is_said_well():
                    self._lending.lost_a_key()
