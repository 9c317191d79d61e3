"""A line whose wire lies: every frame may be changed on its way, while people fuel, in virtual time.

What is checked, at every event and every frame: no exception; a delivery or a total is told only with figures the
device really has; nobody is told restarted who was not; and after damage the line is back in step within two good
exchanges. `Violation` says what was broken, and at which frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, StopHead
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import (
    ControllerEnd,
    DeviceHeadSetup,
    DispenserEnd,
    DispenserProtocol,
    HeadSetup,
    LineSetup,
)
from tests.fakes.virtual_line import VirtualLine, untouched

HEADS = 3
PRICES = (21_580, 18_640)
TOTALS = (18_427_365, 9_751_833)
RATES = (0.0, 0.02, 0.1, 0.3, 0.6)
EPOCH_FRAMES = 300
"""after so many frames the wire becomes better or worse"""
BACK_IN_STEP = 2
TICK_MS = 100
HEALING_MS = 60_000


class Violation(AssertionError):
    """The protocol broke a promise."""


class Mutator:
    """What a wire does to a frame. One for each direction: a frame may be held back and merged with the next."""

    KINDS = ("flip", "drop", "insert", "duplicate", "merge", "truncate", "swap_address", "lose")

    def __init__(self, dice: Random, addresses: tuple[int, ...], counts: Counter[str]) -> None:
        self._dice = dice
        self._addresses = addresses
        self._counts = counts
        self._held = b""

    def __call__(self, raw: bytes, rate: float) -> bytes:
        """The frame as it arrives."""
        held, self._held = self._held, b""
        if self._dice.random() >= rate:
            return held + raw
        kind = self._dice.choice(self.KINDS)
        self._counts[kind] += 1
        return held + self._mutated(kind, raw)

    def _mutated(self, kind: str, raw: bytes) -> bytes:
        dice = self._dice
        at = dice.randrange(len(raw))
        match kind:
            case "flip":
                return raw[:at] + bytes((raw[at] ^ 1 << dice.randrange(8),)) + raw[at + 1 :]
            case "drop":
                return raw[:at] + raw[at + 1 :]
            case "insert":
                return raw[:at] + dice.randbytes(dice.randint(1, 3)) + raw[at:]
            case "duplicate":
                return raw + raw
            case "merge":
                self._held = raw
                return b""
            case "truncate":
                return raw[:at]
            case "swap_address":
                return bytes((dice.choice(self._addresses),)) + raw[1:]
        return b""


@dataclass
class Customer:
    """One person at one head: lifts, squeezes, hangs up, goes; the next one comes."""

    address: int
    nozzle: int | None = None
    hangs_at: int = 0
    asks_at: int = 0
    comes_at: int = 0
    litres: list[int] = field(default_factory=lambda: [0] * len(TOTALS))


class FuzzedLine(VirtualLine[ControllerEnd, DispenserEnd]):
    """`wants_answer`: whether a question of ours, arriving whole, is always answered by its head."""

    def __init__(self, offered: DispenserProtocol, seed: int, wants_answer: Callable[[bytes], bool]) -> None:
        first = offered.addresses[0] + 4
        addresses = tuple(range(first, first + HEADS))
        setup = LineSetup(
            tuple(HeadSetup(address, PRICES) for address in addresses),
            offered.baud_rate,
            offered.answer_timeout_ms,
            offered.inter_frame_ms,
        )
        device = offered.dispenser(DeviceHeadSetup(address, TOTALS) for address in addresses)
        super().__init__(offered.controller(setup), device, lambda: 20)
        self.dice = Random(seed)
        self.mutated: Counter[str] = Counter()
        self.frames = 0
        self.told: Counter[str] = Counter()
        self._wants_answer = wants_answer
        self._down, self._up = (Mutator(self.dice, addresses, self.mutated) for _ in (1, 2))
        self._rate = 0.0
        self._whole = False
        self._asked = b""
        self._answers = 0
        self._out_of_step = 0
        self._customers = [Customer(address, comes_at=self.now + 3_000) for address in addresses]
        self._displays = dict.fromkeys(addresses, (0, 0))
        """what fuel last made each display show; a permission that nobody used may have set it back since"""
        self._known = {(address, n): total for address in addresses for n, total in enumerate(TOTALS, 1)}
        self._rested = {place: [total] for place, total in self._known.items()}
        """values of each total while nothing flowed, since the one told last: what may be on its way to us"""

    # ── the wire ───────────────────────────────────────────────────────────────────────────────────────────────────

    def fuzz(self, frames: int) -> None:
        """Let people fuel until so many frames were changed, then heal the wire and see that everything agrees."""
        self.to_device, self.to_controller = self._to_device, self._to_controller
        while self.mutated.total() < frames:
            self.run(TICK_MS)
            for customer in self._customers:
                self._act(customer)
                self._note_rest(customer.address)
            self.wire.clear()
            self.events.clear()
        self.to_device = self.to_controller = untouched
        for customer in self._customers:
            self.device.hang(customer.address)
        self.run(HEALING_MS)
        for customer in self._customers:
            self.submit(StopHead(customer.address, self.new_id()))
        self.run(HEALING_MS)
        for (address, nozzle), total in self._known.items():
            if total != self._total(address, nozzle):
                raise self._violation(f"total of {address}/{nozzle} stays at {total}")

    def _to_device(self, raw: bytes) -> bytes:
        self._judge()
        self._count_frame()
        arrives = self._down(raw, self._rate)
        self._whole, self._asked, self._answers = arrives == raw, raw, 0
        return arrives

    def _to_controller(self, raw: bytes) -> bytes:
        self._answers += 1
        self._count_frame()
        arrives = self._up(raw, self._rate)
        self._whole = self._whole and arrives == raw
        return arrives

    def _judge(self) -> None:
        """The exchange before is over: was a good one understood at both ends?"""
        answered = self.controller.take_counts(self.now).answered
        if not self._whole or not self._wants_answer(self._asked):
            return
        self._out_of_step = 0 if answered else self._out_of_step + 1
        if self._out_of_step >= BACK_IN_STEP:
            raise self._violation(f"out of step after {self._out_of_step} good exchanges ({self._asked.hex(' ')})")

    def _count_frame(self) -> None:
        self.frames += 1
        if self.frames % EPOCH_FRAMES == 0:
            self._rate = self.dice.choice(RATES)

    # ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _act(self, who: Customer) -> None:
        if who.nozzle is None:
            if self.now >= who.comes_at:
                who.nozzle = self.dice.choice((1, 2))
                who.hangs_at, who.asks_at = self.now + self.dice.randint(2_000, 15_000), self.now
                self.device.lift(who.address, who.nozzle)
        elif self.now >= who.hangs_at:
            who.nozzle = None
            who.comes_at = self.now + self.dice.randint(1_000, 8_000)
            self.device.hang(who.address)
        elif self.device.reading(who.address).delivering:
            who.litres[who.nozzle - 1] += self.device.pulse(who.address, self.dice.randint(1, 30))
            shown = self.device.reading(who.address)
            self._displays[who.address] = shown.volume, shown.amount
            if self.dice.random() < 0.003:
                self.submit(StopHead(who.address, self.new_id()))
        elif self.now >= who.asks_at:
            who.asks_at = self.now + 4_000
            preset = self.dice.choice((None, None, 50_000, 200_000))
            self.submit(AuthoriseHead(who.address, self.new_id(), preset))

    def _note_rest(self, address: int) -> None:
        shown = self.device.reading(address)
        for nozzle, total in enumerate(shown.totals, 1):
            rested = self._rested[address, nozzle]
            if not shown.delivering and rested[-1] != total:
                rested.append(total)

    # ── what is told ───────────────────────────────────────────────────────────────────────────────────────────────

    def _drain(self) -> None:
        while (event := self.controller.next_event()) is not None:
            self.told[type(event).__name__] += 1
            self._check(event)
            self.events.append(event)

    def _check(self, event: Event) -> None:
        match event:
            case e.Delivered(address, nozzle, volume, amount, price, total):
                shown = self.device.reading(address)
                if shown.delivering or (volume, amount) not in ((shown.volume, shown.amount), self._displays[address]):
                    raise self._violation(f"{event} while the display says {shown}")
                if price != PRICES[nozzle - 1] or total != self._total(address, nozzle):
                    raise self._violation(f"{event} with a price or total that nobody has: {shown}")
                if volume > total - self._known[address, nozzle]:
                    raise self._violation(f"{event}: more than the total moved since {self._known[address, nozzle]}")
                self._know(address, nozzle, total)
            case e.TotalRead(address, nozzle, total):
                self._note_rest(address)
                if total not in self._rested[address, nozzle]:
                    raise self._violation(f"{event}, but it stood at {self._rested[address, nozzle]}")
                self._know(address, nozzle, total)
            case e.PowerRestored():
                if self.told["PowerRestored"] > HEADS:
                    raise self._violation(f"{event}: nobody cut the power")

    def _know(self, address: int, nozzle: int, total: int) -> None:
        self._known[address, nozzle] = total
        rested = self._rested[address, nozzle]
        self._rested[address, nozzle] = rested[rested.index(total) :] if total in rested else [total]

    def _total(self, address: int, nozzle: int) -> int:
        return self.device.reading(address).totals[nozzle - 1]

    def _violation(self, what: str) -> Violation:
        return Violation(f"frame {self.frames}, {self.now} ms: {what}")
