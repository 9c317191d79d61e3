"""A line in virtual time: a real controller and a real device, a wire that can be damaged, no clock.

`to_device` and `to_controller` may change what passes: return b"" to lose it, other bytes to damage it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Generic, TypeVar

from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import ControllerEnd, DispenserEnd

Damage = Callable[[bytes], bytes]
Kind = TypeVar("Kind")
Controller = TypeVar("Controller", bound=ControllerEnd)
Device = TypeVar("Device", bound=DispenserEnd)


def untouched(raw: bytes) -> bytes:
    return raw


def lossy(dice: Random, rate: float, flips: bool = True) -> Damage:
    """A wire that loses, cuts, doubles, garbles and prefixes what passes, `rate` of the time.

    `flips` off: nothing is turned into other bytes of its own length, so that what arrives whole is what was sent.
    """

    def damage(raw: bytes) -> bytes:
        if dice.random() >= rate:
            return raw
        match dice.randrange(6 if flips else 4):
            case 0 | 1:
                return b""
            case 2:
                return raw[: dice.randrange(len(raw))]
            case 3:
                return raw + raw
            case 4:
                at = dice.randrange(len(raw))
                return raw[:at] + bytes((raw[at] ^ (1 << dice.randrange(8)),)) + raw[at + 1 :]
            case _:
                return dice.randbytes(dice.randint(1, 3)) + raw

    return damage


class VirtualLine(Generic[Controller, Device]):
    """`asked` and `answered` are the protocol's own signs for the two directions, in `wire`."""

    asked, answered = "C>P", "P>C"

    def __init__(self, controller: Controller, device: Device, delay: Callable[[], int]) -> None:
        self.controller, self.device = controller, device
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
            self.wire.append((self.asked, raw))
            self.device.receive_data(self.to_device(raw), self.now)
            while (answer := self.device.next_answer()) is not None:
                self.wire.append((self.answered, answer.raw))
                self.put(self.to_controller(answer.raw), self._delay())
        self._drain()

    def put(self, raw: bytes, after_ms: int = 0) -> None:
        """Bytes on their way to the controller."""
        if raw:
            heapq.heappush(self._under_way, (self.now + after_ms, next(self._order), raw))

    def _drain(self) -> None:
        while (event := self.controller.next_event()) is not None:
            self.events.append(event)

    def submit(self, command: Command) -> None:
        """Hand a command to the controller."""
        self.controller.submit(command, self.now)
        self._drain()

    def new_id(self) -> str:
        return f"c{next(self._ids)}"

    def of(self, kind: type[Kind]) -> list[Kind]:
        """All events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]
