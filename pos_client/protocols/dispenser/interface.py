"""What each dispenser protocol offers: our end of the line, and the device's end for the sandbox and the tests.

Both are sans I/O: bytes and times go in, events and bytes come out. `now_ms` is any clock that only grows, in whole
milliseconds; whoever drives an object calls it again at its `next_deadline()` or when bytes arrive, whichever is first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.events import Event


@dataclass(frozen=True, slots=True)
class HeadSetup:
    """One head as the technician set it: its address and each nozzle's unit price, nozzle 1 first (0: not for sale)."""

    address: int
    prices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineSetup:
    """One line. Times in milliseconds; `baud_rate` tells how long our own bytes are on the wire."""

    heads: tuple[HeadSetup, ...]
    baud_rate: int = 9600
    answer_timeout_ms: int = 120
    inter_frame_ms: int = 35
    misses_until_offline: int = 5


class ControllerEnd(Protocol):
    """Our end: the master of one line with all its heads. Not thread-safe; one thread owns it."""

    def submit(self, command: Command, now_ms: int) -> None:
        """Take a command. What became of it is an event, also for an unknown address or a value that does not fit."""

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what was read from the port."""

    def next_event(self) -> Event | None:
        """The next thing that happened, in order; None when all is told."""

    def data_to_send(self, now_ms: int) -> bytes:
        """What is to be written now (often nothing). Also the moment at which time-outs are noticed."""

    def next_deadline(self) -> int:
        """When `data_to_send` wants to be called again if nothing is received before."""

    def connection_lost(self, now_ms: int) -> None:
        """The port is gone: all heads are lost, waiting commands unanswered. Deliveries seen running are remembered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes a device wants to say, and which of its heads says them (faults are injected per head)."""

    address: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class DeviceHeadSetup:
    """One head of a simulated dispenser. `totals[i]` is the initial volume total of nozzle i+1, in wire units."""

    address: int
    totals: tuple[int, ...]
    volume_decimals: int = 2
    amount_decimals: int = 0
    price_decimals: int = 0


@dataclass(frozen=True, slots=True)
class HeadReading:
    """What stands on the display and meters of a simulated head. Wire units."""

    status: str
    powered: bool
    nozzle_out: int | None
    delivering: bool
    volume: int
    amount: int
    totals: tuple[int, ...]


class DispenserEnd(Protocol):
    """The device's end: all heads of one line, and the hands and hoses that act on them.

    An unknown address or nozzle given to a physical verb raises `LocalProtocolError`.
    """

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what came over the wire."""

    def next_answer(self) -> Answer | None:
        """The next thing to say, or None. When it is said is the transport's business."""

    def lift(self, address: int, nozzle: int) -> None:
        """Take a nozzle out of its holster (with one out already: nothing happens)."""

    def hang(self, address: int) -> None:
        """Put the nozzle back."""

    def pulse(self, address: int, volume: int) -> int:
        """Let up to `volume` units flow; returns how many did (0 unless the valve is open, fewer at a preset)."""

    def cut_power(self, address: int) -> None:
        """The head goes dark: a delivery in progress is forgotten, totals are not."""

    def restore_power(self, address: int) -> None:
        """The head starts again, without prices."""

    def line_restored(self) -> None:
        """The cable was out and is back: each head says by itself how it stands."""

    def inject(self, address: int, fault: str, times: int) -> None:
        """Misbehave the next `times` times; which faults there are is `FAULTS` of the protocol's module."""

    def reading(self, address: int) -> HeadReading:
        """The display and meters of a head."""
