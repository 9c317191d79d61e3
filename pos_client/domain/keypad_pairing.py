"""Which keypad is the customer's: the one on which 5 is pressed while all of them are listened to.

The cashier's own keyboard is among them, and bound by mistake it would be lost to him. So a 5 counts alone: not one of
several keys typed one after the other, and not when two devices say it together. Whoever is not sure asks again.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from pos_client.domain.keypad import Key, KeypadKind, KeypadTrouble
from pos_client.value import dataclass

THE_KEY = 5
LIMIT_MS = 30_000
ALONE_MS = 1_000
"""So long before and after it the device says nothing else, and no other one says 5."""


class PairingStep(StrEnum):
    """How far it is; words under `tech.pairing.<value>`."""

    LISTENING = "listening"
    PAIRED = "paired"
    TWO = "two"
    """two devices said 5 together: neither is bound"""
    TIMED_OUT = "timed_out"
    NONE = "none"
    """nothing that could be a keypad is plugged in"""
    CANCELLED = "cancelled"
    UNSUPPORTED = "unsupported"
    """this computer does not tell its keyboards apart"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that may be the customer's keypad. `trouble`: it cannot be listened to; `help`: what would let it."""

    kind: KeypadKind
    identity: str
    name: str
    port: str = ""
    trouble: KeypadTrouble | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class PairingProgress:
    """What is listened to, and what came of it. `paired` when one said 5."""

    step: PairingStep
    candidates: tuple[Candidate, ...] = ()
    paired: Candidate | None = None
    left_ms: int = LIMIT_MS


@dataclass(slots=True)
class Listening:
    """Keys of numbered devices in, a verdict out. Times in milliseconds of any clock that only grows."""

    until_ms: int
    _last: dict[int, int] = field(default_factory=dict)
    """device -> when it said anything"""
    _five: int | None = None
    _five_ms: int = 0

    def heard(self, device: int, key: Key | None, now_ms: int) -> PairingStep | None:
        """A key went down on a device; None: one no keypad has. `TWO` ends it."""
        quiet = now_ms - self._last.get(device, now_ms - ALONE_MS) >= ALONE_MS
        self._last[device] = now_ms
        if self._five == device:
            self._five = None  # one of several keys: somebody types there
        elif key == THE_KEY and self._five is not None:
            return PairingStep.TWO
        elif key == THE_KEY and quiet:
            self._five, self._five_ms = device, now_ms
        return None

    def verdict(self, now_ms: int) -> tuple[PairingStep, int | None]:
        """Whether it is over, and which device it was."""
        if self._five is not None and now_ms - self._five_ms >= ALONE_MS:
            return PairingStep.PAIRED, self._five
        if self._five is None and now_ms >= self.until_ms:
            return PairingStep.TIMED_OUT, None
        return PairingStep.LISTENING, None
