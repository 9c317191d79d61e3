"""Named faults of the network between a terminal and central, switched on for so many requests.

answer_lost   the request is executed and committed, then the connection is cut without an answer (F09)
slow          the answer comes, after `seconds` (F07)
html          a captive portal answers 200 with a page; nothing is executed (F16)
unavailable   503, nothing is executed (F15)
down          connections are refused until cleared (F06)
lying_…       the request is executed and committed, and its answer cannot be true (`lies.py`)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from pos_client.sandbox.central.answers import SignedAnswers
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.lies import LIES, bent
from pos_client.sandbox.central.rendering import media_type, render
from pos_client.value import dataclass

NAMES = frozenset({"answer_lost", "slow", "html", "unavailable", "down", *LIES})
_PAGE = "<!doctype html><title>Wi-Fi</title><h1>Đăng nhập để truy cập Internet</h1>"


class FaultRequest(msgspec.Struct, frozen=True):
    """`times` 0: until cleared. `match`: part of the request's "METHOD /path". `seconds`: of `slow`."""

    name: str
    times: int = 1
    match: str = ""
    seconds: int = 3


@dataclass(slots=True)
class _Active:
    fault: FaultRequest
    left: int


class Faults:
    """The faults that are on. Used on the event loop alone."""

    def __init__(self) -> None:
        self._active: list[_Active] = []

    def add(self, fault: FaultRequest) -> None:
        """Switch a fault on."""
        self._active.append(_Active(fault, fault.times))

    def clear(self) -> None:
        """Switch all off."""
        self._active.clear()

    def take(self, method: str, path: str) -> FaultRequest | None:
        """The first fault that meets this request; one of its times is used up."""
        for active in self._active:
            wanted, _ = LIES.get(active.fault.name, ("", {}))
            if active.fault.match in f"{method} {path}" and wanted in f"{method} {path}":
                active.left -= 1
                if active.left == 0:
                    self._active.remove(active)
                return active.fault
        return None

    def listing(self) -> list[dict[str, object]]:
        """What is on, for the control address."""
        return [{**msgspec.structs.asdict(active.fault), "left": active.left} for active in self._active]


class FaultyNetwork:
    """ASGI: the application behind a network with faults. `cut` closes the connection from that client address."""

    def __init__(self, app: SignedAnswers, faults: Faults, cut: Callable[[int], None]) -> None:
        self._app = app
        self._faults = faults
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        fault = self._faults.take(scope["method"], scope["path"]) if scope["type"] == "http" else None
        match fault.name if fault is not None else "":
            case "html":
                await Response(_PAGE, media_type="text/html; charset=utf-8")(scope, receive, send)
            case "unavailable":
                status, body = render(Refusal("unavailable"))
                await Response(body, status, media_type=media_type(status))(scope, receive, send)
            case "slow":
                await self._app(scope, receive, _late(send, fault.seconds if fault is not None else 0))
            case name if name in LIES:
                await self._app.say(partial(bent, self._app.app, name), scope, receive, send)
            case "answer_lost":
                await self._app(scope, receive, _swallow)
                self._cut(scope["client"][1])
                while (await receive())["type"] != "http.disconnect":
                    pass
            case _:
                await self._app(scope, receive, send)


def _late(send: Send, seconds: int) -> Send:
    """Central has long decided; its answer takes its time."""

    async def later(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    return later


async def _swallow(_: Message) -> None:
    """An answer nobody gets."""
