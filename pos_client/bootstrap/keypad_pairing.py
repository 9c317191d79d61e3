"""Pairing at work: every keyboard and every free serial port is listened to, for half a minute, and nothing is sent.

The till's own keypad is borrowed meanwhile, or it could not be heard. Nobody's keyboard is grabbed: a technician who
thinks better of it has to be able to press Esc.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import field, replace
from time import monotonic

from pos_client.adapters.peripherals.keypad_input import KeypadDevice, KeypadDevices, KeypadFailed
from pos_client.adapters.peripherals.serial_keypad import READ_AT_MOST, Port, open_port
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.domain.keypad import KeypadKind, name_of
from pos_client.domain.keypad_pairing import LIMIT_MS, Candidate, Listening, PairingProgress, PairingStep
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.ports.peripherals import CustomerKeypad
from pos_client.protocols.keypad.keys import Key, OtherKey
from pos_client.protocols.keypad.serial_pad import PadHere, PadKey, PadReader
from pos_client.protocols.keypad.strokes import DOWN, EV_KEY, KEYS
from pos_client.value import dataclass

TURN_S = 0.02
TOLD_EVERY_S = 0.5
Tell = Callable[[PairingProgress], None]


@dataclass(slots=True)
class _Keyboard:
    """A USB device that is listened to."""

    candidate: Candidate
    device: KeypadDevice

    def pressed(self) -> Iterator[Key | None]:
        """What went down on it."""
        for kind, code, value in self.device.read(0):
            if kind == EV_KEY and value == DOWN:
                yield KEYS.get(code)


@dataclass(slots=True)
class _Pad:
    """A serial port that is listened to. It is a candidate once a pad has said on it that it is there."""

    candidate: Candidate
    port: Port
    reader: PadReader = field(default_factory=PadReader)

    def pressed(self) -> Iterator[Key | None]:
        """What was pressed on it."""
        for event in self.reader.receive(self.port.read(READ_AT_MOST)):
            if isinstance(event, PadHere):
                self.candidate = replace(self.candidate, identity=event.number)
            elif isinstance(event, PadKey) and self.candidate.identity:
                yield event.key


@dataclass(slots=True)
class KeypadPairer:
    """One pairing at a time, in a thread of its own. `ports`: the serial ports there are; `own`: the till's keypad."""

    devices: KeypadDevices
    ports: Callable[[], list[KnownPort]]
    own: CustomerKeypad | None = None
    opened: Callable[[str, float], Port] = open_port
    limit_ms: int = LIMIT_MS
    _lifecycle: Lifecycle = field(default_factory=lambda: Lifecycle(lambda fault: None))

    def pair(self, tell: Tell) -> None:
        """Begin; one under way is ended first. `tell` is called from its thread."""
        self.end()
        self._lifecycle.start("keypad-pairing", lambda stop: self._run(stop, tell))

    def end(self) -> None:
        """End it; its last report says so."""
        self._lifecycle.stop()

    def _run(self, stop: threading.Event, tell: Tell) -> None:
        with ExitStack() as opened:
            if self.own is not None:
                opened.callback(self.own.take_back)
                self.own.lend()
            try:
                silent, keyboards = self._keyboards(opened)
            except KeypadFailed:
                tell(PairingProgress(PairingStep.UNSUPPORTED))
                return
            pads = self._pads(opened)
            if not (keyboards or pads):
                tell(PairingProgress(PairingStep.NONE, tuple(silent)))
                return
            tell(self._listen(stop, tell, silent, [*keyboards, *pads]))

    def _keyboards(self, opened: ExitStack) -> tuple[list[Candidate], list[_Keyboard]]:
        """Those that cannot be listened to, with the reason, and those that can."""
        silent, heard = [], []
        known = self.devices.known()
        for each in known:
            candidate = Candidate(KeypadKind.USB, name_of(each, known), each.name)
            try:
                device = self.devices.open(each, alone=False)
            except KeypadFailed as failed:
                silent.append(replace(candidate, trouble=failed.trouble, help=failed.detail))
            else:
                opened.callback(device.close)
                heard.append(_Keyboard(candidate, device))
        return silent, heard

    def _pads(self, opened: ExitStack) -> list[_Pad]:
        pads = []
        for port in self.ports():
            if port.use is not PortUse.FREE:
                continue
            with suppress(OSError):
                device = opened.enter_context(closing(self.opened(port.device, 0)))
                named = port.identity or port.device
                pads.append(_Pad(Candidate(KeypadKind.SERIAL, "", port.device, named), device))
        return pads

    def _listen(
        self, stop: threading.Event, tell: Tell, silent: list[Candidate], sources: list[_Keyboard | _Pad]
    ) -> PairingProgress:
        now_ms = _now_ms()
        listening, told_ms = Listening(now_ms + self.limit_ms), now_ms - int(TOLD_EVERY_S * 1000)
        while True:
            for number, source in enumerate(sources):
                with suppress(OSError):  # pulled out meanwhile: it says nothing any more
                    for key in source.pressed():
                        if listening.heard(number, _plain(key), _now_ms()) is PairingStep.TWO:
                            return PairingProgress(PairingStep.TWO, _candidates(silent, sources))
            now_ms = _now_ms()
            step, device = listening.verdict(now_ms)
            paired = None if device is None else sources[device].candidate
            left_ms = max(0, listening.until_ms - now_ms)
            progress = PairingProgress(step, _candidates(silent, sources), paired, left_ms)
            if step is not PairingStep.LISTENING:
                return progress
            if stop.wait(TURN_S):
                return replace(progress, step=PairingStep.CANCELLED)
            if now_ms - told_ms >= TOLD_EVERY_S * 1000:
                told_ms = now_ms
                tell(progress)


def _candidates(silent: list[Candidate], sources: list[_Keyboard | _Pad]) -> tuple[Candidate, ...]:
    """Ports on which no pad has spoken are not shown: they may be anything."""
    return (*(each.candidate for each in sources if each.candidate.identity), *silent)


def _plain(key: Key | None) -> int | None:
    """A digit; other keys are none of ours here, but keys all the same."""
    return None if key is None or isinstance(key, OtherKey) else key


def _now_ms() -> int:
    return int(monotonic() * 1000)
