"""One request as a page sees it: one transaction of the ledger, who asks, what was filled in, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import rights
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.portal_tables import portal_acts
from pos_client.sandbox.portal.look import Look
from pos_client.sandbox.portal.sessions import Person, Session
from pos_client.value import dataclass

LONGEST_FIELD = 2_000
SESSION_COOKIE, FORM_COOKIE, LANGUAGE_COOKIE = "plx_session", "plx_form", "plx_language"


@dataclass(slots=True)
class Visit:
    """A request on the ledger. Everything a page decides is committed with the answer it gives."""

    book: Book
    request: Request
    form: FormData
    session: Session | None
    look: Look
    language: str
    form_token: str
    """what a form has to bring back: the session's, or before log-in that of a cookie of its own"""
    errors: dict[str, str] = field(default_factory=dict)
    """what is wrong with a field, in words, by the field's name; "" for the whole form"""

    @property
    def person(self) -> Person:
        """Who asks; the routes let nobody else through."""
        assert self.session is not None
        return self.session.person

    @property
    def account(self) -> str:
        """The customer account the person acts for."""
        return self.person.account

    @property
    def words(self) -> Catalogue:
        """In the language of the visit."""
        return self.look.words(self.language)

    @property
    def scope(self) -> rights.Scope | None:
        """How far this person's right to manage vouchers goes; the organisation's own log-in has all of it."""
        if self.session is None:
            return None
        if self.person.role == "organisation":
            return rights.Scope.ORGANISATION
        return rights.scope_of(self.book, self.person.subject)

    def field(self, name: str) -> str:
        """A field of the form, or of the address, without what surrounds it; empty when it is not there."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value.strip()[:LONGEST_FIELD] if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """A password as it was typed."""
        value = self.form.get(name, "")
        return value[:LONGEST_FIELD] if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        """A field that stands in the form several times."""
        return [value.strip()[:LONGEST_FIELD] for value in self.form.getlist(name) if isinstance(value, str)]

    def upload(self, name: str) -> UploadFile | None:
        """A file that came with the form."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def named(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def page_number(self) -> int:
        """Which page of a long list is wanted."""
        asked = self.field("page")
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1

    def say(self, key: str, /, **params: object) -> str:
        """Words."""
        return self.words.say(key, **params)

    def fault(self, violation: RuleViolation) -> None:
        """Show what a rule says no with: at the field it names, or above the form."""
        where = str(violation.params.get("field", ""))
        self.errors.setdefault(where, self.say(f"fault.{violation.code}", **violation.params))

    def note(self, act: str, what: str) -> None:
        """Keep who did what."""
        self.book.db.execute(
            portal_acts.insert().values(
                at_ms=self.book.now_ms, actor=self.person.subject, account=self.account, act=act, what=what[:120]
            )
        )

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """A page. One with errors in it is no success."""
        done = self.request.query_params.get("done", "")
        shown: Mapping[str, Any] = {
            "t": self.say,
            "language": self.language,
            "person": None if self.session is None else self.session.person,
            "scope": self.scope,
            "csrf": self.form_token,
            "path": self.request.url.path,
            "query": self.request.query_params,
            "errors": self.errors,
            "form": self.form,
            "done": self.say(f"done.{done}") if self.words.knows(f"done.{done}") else "",
            "today": self.book.today,
            **values,
        }
        return HTMLResponse(self.look.draw(template, shown), 422 if self.errors and status == 200 else status)

    def go(self, path: str, done: str = "", **query: str) -> Response:
        """On to another page, which says what was done."""
        query |= {"done": done} if done else {}
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list, and where it stands in the whole."""

    number: int
    pages: int
    count: int
    size: int

    @property
    def offset(self) -> int:
        """Rows before it."""
        return (self.number - 1) * self.size

    @classmethod
    def of(cls, visit: Visit, count: int, size: int = 50) -> Paging:
        """The page that was asked for, or the last there is."""
        pages = max(1, -(-count // size))
        return cls(min(visit.page_number(), pages), pages, count, size)
