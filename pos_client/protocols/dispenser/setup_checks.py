"""What no line can be, whatever the protocol: said when it is made, not found out on the wire."""

from __future__ import annotations

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import LineSetup


def check_setup(setup: LineSetup, addresses: tuple[int, int], nozzles_max: int, price_max: int) -> None:
    """Raises `LocalProtocolError` for an address outside `addresses` (first, last) or twice one address, a head with no
    or too many nozzles, a price that does not fit the wire."""
    first, last = addresses
    for head in setup.heads:
        if not first <= head.address <= last:
            raise LocalProtocolError(f"address {head.address} is outside {first}..{last}")
        if not 0 < len(head.prices) <= nozzles_max:
            raise LocalProtocolError(f"head {head.address} has {len(head.prices)} nozzles")
        if any(not 0 <= price <= price_max for price in head.prices):
            raise LocalProtocolError(f"a price of head {head.address} has more than {len(str(price_max))} digits")
    if len({head.address for head in setup.heads}) != len(setup.heads):
        raise LocalProtocolError("two heads have one address")
