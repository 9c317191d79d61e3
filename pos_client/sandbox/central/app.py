"""The contract's port: each endpoint of the table as a route, and what all of them share.

Writes carry `Idempotency-Key` and are decided once; reads are not stored. Every request is signed by the terminal it
names (`hearing`), every answer by central (`answers`), and everything refused is a problem document.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pos_client.protocols.central import codec
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.admission import Admission
from pos_client.sandbox.central.answers import SignedAnswers, seen_of
from pos_client.sandbox.central.authority import IsOurs
from pos_client.sandbox.central.contract.document import describe
from pos_client.sandbox.central.contract.examples import recorded
from pos_client.sandbox.central.endpoints import ENDPOINTS
from pos_client.sandbox.central.endpoints.endpoint import LONGEST_KEY, NAME_PATTERN, Call, Endpoint
from pos_client.sandbox.central.hearing import admit
from pos_client.sandbox.central.idempotency import Reply, reply_to
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.terminals import NOBODY, refusal
from pos_client.sandbox.central.metrics import Observed
from pos_client.sandbox.central.rendering import ANSWER_TYPE, media_type
from pos_client.sandbox.central.service import CentralService, Unavailable

_LOG = logging.getLogger(__name__)
CONTRACT_PATH = "/v1/openapi.json"
_TERMINAL = re.compile("[!-~]{1,80}")
_SESSION = re.compile("[0-9]{1,13}")
_NAME = re.compile(NAME_PATTERN)
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")


def build_app(service: CentralService, is_ours: IsOurs, endpoints: Sequence[Endpoint] = ENDPOINTS) -> Starlette:
    """The contract's routes over one ledger, and the contract itself for whoever asks.

    `is_ours`: whether a request for this authority was meant for us; one that was signed for somebody else, who passes
    it on, is not.
    """

    async def contract(_: Request) -> Response:
        return _json(await run_in_threadpool(describe, endpoints, recorded()))

    app = Starlette(
        routes=[
            *(Route(each.path, _route(service, is_ours, each), methods=[each.method]) for each in endpoints),
            Route(CONTRACT_PATH, contract, methods=["GET"]),
        ],
        exception_handlers={
            HTTPException: _elsewhere,
            MalformedMessage: _malformed,
            ClientDisconnect: _gone,
            Unavailable: _away,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False
    return app


def contract_of(service: CentralService, is_ours: IsOurs) -> SignedAnswers:
    """All of the contract's port: what is decided, the door before it, and central's signature on what either says."""
    inside = Observed(Admission(build_app(service, is_ours)))
    return SignedAnswers(inside, service.keys.answers, lambda: to_ms(service.now()) // 1000)


def _route(service: CentralService, is_ours: IsOurs, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        terminal = request.headers.get("X-Terminal", "")
        key = request.headers.get("Idempotency-Key", "")
        is_named = endpoint.is_open or _TERMINAL.fullmatch(terminal) is not None
        if not is_named or not is_ours(request.headers.get("Host", "")):
            return _refuse(Refusal("device-auth-failed"))
        if endpoint.is_write and _KEY.fullmatch(key) is None:
            return _refuse(Refusal("idempotency-key-missing"))
        name = request.path_params.get("name")
        if name is not None and _NAME.fullmatch(name) is None:
            raise MalformedMessage("request", "the id in the address is longer, or of other letters, than an id may be")
        session = request.headers.get("X-Session", "0")
        if _SESSION.fullmatch(session) is None:
            raise MalformedMessage("request", "X-Session is the number of a session")
        body = await _body(request)
        call = Call(
            request.method,
            request.url.path,
            NOBODY,
            seen_of(request.scope, body),
            int(session),
            key,
            name or "",
            body,
            request.headers.get("If-None-Match", ""),
        )
        return _respond(await run_in_threadpool(partial(_answer, service, endpoint, call, terminal)))

    return route


def _answer(service: CentralService, endpoint: Endpoint, call: Call, terminal: str) -> Reply:
    """Nothing is decided for anybody who has not signed; nothing a person waits for, for a terminal in bad standing."""
    if endpoint.is_open:
        return endpoint.run(service, call)
    device = admit(service, call.seen, terminal)
    if isinstance(device, Refusal):
        return reply_to(device)
    refused = None if endpoint.is_fact else refusal(device)
    if refused is not None:
        return reply_to(refused)
    return endpoint.run(service, replace(call, device=device))


async def _body(request: Request) -> bytes:
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > codec.LONGEST_MESSAGE:
            raise MalformedMessage("request", "longer than any message of this API")
    return bytes(pieces)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type=ANSWER_TYPE)


def _respond(reply: Reply) -> Response:
    headers = {"Cache-Control": "no-store"}
    if reply.replayed:
        headers["Idempotent-Replayed"] = "true"
    if reply.tag:
        headers["ETag"] = reply.tag
    if reply.retry_after_s is not None:
        headers["Retry-After"] = str(reply.retry_after_s)
    return Response(reply.body, reply.status, headers, media_type=media_type(reply.status))


def _refuse(refusal: Refusal) -> Response:
    return _respond(reply_to(refusal))


async def _malformed(_: Request, error: Exception) -> Response:
    return _refuse(Refusal("malformed-request", detail=str(error)))


async def _elsewhere(request: Request, error: Exception) -> Response:
    """An address or a method that is not in the contract; which methods there are, HTTP wants to be told."""
    assert isinstance(error, HTTPException)
    if error.status_code != 405:
        return _refuse(Refusal("unknown-address"))
    answer = _refuse(Refusal("method-not-offered"))
    routes = (route for route in request.app.routes if route.path_regex.match(request.url.path))
    answer.headers["Allow"] = ", ".join(sorted({method for route in routes for method in route.methods}))
    return answer


async def _gone(_: Request, __: Exception) -> Response:
    """The other side hung up in the middle of its request; nobody hears this."""
    return Response(status_code=400)


async def _away(_: Request, error: Exception) -> Response:
    _LOG.info("answered 503: %s", error)
    return _refuse(Refusal("unavailable", retry_after_s=1))


async def _broken(request: Request, error: Exception) -> Response:
    """The one guard at the top: what we did not foresee is our fault, and leaves the write in doubt."""
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _refuse(Refusal("server-error"))
