"""How many requests are decided at once, how many may wait, and in what order: the door of the contract.

A service that takes everything falls over when an outage ends and all terminals come back. So: so many at once, so many
waiting, and of one terminal no more than its share; beyond that a 429 that says when to come again. It is no 503: that
would leave the terminal in doubt, and here nothing has happened. Whoever waits is let in by terminal in turn, not by
who was first: one terminal with a long queue does not make the others wait.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.rendering import media_type, render

AT_ONCE, WAITING, WAITING_OF_ONE = 8, 400, 16
RETRY_AFTER_S = 2


class Admission:
    """ASGI: the application behind its door. Lives on one event loop."""

    def __init__(
        self, app: ASGIApp, at_once: int = AT_ONCE, waiting: int = WAITING, waiting_of_one: int = WAITING_OF_ONE
    ) -> None:
        self._app = app
        self._free = at_once
        self._room = waiting
        self._room_of_one = waiting_of_one
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
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
            headers = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
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
            return Refusal("rate-limited", retry_after_s=RETRY_AFTER_S)
        queue = self._queues.setdefault(terminal, deque())
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self.waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the place was ours already
            raise
        return None

    def _leave(self) -> None:
        """Give the place to the next terminal in turn."""
        while self._queues:
            terminal, queue = self._queues.popitem(last=False)
            turn = queue.popleft()
            self.waiting -= 1
            if queue:
                self._queues[terminal] = queue
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._free += 1


def _terminal(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-terminal"), "")
