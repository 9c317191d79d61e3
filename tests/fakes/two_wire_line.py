"""A Two-Wire loop in virtual time: the real controller and the real device, a wire that can be damaged, no clock.

`to_device` and `to_controller` may change what passes: return b"" to lose it, other bytes to damage it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from itertools import count
from typing import TypeVar

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, Command
from pos_client.protocols.dispenser.events import Event, HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire.controller import TwoWireController
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadSetup, LineSetup

Damage = Callable[[bytes], bytes]
Kind = TypeVar("Kind")
PUMP = 5
PRICES = (21_580, 18_640)
TOTALS = (18_427_365, 9_751_833)
SHORT_PRICES = (2_158, 1_864)
"""In tens of đồng, as four digits have to hold them."""


def untouched(raw: bytes) -> bytes:
    return raw


class TwoWireLine:
    """One loop with pumps at the given addresses, all alike; in the 8-digit format unless `device` says `format=6`."""

    def __init__(
        self,
        addresses: Iterable[int] = (PUMP,),
        options: str = "",
        device: str = "",
        delay: Callable[[], int] = lambda: 20,
        nozzles: int = 2,
    ) -> None:
        short = "format=6" in device
        prices = (SHORT_PRICES if short else PRICES)[:nozzles]
        tens = -1 if short else 0
        volume = 2 if short else 3
        heads = tuple(HeadSetup(address, prices, volume, tens, tens, 2) for address in addresses)
        self.setup = LineSetup(
            heads, baud_rate=5787, answer_timeout_ms=150, inter_frame_ms=10, misses_until_offline=5, options=options
        )
        self.prices = prices
        self.unit = 10 ** (volume - 2)
        """wire units of volume in one unit of the meter"""
        self.device = TwoWireDispenser(
            DeviceHeadSetup(head.address, TOTALS[:nozzles], volume, tens, tens, 2, device) for head in heads
        )
        self.controller = TwoWireController(self.setup)
        self.now = 1_000
        self.events: list[Event] = []
        self.wire: list[tuple[str, bytes]] = []
        self.to_device: Damage = untouched
        self.to_controller: Damage = untouched
        self.connected = True
        self._delay = delay
        self._under_way: list[tuple[int, int, bytes]] = []
        self._order = count()
        self._ids = count(1)

    # ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self, ms: int) -> None:
        """Let so much time pass."""
        self.run_until(lambda: False, ms)

    def run_until(self, done: Callable[[], bool], ms: int = 20_000) -> bool:
        """Let time pass until `done`, at the most so long; whether it came to that."""
        end = self.now + ms
        while not done():
            step = self.controller.next_deadline()
            if self._under_way:
                step = min(step, self._under_way[0][0])
            if step > end:
                self.now = end
                return done()
            self.now = max(self.now, step)
            self._step()
        return True

    def _step(self) -> None:
        while self._under_way and self._under_way[0][0] <= self.now:
            raw = heapq.heappop(self._under_way)[2]
            if self.connected:
                self.controller.receive_data(raw, self.now)
        raw = self.controller.data_to_send(self.now)
        if raw and self.connected:
            self.wire.append(("H>P", raw))
            self.device.receive_data(self.to_device(raw), self.now)
            while (answer := self.device.next_answer()) is not None:
                self.wire.append(("P>H", answer.raw))
                self.put(self.to_controller(answer.raw), self._delay())
        self._drain()

    def put(self, raw: bytes, after_ms: int = 0) -> None:
        """Bytes on their way to the controller."""
        if raw:
            heapq.heappush(self._under_way, (self.now + after_ms, next(self._order), raw))

    def _drain(self) -> None:
        while (event := self.controller.next_event()) is not None:
            self.events.append(event)

    # ── stories ────────────────────────────────────────────────────────────────────────────────────────────────────

    def submit(self, command: Command) -> None:
        """Hand a command to the controller."""
        self.controller.submit(command, self.now)
        self._drain()

    def new_id(self) -> str:
        return f"c{next(self._ids)}"

    def of(self, kind: type[Kind]) -> list[Kind]:
        """All events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

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
