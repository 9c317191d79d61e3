"""Answers of head office that are well formed and cannot be true, for whoever tests that nobody believes them.

The request is executed and committed; only what is said of it is bent. The same request again is answered truly.
"""

from __future__ import annotations

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIES: dict[str, tuple[str, dict[str, object]]] = {
    "lying_customer": ("/v1/customers:lookup", {"expiring_points": 9_000_000_000}),
    "lying_hold": ("PUT /v1/redemptions/", {"points": 99_000_000}),
    "lying_consent": ("/verify", {"points": 99_000_000}),
    "lying_capture": ("/capture", {"points_debited": 99_000_000}),
    "lying_void": ("/void", {"state": "CAPTURED"}),
    "lying_accrual": ("PUT /v1/accruals/", {"points": 900_000_000}),
    "lying_time": ("/v1/time", {"server_time": "1999-11-23T08:00:00+07:00"}),
}
"""name of the fault -> the requests it meets, and what their answers say instead"""


async def bent(app: ASGIApp, name: str, scope: Scope, receive: Receive, send: Send) -> None:
    """One request, and a lie about it; a refusal is passed on as it is."""
    told: list[Message] = []

    async def keep(message: Message) -> None:
        told.append(message)

    await app(scope, receive, keep)
    body = b"".join(message.get("body", b"") for message in told[1:])
    start = told[0]
    if start["status"] in (200, 201):
        body = msgspec.json.encode({**msgspec.json.decode(body), **LIES[name][1]})
    headers = [(key, value) for key, value in start["headers"] if key.lower() != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
