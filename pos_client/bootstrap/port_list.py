"""The ports of this machine and those the settings name: what each is, whose it is, whether it can be opened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

from pos_client.adapters.dispensers.bell import Bell
from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.dispensers.port_identity import PortDescription, describe_ports, device_of
from pos_client.adapters.dispensers.serial_port import open_port
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.settings.model import LineSettings, Settings

_BUSY = ("lock", "busy", "denied") if sys.platform == "win32" else ("lock", "busy")
"""Words of an operating system whose port another program has; elsewhere "denied" means that we may not."""

TryPort = Callable[[str], str]
"""Opens a device for us alone and closes it; what the operating system said when it cannot, else nothing."""


def known_ports(
    settings: Settings | None,
    *,
    terminal_runs: bool,
    ports: Callable[[], list[PortDescription]] | None = None,
    try_port: TryPort | None = None,
) -> list[KnownPort]:
    """Every port, by name; then those only the settings know. A port the running terminal serves is not touched."""
    found = (ports or describe_ports)()
    lines = settings.lines if settings is not None else ()
    owners = {line.name: _device_of(line, found) or line.identity for line in lines}
    rows = [KnownPort(p.device, p.description, p.identity, _of(owners, p.device), PortUse.FREE) for p in found]
    there = {row.device for row in rows}
    for line in lines:
        device = owners[line.name]
        if device not in there:
            there.add(device)
            use = PortUse.FREE if _device_of(line, found) else PortUse.MISSING
            rows.append(KnownPort(device, "", line.identity, _of(owners, device), use))
    return [_tried(row, terminal_runs, try_port or opens) for row in rows]


def opens(device: str) -> str:
    """`TryPort` with a real port."""
    try:
        with Bell() as bell:
            open_port(LineSettings("ports", "", device, parity="N"), bell).close()
    except PortFailed as error:
        return error.what or error.code
    return ""


def device_named(name: str, ports: Iterable[PortDescription] | None = None) -> str:
    """A device, an address, or the identity of an adapter as the device it is now. Raises `PortFailed`."""
    return device_of(name, describe_ports() if ports is None else ports) if name.startswith("usb:") else name


def _device_of(line: LineSettings, found: list[PortDescription]) -> str:
    """Where a line's port is now; nothing when its adapter is not plugged in."""
    if not line.identity:
        return line.port
    try:
        return device_of(line.identity, found)
    except PortFailed:
        return ""


def _of(owners: dict[str, str], device: str) -> tuple[str, ...]:
    return tuple(name for name, its in owners.items() if its == device)


def _tried(row: KnownPort, terminal_runs: bool, try_port: TryPort) -> KnownPort:
    if row.use is PortUse.MISSING:
        return row
    if terminal_runs and row.lines:
        return replace(row, use=PortUse.BUSY)
    detail = try_port(row.device)
    if not detail:
        return row
    busy = any(word in detail.lower() for word in _BUSY)
    return replace(row, use=PortUse.BUSY if busy else PortUse.UNREACHABLE, detail=detail)
