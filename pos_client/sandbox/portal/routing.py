"""Pages as routes: who may see one, the transaction it runs in, and what guards every request.

Forms come back with a token that only our own pages hold, from our own origin; nothing of another site is loaded, and
nothing of ours is shown inside one. A page that fails leaves the ledger as it was.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_client.sandbox.central.ledger import rights
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.portal import sessions
from pos_client.sandbox.portal.look import LANGUAGES, Look
from pos_client.sandbox.portal.visit import FORM_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE, Visit
from pos_client.value import dataclass

_LOG = logging.getLogger(__name__)

Page = Callable[[Visit], Response]
ANYBODY = frozenset({"organisation", "individual", "member", "driver", "staff", ""})
SIGNED_IN = ANYBODY - {""}
LARGEST_FORM = 2_000_000

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One address of the portal: who may come, and whether managing the organisation's vouchers is asked of him."""

    method: str
    path: str
    page: Page
    roles: frozenset[str]
    manages: bool = False


def get(path: str, page: Page, *roles: str, manages: bool = False) -> PageRoute:
    """A page to look at; without a role, for anybody."""
    return PageRoute("GET", path, page, frozenset(roles) or ANYBODY, manages)


def post(path: str, page: Page, *roles: str, manages: bool = False) -> PageRoute:
    """A form that is sent."""
    return PageRoute("POST", path, page, frozenset(roles) or ANYBODY, manages)


def route(service: CentralService, look: Look, asked: PageRoute) -> Route:
    """The route of a page."""

    async def endpoint(request: Request) -> Response:
        form = await _form(request) if asked.method == "POST" else FormData()
        try:
            return await run_in_threadpool(_answer, service, look, asked, request, form)
        finally:
            await form.close()

    return Route(asked.path, endpoint, methods=[asked.method])


async def _form(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) > LARGEST_FORM:
        raise HTTPException(413)
    return await request.form(max_files=1, max_fields=1_000, max_part_size=200_000)


def _answer(service: CentralService, look: Look, asked: PageRoute, request: Request, form: FormData) -> Response:
    """The page, in one transaction that may have to begin again; what was decided is committed before it is shown."""

    def work(book: Book) -> Response:
        session = sessions.resume(book, request.cookies.get(SESSION_COOKIE, ""))
        before = request.cookies.get(FORM_COOKIE, "")
        token = session.csrf if session is not None else before or book.new_reference()
        visit = Visit(book, request, form, session, look, language_of(request), token)
        response = _guarded(visit, asked)
        if session is None and not before:
            set_cookie(request, response, FORM_COOKIE, token)
        return response

    return service.transact(work)


def _guarded(visit: Visit, asked: PageRoute) -> Response:
    if asked.method == "POST" and not _is_our_form(visit):
        return visit.page("message.html", status=403, about="stale_form")
    role = "" if visit.session is None else visit.person.role
    if role not in asked.roles:
        if visit.session is None:
            return visit.go("/office/login" if asked.roles == {"staff"} else "/login")
        return visit.page("message.html", status=403, about="not_yours")
    if asked.manages and visit.scope is not rights.Scope.ORGANISATION:
        return visit.page("message.html", status=403, about="right_missing")
    return asked.page(visit)


def _is_our_form(visit: Visit) -> bool:
    origin = visit.request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != visit.request.headers.get("host"):
        return False
    expected = visit.form_token if visit.session is not None else visit.request.cookies.get(FORM_COOKIE, "")
    return bool(expected) and hmac.compare_digest(expected.encode(), visit.secret("csrf").encode())


def set_cookie(request: Request, response: Response, name: str, value: str, lives_s: int | None = None) -> None:
    """A cookie no script reads and no other site sends."""
    response.set_cookie(
        name, value, max_age=lives_s, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


def language_of(request: Request) -> str:
    """What was chosen; else what the browser prefers of the two; else Vietnamese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    preferred = request.headers.get("accept-language", "vi")[:2].lower()
    return preferred if preferred in LANGUAGES else "vi"


class Guard:
    """Every answer carries the headers that keep other sites out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As any application."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((n.lower().encode(), v.encode()) for n, v in HEADERS.items() if n.lower().encode() not in there),
                ]
            await send(message)

        await self._app(scope, receive, guarded)


def plain_message(look: Look, about: str, status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A page for what no page of ours could answer, drawn without the ledger."""

    async def answer(request: Request, error: Exception) -> Response:
        if status >= 500:
            _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        language = language_of(request)
        words = look.words(language)
        values = {
            "t": words.say, "language": language, "person": None, "scope": None, "csrf": "", "path": "/", "query": {},
            "errors": {}, "form": {}, "done": "", "about": about,
        }  # fmt: skip
        return HTMLResponse(look.draw("message.html", values), status)

    return answer
