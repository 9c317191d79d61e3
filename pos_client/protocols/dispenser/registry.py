"""Which protocols there are, by the name a technician writes into the settings.

A further protocol is a folder with both ends and a `describe`, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.describe import describe as describe_dart
from pos_client.protocols.dispenser.dart.dispenser import FAULTS as DART_FAULTS
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import ControllerEnd, DeviceHeadSetup, DispenserEnd, LineSetup


@dataclass(frozen=True, slots=True)
class DispenserProtocol:
    """What one protocol offers. `device_faults`: what its simulated device can be told to do wrong."""

    name: str
    controller: Callable[[LineSetup], ControllerEnd]
    dispenser: Callable[[Iterable[DeviceHeadSetup]], DispenserEnd]
    describe: Callable[[bytes, str | None], list[dict[str, object]]]
    device_faults: tuple[str, ...]


PROTOCOLS: dict[str, DispenserProtocol] = {
    "dart": DispenserProtocol("dart", DartController, DartDispenser, describe_dart, DART_FAULTS),
}


def protocol(name: str) -> DispenserProtocol:
    """The protocol of that name. Raises `LocalProtocolError` when there is none."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise LocalProtocolError(f"no dispenser protocol is called {name!r}") from None
