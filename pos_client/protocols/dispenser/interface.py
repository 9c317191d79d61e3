"""What each dispenser protocol offers: our end of the line, and the device's end for the sandbox and the tests.

Both are sans I/O: bytes and times go in, events and bytes come out. `now_ms` is any clock that only grows, in whole
milliseconds; whoever drives an object calls it again at its `next_deadline()` or when bytes arrive, whichever is first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.probing import ProbeSpec
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class HeadSetup:
    """One head as the technician set it: its address and each nozzle's unit price, nozzle 1 first (0: not for sale).

    Decimals are for protocols that have to compare figures of different kinds; negative ones mean tens, hundreds, ...
    """

    address: int
    prices: tuple[int, ...]
    volume_decimals: int = 2
    amount_decimals: int = 0
    price_decimals: int = 0
    total_decimals: int = 2


@dataclass(frozen=True, slots=True)
class LineSetup:
    """One line. Times in milliseconds; `baud_rate` tells how long our own bytes are on the wire.

    `options`: what a technician chose where sources disagree, `name=value` with blanks between; see
    `DispenserProtocol.wrong_option`.
    """

    heads: tuple[HeadSetup, ...]
    baud_rate: int = 9600
    answer_timeout_ms: int = 120
    inter_frame_ms: int = 35
    misses_until_offline: int = 5
    options: str = ""

    def wire_ms(self, characters: int, bits: int) -> int:
        """Time of so many characters of so many bit times each on the wire, rounded up."""
        return -(-characters * bits * 1000 // max(self.baud_rate, 1))


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What a line has come to since it was last asked; see `ports.reports.LineMeasured`."""

    cycle_ms: int
    answered: int
    unanswered: int
    damaged: int


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

    def take_counts(self, now_ms: int) -> LineCounts:
        """How the line fared since the last call."""

    def connection_lost(self, now_ms: int) -> None:
        """The port is gone: all heads are lost, waiting commands unanswered. Deliveries seen running are remembered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes a device wants to say, and which of its heads says them (faults are injected per head)."""

    address: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class DeviceHeadSetup:
    """One head of a simulated dispenser. `totals[i]`: initial volume total of nozzle i+1, in the meter's units.

    The meter counts in units of `total_decimals`; what the wire shows of a delivery may have other decimals.
    `options`: what this device does where sources disagree, as in `LineSetup`.
    """

    address: int
    totals: tuple[int, ...]
    volume_decimals: int = 2
    amount_decimals: int = 0
    price_decimals: int = 0
    total_decimals: int = 2
    options: str = ""


@dataclass(frozen=True, slots=True)
class HeadReading:
    """What stands on the display and meters of a simulated head. Volumes in the meter's units, money in the wire's.

    `prices`: the unit price of each nozzle, 0 while it has none.
    """

    status: str
    powered: bool
    nozzle_out: int | None
    delivering: bool
    volume: int
    amount: int
    totals: tuple[int, ...]
    prices: tuple[int, ...]


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
        """Let up to `volume` units of the meter flow; returns how many did (0: valve shut; fewer at a preset)."""

    def cut_power(self, address: int) -> None:
        """The head goes dark: a delivery in progress is forgotten, totals are not."""

    def restore_power(self, address: int) -> None:
        """The head starts again, without prices."""

    def set_price(self, address: int, nozzle: int, price: int) -> None:
        """Somebody with the key sets another unit price at the pump itself, in the wire's digits.

        Raises `LocalProtocolError` while the pump is in use (its keys are locked then), and for one it cannot show.
        """

    def line_restored(self) -> None:
        """The cable was out and is back: each head says by itself how it stands."""

    def inject(self, address: int, fault: str, times: int) -> None:
        """Misbehave the next `times` times; which faults there are is `FAULTS` of the protocol's module."""

    def reading(self, address: int) -> HeadReading:
        """The display and meters of a head."""


@dataclass(frozen=True, slots=True)
class ProtocolOption:
    """Something sources disagree about, or only one says, as one choice of the technician.

    Either `choices` (on/off for switches) or a range of numbers. It is written `name=value` in a line's `options`.
    """

    name: str
    default: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True)
class DispenserProtocol:
    """What one protocol offers. The defaults are its line's, where the technician says nothing else.

    `describe(raw, sender)`: all frames in some bytes, in words. `device_faults`: what its simulated device can be told
    to do wrong. `addresses`: first and last a head may have. `wrong_option(text)`: the first word of an options text
    that this protocol does not know, or None. `total_digits(text)`: how many digits a totalizer has before it begins at
    0 again, by those options. `price_digits(text)`: how many a unit price may have. `probe()`: how to look for it on an
    unknown line; None: it is not looked for. `accept(question)`: what a device says that takes it and has nothing to
    say itself; nothing where there is no such answer.
    """

    name: str
    controller: Callable[[LineSetup], ControllerEnd]
    dispenser: Callable[[Iterable[DeviceHeadSetup]], DispenserEnd]
    describe: Callable[[bytes, str | None], list[dict[str, object]]]
    device_faults: tuple[str, ...]
    addresses: tuple[int, int]
    baud_rate: int = 9600
    parity: str = "N"
    answer_timeout_ms: int = 120
    inter_frame_ms: int = 35
    options: tuple[ProtocolOption, ...] = ()
    wrong_option: Callable[[str], str | None] = lambda text: next(iter(text.split()), None)
    total_digits: Callable[[str], int] = lambda text: 10
    price_digits: Callable[[str], int] = lambda text: 6
    probe: Callable[[], ProbeSpec] | None = None
    accept: Callable[[bytes], bytes] = lambda question: b""
