"""Signs that an address is not answered by its own head alone, and from when on they are believed.

A single odd frame proves nothing; a disturbed line brings some. So each sign weighs as much as several clean answers,
and only where signs prevail something is wrong with the addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import StrEnum

from pos_client.value import dataclass

FULL_WEIGHT = 4
"""A sign that hardly anything else can leave, in clean answers."""
_BELIEVED = 3 * FULL_WEIGHT
_MOST = 5 * FULL_WEIGHT


class Sign(StrEnum):
    """What is suspected; its value is the alarm's code."""

    CONFLICT = "address_conflict"
    """two heads with one address: both would obey"""
    FOREIGN = "foreign_answer"
    """another head answers"""


@dataclass(slots=True)
class Suspicion:
    """One head's. `alarm` receives a code when a suspicion comes to be believed; told anew only after it was gone."""

    alarm: Callable[[str], None]
    _scores: dict[Sign, int] = field(default_factory=lambda: dict.fromkeys(Sign, 0))
    _believed: set[Sign] = field(default_factory=set)

    def believes(self, sign: Sign) -> bool:
        """Whether it is more than a disturbed line."""
        return sign in self._believed

    def saw(self, sign: Sign, weight: int = FULL_WEIGHT) -> None:
        """One more."""
        self._scores[sign] = min(self._scores[sign] + weight, _MOST)
        if self._scores[sign] >= _BELIEVED and sign not in self._believed:
            self._believed.add(sign)
            self.alarm(sign.value)

    def clean(self) -> None:
        """An answer as it should be."""
        for sign in Sign:
            self._scores[sign] = max(self._scores[sign] - 1, 0)
            if self._scores[sign] == 0:
                self._believed.discard(sign)
