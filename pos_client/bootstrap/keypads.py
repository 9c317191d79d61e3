"""Which keypad stands behind the port: by the settings, and by the system this runs on."""

from __future__ import annotations

import sys

from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.peripherals.evdev_input import EvdevKeypads
from pos_client.adapters.peripherals.keypad_input import KeypadDevices
from pos_client.adapters.peripherals.serial_keypad import SerialKeypad
from pos_client.adapters.peripherals.usb_keypad import UsbKeypad
from pos_client.adapters.peripherals.windows_input import WindowsKeypads
from pos_client.bootstrap.port_list import device_named
from pos_client.domain.keypad import KeypadKind
from pos_client.ports.peripherals import CustomerKeypad
from pos_client.ports.reports import Sink
from pos_client.settings.model import KeypadSettings


def keypad_devices() -> KeypadDevices:
    """The USB keypads of this computer."""
    return WindowsKeypads() if sys.platform == "win32" else EvdevKeypads()


def customer_keypad(settings: KeypadSettings, devices: KeypadDevices, sink: Sink) -> CustomerKeypad | None:
    """The device the settings name; None where customers type on their screen."""
    if settings.kind == KeypadKind.USB:
        return UsbKeypad(settings.identity, devices, sink)
    if settings.kind == KeypadKind.SERIAL:
        return SerialKeypad(settings, sink, _device)
    return None


def _device(port: str) -> str:
    """Where a port is now. Raises `OSError`."""
    try:
        return device_named(port)
    except PortFailed as error:
        raise OSError(str(error)) from error
