"""A Two-Wire loop in virtual time: the real controller and the real device, a wire that can be damaged, no clock.

`to_device` and `to_controller` may change what passes: return b"" to lose it, other bytes to damage it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, Command
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire.controller import TwoWireController
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadSetup, LineSetup
from tests.fakes.virtual_line import VirtualLine

PUMP = 5
PRICES = (21_580, 18_640)
TOTALS = (18_427_365, 9_751_833)
SHORT_PRICES = (2_158, 1_864)
"""In tens of đồng, as four digits have to hold them."""


class TwoWireLine(VirtualLine[TwoWireController, TwoWireDispenser]):
    """One loop with pumps at the given addresses, all alike; in the 8-digit format unless `device` says `format=6`."""

    asked, answered = "H>P", "P>H"

    def __init__(
        self,
        addresses: Iterable[int] = (PUMP,),
        options: str = "",
        device: str = "",
        delay: Callable[[], int] = lambda: 20,
        nozzles: int = 2,
        prices: tuple[int, ...] | None = None,
    ) -> None:
        short = "format=6" in device
        prices = prices or (SHORT_PRICES if short else PRICES)[:nozzles]
        tens = -1 if short else 0
        volume = 2 if short else 3
        heads = tuple(HeadSetup(address, prices, volume, tens, tens, 2) for address in addresses)
        self.setup = LineSetup(
            heads, baud_rate=5787, answer_timeout_ms=150, inter_frame_ms=10, misses_until_offline=5, options=options
        )
        self.prices = prices
        self.unit = 10 ** (volume - 2)
        """wire units of volume in one unit of the meter"""
        pumps = TwoWireDispenser(
            DeviceHeadSetup(head.address, TOTALS[:nozzles], volume, tens, tens, 2, device) for head in heads
        )
        controller = TwoWireController(self.setup)
        super().__init__(controller, pumps, delay)

    def ended(self, command_id: str) -> e.CommandEnded | None:
        """What became of a command, once something did."""
        kinds = e.CommandDone | e.CommandRefused | e.CommandUnanswered
        return next((x for x in self.events if isinstance(x, kinds) and x.command_id == command_id), None)

    def done(self, command: Command) -> e.CommandEnded:
        """Hand a command over and see it through."""
        self.submit(command)
        assert self.run_until(lambda: self.ended(command.command_id) is not None)
        outcome = self.ended(command.command_id)
        assert outcome is not None
        return outcome

    def ready(self) -> TwoWireLine:
        """Found, priced, totals read, nothing left to do."""
        nozzles = len(self.prices) * len(self.setup.heads)
        assert self.run_until(lambda: len(self.of(e.TotalRead)) >= nozzles, 30_000)
        self.run(6_000)
        return self

    def state(self, pump: int = PUMP) -> HeadState | None:
        """The neutral state as it was told last."""
        told = [event.state for event in self.of(e.StateChanged) if event.address == pump]
        return told[-1] if told else None

    def authorise(
        self, amount: int | None = None, nozzles: tuple[int, ...] = (), volume: int | None = None, pump: int = PUMP
    ) -> e.CommandEnded:
        """Permit the next delivery; what became of it."""
        return self.done(AuthoriseHead(pump, self.new_id(), amount, nozzles, volume))

    def pour(self, meter_units: int, pump: int = PUMP) -> None:
        """Let fuel flow at 400 units a second."""
        while meter_units > 0:
            self.device.pulse(pump, min(meter_units, 40))
            meter_units -= 40
            self.run(100)

    def fuel(self, meter_units: int, nozzle: int = 1, amount: int | None = None, pump: int = PUMP) -> e.Delivered:
        """A whole delivery."""
        told = len(self.of(e.Delivered))
        self.device.lift(pump, nozzle)
        assert self.run_until(lambda: self.state(pump) is HeadState.CALLING)
        assert isinstance(self.authorise(amount, pump=pump), e.CommandDone)
        self.pour(meter_units, pump)
        self.device.hang(pump)
        assert self.run_until(lambda: len(self.of(e.Delivered)) > told)
        return self.of(e.Delivered)[-1]
