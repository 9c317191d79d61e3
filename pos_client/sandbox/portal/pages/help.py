"""The three guides of the programme (A35), and whom to ask (A18)."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Visit

GUIDES = ("individual", "organisation", "driver")
STEPS = 6
"""At most so many steps a guide has."""


def show(visit: Visit) -> Response:
    """Which guide?"""
    return visit.page("help.html", guide="", guides=GUIDES, steps=())


def guide(visit: Visit) -> Response:
    """One of them, step by step."""
    name = visit.named("guide")
    if name not in GUIDES:
        raise HTTPException(404)
    keys = (f"guide.{name}.step{number}" for number in range(1, STEPS + 1))
    return visit.page(
        "help.html", guide=name, guides=GUIDES, steps=[visit.say(key) for key in keys if visit.words.knows(key)]
    )


ROUTES = (get("/help", show), get("/help/{guide}", guide))
