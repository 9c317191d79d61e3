"""Which protocols there are, by the name a technician writes into the settings.

A further protocol is a folder with both ends, a `describe` and a `PROTOCOL`, and one line here.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.dart.protocol import PROTOCOL as DART
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire.protocol import PROTOCOL as GILBARCO_TWO_WIRE
from pos_client.protocols.dispenser.interface import DispenserProtocol

PROTOCOLS: dict[str, DispenserProtocol] = {offered.name: offered for offered in (DART, GILBARCO_TWO_WIRE)}


def protocol(name: str) -> DispenserProtocol:
    """The protocol of that name. Raises `LocalProtocolError` when there is none."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise LocalProtocolError(f"no dispenser protocol is called {name!r}") from None
