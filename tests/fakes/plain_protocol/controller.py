"""Our end."""

from __future__ import annotations

from collections import deque

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, Command, SetPrices, StopHead
from pos_client.protocols.dispenser.events import Event, HeadState
from pos_client.protocols.dispenser.interface import HeadSetup, LineCounts, LineSetup

EVERY_MS = 20


class PlainController:
    """The master of a line with one head."""

    def __init__(self, setup: LineSetup) -> None:
        self._head: HeadSetup = setup.heads[0]
        self._events: deque[Event] = deque()
        self._heard = b""
        self._next_at = 0
        self._say = [f"${self._head.address} {' '.join(map(str, self._head.prices))}\n"]
        self._state: HeadState | None = None

    def submit(self, command: Command, now_ms: int) -> None:
        mark = {AuthoriseHead: "!", StopHead: "."}.get(type(command))
        if mark is not None:
            self._say.append(f"{mark}{self._head.address}\n")
        elif isinstance(command, SetPrices):
            self._say.append(f"${self._head.address} {' '.join(map(str, command.prices))}\n")
        self._events.append(e.CommandDone(command.address, command.command_id))

    def receive_data(self, raw: bytes, now_ms: int) -> None:
        *lines, self._heard = (self._heard + raw).split(b"\n")
        for line in lines:
            self._take(line.decode("ascii").split())

    def _take(self, words: list[str]) -> None:
        address, state = int(words[0]), HeadState(words[1])
        nozzle, volume, money, *totals = map(int, words[2:])
        before, self._state = self._state, state
        if before is None:
            self._events.append(e.HeadFound(address))
        if before is HeadState.DELIVERING and state is HeadState.IDLE:
            price, total = self._head.prices[nozzle - 1], totals[nozzle - 1]
            self._events.append(e.Delivered(address, nozzle, volume, money, price, total))
        if state is not before:
            self._events.append(e.StateChanged(address, state))
            if state is HeadState.IDLE:
                self._events += [e.TotalRead(address, n, total) for n, total in enumerate(totals, start=1)]

    def next_event(self) -> Event | None:
        return self._events.popleft() if self._events else None

    def data_to_send(self, now_ms: int) -> bytes:
        if now_ms < self._next_at:
            return b""
        self._next_at = now_ms + EVERY_MS
        said, self._say = "".join(self._say), []
        return f"{said}?{self._head.address}\n".encode("ascii")

    def next_deadline(self) -> int:
        return self._next_at

    def take_counts(self, now_ms: int) -> LineCounts:
        return LineCounts(EVERY_MS, 0, 0, 0)

    def connection_lost(self, now_ms: int) -> None:
        self._heard, self._state = b"", None
        self._events.append(e.HeadLost(self._head.address))
