"""Looks for signs that two pumps have one number, or that one answers for another, in what came for each question.

A status word has no check, so a single odd word proves nothing; a disturbed line brings some.

| alarm | sign | what is done |
|---|---|---|
| `address_conflict` | a second answer to one question, or two on top of each other: the right number | nothing is |
| | with a state nobody knows, or with DATA ERROR that no block of ours caused | permitted there until they go |
| `foreign_answer` | another pump's number instead of an answer | not believed: the pump counts as silent |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.gilbarco_two_wire.reader import status_of
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import pump_of
from pos_client.protocols.dispenser.suspicion import Sign, Suspicion

_WEIGHT = 2
"""Of a single word, in clean answers."""
_LATE_MS = 2000
"""So long after a question that was not answered, an answer that nobody waits for is the late one."""
_GARBLED_WORDS = 2
"""More than these are noise, no answer."""


class Witness:
    """What was seen of every pump of a line."""

    def __init__(self, addresses: Iterable[int], tell: Callable[[Event], None]) -> None:
        self._suspicions = {address: Suspicion(_alarm(address, tell)) for address in addresses}
        self._served: int | None = None
        """answered last"""
        self._missed_at: dict[int, int] = {}
        self._blocks: set[int] = set()
        """pumps that were told of a block and have not said how they stand since"""

    def suspicion(self, address: int) -> Suspicion:
        """What is held against a number."""
        return self._suspicions[address]

    def asked(self, address: int, raw: bytes) -> None:
        """Words of ours go out."""
        if raw[0] & 0xF0 == Word.DATA_NEXT:
            self._blocks.add(address)

    def came_unasked(self, words: bytes, now_ms: int) -> None:
        """Nothing was asked."""
        if self._served is not None and self._names(words, self._served):
            self._second_answer(self._served, now_ms)

    def answered(self, address: int, answer: Status, words: bytes, now_ms: int) -> None:
        """A status word was found in this."""
        before, self._served = self._served, address
        if before not in (None, address) and self._names(words, before):
            self._second_answer(before, now_ms)
        of_nothing = answer is Status.DATA_ERROR and address not in self._blocks
        if answer is not Status.SEND_DATA:
            self._blocks.discard(address)
        if of_nothing:
            self._suspicions[address].saw(Sign.CONFLICT, _WEIGHT)
        elif self._names(words, address) > 1:
            self._second_answer(address, now_ms)
        else:
            self._suspicions[address].clean()

    def missed(self, address: int, words: bytes, now_ms: int) -> None:
        """A status word was asked for, and none was found in this."""
        self._served = None
        self._missed_at[address] = now_ms
        suspicion = self._suspicions[address]
        others = {pump_of(word) for word in words} - {address}
        if len(words) <= _GARBLED_WORDS and any(pump_of(w) == address and status_of(w) is None for w in words):
            suspicion.saw(Sign.CONFLICT, _WEIGHT)
        elif any(self._names(words, other) and not self._is_late(other, now_ms) for other in others):
            suspicion.saw(Sign.FOREIGN, _WEIGHT)

    def _second_answer(self, address: int, now_ms: int) -> None:
        if not self._is_late(address, now_ms):
            self._suspicions[address].saw(Sign.CONFLICT, _WEIGHT)

    def _is_late(self, address: int, now_ms: int) -> bool:
        missed_at = self._missed_at.get(address)
        return missed_at is not None and now_ms - missed_at < _LATE_MS

    @staticmethod
    def _names(words: bytes, address: int | None) -> int:
        """How many of them are a state of that pump. DATA ERROR may be our own word and does not count."""
        return sum(pump_of(w) == address and status_of(w) not in (None, Status.DATA_ERROR) for w in words)


def _alarm(address: int, tell: Callable[[Event], None]) -> Callable[[str], None]:
    return lambda code: tell(e.Alarm(address, code))
