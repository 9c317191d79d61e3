"""Which keypad stands behind the port: by the settings, and by the system this runs on."""

from __future__ import annotations

import sys

from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.peripherals.keypad_input import KeypadDevices
from pos_client.bootstrap.keypad_pairing import KeypadPairer
from pos_client.bootstrap.port_list import device_named, known_ports
from pos_client.domain.keypad import KeypadKind
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.ports.peripherals import CustomerKeypad
from pos_client.ports.reports import Sink
from pos_client.settings.model import KeypadSettings, Settings


def keypad_devices() -> KeypadDevices:
    """The USB keypads of this computer."""
    if sys.platform == "win32":
        from pos_client.adapters.peripherals.windows_input import WindowsKeypads

        return WindowsKeypads()
    from pos_client.adapters.peripherals.evdev_input import EvdevKeypads

    return EvdevKeypads()


def customer_keypad(settings: KeypadSettings, devices: KeypadDevices, sink: Sink) -> CustomerKeypad | None:
    """The device the settings name; None where customers type on their screen."""
    if settings.kind == KeypadKind.USB:
        from pos_client.adapters.peripherals.usb_keypad import UsbKeypad

        return UsbKeypad(settings.identity, devices, sink)
    if settings.kind == KeypadKind.SERIAL:
        from pos_client.adapters.peripherals.serial_keypad import SerialKeypad

        return SerialKeypad(settings, sink, _device)
    return None


def keypad_pairer(settings: Settings, devices: KeypadDevices, own: CustomerKeypad | None) -> KeypadPairer:
    """Listens to all keypads of this computer, and to every serial port none of our other devices has."""
    printer = settings.printer.target.removeprefix("serial:").partition("?")[0]
    taken = {settings.scanner.port, printer} - {""}  # a port on the board has no identity either

    def ports() -> list[KnownPort]:
        known = known_ports(settings, terminal_runs=True)
        own = settings.keypad.port
        if own and all(own not in (port.device, port.identity) for port in known):
            known.append(KnownPort(own, "", "", (), PortUse.FREE))
        return [port for port in known if not taken & {port.device, port.identity}]

    return KeypadPairer(devices, ports, own)


def _device(port: str) -> str:
    """Where a port is now. Raises `OSError`."""
    try:
        return device_named(port)
    except PortFailed as error:
        raise OSError(str(error)) from error
