"""What head office does about terminals, on the sandbox's control address: codes, suspending, taking back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pos_client.sandbox.central.ledger import enrolment, terminals
from pos_client.sandbox.central.ledger.book import Book

Look = Callable[[Callable[[Book], object]], Awaitable[Response]]


class CodeRequest(msgspec.Struct, frozen=True):
    """`POST /control/enrolment-codes`: which till, by its short name, of which station."""

    station: str
    terminal: str
    lives_s: int = enrolment.CODE_LIVES_S


class StandingRequest(msgspec.Struct, frozen=True):
    """`POST /control/terminals/{name}`: `do` is suspend, quarantine or reinstate."""

    do: str
    reason: str = ""


def terminal_routes(look: Look) -> list[Route]:
    """`look` runs a decision in a transaction and answers with what it returns."""

    async def make_code(request: Request) -> Response:
        wanted = msgspec.json.decode(await request.body(), type=CodeRequest)
        return await look(
            lambda book: {"code": enrolment.make_code(book, wanted.station, wanted.terminal, wanted.lives_s)}
        )

    async def regard(request: Request) -> Response:
        wanted = msgspec.json.decode(await request.body(), type=StandingRequest)
        name = str(request.path_params["name"])
        return await look(lambda book: _regard(book, name, wanted))

    return [
        Route("/control/enrolment-codes", make_code, methods=["POST"]),
        Route("/control/terminals/{name}", regard, methods=["POST"]),
    ]


def _regard(book: Book, name: str, wanted: StandingRequest) -> None:
    match wanted.do:
        case "suspend":
            terminals.suspend(book, name, wanted.reason)
        case "quarantine":
            terminals.quarantine(book, name, wanted.reason)
        case "reinstate":
            terminals.reinstate(book, name)
        case _:
            raise LookupError("suspend, quarantine or reinstate")
