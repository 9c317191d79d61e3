"""Signs that a pump number is not answered by one pump alone, and from when on they are believed.

A status word has no check, so a single odd word proves nothing; a disturbed line brings some. Each sign weighs as much
as several clean answers, and only where signs prevail something is wrong with the addresses:

| alarm | sign | what is done |
|---|---|---|
| `address_conflict` | a second answer to one question, or two on top of each other: the right number | nothing is |
| | with a state nobody knows, or with DATA ERROR that no block of ours caused | permitted there until they go |
| `foreign_answer` | another pump's number instead of an answer | not believed: the pump counts as silent |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pos_client.protocols.dispenser.gilbarco_two_wire.reader import status_of
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import pump_of

_WEIGHT = 4
_BELIEVED = 5 * _WEIGHT
_MOST = 7 * _WEIGHT
_LATE_MS = 2000
"""So long after a question that was not answered, an answer that nobody waits for is the late one."""
_GARBLED_WORDS = 2
"""More than these are noise, no answer."""


class Sign(StrEnum):
    """What is suspected; its value is the alarm's code."""

    CONFLICT = "address_conflict"
    FOREIGN = "foreign_answer"


@dataclass(slots=True)
class Suspicion:
    """One pump's. `alarm` receives a code when a suspicion comes to be believed; told anew only after it was gone."""

    alarm: Callable[[str], None]
    _scores: dict[Sign, int] = field(default_factory=lambda: dict.fromkeys(Sign, 0))
    _believed: set[Sign] = field(default_factory=set)

    def believes(self, sign: Sign) -> bool:
        """Whether it is more than a disturbed line."""
        return sign in self._believed

    def saw(self, sign: Sign) -> None:
        """One more."""
        self._scores[sign] = min(self._scores[sign] + _WEIGHT, _MOST)
        if self._scores[sign] >= _BELIEVED and sign not in self._believed:
            self._believed.add(sign)
            self.alarm(sign.value)

    def clean(self) -> None:
        """An answer as it should be."""
        for sign in Sign:
            self._scores[sign] = max(self._scores[sign] - 1, 0)
            if self._scores[sign] == 0:
                self._believed.discard(sign)


class Witness:
    """Looks for such signs in what came for each question."""

    def __init__(self, suspicions: Mapping[int, Suspicion]) -> None:
        self._suspicions = suspicions
        self._served: int | None = None
        """answered last"""
        self._missed_at: dict[int, int] = {}
        self._blocks: set[int] = set()
        """pumps that were told of a block and have not said how they stand since"""

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
            self._suspicions[address].saw(Sign.CONFLICT)
        elif self._names(words, address) > 1:
            self._second_answer(address, now_ms)
        else:
            self._suspicions[address].clean()

    def missed(self, address: int, words: bytes, now_ms: int) -> None:
        """A status word was asked for, and none was found in this."""
        self._served = None
        self._missed_at[address] = now_ms
        suspicion = self._suspicions[address]
        if len(words) <= _GARBLED_WORDS and any(pump_of(w) == address and status_of(w) is None for w in words):
            suspicion.saw(Sign.CONFLICT)
        elif any(
            self._names(words, other) for other in range(1, 17) if other != address and not self._is_late(other, now_ms)
        ):
            suspicion.saw(Sign.FOREIGN)

    def _second_answer(self, address: int, now_ms: int) -> None:
        if not self._is_late(address, now_ms):
            self._suspicions[address].saw(Sign.CONFLICT)

    def _is_late(self, address: int, now_ms: int) -> bool:
        missed_at = self._missed_at.get(address)
        return missed_at is not None and now_ms - missed_at < _LATE_MS

    @staticmethod
    def _names(words: bytes, address: int | None) -> int:
        """How many of them are a state of that pump. DATA ERROR may be our own word and does not count."""
        return sum(pump_of(w) == address and status_of(w) not in (None, Status.DATA_ERROR) for w in words)
