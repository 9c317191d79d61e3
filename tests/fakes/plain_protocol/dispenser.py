"""The device's end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from pos_client.protocols.dispenser.interface import Answer, DeviceHeadSetup, HeadReading


class PlainDispenser:
    """One head."""

    def __init__(self, heads: Iterable[DeviceHeadSetup]) -> None:
        (self._setup,) = heads
        self._totals = list(self._setup.totals)
        self._prices = [0] * len(self._totals)
        self._answers: deque[Answer] = deque()
        self._heard = b""
        self._state, self._nozzle, self._selected, self._volume = "idle", 0, 0, 0

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        *lines, self._heard = (self._heard + raw).split(b"\n")
        for line in lines:
            self._obey(line.decode("ascii"))

    def _obey(self, line: str) -> None:
        match line[:1]:
            case "?":
                figures = (self._selected, self._volume, self._money(), *self._totals)
                text = f"{self._setup.address} {self._state} {' '.join(map(str, figures))}\n"
                self._answers.append(Answer(self._setup.address, text.encode("ascii")))
            case "!" if self._nozzle:
                self._state, self._selected, self._volume = "delivering", self._nozzle, 0
            case "$":
                self._prices = [int(word) for word in line.split()[1:]]

    def _money(self) -> int:
        return self._volume * self._prices[self._selected - 1] // 100

    def next_answer(self) -> Answer | None:
        return self._answers.popleft() if self._answers else None

    def lift(self, address: int, nozzle: int) -> None:
        self._state, self._nozzle = "calling", nozzle

    def hang(self, address: int) -> None:
        self._state, self._nozzle = "idle", 0

    def pulse(self, address: int, volume: int) -> int:
        if self._state != "delivering":
            return 0
        self._volume += volume
        self._totals[self._selected - 1] += volume
        return volume

    def cut_power(self, address: int) -> None: ...

    def restore_power(self, address: int) -> None: ...

    def set_price(self, address: int, nozzle: int, price: int) -> None:
        self._prices[nozzle - 1] = price

    def line_restored(self) -> None: ...

    def inject(self, address: int, fault: str, times: int) -> None: ...

    def reading(self, address: int) -> HeadReading:
        delivering = self._state == "delivering"
        nozzle = self._nozzle or None
        totals, prices = tuple(self._totals), tuple(self._prices)
        return HeadReading(self._state, True, nozzle, delivering, self._volume, self._money(), totals, prices)
