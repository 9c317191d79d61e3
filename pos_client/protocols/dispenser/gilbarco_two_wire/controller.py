"""Our end of a Two-Wire loop: the only master, up to sixteen pumps, one exchange at a time.

    0p ─► status     4p, 5p ─► block     6p ─► digits     2p ─► Dp, then our block     1p, 3p, FC ─► nothing

Whose turn it is says `turns.py`, but nobody is served between `Dp` and our block. What comes while nothing was asked
is dropped, because every answer can be asked for again; it may be a sign of a second pump (`witness.py`).
"""

from __future__ import annotations

from collections import deque

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import Command
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.gilbarco_two_wire import nozzle_query, reader
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Ask, Expect
from pos_client.protocols.dispenser.gilbarco_two_wire.echo import Echo
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT, SIX, Format
from pos_client.protocols.dispenser.gilbarco_two_wire.head import PumpDialogue
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status
from pos_client.protocols.dispenser.gilbarco_two_wire.witness import Witness
from pos_client.protocols.dispenser.interface import LineCounts, LineSetup
from pos_client.protocols.dispenser.options_text import parse
from pos_client.protocols.dispenser.setup_checks import check_setup
from pos_client.protocols.dispenser.tally import Tally
from pos_client.protocols.dispenser.turns import Turns, Urgency
from pos_client.value import dataclass

_WORDS = {
    Expect.STATUS: 1,
    Expect.TRANSACTION: EIGHT.transaction,
    Expect.MONEY: EIGHT.sale,
    Expect.NOZZLE: nozzle_query.SIZE,
}
"""Of an answer; some adapters hand it over when it is whole."""
_PRICE_MAX = 10**EIGHT.price - 1
_DOUBTFUL_ERRORS = 3
_MANY = 2
"""Pumps to be stopped, from which on one word for all is shorter."""


@dataclass(slots=True)
class _Exchange:
    """Something was asked and is not answered yet."""

    head: PumpDialogue
    ask: Ask
    deadline: int
    last_deadline: int
    """however much noise keeps coming"""
    words: bytes = b""


class TwoWireController:
    """The master of one loop. Implements `interface.ControllerEnd`.

    Raises `LocalProtocolError` for an address outside 1..16 or twice one address, a price of more than six digits, more
    nozzles than the totals answer can name, an option that does not exist.
    """

    def __init__(self, setup: LineSetup) -> None:
        check_setup(setup, (s.PUMP_FIRST, s.PUMP_LAST), s.GRADE_MAX, _PRICE_MAX)
        self._options = parse(LineOptions, setup.options)
        self._setup = setup
        self._events: deque[Event] = deque()
        tell = self._events.append
        self._witness = Witness([head.address for head in setup.heads], tell)
        self._heads = {
            head.address: PumpDialogue(
                Knowledge(head, self._options, self._witness.suspicion(head.address), tell),
                setup.misses_until_offline,
                tell,
                self._cabinet_hangs,
            )
            for head in setup.heads
        }
        self._turns = Turns(self._heads.values())
        self._tally = Tally()
        self._echo = Echo(self._options.echo)
        self._exchange: _Exchange | None = None
        self._free_at = 0
        self._data_errors = 0

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
        holder = self._holder()
        if holder is not None:
            return max(self._free_at, holder.due_at)
        due = self._turns.next_due()
        return self._free_at + s.POLL_MS[Urgency.LOST] if due is None else max(self._free_at, due)

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what was read."""
        raw = self._echo.strip(raw)
        exchange = self._exchange
        if exchange is None:
            self._witness.came_unasked(raw, now_ms)
        if not raw or exchange is None:
            return
        exchange.words += raw
        answer = self._find(exchange, exchange.head.known.format or EIGHT)
        if answer is None:
            exchange.deadline = min(max(exchange.deadline, now_ms + s.INTER_WORD_MS), exchange.last_deadline)
        else:
            self._take(exchange, answer, now_ms)

    def _find(self, exchange: _Exchange, form: Format) -> Answer | None:
        address, tolerant = exchange.head.address, self._options.tolerant_states
        return reader.find(exchange.ask.expect, address, exchange.words, form.sale, tolerant)

    def _take(self, exchange: _Exchange, answer: Answer, now_ms: int) -> None:
        head = exchange.head
        self._exchange = None
        self._free_at = now_ms + self._setup.inter_frame_ms
        self._count_data_errors(answer is Status.DATA_ERROR)
        if isinstance(answer, Status):
            self._witness.answered(head.address, answer, exchange.words, now_ms)
        if not head.found:
            self._turns.try_lost_again(now_ms)
        head.on_answer(answer, now_ms)
        self._tally.heard(head.address, {each.address for each in self._heads.values() if each.found}, now_ms)
        if head.holds_line:
            self._free_at = head.due_at = now_ms + s.BLOCK_PAUSE_MS

    def data_to_send(self, now_ms: int) -> bytes:
        """The next words, if it is time for some; notices time-outs."""
        if self._exchange is not None:
            if now_ms < self._exchange.deadline:
                return b""
            self._end_in_silence(self._exchange, now_ms)
        if now_ms < self._free_at:
            return b""
        return self._stop_all(now_ms) or self._next_words(now_ms)

    def take_counts(self, now_ms: int) -> LineCounts:
        """How the line fared since the last call."""
        return self._tally.take()

    def connection_lost(self, now_ms: int) -> None:
        """The port is gone."""
        self._exchange = None
        self._echo.reset()
        self._tally.line_lost()
        for head in self._heads.values():
            head.on_line_lost(now_ms)

    def _end_in_silence(self, exchange: _Exchange, now_ms: int) -> None:
        """Nothing more comes. Six digits of money are an answer where nobody knew that there would be no eight."""
        unsure = exchange.ask.expect is Expect.MONEY and exchange.head.known.format is None
        answer = self._find(exchange, SIX) if unsure and len(exchange.words) == SIX.sale else None
        if answer is None:
            self._miss(exchange, now_ms)
        else:
            self._take(exchange, answer, now_ms)

    def _miss(self, exchange: _Exchange, now_ms: int) -> None:
        self._exchange = None
        self._echo.forget_pending()
        self._free_at = now_ms
        is_status = exchange.ask.expect is Expect.STATUS
        if is_status:
            self._witness.missed(exchange.head.address, exchange.words, now_ms)
        self._tally.missed(damaged=bool(exchange.words))
        exchange.head.on_miss(is_status, now_ms)

    def _next_words(self, now_ms: int) -> bytes:
        for _ in self._heads:
            head = self._holder() or self._turns.give(now_ms, self._free_at)
            if head is None or head.due_at > now_ms:
                return b""
            ask = head.next_ask(now_ms)
            if ask is not None:
                return self._say(head, ask, now_ms)
        return b""

    def _say(self, head: PumpDialogue, ask: Ask, now_ms: int) -> bytes:
        self._echo.sent(ask.raw)
        self._witness.asked(head.address, ask.raw)
        sent_at = now_ms + self._setup.wire_ms(len(ask.raw), s.BITS_PER_WORD)
        if ask.expect is Expect.NOTHING:
            self._free_at = sent_at + self._setup.inter_frame_ms
            head.on_said(sent_at)
            return ask.raw
        words = EIGHT.totals_words(len(head.known.prices)) if ask.expect is Expect.TOTALS else _WORDS[ask.expect]
        deadline = sent_at + self._setup.answer_timeout_ms + self._setup.wire_ms(words, s.BITS_PER_WORD)
        last = deadline + self._setup.wire_ms(s.ANSWER_WORDS_MAX, s.BITS_PER_WORD) + s.INTER_WORD_MS
        self._exchange = _Exchange(head, ask, deadline, last)
        return ask.raw

    def _stop_all(self, now_ms: int) -> bytes:
        """One word for all pumps when all that are there are to be stopped: then each is asked whether it was.

        A pump that is lost hears it as well. One whose stop is under way already does not keep the others waiting.
        """
        there = [head for head in self._heads.values() if head.found]
        waiting = [head for head in there if head.stop_waits]
        if self._options.stop_all == "off" or len(waiting) < _MANY or self._holder():
            return b""
        if not all(head.is_stopping for head in there):
            return b""
        for head in waiting:
            head.on_all_stopped()
        raw = bytes((s.STOP_ALL_WORDS[self._options.stop_all],))
        self._echo.sent(raw)
        self._free_at = now_ms + self._setup.wire_ms(1, s.BITS_PER_WORD) + self._setup.inter_frame_ms
        return raw

    def _holder(self) -> PumpDialogue | None:
        return next((head for head in self._heads.values() if head.holds_line), None)

    def _cabinet_hangs(self, address: int) -> bool:
        """Whether every pump of the same cabinet rests with its nozzle in; one that is lost does not count."""
        cabinet = (address - 1) // self._options.cabinet_heads
        return all(
            head.known.status is Status.OFF and head.known.sale is Sale.NONE
            for other, head in self._heads.items()
            if (other - 1) // self._options.cabinet_heads == cabinet and head.found
        )

    def _count_data_errors(self, is_error: bool) -> None:
        """DATA ERROR is told once; again and again it is our own poll that comes back."""
        self._data_errors = self._data_errors + 1 if is_error else 0
        if self._data_errors >= _DOUBTFUL_ERRORS:
            self._data_errors = 0
            self._echo.doubt()
