"""A keypad that is this till's, or lent to a technician who listens to every keypad; and what is told of it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import field

from pos_client.adapters.peripherals.keypad_input import KeypadFailed
from pos_client.domain.keypad import KeypadKey, KeypadTrouble
from pos_client.ports.peripherals import Stop
from pos_client.ports.reports import KeypadKeyed, KeypadReported, Sink
from pos_client.protocols.keypad.keys import Key, OtherKey
from pos_client.value import dataclass

TURN_S, AGAIN_S = 0.2, 1.0
"""How long a device is read before somebody looks whether to go on; and between two tries to find it."""
Body = Callable[[Stop], None]


@dataclass(slots=True)
class Lending:
    """A device that is this till's, or lent; and what was said of it last. For every kind of keypad."""

    sink: Sink
    _lent: threading.Event = field(default_factory=threading.Event)
    _free: threading.Event = field(default_factory=threading.Event)
    _said: KeypadReported | None = None

    def __post_init__(self) -> None:
        self._free.set()

    def run(self, stop: Stop, listen: Body, again_s: float) -> None:
        """`listen` until stopped, again and again; while it is lent, not at all."""
        while not stop.is_set():
            if self.is_lent():
                self.say(KeypadTrouble.LENT)
                self._free.set()
                stop.wait(TURN_S)
                continue
            self._free.clear()
            try:
                listen(stop)
            except KeypadFailed as failed:
                self.say(failed.trouble, failed.detail)
                self._free.set()
                stop.wait(again_s)
        self._free.set()

    def lend(self, wait_s: float = 2.0) -> None:
        """Lent from now on; it is let go of when this returns."""
        self._lent.set()
        self._free.wait(wait_s)

    def take_back(self) -> None:
        """This till's again."""
        self._lent.clear()

    def is_lent(self) -> bool:
        """Whether it is to be let go of."""
        return self._lent.is_set()

    def pressed(self, key: Key) -> None:
        """Tell a key."""
        self.sink.post(KeypadKeyed(KeypadKey(key.value) if isinstance(key, OtherKey) else key))

    def lost_a_key(self) -> None:
        """What was typed cannot be what was meant: it is begun anew, at once."""
        self.say(KeypadTrouble.GARBLED)
        self.say(None)

    def is_said_well(self) -> bool:
        """Whether the last that was told is that the keypad can be typed on."""
        return self._said == KeypadReported(None)

    def say(self, trouble: KeypadTrouble | None, detail: str = "") -> None:
        """Tell it, once."""
        report = KeypadReported(trouble, detail)
        if report != self._said:
            self._said = report
            self.sink.post(report)


class LentKeypad(ABC):
    """What `ports.peripherals.CustomerKeypad` asks of every device; what it listens to is its own."""

    def __init__(self, sink: Sink, again_s: float) -> None:
        self._lending, self._again_s = Lending(sink), again_s

    def run(self, stop: Stop) -> None:
        """Find it, open it, listen; again when it is gone."""
        self._lending.run(stop, self._listen, self._again_s)

    def lend(self) -> None:
        """Let go of it."""
        self._lending.lend()

    def take_back(self) -> None:
        """This till's again."""
        self._lending.take_back()

    @abstractmethod
    def _listen(self, stop: Stop) -> None:
        """Until stopped, lent or gone. Raises `KeypadFailed`."""
