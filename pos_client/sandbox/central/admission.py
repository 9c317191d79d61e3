"""How many requests are decided at once, how many may wait, and in what order: the door of the contract.

A service that takes everything falls over when an outage ends and all terminals come back. So: so many at once, so many
waiting, and of one terminal no more than its share; beyond that a 429 that says when to come again. It is no 503: that
would leave the terminal in doubt, and here nothing has happened. Nobody waits for long either (`LONGEST_S`). Whoever
waits is let in by terminal in turn, not by who was first: one terminal with a long queue does not make the others wait.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict, deque

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.rendering import media_type, render

AT_ONCE, WAITING, WAITING_OF_ONE = 8, 400, 16
LONGEST_S = 5.0
"""Nobody waits longer: a terminal hangs up a few seconds later, and would be answered into the air."""
RETRY_AFTER_S, RETRY_AFTER_S_MAX = 2, 60
SEEN_S = 10.0
"""How far back is looked to say when there will be room."""


class Admission:
    """ASGI: the application behind its door. Lives on one event loop."""

    def __init__(
        self,
        app: ASGIApp,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        waiting_of_one: int = WAITING_OF_ONE,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._app = app
        self._free = at_once
        self._room = waiting
        self._room_of_one = waiting_of_one
        self._longest_s = longest_s
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._left = Recent()
        self._sent_away = Recent()
        self.waiting = 0
        self.shed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = await self._enter(_terminal(scope))
        if refusal is not None:
            self.shed += 1
            status, body = render(refusal)
            headers = {"Retry-After": str(refusal.retry_after_s), "Cache-Control": "no-store"}
            await Response(body, status, headers, media_type=media_type(status))(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._leave()

    async def _enter(self, terminal: str) -> Refusal | None:
        if self._free:
            self._free -= 1
            return None
        if self.waiting >= self._room or len(self._queues.get(terminal, ())) >= self._room_of_one:
            return self._send_away()
        queue = self._queues.setdefault(terminal, deque())
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self.waiting += 1
        try:
            await asyncio.wait((turn,), timeout=self._longest_s)
        except asyncio.CancelledError:
            if turn.done():
                self._leave()  # the place was ours already
            else:
                self._forget(terminal, turn)
            raise
        if turn.done():
            return None
        self._forget(terminal, turn)
        return self._send_away()

    def _send_away(self) -> Refusal:
        """Come again when all who wait, or were sent away lately, can have had their turn, each at another moment: so
        many come back as there is room for, and being sent away costs less than being served."""
        self._sent_away.add()
        longest_s = SEEN_S * (self.waiting + len(self._sent_away)) / max(1, len(self._left))
        retry_after_s = RETRY_AFTER_S + round(random.uniform(0, min(longest_s, RETRY_AFTER_S_MAX - RETRY_AFTER_S)))
        return Refusal("rate-limited", retry_after_s=retry_after_s)

    def _leave(self) -> None:
        """Give the place to the next terminal in turn."""
        self._left.add()
        if not self._queues:
            self._free += 1
            return
        terminal, queue = self._queues.popitem(last=False)
        queue.popleft().set_result(None)
        self.waiting -= 1
        if queue:
            self._queues[terminal] = queue

    def _forget(self, terminal: str, turn: asyncio.Future[None]) -> None:
        """Somebody waits no more; his terminal keeps its place among the others."""
        queue = self._queues[terminal]
        queue.remove(turn)
        self.waiting -= 1
        if not queue:
            del self._queues[terminal]


class Recent:
    """What happened in the last `SEEN_S` seconds of the event loop's clock."""

    def __init__(self) -> None:
        self._at = deque[float]()

    def add(self) -> None:
        """Once more, now."""
        self._at.append(self._now_s())

    def __len__(self) -> int:
        self._now_s()
        return len(self._at)

    def _now_s(self) -> float:
        """The time; what lies too far back is forgotten."""
        now_s = asyncio.get_running_loop().time()
        while self._at and self._at[0] < now_s - SEEN_S:
            self._at.popleft()
        return now_s


def _terminal(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-terminal"), "")
