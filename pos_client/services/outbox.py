"""The outbox in memory: a mapping that counts itself, so that ten thousand waiting records cost a picture no more than
ten do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import WAITING, DeliveryState, OutboxItem

_FIRST = {DeliveryState.PARKED: 0, DeliveryState.IN_DOUBT: 1}
"""What a person has to look at comes before what is in doubt, and that before the rest."""


class Outbox(dict[IdempotencyKey, OutboxItem]):
    """Items by key, oldest first. Written to by item and by `pop` alone."""

    def __init__(self) -> None:
        super().__init__()
        self._states: Counter[DeliveryState] = Counter()
        self._ranked: list[OutboxItem] | None = None

    def __setitem__(self, key: IdempotencyKey, item: OutboxItem) -> None:
        before = self.get(key)
        if before is not None:
            self._states[before.state] -= 1
        self._states[item.state] += 1
        if before is None or before != item:
            self._ranked = None
        super().__setitem__(key, item)

    def pop(self, key: IdempotencyKey, *default: Any) -> Any:
        """Take an item out, as a dictionary does (whose own signature is as loose)."""
        item = super().pop(key, *default)
        if isinstance(item, OutboxItem):
            self._states[item.state] -= 1
            self._ranked = None
        return item

    def _written_otherwise(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("an outbox is written to by item and by pop")

    __delitem__ = clear = popitem = setdefault = update = __ior__ = _written_otherwise

    @property
    def waiting(self) -> int:
        """How many wait for head office by themselves."""
        return sum(self._states[state] for state in WAITING)

    def count(self, state: DeliveryState) -> int:
        """How many stand so."""
        return self._states[state]

    def oldest_waiting(self) -> OutboxItem | None:
        """The first that waits."""
        return next((item for item in self.values() if item.state in WAITING), None)

    def ranked(self, first: int, count: int) -> list[OutboxItem]:
        """So many from this place on: what needs a person, what is in doubt, the rest, each oldest first."""
        if self._ranked is None:
            self._ranked = list(self._in_order())
        return self._ranked[first : first + count]

    def _in_order(self) -> Iterator[OutboxItem]:
        ranks: tuple[list[OutboxItem], ...] = ([], [], [])
        for item in self.values():
            ranks[_FIRST.get(item.state, 2)].append(item)
        for rank in ranks:
            yield from rank
