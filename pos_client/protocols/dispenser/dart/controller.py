"""Our end of a DART line: the only master, N heads, one exchange at a time.

    POLL  ─► EOT | DATA ─► ACK (or NAK, when it was damaged)
    DATA  ─► ACK | NAK

Whose turn it is: the head that has been due longest, and among equals the one served longest ago. Moving heads are due
again sooner than resting ones, so they come more often, and nobody starves.
Bytes that come while nothing was asked are dropped: a head repeats its block until it is acknowledged, so nothing is
lost by not believing a late answer.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Nak
from pos_client.protocols.dispenser.dart.head import HeadDialogue
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.transactions import PRICE_MAX, PumpTransaction, from_pump
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import HeadSetup, LineCounts, LineSetup


@dataclass(slots=True)
class _Exchange:
    """Something was asked and is not answered yet."""

    head: HeadDialogue
    is_data: bool
    deadline: int
    last_deadline: int
    """however much noise keeps coming"""


class DartController:
    """The master of one line. Implements `interface.ControllerEnd`.

    Raises `LocalProtocolError` for an address outside 50h..6Fh, a price of more than six digits, or twice one address.
    """

    def __init__(self, setup: LineSetup) -> None:
        for head in setup.heads:
            _check_setup(head)
        if len({head.address for head in setup.heads}) != len(setup.heads):
            raise LocalProtocolError("two heads have one address")
        self._setup = setup
        self._events: deque[Event] = deque()
        self._heads = {
            head.address: HeadDialogue(head, setup.misses_until_offline, self._events.append) for head in setup.heads
        }
        self._turns = deque(self._heads.values())
        self._reader = FrameReader()
        self._exchange: _Exchange | None = None
        self._reply: tuple[int, bytes] | None = None
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
            return self._reply[0]
        due = min((head.due_at for head in self._turns), default=self._free_at + s.POLL_LOST_MS)
        return max(self._free_at, due)

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what was read."""
        if not raw or self._exchange is None:
            return
        exchange = self._exchange
        self._reader.receive(raw)
        while (found := self._reader.next_frame()) is not None:
            if self._take(exchange, found, now_ms):
                self._reader.clear()
                return
        if self._reader.unfinished:
            gap_end = now_ms + s.INTER_BYTE_MS + s.ADAPTER_LATENCY_MS
            exchange.deadline = min(max(exchange.deadline, gap_end), exchange.last_deadline)

    def data_to_send(self, now_ms: int) -> bytes:
        """The next frame, if it is time for one; notices time-outs."""
        if self._exchange is not None:
            if now_ms < self._exchange.deadline:
                return b""
            self._miss(self._exchange, now_ms)
        if self._reply is not None:
            due, raw = self._reply
            if now_ms < due:
                return b""
            self._reply = None
            self._free_at = now_ms + self._wire_ms(len(raw)) + self._setup.inter_frame_ms
            return raw
        if now_ms < self._free_at:
            return b""
        return self._next_question(now_ms)

    def take_counts(self, now_ms: int) -> LineCounts:
        """How the line fared since the last call."""
        return LineCounts(0, 0, 0, 0)

    def connection_lost(self, now_ms: int) -> None:
        """The port is gone."""
        self._exchange = self._reply = None
        self._reader.clear()
        for head in self._turns:
            head.on_line_lost(now_ms)

    def _next_question(self, now_ms: int) -> bytes:
        head = min(self._turns, key=lambda head: head.due_at, default=None)
        if head is None or head.due_at > now_ms:
            return b""
        self._turns.remove(head)
        self._turns.append(head)
        frame = head.next_frame(now_ms)
        raw = frame.to_bytes()
        deadline = now_ms + self._wire_ms(len(raw)) + self._setup.answer_timeout_ms
        last = deadline + self._wire_ms(s.FRAME_MAX)
        self._exchange = _Exchange(head, isinstance(frame, Data), deadline, last)
        self._reader.clear()
        return raw

    def _take(self, exchange: _Exchange, found: Frame | Damage, now_ms: int) -> bool:
        """Believe only what answers the question: the head that was asked, with a frame of the right kind.

        A DATA block that comes instead of an ACK is not taken: it is our own echo, or it will be repeated. True when
        the exchange is over.
        """
        head = exchange.head
        if found.address != head.address:
            return False
        match found:
            case Data(number=number) | Damage(number=int(number)) if not exchange.is_data:
                self._finish(now_ms)
                self._take_block(head, found, number, now_ms)
            case Eot() if not exchange.is_data:
                self._finish(now_ms)
                head.on_eot(now_ms)
            case Ack(number=number) if exchange.is_data:
                self._finish(now_ms)
                head.on_ack(number, now_ms)
            case Nak() if exchange.is_data:
                self._finish(now_ms)
                head.on_nak(now_ms)
            case _:
                return False
        return True

    def _take_block(self, head: HeadDialogue, block: Data | Damage, number: int, now_ms: int) -> None:
        """ACK a good block, NAK a damaged one: the head still has it. For the count of misses that was no answer."""
        transactions = _understand(block)
        answer = Nak(head.address, number) if transactions is None else Ack(head.address, number)
        self._reply = (now_ms + s.ACK_PAUSE_MS, answer.to_bytes())
        if transactions is None:
            head.on_miss(now_ms)
        else:
            head.on_block(number, transactions, now_ms)

    def _finish(self, now_ms: int) -> None:
        self._exchange = None
        self._free_at = now_ms + self._setup.inter_frame_ms

    def _miss(self, exchange: _Exchange, now_ms: int) -> None:
        self._exchange = None
        self._reader.clear()
        self._free_at = now_ms
        exchange.head.on_miss(now_ms)

    def _wire_ms(self, size: int) -> int:
        """Time of `size` bytes on the wire, rounded up."""
        return -(-size * s.BITS_PER_BYTE * 1000 // max(self._setup.baud_rate, 1))


def _understand(block: Data | Damage) -> list[PumpTransaction] | None:
    """All transactions of a block, unknown ones skipped; None when a single one of them makes no sense."""
    if isinstance(block, Damage):
        return None
    try:
        return [known for tlv in block.transactions if (known := from_pump(tlv)) is not None]
    except RemoteProtocolError:
        return None


def _check_setup(head: HeadSetup) -> None:
    if not s.ADDRESS_FIRST <= head.address <= s.ADDRESS_LAST:
        raise LocalProtocolError(f"address {head.address} is outside {s.ADDRESS_FIRST}..{s.ADDRESS_LAST}")
    if not 0 < len(head.prices) <= s.NOZZLE_LAST:
        raise LocalProtocolError(f"head {head.address} has {len(head.prices)} nozzles")
    if any(not 0 <= price <= PRICE_MAX for price in head.prices):
        raise LocalProtocolError(f"a price of head {head.address} has more than six digits")
