"""A line in virtual time on which every byte takes its time: for measuring, where `virtual_line` is for stories.

A device begins to answer so long after the last byte of a question, and what is heard is heard at its last byte.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from pos_client.protocols.dispenser.interface import ControllerEnd, DispenserEnd


@dataclass
class TimedLine:
    """Both ends of a line. `byte_us`: a byte on the wire; `delay_us`: asked anew for every answer."""

    controller: ControllerEnd
    device: DispenserEnd
    byte_us: float
    delay_us: Callable[[], int]
    now_us: int = 1_000_000
    heard: list[tuple[int, int]] = field(default_factory=list)
    """when, and the head that answered"""
    asked: int = 0
    """frames of ours"""
    _under_way: list[tuple[int, int, int, bytes]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def run(self, ms: int, every_ms: int = 100, hands: Callable[[], None] = lambda: None) -> None:
        """Let so much time pass; `hands` do something every so often."""
        end, next_hands = self.now_us + ms * 1000, self.now_us
        while True:
            step = max(self.now_us, min(self.controller.next_deadline() * 1000, self._next_arrival()))
            if next_hands <= min(step, end):
                self.now_us, next_hands = max(self.now_us, next_hands), next_hands + every_ms * 1000
                hands()
            elif step > end:
                self.now_us = end
                return
            else:
                self.now_us = step
                self._step()

    def _next_arrival(self) -> int:
        return self._under_way[0][0] if self._under_way else 1 << 62

    def _step(self) -> None:
        now_ms = -(-self.now_us // 1000)
        while self._under_way and self._under_way[0][0] <= self.now_us:
            _, _, address, raw = heapq.heappop(self._under_way)
            self.heard.append((self.now_us, address))
            self.controller.receive_data(raw, now_ms)
        raw = self.controller.data_to_send(now_ms)
        while self.controller.next_event() is not None:
            pass
        if raw:
            self.asked += 1
            at = now_ms * 1000 + round(len(raw) * self.byte_us)
            self.device.receive_data(raw, -(-at // 1000))
            while (answer := self.device.next_answer()) is not None:
                at += self.delay_us() + round(len(answer.raw) * self.byte_us)
                heapq.heappush(self._under_way, (at, next(self._order), answer.address, answer.raw))


def rounds_ms(heard: list[tuple[int, int]], addresses: set[int]) -> list[float]:
    """How long it took, again and again, until every one of them had been heard."""
    found: list[float] = []
    missing, began = set(addresses), heard[0][0]
    for at, address in heard:
        missing.discard(address)
        if not missing:
            found.append((at - began) / 1000)
            missing, began = set(addresses), at
    return found[1:]


def waits_ms(heard: list[tuple[int, int]], addresses: set[int]) -> list[float]:
    """All intervals between two answers of one of them."""
    last: dict[int, int] = {}
    found: list[float] = []
    for at, address in heard:
        if address in addresses:
            if address in last:
                found.append((at - last[address]) / 1000)
            last[address] = at
    return found
