"""What a USB keypad needs of the operating system: to be found, opened for this till alone, and read event by event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pos_client.domain.keypad import KeypadTrouble, KnownKeypad

KeyEvent = tuple[int, int, int]
"""Kind, code and value, as `protocols.keypad.strokes` has them."""


class KeypadFailed(Exception):
    """The keypad cannot be used, and why: for people, and in the system's own words."""

    def __init__(self, trouble: KeypadTrouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble, self.detail = trouble, detail


class KeypadDevice(Protocol):
    """A keypad that is open."""

    def read(self, wait_s: float) -> Sequence[KeyEvent]:
        """What has come, after so long at most. Raises `OSError` when the keypad is gone."""

    def close(self) -> None:
        """Give it back."""


class KeypadDevices(Protocol):
    """The keypads of this computer."""

    def known(self) -> Sequence[KnownKeypad]:
        """Every device with digits on it that is plugged in. Raises `KeypadFailed` where there is no way to know."""

    def open(self, keypad: KnownKeypad, *, alone: bool) -> KeypadDevice:
        """Begin to read. `alone`: nobody else gets its keys, the desktop included. Raises `KeypadFailed`."""
