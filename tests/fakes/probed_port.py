"""A port in virtual time for whoever looks for dispensers: a real device behind a wire with a speed and a parity.

Bytes cross it bit by bit (`fakes/uart.py`): whoever is set differently hears other bytes. A device drops what it
hears with a wrong parity or stop bit; a PC's driver hands over everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_client.adapters.dispensers.bell import Bell
from pos_client.adapters.dispensers.port import PortFailed
from pos_client.protocols.dispenser.interface import DispenserEnd
from pos_client.settings.model import LineSettings
from tests.fakes.uart import Setting, heard, scrambled
from tests.fakes.virtual_line import VirtualLine

READ_MS = 10


@dataclass
class Wire:
    """The far end, and what the near end did to it. `delay_ms`: before a device answers."""

    setting: Setting
    device: DispenserEnd | None = None
    others: VirtualLine | None = None
    """another master with its dispensers, at work on the same wire"""
    delay_ms: int = 20
    echo: bool = False
    no_speed: bool = False
    """a pseudo-terminal: bytes are bytes at whatever setting"""
    damage: Callable[[bytes], bytes] = lambda raw: raw
    """of a device's answer"""
    noise: Callable[[int], bytes] = lambda now: b""
    now: int = 1_000
    opened: list[Setting] = field(default_factory=list)
    sent: list[tuple[Setting, bytes]] = field(default_factory=list)
    sent_at: list[int] = field(default_factory=list)
    fails: Callable[[int], bool] = lambda opening: False
    """whether the n-th opening (from 1) or, once open, every read fails"""
    pulled: bool = False
    open_now: int = 0
    _coming: list[tuple[int, bytes]] = field(default_factory=list)
    _told: int = 0

    def now_ms(self) -> int:
        return self.now

    def open(self, settings: LineSettings, bell: Bell) -> _NearEnd:
        setting = Setting(settings.baud_rate, settings.parity)
        self.opened.append(setting)
        if self.fails(len(self.opened)):
            raise PortFailed("could not open port")
        self.open_now += 1
        self._coming.clear()
        return _NearEnd(self, setting)

    def pass_time(self) -> bytes:
        """One turn of a read; what reaches the near end in it, as the device's end said it."""
        self.now += READ_MS
        said = self.noise(self.now)
        if self.others is not None:
            self.others.run(READ_MS)
            fresh, self._told = self.others.wire[self._told :], len(self.others.wire)
            said += b"".join(raw for _, raw in fresh)
        arrived = [raw for due, raw in self._coming if due <= self.now]
        self._coming = [(due, raw) for due, raw in self._coming if due > self.now]
        return said + b"".join(arrived)

    def take(self, setting: Setting, raw: bytes) -> None:
        """The near end speaks."""
        self.sent.append((setting, raw))
        self.sent_at.append(self.now)
        if self.device is None:
            return
        sound = raw if self.no_speed else bytes(r.byte for r in heard(raw, setting, self.setting) if r.sound)
        self.device.receive_data(sound, self.now)
        while (answer := self.device.next_answer()) is not None:
            self._coming.append((self.now + self.delay_ms, self.damage(answer.raw)))


@dataclass
class _NearEnd:
    wire: Wire
    setting: Setting
    own: bytes = b""

    def read(self, until_ms: int) -> bytes:
        if self.wire.pulled:
            raise PortFailed("device disconnected")
        said = self.wire.pass_time()
        own, self.own = self.own, b""
        return own + (said if self.wire.no_speed else scrambled(said, self.wire.setting, self.setting))

    def write(self, raw: bytes) -> None:
        self.wire.take(self.setting, raw)
        if self.wire.echo:
            self.own += raw

    def close(self) -> None:
        self.wire.open_now -= 1
