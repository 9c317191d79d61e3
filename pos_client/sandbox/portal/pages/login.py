"""Coming in and going out: Petrolimex ID, phone or driver's id with a password; a first log-in with a code."""

from __future__ import annotations

from starlette.responses import Response

from pos_client.domain.customer import IdentifierKind, parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import customers, invitations, passwords
from pos_client.sandbox.portal import sessions, throttle
from pos_client.sandbox.portal.look import LANGUAGES
from pos_client.sandbox.portal.routing import SIGNED_IN, get, post, set_cookie
from pos_client.sandbox.portal.visit import LANGUAGE_COOKIE, SESSION_COOKIE, Visit

HOME = {
    "organisation": "/fund",
    "member": "/vouchers",
    "driver": "/mine",
    "individual": "/points",
    "staff": "/office",
}
_YEAR_S = 365 * 86_400


def home(visit: Visit) -> Response:
    """Where somebody begins."""
    return visit.go("/login" if visit.session is None else HOME[visit.person.role])


def show_login(visit: Visit) -> Response:
    """Who are you?"""
    return visit.page("login.html", office=False)


def show_office_login(visit: Visit) -> Response:
    """Who are you, of head office?"""
    return visit.page("login.html", office=True)


def log_in(visit: Visit) -> Response:
    """A customer, or one of his people."""
    return _try(visit, subject_of(visit, visit.field("who")), office=False)


def log_in_office(visit: Visit) -> Response:
    """Somebody of head office."""
    return _try(visit, f"staff:{visit.field('who').upper()}", office=True)


def show_first(visit: Visit) -> Response:
    """The code from the organisation, and a password of one's own."""
    return visit.page("first.html")


def first(visit: Visit) -> Response:
    """Use the code up and come in."""
    subject = subject_of(visit, visit.field("who"))
    password = visit.secret("password")
    try:
        _wait(visit)
        passwords.check(password, visit.field("who"))
        if password != visit.secret("again"):
            raise RuleViolation("password_differs", field="again")
    except RuleViolation as rule:
        visit.fault(_at(rule, "password"))
        return visit.page("first.html")
    may = subject.startswith(("driver:", "member:")) and sessions.person_of(visit.book, subject) is not None
    if not (may and invitations.accept(visit.book, subject, visit.field("code"))):
        visit.fault(RuleViolation("invitation_wrong", field="code"))
        return visit.page("first.html")
    passwords.put(visit.book, subject, password)
    sessions.end_all(visit.book, subject)
    return _come_in(visit, subject)


def log_out(visit: Visit) -> Response:
    """Gone."""
    office = visit.person.role == "staff"
    assert visit.session is not None
    sessions.end(visit.book, visit.session)
    response = visit.go("/office/login" if office else "/login", "logged_out")
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def show_password(visit: Visit) -> Response:
    """A new password."""
    return visit.page("password.html")


def change_password(visit: Visit) -> Response:
    """The old one is asked for; other visits of this person end."""
    person, password = visit.person, visit.secret("password")
    try:
        if not passwords.is_right(visit.book, person.subject, visit.secret("old")):
            raise RuleViolation("password_wrong", field="old")
        passwords.check(password, person.id)
        if password != visit.secret("again"):
            raise RuleViolation("password_differs", field="again")
    except RuleViolation as rule:
        visit.fault(_at(rule, "password"))
        return visit.page("password.html")
    passwords.put(visit.book, person.subject, password)
    sessions.end_all(visit.book, person.subject, visit.session)
    visit.note("password", person.id)
    return visit.go(HOME[person.role], "password_changed")


def choose_language(visit: Visit) -> Response:
    """Read on in the other language."""
    wanted, back = visit.field("to"), visit.field("back")
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = visit.go(back if is_ours else "/")
    if wanted in LANGUAGES:
        set_cookie(visit.request, response, LANGUAGE_COOKIE, wanted, _YEAR_S)
    return response


def subject_of(visit: Visit, typed: str) -> str:
    """Whom somebody says he is: 9 digits or a phone are an account, `LX-…` a driver, `TV-…` a member."""
    upper = typed.upper().replace(" ", "")
    if upper.startswith("LX-"):
        return f"driver:{upper}"
    if upper.startswith("TV-"):
        return f"member:{upper}"
    try:
        identifier = parse_identifier(typed)
    except RuleViolation:
        return f"account:{typed[:40]}"
    if identifier.kind not in (IdentifierKind.ID, IdentifierKind.PHONE):
        return f"account:{typed[:40]}"
    party = customers.find(visit.book, identifier.kind, identifier.text)
    is_person = party is not None and (identifier.kind == IdentifierKind.ID or party.account.kind == "individual")
    return f"account:{party.account.number if party is not None and is_person else identifier.text}"


def _try(visit: Visit, subject: str, office: bool) -> Response:
    try:
        _wait(visit)
        if not passwords.is_right(visit.book, subject, visit.secret("password")):
            raise RuleViolation("login_wrong")
        if sessions.person_of(visit.book, subject) is None:
            raise RuleViolation("login_wrong")
    except RuleViolation as rule:
        visit.fault(rule)
        status = 429 if rule.code in ("login_locked", "login_throttled") else 422
        return visit.page("login.html", status=status, office=office)
    return _come_in(visit, subject)


def _wait(visit: Visit) -> None:
    client = visit.request.client
    seconds = throttle.seconds_to_wait(visit.book, f"login:{client.host if client else ''}")
    if seconds is not None:
        raise RuleViolation("login_throttled", seconds=seconds)


def _come_in(visit: Visit, subject: str) -> Response:
    """A new visit with a new cookie: whatever was in the browser before opens nothing."""
    person = sessions.person_of(visit.book, subject)
    assert person is not None
    if visit.session is not None:
        sessions.end(visit.book, visit.session)
    response = visit.go(HOME[person.role])
    set_cookie(visit.request, response, SESSION_COOKIE, sessions.begin(visit.book, subject))
    return response


def _at(rule: RuleViolation, name: str) -> RuleViolation:
    return RuleViolation(rule.code, **{"field": name, **rule.params})


ROUTES = (
    get("/", home),
    get("/login", show_login),
    post("/login", log_in),
    get("/office/login", show_office_login),
    post("/office/login", log_in_office),
    get("/first", show_first),
    post("/first", first),
    post("/logout", log_out, *SIGNED_IN),
    get("/password", show_password, *SIGNED_IN),
    post("/password", change_password, *SIGNED_IN),
    get("/language", choose_language),
)
