"""The device's end of a DART line: block numbers, repetition until acknowledged, NAK on damage, one head or many.

Answers nothing to an ACK, to a frame for somebody else, or while a head has no power. It never speaks first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.device_head import DeviceHead
from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.transactions import Tlv, from_controller
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.interface import Answer, DeviceHeadSetup, HeadReading

_JUMP = 3


class _LinkedHead:
    """A head and its end of the line: two counters, one pending block."""

    def __init__(self, head: DeviceHead) -> None:
        self.head = head
        self.restart()

    def restart(self) -> None:
        """Counters as after power-up: the first block carries number 0."""
        self.next_number = 0
        self.last_received: int | None = None
        self.pending: Data | None = None

    def block(self) -> Data | Eot:
        """The answer to a POLL: the pending block again, a new one with what waits, or "nothing"."""
        if self.pending is None:
            tlvs = _collect(self.head)
            if not tlvs:
                return Eot(self.head.address)
            self.pending = Data(self.head.address, self.next_number, tlvs)
            self._count()
        return self.pending

    def jump(self) -> None:
        """Leave numbers out."""
        for _ in range(_JUMP):
            self._count()

    def _count(self) -> None:
        self.next_number = s.next_number(self.next_number, self.head.options.wrap)


class DartDispenser:
    """All heads of one line. Implements `interface.DispenserEnd`."""

    def __init__(self, heads: Iterable[DeviceHeadSetup]) -> None:
        self._heads = {setup.address: _LinkedHead(DeviceHead(setup)) for setup in heads}
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
        head = linked.head
        match found:
            case Poll():
                self._say_block(linked)
            case AckPoll(number=number) if head.options.ack_poll:
                self._acknowledged(linked, number)
                self._say_block(linked)
            case Ack(number=number):
                self._acknowledged(linked, number)
            case Nak() if head.options.nak_repeat == "at_once" and linked.pending is not None:
                self._say(head, linked.pending)
            case Data():
                self._say(head, self._take(linked, found))
            case Damage(number=int(number)):
                self._say(head, Nak(head.address, number))
            case _:
                pass

    def _say_block(self, linked: _LinkedHead) -> None:
        """What a POLL is answered with; nothing while the head is busy with changing its state."""
        if linked.head.changing:
            linked.head.changing = False
            return
        self._say(linked.head, linked.block())

    def _say(self, head: DeviceHead, frame: Frame) -> None:
        """Say it, or whatever the faults make of it."""
        address = head.address
        if head.faults.strikes("wrong_address"):
            address = s.ADDRESS_FIRST if address == s.ADDRESS_LAST else address + 1
        raw = replace(frame, address=address).to_bytes()
        if head.faults.strikes("collision"):
            raw = _on_top_of_each_other(raw)
        self._answers.append(Answer(head.address, raw))
        if head.faults.strikes("second_answer"):
            self._answers.append(Answer(head.address, raw))

    def _take(self, linked: _LinkedHead, block: Data) -> Ack | Nak:
        """Apply a new block; a repetition is acknowledged and not applied again."""
        try:
            transactions = [known for tlv in block.transactions if (known := from_controller(tlv)) is not None]
        except RemoteProtocolError:
            return Nak(block.address, block.number)
        if linked.head.faults.strikes("refused_block"):
            return Nak(block.address, block.number)
        if not s.is_repetition(block.number, linked.last_received):
            linked.last_received = block.number
            stops = linked.head.stops
            linked.head.apply(transactions)
            if linked.head.stops > stops and linked.head.options.number_jump:
                linked.jump()
        return Ack(block.address, block.number)

    def _acknowledged(self, linked: _LinkedHead, number: int) -> None:
        if linked.pending is None or linked.head.faults.strikes("missed_ack"):
            return
        if linked.pending.number == number or linked.head.options.ack_match == "lenient":
            linked.pending = None

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

    def set_price(self, address: int, nozzle: int, price: int) -> None:
        """Another unit price, set at the head itself; it says so only when asked, or at the next nozzle out."""
        self._linked(address).head.set_price(nozzle, price)

    def line_restored(self) -> None:
        """Each head with power says how it stands."""
        self._reader.clear()
        for linked in self._heads.values():
            if linked.head.powered and linked.head.options.announce:
                linked.head.announce()

    def inject(self, address: int, fault: str, times: int) -> None:
        """One of `FAULTS`. Raises `LocalProtocolError` for another word."""
        self._linked(address).head.inject(fault, times)

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


def _on_top_of_each_other(raw: bytes) -> bytes:
    """Two heads of one address that answer at once, one a byte later: where either pulls the line down, it is."""
    return bytes(first & second for first, second in zip((*raw, 0xFF), (0xFF, *raw), strict=True))
