"""Keypads on Windows: raw input of user32, called by ctypes.

Not run on a Windows machine yet. What the bytes mean is tested where there is none (`protocols/keypad/raw_input.py`);
the calls here are written after Microsoft's documentation of RegisterRawInputDevices, GetRawInputDeviceList,
GetRawInputDeviceInfoW and GetRawInputData.

Raw input comes as messages of a window, with RIDEV_INPUTSINK even while another window has the keyboard. So the
windows' thread hands every message to `message`, and the keypad's own thread takes the events out of a queue. There is
no grab: the keypad's ordinary key messages are swallowed on their way into our windows, and reach another program's
when that one is in front. RIDEV_NOLEGACY is no help: it would silence every keyboard of this program.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Sequence
from queue import Empty, SimpleQueue

from pos_client.adapters.peripherals.keypad_input import KeyEvent, KeypadFailed
from pos_client.domain.keypad import KeypadIdentity, KeypadTrouble, KnownKeypad
from pos_client.protocols.keypad.raw_input import KEYBOARD, OwnMessages, RawKey, parse, told_by
from pos_client.protocols.keypad.strokes import DOWN, EV_KEY, UP

WM_INPUT = 0x00FF
_INPUT, _DEVICE_NAME = 0x10000003, 0x20000007
_INPUTSINK, _DESKTOP, _KEYBOARDS, _KEYPADS = 0x100, 0x01, 0x06, 0x07
_NOTHING = 0xFFFFFFFF
_NAME_LETTERS = 512


class _Message(ctypes.Structure):
    """MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
    )


class _Registration(ctypes.Structure):
    """RAWINPUTDEVICE."""

    _fields_ = (
        ("page", ctypes.c_ushort),
        ("usage", ctypes.c_ushort),
        ("flags", ctypes.c_uint),
        ("window", ctypes.c_void_p),
    )


class _Listed(ctypes.Structure):
    """RAWINPUTDEVICELIST."""

    _fields_ = (("device", ctypes.c_void_p), ("kind", ctypes.c_uint))


_HEADER_BYTES = 8 + 2 * ctypes.sizeof(ctypes.c_void_p)


class User32:
    """The calls, with bytes and numbers; a test has its own."""

    def __init__(self) -> None:
        self._dll = ctypes.CDLL("user32", use_last_error=True)

    def register(self, window: int) -> bool:
        """Raw keys of every keyboard go to this window, whoever has the focus."""
        wanted = (_Registration * 2)(
            _Registration(_DESKTOP, _KEYBOARDS, _INPUTSINK, window),
            _Registration(_DESKTOP, _KEYPADS, _INPUTSINK, window),
        )
        return bool(self._dll.RegisterRawInputDevices(wanted, len(wanted), ctypes.sizeof(_Registration)))

    def keyboards(self) -> dict[int, str]:
        """Handle and name of each there is."""
        size, count = ctypes.sizeof(_Listed), ctypes.c_uint(0)
        if self._dll.GetRawInputDeviceList(None, ctypes.byref(count), size) == _NOTHING:
            return {}
        listed = (_Listed * count.value)()
        if self._dll.GetRawInputDeviceList(listed, ctypes.byref(count), size) == _NOTHING:
            return {}  # one came or went meanwhile: the next look finds it
        return {each.device: self._name(each.device) for each in listed if each.kind == KEYBOARD}

    def _name(self, device: int) -> str:
        name, letters = ctypes.create_unicode_buffer(_NAME_LETTERS), ctypes.c_uint(_NAME_LETTERS)
        self._dll.GetRawInputDeviceInfoW(ctypes.c_void_p(device), _DEVICE_NAME, name, ctypes.byref(letters))
        return name.value

    def raw_input(self, handle: int) -> bytes:
        """RAWINPUT of a message; empty when it cannot be had."""
        size = ctypes.c_uint(0)
        self._dll.GetRawInputData(ctypes.c_void_p(handle), _INPUT, None, ctypes.byref(size), _HEADER_BYTES)
        raw = (ctypes.c_ubyte * size.value)()
        told = self._dll.GetRawInputData(ctypes.c_void_p(handle), _INPUT, raw, ctypes.byref(size), _HEADER_BYTES)
        return bytes(raw) if told == size.value else b""


class WindowsKeypads:
    """`KeypadDevices` of Windows. `attach` and `message` belong to the windows' thread, the rest to the keypad's."""

    def __init__(self, user32: User32 | None = None) -> None:
        self._user32 = user32 or User32()
        self._open: tuple[WindowsKeypad, ...] = ()
        self._own = OwnMessages()

    def attach(self, window: int) -> bool:
        """Raw keys come to this window from now on; False when Windows refuses."""
        return self._user32.register(window)

    def message(self, address: int) -> bool:
        """A message of the window, by its address; whether it is the keypad's and nobody else is to see it."""
        told = _Message.from_address(address)
        if told.message != WM_INPUT:
            return self._own.swallows(told.message, told.lparam)
        key = parse(self._user32.raw_input(told.lparam), ctypes.sizeof(ctypes.c_void_p))
        for device in self._open:
            if key is not None and device.handle == key.device:
                device.put(key)
                if device.alone:
                    self._own.heard(key)
        return False

    def known(self) -> Sequence[KnownKeypad]:
        """Every keyboard on USB: Windows does not tell which keys one has."""
        told = ((name, told_by(name)) for name in self._user32.keyboards().values())
        return tuple(_known(name, *parts) for name, parts in told if parts is not None)

    def open(self, keypad: KnownKeypad, *, alone: bool) -> WindowsKeypad:
        """Its keys from now on. Raises `KeypadFailed`."""
        handles = [handle for handle, name in self._user32.keyboards().items() if name in keypad.nodes]
        if not handles:
            raise KeypadFailed(KeypadTrouble.MISSING, keypad.nodes[0])
        device = WindowsKeypad(self, handles[0], alone)
        self._open = (*self._open, device)
        return device

    def is_there(self, handle: int) -> bool:
        """Whether it is plugged in."""
        return handle in self._user32.keyboards()

    def closed(self, device: WindowsKeypad) -> None:
        """Its keys are nobody's any more."""
        self._open = tuple(other for other in self._open if other is not device)


class WindowsKeypad:
    """`KeypadDevice` of Windows."""

    def __init__(self, devices: WindowsKeypads, handle: int, alone: bool) -> None:
        self._devices, self.handle, self.alone = devices, handle, alone
        self._keys: SimpleQueue[KeyEvent] = SimpleQueue()

    def put(self, key: RawKey) -> None:
        """From the windows' thread."""
        self._keys.put((EV_KEY, key.code, DOWN if key.down else UP))

    def read(self, wait_s: float) -> Sequence[KeyEvent]:
        """The next key; after a turn of silence, whether it is still there."""
        try:
            return (self._keys.get(timeout=wait_s),)
        except Empty:
            if not self._devices.is_there(self.handle):
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV)) from None
            return ()

    def close(self) -> None:
        """No keys of it any more."""
        self._devices.closed(self)


def _known(name: str, vendor: int, product: int, place: str) -> KnownKeypad:
    return KnownKeypad(KeypadIdentity(vendor, product, "", place), f"USB {vendor:04x}:{product:04x}", (name,))
