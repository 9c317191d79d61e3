"""Looks for signs that heads share an address, or answer for one another, in what comes beside the answers.

| alarm | sign | what is done |
|---|---|---|
| `address_conflict` | a second answer to one POLL; answers damaged again and again, while all other heads are heard | |
| | well (two heads speaking at once) | nothing is permitted there until the signs go |
| `foreign_answer` | a frame with another address | not believed: the head counts as silent |

A head that was just not heard in time may be late; what comes from it then is no sign of anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.dart.frames import Data, Eot, Frame
from pos_client.protocols.dispenser.dart.reader import Damage
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.suspicion import Sign, Suspicion

_LATE_MS = 2000
_REMEMBERED = 64
"""Exchanges of the whole line by which a damaged answer is judged."""
_OTHERS_DAMAGED_MAX = 8
"""Of so many answers of other heads one may be damaged, or the line is bad and proves nothing against anybody."""


class Witness:
    """What was seen of every head of a line."""

    def __init__(self, addresses: Iterable[int], tell: Callable[[Event], None]) -> None:
        self._suspicions = {address: Suspicion(_alarm(address, tell)) for address in addresses}
        self._answered: int | None = None
        """the head that was heard last"""
        self._missed_at: dict[int, int] = {}
        self._seen: deque[tuple[int, bool]] = deque(maxlen=_REMEMBERED)
        """address, and whether its answer was good"""

    def suspicion(self, address: int) -> Suspicion:
        """What is held against an address."""
        return self._suspicions[address]

    def answered(self, address: int) -> None:
        """A good answer."""
        self._answered = address
        self._seen.append((address, True))
        self._suspicions[address].clean()

    def missed(self, address: int, damaged: bool, now_ms: int) -> None:
        """No good answer."""
        self._answered = None
        self._missed_at[address] = now_ms
        if damaged:
            self._seen.append((address, False))
            others = [good for other, good in self._seen if other != address]
            if others and others.count(False) * _OTHERS_DAMAGED_MAX <= len(others):
                self._suspicions[address].saw(Sign.CONFLICT, weight=1)

    def unasked(self, found: Frame | Damage, now_ms: int) -> None:
        """Something came while nothing was asked."""
        if not isinstance(found, Eot | Data) or found.address != self._answered:
            return
        if not self._is_late(found.address, now_ms):
            self._suspicions[found.address].saw(Sign.CONFLICT)

    def other(self, asked: int, found: Frame, now_ms: int) -> None:
        """A frame with another address than was asked: an answer of the head before, of a late one, of a stranger."""
        if found.address == self._answered:
            self.unasked(found, now_ms)
        elif not self._is_late(found.address, now_ms):
            self._suspicions[asked].saw(Sign.FOREIGN)

    def _is_late(self, address: int, now_ms: int) -> bool:
        missed_at = self._missed_at.get(address)
        return missed_at is not None and now_ms - missed_at < _LATE_MS


def _alarm(address: int, tell: Callable[[Event], None]) -> Callable[[str], None]:
    return lambda code: tell(e.Alarm(address, code))
