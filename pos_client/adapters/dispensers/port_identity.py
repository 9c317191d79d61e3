"""Which port is the adapter we mean: by what the adapter says of itself, not by the name it was given this time.

A USB adapter that is pulled out and put back may come back as another `ttyUSB` or `COM`. What stays is who made it and
its serial number; where it has none (or ten of one make share one, as cheap ones do), the socket it is plugged into.

    usb:0403:6001:A50285BI       maker, model, serial number
    usb:1a86:7523@1-1.2          maker, model, place in the tree of hubs
    usb:0403:6011:FT5R2K#2       the third port of an adapter with several
    /dev/serial/by-id/...        any path: a link is followed anew each time it is opened

Ports without such a thing (a mainboard's, a pseudo-terminal) have no identity: they are their name.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from pos_client.adapters.dispensers.port import PortFailed
from pos_client.settings.model import LineSettings
from pos_client.value import dataclass


class PortInfo(Protocol):
    """What pyserial tells of a port."""

    device: str
    description: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class PortDescription:
    """A serial port of this machine. `identity` stays with the device when its name changes after a replug; empty: it
    has none. `known_as`: every identity that means this port."""

    device: str
    description: str
    identity: str = ""
    known_as: tuple[str, ...] = ()


LOOKS = 3
Ports = Callable[[], list[PortDescription]]


def describe(found: Iterable[PortInfo]) -> list[PortDescription]:
    """Ports by name, each with an identity that no other of them has, where it has one at all."""
    ports = sorted(found, key=lambda port: str(port.device))
    names = {str(port.device): _identities(port) for port in ports}
    taken = [name for known_as in names.values() for name in known_as]
    described = []
    for port in ports:
        known_as = names[str(port.device)]
        own = next((name for name in known_as if taken.count(name) == 1), "")
        described.append(PortDescription(str(port.device), str(port.description or ""), own, known_as))
    return described


def describe_ports() -> list[PortDescription]:
    """The serial ports of this machine, by name.

    An adapter pulled out while it is looked at makes pyserial stumble (TypeError): then it is looked again.
    """
    from serial.tools.list_ports import comports

    for _ in range(LOOKS):
        with suppress(OSError, TypeError):
            return describe(comports())
    return []


def _identities(port: PortInfo) -> tuple[str, ...]:
    """The best first: serial number, then place."""
    if port.vid is None or port.pid is None:
        return ()
    maker = f"usb:{port.vid:04x}:{port.pid:04x}"
    place, colon, interface = (port.location or "").partition(":")
    part = f"#{interface.rpartition('.')[2]}" if colon and interface.rpartition(".")[2] != "0" else ""
    number = (port.serial_number or "").strip()
    return tuple(
        name
        for name, there in ((f"{maker}:{number}{part}", number), (f"{maker}@{place}{part}", place.strip()))
        if there
    )


def device_of(identity: str, ports: Iterable[PortDescription]) -> str:
    """The port that has this identity now. Raises `PortFailed` when none has, or several have.

    A path is its own identity.
    """
    if "/" in identity and not identity.startswith("usb:"):
        return identity
    there = list(ports)
    found = [port.device for port in there if identity in port.known_as]
    if len(found) == 1:
        return found[0]
    if found:
        raise PortFailed("identity_twice", f"{identity} ({', '.join(found)})")
    connected = ", ".join(port.identity or port.device for port in there)
    raise PortFailed("identity_missing", f"{identity} ({connected})" if connected else identity)


def find_port(settings: LineSettings, ports: Ports = describe_ports) -> str:
    """The port a line is to open now: links are followed, so that it is the device itself. Raises `PortFailed`."""
    device = device_of(settings.identity, ports()) if settings.identity else settings.port
    return os.path.realpath(device) if os.path.islink(device) else device


class PortsInUse:
    """Which line has which device, so that two lines that mean one adapter are told so. Callable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[str, str] = {}

    def take(self, device: str, line: str) -> None:
        """The device is this line's from now on. Raises `PortFailed` when another line has it."""
        with self._lock:
            owner = self._taken.setdefault(device, line)
        if owner != line:
            raise PortFailed("port_taken", f"{device} ({owner})")

    def give_back(self, device: str, line: str) -> None:
        """The line has closed it."""
        with self._lock:
            if self._taken.get(device) == line:
                del self._taken[device]
