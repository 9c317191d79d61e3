"""Routes of the contract, and nothing else: which bytes mean which decision of the ledger.

Writes carry `Idempotency-Key` and are decided once; reads are not stored. Everything refused is a problem document.
Requests are not signed yet; `X-Terminal` is believed, which is fit for a loopback sandbox and nothing more.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.idempotency import Reply
from pos_client.sandbox.central.ledger import accruals, customers, redemptions, sessions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.rendering import media_type, render
from pos_client.sandbox.central.service import CentralService

_LOG = logging.getLogger(__name__)
_LONGEST_KEY = 255
_LONGEST_NAME = 80

AnyRequest = TypeVar("AnyRequest", bound=m.Message)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read off the wire. `name` is the id in the path, if there is one."""

    terminal: str
    session: int
    name: str
    body: bytes

    def read(self, kind: type[AnyRequest]) -> AnyRequest:
        """The body as a message. Raises `MalformedMessage`."""
        return codec.decode(self.body, kind)


Handler = Callable[[Book, Call], Outcome]


def _session(book: Book, call: Call) -> Outcome:
    return sessions.start(book, call.read(m.SessionRequest))


def _time(book: Book, _: Call) -> Outcome:
    return Answer(m.TimeAnswer(server_time=text_of(book.now_ms)))


def _look_up(book: Book, call: Call) -> Outcome:
    return customers.look_up(book, call.read(m.LookupRequest))


def _quote(book: Book, call: Call) -> Outcome:
    return customers.quote(book, call.read(m.QuoteRequest))


def _hold(book: Book, call: Call) -> Outcome:
    return _fence(book, call) or redemptions.hold(book, call.name, call.terminal, call.read(m.HoldRequest))


def _resend(book: Book, call: Call) -> Outcome:
    call.read(m.ChallengeRequest)
    return _fence(book, call) or redemptions.resend(book, call.name)


def _verify(book: Book, call: Call) -> Outcome:
    return _fence(book, call) or redemptions.verify(book, call.name, call.terminal, call.read(m.VerifyRequest))


def _capture(book: Book, call: Call) -> Outcome:
    return redemptions.capture(book, call.name, call.read(m.CaptureRequest))


def _void(book: Book, call: Call) -> Outcome:
    return redemptions.void(book, call.name, call.terminal, call.read(m.VoidRequest))


def _show(book: Book, call: Call) -> Outcome:
    return redemptions.show(book, call.name)


def _accrue(book: Book, call: Call) -> Outcome:
    return accruals.post(book, call.name, call.read(m.AccrualRequest))


def _fence(book: Book, call: Call) -> Refusal | None:
    return Refusal("stale-session", sticky=False) if sessions.is_fenced(book, call.terminal, call.session) else None


WRITES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/sessions", _session),
    ("PUT", "/v1/redemptions/{name}", _hold),
    ("POST", "/v1/redemptions/{name}/challenges", _resend),
    ("POST", "/v1/redemptions/{name}/verify", _verify),
    ("POST", "/v1/redemptions/{name}/capture", _capture),
    ("POST", "/v1/redemptions/{name}/void", _void),
    ("PUT", "/v1/accruals/{name}", _accrue),
)
READS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/v1/time", _time),
    ("POST", "/v1/customers:lookup", _look_up),
    ("POST", "/v1/quotes", _quote),
    ("GET", "/v1/redemptions/{name}", _show),
)


def build_app(service: CentralService) -> Starlette:
    """The contract's routes over one ledger."""
    routes = [Route(path, _endpoint(service, handler, True), methods=[method]) for method, path, handler in WRITES]
    routes += [Route(path, _endpoint(service, handler, False), methods=[method]) for method, path, handler in READS]
    routes.append(Route("/v1/accruals:batch", _batch(service), methods=["POST"]))
    return Starlette(
        routes=routes, exception_handlers={MalformedMessage: _malformed, ClientDisconnect: _gone, Exception: _broken}
    )


def _endpoint(service: CentralService, handler: Handler, is_write: bool) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        terminal = request.headers.get("X-Terminal", "")
        key = request.headers.get("Idempotency-Key", "")
        if not 0 < len(terminal) <= _LONGEST_NAME:
            return _respond(Reply(*render(Refusal("device-auth-failed"))))
        if is_write and not 0 < len(key) <= _LONGEST_KEY:
            return _respond(Reply(*render(Refusal("idempotency-key-missing"))))
        name = str(request.path_params.get("name", ""))
        if len(name) > _LONGEST_NAME:
            raise MalformedMessage(request.url.path, "the id is too long")
        session = request.headers.get("X-Session", "0")
        call = Call(
            terminal, int(session) if session.isascii() and session.isdigit() else 0, name, await _body(request)
        )
        if not is_write:
            return _respond(await run_in_threadpool(service.read, lambda book: handler(book, call)))
        digest = hashlib.sha256(b"\n".join((request.method.encode(), request.url.path.encode(), call.body))).digest()
        return _respond(await run_in_threadpool(service.write, terminal, key, digest, lambda book: handler(book, call)))

    return endpoint


def _batch(service: CentralService) -> Callable[[Request], Awaitable[Response]]:
    """Accruals in one request. Each has a transaction and a key of its own: one that is refused stops no other."""

    def decide(terminal: str, items: tuple[m.BatchItem, ...]) -> Response:
        results = []
        for item in items:
            prefix, _, name = item.path.rpartition("/")
            if prefix != "/v1/accruals" or not 0 < len(name) <= _LONGEST_NAME:
                raise MalformedMessage(item.path, "not the path of an accrual")
            body = item.body.encode()
            call = Call(terminal, 0, name, body)
            digest = hashlib.sha256(b"\n".join((b"PUT", item.path.encode(), body))).digest()
            try:
                reply = service.write(terminal, item.key, digest, partial(_accrue_in, call))
            except MalformedMessage as error:
                reply = Reply(*render(Refusal("malformed-request", detail=str(error))))
            results.append(m.BatchResult(item.key, reply.status, reply.body.decode()))
        return _respond(Reply(200, codec.encode(m.BatchAnswer(tuple(results)))))

    async def endpoint(request: Request) -> Response:
        terminal = request.headers.get("X-Terminal", "")
        if not 0 < len(terminal) <= _LONGEST_NAME:
            return _respond(Reply(*render(Refusal("device-auth-failed"))))
        asked = codec.decode(await _body(request), m.BatchRequest)
        return await run_in_threadpool(decide, terminal, asked.items)

    return endpoint


def _accrue_in(call: Call, book: Book) -> Outcome:
    return _accrue(book, call)


async def _body(request: Request) -> bytes:
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > codec.LONGEST_MESSAGE:
            raise MalformedMessage(request.url.path, "longer than any message of this API")
    return bytes(pieces)


def _respond(reply: Reply) -> Response:
    headers = {"Cache-Control": "no-store"}
    if reply.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(reply.body, reply.status, headers, media_type=media_type(reply.status))


async def _malformed(_: Request, error: Exception) -> Response:
    return _respond(Reply(*render(Refusal("malformed-request", detail=str(error)))))


async def _gone(_: Request, __: Exception) -> Response:
    """The other side hung up in the middle of its request; nobody hears this."""
    return Response(status_code=400)


async def _broken(request: Request, error: Exception) -> Response:
    """The one guard at the top: what we did not foresee is our fault, and leaves the write in doubt."""
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _respond(Reply(*render(Refusal("server-error"))))
