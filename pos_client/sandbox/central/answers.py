"""Signs every answer of the contract, whoever in the service made it: a route, a guard, or the router's own "no such
address". ASGI, around the application; what stands outside of it is the network."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_client.protocols.central.signing import Headers, Seen, SigningKey, sign_answer

CONTRACT = "/v1/"


class SignedAnswers:
    """The application behind it sends its answers whole; they go out with central's signature."""

    def __init__(self, app: ASGIApp, key: SigningKey, now_s: Callable[[], int]) -> None:
        self.app = app
        self._key = key
        self._now_s = now_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await self.say(self.app, scope, receive, send)

    async def say(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to another application that speaks in central's name."""
        if scope["type"] != "http" or not scope["path"].startswith(CONTRACT):
            await app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def hold_back(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                headers = lines_of(start["headers"])
                signed = sign_answer(start["status"], headers, bytes(body), seen_of(scope), self._key, self._now_s())
                start["headers"] = [
                    *start["headers"],
                    *((name.lower().encode("ascii"), value.encode("latin-1")) for name, value in signed.items()),
                ]
                await send(start)
                await send({"type": "http.response.body", "body": bytes(body)})

        await app(scope, receive, hold_back)


def seen_of(scope: Scope, body: bytes = b"") -> Seen:
    """The request as its sender signed it: the authority he asked for, the path byte for byte."""
    headers = lines_of(scope["headers"])
    host = next((value for name, value in headers if name == "host"), "")
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    url = f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")
    return Seen(scope["method"], url, headers, body)


def lines_of(raw: list[tuple[bytes, bytes]]) -> Headers:
    """Header lines as text."""
    return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw]
