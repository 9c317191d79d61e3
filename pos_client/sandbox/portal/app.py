"""The portal as one application over a running ledger."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.service import CentralService, Unavailable
from pos_client.sandbox.portal.look import Look
from pos_client.sandbox.portal.pages import ROUTES
from pos_client.sandbox.portal.routing import Guard, plain_message, route

_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}


def build_portal(service: CentralService, resources: Path) -> Guard:
    """The portal's pages over one ledger; `resources` holds words, colours and fonts."""
    look = Look(resources)

    async def style(_: Request) -> Response:
        return PlainTextResponse(look.style, headers=_FOR_A_DAY, media_type="text/css")

    async def font(request: Request) -> Response:
        file = look.fonts.get(request.path_params["name"])
        return Response(status_code=404) if file is None else FileResponse(file, headers=_FOR_A_DAY)

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=400)

    not_there, too_large = plain_message(look, "not_there", 404), plain_message(look, "too_large", 413)
    pages = Starlette(
        routes=[
            *(route(service, look, each) for each in ROUTES),
            Route("/static/portal.css", style),
            Route("/static/{name}", font),
        ],
        exception_handlers={
            400: plain_message(look, "not_understood", 400),
            404: not_there,
            405: not_there,
            413: too_large,
            ClientDisconnect: gone,
            MalformedMessage: plain_message(look, "not_understood", 400),
            Unavailable: plain_message(look, "ledger_away", 503),
            Exception: plain_message(look, "broken", 500),
        },
    )
    pages.state.reached_at = service.reached_at
    return Guard(pages)
