"""Head office's first page."""

from __future__ import annotations

from starlette.responses import Response

from pos_client.sandbox.portal.routing import get
from pos_client.sandbox.portal.visit import Visit


def show(visit: Visit) -> Response:
    """Where to look."""
    return visit.page("message.html", about="not_there")


ROUTES = (get("/office", show, "staff"), get("/office/review", show, "staff"))
