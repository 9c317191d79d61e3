"""The device's end of a Two-Wire loop: sixteen pumps at the most, words in, words out. It never speaks first.

Words for pumps that are not here, or have no power, are ignored. After `Dp` a block of that pump is waited for; another
word instead, a broken block, or one that is not legal in the state is told as DATA ERROR at the next poll, once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import (
    FUNCTION_WHICH_NOZZLE,
    SpecialFunction,
    host_block_from,
    length_is_right,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.device_head import PumpHead
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import DIGIT, Control, digits, lrc, nibble, pump_of
from pos_client.protocols.dispenser.interface import Answer, DeviceHeadSetup, HeadReading

BLOCK_GAP_MS = 500
"""A pump waits so long for its block, and for the rest of it."""
_BLOCK_WORDS_MAX = 24
_COMMANDS = {int(each) for each in Word}


class TwoWireDispenser:
    """All pumps of one loop. Implements `interface.DispenserEnd`."""

    def __init__(self, heads: Iterable[DeviceHeadSetup]) -> None:
        setups = tuple(heads)
        self._heads = {setup.address: PumpHead(setup) for setup in setups}
        self._twins = {setup.address: PumpHead(setup) for setup in setups}
        self._answers: deque[Answer] = deque()
        self._listening: int | None = None
        self._block = b""
        self._received_at = 0
        self._echoes = any(head.options.echo for head in self._heads.values())

    # ── the wire ───────────────────────────────────────────────────────────────────────────────────────────────────

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        """Take what came over the wire."""
        if self._listening is not None and now_ms - self._received_at > BLOCK_GAP_MS:
            self._give_up_block()
        self._received_at = now_ms
        waiting = len(self._answers)
        for word in raw:
            self._take(word)
        if self._echoes and raw:
            self._put_echo(raw, waiting)

    def next_answer(self) -> Answer | None:
        """The next thing to say."""
        return self._answers.popleft() if self._answers else None

    def _put_echo(self, raw: bytes, waiting: int) -> None:
        """The loop box returns what was sent, before whatever is answered."""
        if len(self._answers) > waiting:
            first = self._answers[waiting]
            self._answers[waiting] = Answer(first.address, raw + first.raw)
        elif self._heads:
            self._answers.append(Answer(min(self._heads), raw))

    def _take(self, word: int) -> None:
        if self._listening is not None:
            expected = word >= DIGIT if self._block else word == Control.START
            if expected and len(self._block) < _BLOCK_WORDS_MAX:
                self._block += bytes((word,))
                if word == Control.END:
                    self._end_block(self._listening)
                return
            self._give_up_block()
        if word in s.STOP_ALL_WORDS.values():
            for address in self._heads:
                for head in self._named(address):
                    if s.STOP_ALL_WORDS.get(head.options.stop_all) == word:
                        head.stop()
        elif word & 0xF0 in _COMMANDS:
            for head in self._named(pump_of(word)):
                self._obey(head, Word(word & 0xF0))

    def _named(self, address: int) -> list[PumpHead]:
        """The pumps with that number that have power: one, unless something is wrong."""
        head = self._heads.get(address)
        if head is None:
            return []
        pumps = [head, self._twins[address]] if head.faults.armed("twin") else [head]
        return [pump for pump in pumps if pump.powered]

    def _obey(self, head: PumpHead, command: Word) -> None:
        if not head.is_legal(command):
            return
        match command:
            case Word.POLL:
                self._say_status(head, head.status())
            case Word.AUTHORISE:
                head.authorise()
            case Word.DATA_NEXT:
                self._listening, self._block = head.address, b""
                self._say_status(head, Status.SEND_DATA)
            case Word.STOP:
                head.stop()
            case Word.TRANSACTION:
                self._say(head, head.transaction().to_bytes())
            case Word.TOTALS:
                self._say(head, head.totals().to_bytes())
            case Word.MONEY:
                self._say(head, digits(head.money() % 10**head.format.sale, head.format.sale))

    def _give_up_block(self) -> None:
        for pump in self._named(self._listening or 0):
            pump.data_error = True
        self._listening, self._block = None, b""

    def _end_block(self, address: int) -> None:
        raw, self._block, self._listening = self._block, b"", None
        for pump in self._named(address):
            self._take_block(pump, raw)

    def _take_block(self, head: PumpHead, raw: bytes) -> None:
        try:
            block = host_block_from(raw)
        except RemoteProtocolError:
            head.data_error = True
            return
        wrong_length = head.options.strict_length and not length_is_right(raw)
        if wrong_length or not head.is_legal(Word.DATA_NEXT) or head.faults.strikes("refused_block"):
            head.data_error = True
        elif block == SpecialFunction(FUNCTION_WHICH_NOZZLE) and head.options.function_010:
            self._say(head, head.nozzle_answer().to_bytes())
        else:
            head.data_error = not head.take(block)

    def _say_status(self, head: PumpHead, status: Status) -> None:
        shift = 1 if head.faults.strikes("wrong_pump") else 0
        self._say(head, bytes((status << 4 | nibble(head.address + shift),)))

    def _say(self, head: PumpHead, raw: bytes) -> None:
        if head is self._twins[head.address]:
            self._heads[head.address].faults.strikes("twin")
        if head.faults.strikes("no_answer"):
            return
        is_block = raw[0] == Control.START
        if is_block and head.faults.strikes("bad_lrc"):
            raw = raw[:-2] + bytes((DIGIT + (lrc(raw[:-2]) + 1) % 16, raw[-1]))
        if is_block and head.faults.strikes("cut_short"):
            raw = raw[: len(raw) // 2]
        self._answers.append(Answer(head.address, raw))

    # ── hands, hoses, mains ────────────────────────────────────────────────────────────────────────────────────────

    def lift(self, address: int, nozzle: int) -> None:
        """Take a nozzle out."""
        head = self._head(address)
        head.lift(nozzle)
        if head.faults.strikes("unauthorised"):
            head.authorise()

    def hang(self, address: int) -> None:
        """Put the nozzle back."""
        self._head(address).hang()

    def pulse(self, address: int, volume: int) -> int:
        """Up to `volume` units of the meter flow; returns how many did."""
        return self._head(address).pulse(volume)

    def cut_power(self, address: int) -> None:
        """The pump goes dark."""
        self._head(address).cut_power()
        if self._listening == address:
            self._listening, self._block = None, b""

    def restore_power(self, address: int) -> None:
        """The pump starts again, at rest."""
        self._head(address).restore_power()

    def set_price(self, address: int, nozzle: int, price: int) -> None:
        """Another unit price of level 1, set at the pump itself."""
        self._head(address).set_price(nozzle, price)

    def line_restored(self) -> None:
        """The cable is back: a pump of this protocol waits until it is asked."""
        self._listening, self._block = None, b""

    def inject(self, address: int, fault: str, times: int) -> None:
        """One of `FAULTS`. Raises `LocalProtocolError` for another word."""
        self._head(address).faults.switch(fault, times)

    def reading(self, address: int) -> HeadReading:
        """Display and meters."""
        return self._head(address).reading()

    def _head(self, address: int) -> PumpHead:
        try:
            return self._heads[address]
        except KeyError:
            raise LocalProtocolError(f"no pump has address {address}") from None
