"""Our end of a DART line: the only master, N heads, one exchange at a time.

    POLL  ─► EOT | DATA ─► ACK (or NAK, when it was damaged, and perhaps DATA again at once)
    DATA  ─► ACK | NAK

Whose turn it is says `turns.py`. Bytes that come while nothing was asked are not believed: a head repeats its block
until it is acknowledged, so nothing is lost. Damage is answered when the line is quiet, never into a frame.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Nak
from pos_client.protocols.dispenser.dart.head import HeadDialogue
from pos_client.protocols.dispenser.dart.knowledge import Knowledge
from pos_client.protocols.dispenser.dart.options import LineOptions
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.states import Delivery
from pos_client.protocols.dispenser.dart.transactions import PRICE_MAX, PumpTransaction, from_pump
from pos_client.protocols.dispenser.dart.witness import Witness
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import LineCounts, LineSetup
from pos_client.protocols.dispenser.options_text import parse
from pos_client.protocols.dispenser.setup_checks import check_setup
from pos_client.protocols.dispenser.tally import Tally
from pos_client.protocols.dispenser.turns import Turns
from pos_client.value import dataclass


class _Asked(Enum):
    """What was said last, and so what may be answered."""

    POLL = auto()
    DATA = auto()
    NAK = auto()
    """nothing has to come; a block may"""


@dataclass(slots=True)
class _Exchange:
    """Something was asked and is not answered yet."""

    head: HeadDialogue
    asked: _Asked
    deadline: int
    last_deadline: int
    """however much noise keeps coming"""
    damage: Damage | None = None
    """what came and was no frame: best a block that can be refused by its number"""


@dataclass(frozen=True, slots=True)
class _Reply:
    """An ACK or NAK, and from when on it may be said."""

    head: HeadDialogue
    frame: Ack | Nak
    due: int


class DartController:
    """The master of one line. Implements `interface.ControllerEnd`.

    Raises `LocalProtocolError` for an address outside 50h..6Fh, a price of more than six digits, twice one address, an
    option that does not exist.
    """

    def __init__(self, setup: LineSetup) -> None:
        check_setup(setup, (s.ADDRESS_FIRST, s.ADDRESS_LAST), s.NOZZLE_LAST, PRICE_MAX)
        self._options = parse(LineOptions, setup.options)
        self._setup = setup
        self._events: deque[Event] = deque()
        tell = self._events.append
        self._witness = Witness([head.address for head in setup.heads], tell)
        self._heads = {
            head.address: HeadDialogue(
                Knowledge(head, self._options, self._witness.suspicion(head.address), tell),
                setup.misses_until_offline,
                tell,
                self._cabinet_rests,
            )
            for head in setup.heads
        }
        self._turns = Turns(self._heads.values())
        self._tally = Tally()
        self._reader = FrameReader()
        self._exchange: _Exchange | None = None
        self._reply: _Reply | None = None
        self._free_at = 0

    def submit(self, command: Command, now_ms: int) -> None:
        """Take a command; an unknown address is refused."""
        head = self._heads.get(command.address)
        if head is None:
            self._events.append(e.CommandRefused(command.address, command.command_id, "unknown_address"))
        else:
            head.submit(command, now_ms)

    def next_event(self) -> Event | None:
        """The next thing that happened."""
        return self._events.popleft() if self._events else None

    def next_deadline(self) -> int:
        """When `data_to_send` wants to be called next."""
        if self._exchange is not None:
            return self._exchange.deadline
        if self._reply is not None:
            return self._reply.due
        due = self._turns.next_due()
        return self._free_at + s.POLL_LOST_MS if due is None else max(self._free_at, due)

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what was read."""
        self._reader.receive(raw)
        while (found := self._reader.next_frame()) is not None:
            if self._exchange is None:
                self._witness.unasked(found, now_ms)
            else:
                self._take(self._exchange, found, now_ms)
        exchange = self._exchange
        if exchange is not None and (self._reader.unfinished or exchange.damage is not None):
            quiet = now_ms + self._options.gap_ms + s.ADAPTER_LATENCY_MS
            exchange.deadline = min(max(exchange.deadline, quiet), exchange.last_deadline)

    def data_to_send(self, now_ms: int) -> bytes:
        """The next frame, if it is time for one; notices time-outs."""
        if self._exchange is not None:
            if now_ms < self._exchange.deadline:
                return b""
            self._give_up(self._exchange, now_ms)
        if self._reply is not None:
            return b"" if now_ms < self._reply.due else self._say_reply(self._reply, now_ms)
        if now_ms < self._free_at:
            return b""
        return self._next_question(now_ms)

    def take_counts(self, now_ms: int) -> LineCounts:
        """How the line fared since the last call."""
        return self._tally.take()

    def connection_lost(self, now_ms: int) -> None:
        """The port is gone."""
        self._exchange = self._reply = None
        self._reader.clear()
        self._tally.line_lost()
        for head in self._turns:
            head.on_line_lost(now_ms)

    def _next_question(self, now_ms: int) -> bytes:
        head = self._turns.give(now_ms, self._free_at)
        if head is None:
            return b""
        frame = head.next_frame(now_ms)
        raw = frame.to_bytes()
        self._ask(head, _Asked.DATA if isinstance(frame, Data) else _Asked.POLL, raw, now_ms)
        return raw

    def _ask(self, head: HeadDialogue, asked: _Asked, raw: bytes, now_ms: int) -> None:
        deadline = now_ms + self._setup.wire_ms(len(raw), s.BITS_PER_BYTE) + self._setup.answer_timeout_ms
        self._exchange = _Exchange(head, asked, deadline, deadline + self._setup.wire_ms(s.FRAME_MAX, s.BITS_PER_BYTE))
        self._reader.clear()

    def _take(self, exchange: _Exchange, found: Frame | Damage, now_ms: int) -> None:
        """Believe only what answers the question: the head that was asked, with a frame of the right kind.

        A DATA block that comes instead of an ACK is not taken: it is our own echo, or it will be repeated.
        """
        head, expects_block = exchange.head, exchange.asked is not _Asked.DATA
        match found:
            case Damage(number=number):
                if exchange.damage is None or (number is not None and found.address == head.address):
                    exchange.damage = found
            case _ if found.address != head.address:
                if exchange.damage is None:
                    self._witness.other(head.address, found, now_ms)
            case Data() if expects_block:
                self._answered(exchange, now_ms)
                self._take_block(head, found, now_ms)
            case Eot() if exchange.asked is _Asked.POLL:
                self._answered(exchange, now_ms)
                head.on_eot(now_ms)
            case Ack(number=number) if not expects_block:
                self._answered(exchange, now_ms)
                head.on_ack(number, now_ms)
            case Nak() if not expects_block:
                self._answered(exchange, now_ms)
                head.on_nak(now_ms)

    def _take_block(self, head: HeadDialogue, block: Data, now_ms: int) -> None:
        """ACK what makes sense. NAK what does not: the head still has it, and for the count of misses it was silent."""
        transactions = _understand(block)
        due = now_ms + self._options.ack_pause_ms
        if transactions is None:
            self._reply = _Reply(head, Nak(head.address, block.number), due)
            head.on_miss(now_ms)
        else:
            number = block.number if self._options.ack_number == "echo" else 0
            self._reply = _Reply(head, Ack(head.address, number), due)
            head.on_block(block.number, transactions, now_ms)

    def _say_reply(self, reply: _Reply, now_ms: int) -> bytes:
        self._reply = None
        raw = reply.frame.to_bytes()
        self._free_at = now_ms + self._setup.wire_ms(len(raw), s.BITS_PER_BYTE) + self._setup.inter_frame_ms
        if isinstance(reply.frame, Nak) and self._options.nak_wait:
            self._ask(reply.head, _Asked.NAK, raw, now_ms)
        return raw

    def _answered(self, exchange: _Exchange, now_ms: int) -> None:
        """The exchange is over, well."""
        self._exchange = None
        self._free_at = now_ms + self._setup.inter_frame_ms
        address = exchange.head.address
        self._witness.answered(address)
        if not exchange.head.found:
            self._turns.try_lost_again(now_ms)
        self._tally.heard(address, {head.address for head in self._turns if head.found} | {address}, now_ms)

    def _give_up(self, exchange: _Exchange, now_ms: int) -> None:
        """The exchange is over without an answer. A damaged block is refused, so that it is not given up."""
        head, damage = exchange.head, exchange.damage
        something_came = damage is not None or self._reader.unfinished
        self._exchange = None
        self._reader.clear()
        self._free_at = now_ms
        if exchange.asked is _Asked.NAK and not something_came:
            return
        self._tally.missed(something_came)
        self._witness.missed(head.address, something_came, now_ms)
        number = None if damage is None or damage.address != head.address else damage.number
        if exchange.asked is _Asked.POLL and number is not None:
            self._reply = _Reply(head, Nak(head.address, number), now_ms)
        head.on_miss(now_ms)

    def _cabinet_rests(self, address: int) -> bool:
        """Whether no head of the same cabinet is between authorised and nozzle in; one that is lost does not count."""
        first = address - (address - s.ADDRESS_FIRST) % self._options.cabinet_heads
        cabinet = range(first, first + self._options.cabinet_heads)
        return all(
            head.known.phase is Delivery.NONE for other, head in self._heads.items() if other in cabinet and head.found
        )


def _understand(block: Data) -> list[PumpTransaction] | None:
    """All transactions of a block, unknown ones skipped; None when a single one of them makes no sense."""
    try:
        return [known for tlv in block.transactions if (known := from_pump(tlv)) is not None]
    except RemoteProtocolError:
        return None
