"""The device's end of a DART line: block numbers, repetition until acknowledged, NAK on damage, one head or many.

Answers nothing to an ACK, to a frame for somebody else, or while a head has no power. It never speaks first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.device_head import DeviceHead
from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.transactions import Tlv, from_controller
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.interface import Answer, DeviceHeadSetup, HeadReading

EMERGENCY_STOP = 0x09
FAULTS = ("ignored_reset", "missed_ack", "alarm")
"""What a device can do wrong by itself; what can go wrong on the wire is the transport's business."""


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """Where sources disagree. `wrap_to`: block number after F. `strict_ack`: an ACK of another number is not one."""

    wrap_to: int = 1
    strict_ack: bool = False
    totals_form: int = 0x10


class _LinkedHead:
    """A head and its end of the line: two counters, one pending block."""

    def __init__(self, head: DeviceHead) -> None:
        self.head = head
        self.missed_acks = 0
        self.restart()

    def restart(self) -> None:
        """Counters as after power-up: the first block carries number 0."""
        self.next_number = 0
        self.last_received: int | None = None
        self.pending: Data | None = None


class DartDispenser:
    """All heads of one line. Implements `interface.DispenserEnd`."""

    def __init__(self, heads: Iterable[DeviceHeadSetup], options: DeviceOptions | None = None) -> None:
        self._options = options or DeviceOptions()
        self._heads = {setup.address: _LinkedHead(DeviceHead(setup, self._options.totals_form)) for setup in heads}
        self._reader = FrameReader()
        self._answers: deque[Answer] = deque()
        self._received_at = 0

    # ── the wire ───────────────────────────────────────────────────────────────────────────────────────────────────

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what came over the wire; an unfinished frame is dropped after a quiet gap."""
        if self._reader.unfinished and now_ms - self._received_at > s.INTER_BYTE_MS + s.ADAPTER_LATENCY_MS:
            self._reader.clear()
        self._received_at = now_ms
        self._reader.receive(raw)
        while (found := self._reader.next_frame()) is not None:
            linked = self._heads.get(found.address) if found.address is not None else None
            if linked is not None and linked.head.powered:
                self._answer(linked, found)

    def next_answer(self) -> Answer | None:
        """The next thing to say."""
        return self._answers.popleft() if self._answers else None

    def _answer(self, linked: _LinkedHead, found: Frame | Damage) -> None:
        address = linked.head.address
        match found:
            case Poll():
                self._say(address, self._block(linked))
            case AckPoll(number=number):
                self._acknowledged(linked, number)
                self._say(address, self._block(linked))
            case Ack(number=number):
                self._acknowledged(linked, number)
            case Data():
                self._say(address, self._take(linked, found))
            case Damage(number=int(number)):
                self._say(address, Nak(address, number))
            case _:
                pass

    def _say(self, address: int, frame: Frame) -> None:
        self._answers.append(Answer(address, frame.to_bytes()))

    def _take(self, linked: _LinkedHead, block: Data) -> Ack | Nak:
        """Apply a new block; a repetition is acknowledged and not applied again."""
        try:
            transactions = [known for tlv in block.transactions if (known := from_controller(tlv)) is not None]
        except RemoteProtocolError:
            return Nak(block.address, block.number)
        if not s.is_repetition(block.number, linked.last_received):
            linked.last_received = block.number
            linked.head.apply(transactions)
        return Ack(block.address, block.number)

    def _acknowledged(self, linked: _LinkedHead, number: int) -> None:
        if linked.missed_acks > 0:
            linked.missed_acks -= 1
        elif linked.pending is not None and (linked.pending.number == number or not self._options.strict_ack):
            linked.pending = None

    def _block(self, linked: _LinkedHead) -> Data | Eot:
        """The answer to a POLL: the pending block again, a new one with what waits, or "nothing"."""
        if linked.pending is None:
            tlvs = _collect(linked.head)
            if not tlvs:
                return Eot(linked.head.address)
            linked.pending = Data(linked.head.address, linked.next_number, tlvs)
            linked.next_number = self._options.wrap_to if linked.next_number == 0x0F else linked.next_number + 1
        return linked.pending

    # ── hands, hoses, mains ────────────────────────────────────────────────────────────────────────────────────────

    def lift(self, address: int, nozzle: int) -> None:
        """Take a nozzle out."""
        self._linked(address).head.lift(nozzle)

    def hang(self, address: int) -> None:
        """Put the nozzle back."""
        self._linked(address).head.hang()

    def pulse(self, address: int, volume: int) -> int:
        """Up to `volume` units flow; returns how many did."""
        return self._linked(address).head.pulse(volume)

    def cut_power(self, address: int) -> None:
        """The head goes dark and forgets its counters."""
        linked = self._linked(address)
        linked.head.cut_power()
        linked.restart()

    def restore_power(self, address: int) -> None:
        """The head starts again in state 0."""
        self._linked(address).head.restore_power()

    def line_restored(self) -> None:
        """Each head with power says how it stands."""
        self._reader.clear()
        for linked in self._heads.values():
            if linked.head.powered:
                linked.head.announce()

    def inject(self, address: int, fault: str, times: int) -> None:
        """One of `FAULTS`. Raises `LocalProtocolError` for another word."""
        linked = self._linked(address)
        faults: dict[str, Callable[[], None]] = {
            "ignored_reset": lambda: setattr(linked.head, "ignored_resets", times),
            "missed_ack": lambda: setattr(linked, "missed_acks", times),
            "alarm": lambda: linked.head.alarm(EMERGENCY_STOP) if times else None,
        }
        if fault not in faults:
            raise LocalProtocolError(f"no fault is called {fault}")
        faults[fault]()

    def reading(self, address: int) -> HeadReading:
        """Display and meters."""
        return self._linked(address).head.reading()

    def _linked(self, address: int) -> _LinkedHead:
        try:
            return self._heads[address]
        except KeyError:
            raise LocalProtocolError(f"no head has address {address}") from None


def _collect(head: DeviceHead) -> tuple[Tlv, ...]:
    """As many waiting transactions as one block holds, in order; while filling the running figures."""
    running = head.filling()
    if running is not None and not head.waiting:
        return (running.to_tlv(),)
    taken: list[Tlv] = []
    size = 0
    while head.waiting:
        tlv = head.waiting[0].to_tlv()
        size += len(tlv.data) + 2
        if taken and size > s.BLOCK_MAX:
            break
        taken.append(tlv)
        head.waiting.popleft()
    return tuple(taken)
