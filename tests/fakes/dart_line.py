"""A DART line in virtual time: the real controller and the real device, a wire that can be damaged, no clock.

`to_device` and `to_controller` may change what passes: return b"" to lose it, other bytes to damage it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadSetup, LineSetup
from tests.fakes.virtual_line import VirtualLine

ADDRESS = 0x54
PRICES = (21_580, 18_640)
TOTALS = (18_427_365, 9_751_833)


class DartLine(VirtualLine[DartController, DartDispenser]):
    """One line with heads at the given addresses, all alike. `device`, `options`: of the heads, of the line."""

    def __init__(
        self,
        addresses: Iterable[int] = (ADDRESS,),
        device: str = "",
        delay: Callable[[], int] = lambda: 20,
        options: str = "",
    ) -> None:
        self.setup = LineSetup(tuple(HeadSetup(address, PRICES) for address in addresses), options=options)
        heads = DartDispenser(DeviceHeadSetup(head.address, TOTALS, options=device) for head in self.setup.heads)
        controller = DartController(self.setup)
        super().__init__(controller, heads, delay)
