"""The organisation's people: drivers and members, their first code, their right to vouchers, their locked PINs."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import challenges, invitations, passwords, pins, rights
from pos_client.sandbox.central.storage.portal_tables import members
from pos_client.sandbox.central.storage.tables import drivers
from pos_client.sandbox.portal import sessions
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Visit
from pos_client.value import dataclass

LONGEST_NAME = 80
_TABLES = {"driver": drivers, "member": members}
_PREFIX = {"driver": "LX", "member": "TV"}
_ID_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of the organisation's people, as the list shows him."""

    realm: str
    id: str
    name: str
    active: bool
    right: rights.Scope | None
    comes_in: bool
    has_pin: bool
    pin_locked: bool


def show(visit: Visit) -> Response:
    """Everybody, those who have left at the end."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """A new driver or member, with a code for the first log-in that is shown this once."""
    name, realm = " ".join(visit.field("name").split()), visit.field("realm")
    if not 0 < len(name) <= LONGEST_NAME or not any(letter.isalpha() for letter in name):
        visit.fault(RuleViolation("name_missing", field="name", most=LONGEST_NAME))
    if realm not in _TABLES:
        visit.fault(RuleViolation("choice_missing", field="realm"))
    if visit.errors:
        return _list(visit)
    person = _new_id(visit, realm)
    visit.book.db.execute(insert(_TABLES[realm]).values(id=person, account=visit.account, name=name, active=True))
    visit.note(f"{realm}_added", person)
    return _list(visit, person, invitations.invite(visit.book, f"{realm}:{person}"))


def invite(visit: Visit) -> Response:
    """A new code for somebody who lost the first one, or his password."""
    subject, person = _subject(visit)
    visit.note("invited", person)
    return _list(visit, person, invitations.invite(visit.book, subject))


def set_right(visit: Visit) -> Response:
    """Give the right to manage vouchers, or take it back (A14)."""
    subject, person = _subject(visit)
    wanted = visit.field("right")
    if wanted == "none":
        rights.withdraw(visit.book, subject)
    elif wanted in set(rights.Scope):
        rights.grant(visit.book, subject, rights.Scope(wanted))
    else:
        raise HTTPException(400)
    visit.note(f"right_{wanted}", person)
    return visit.go("/people", "right_withdrawn" if wanted == "none" else "right_granted")


def unlock(visit: Visit) -> Response:
    """A driver's PIN works again; the failures are forgotten."""
    subject, person = _subject(visit)
    challenges.unlock(visit.book, subject)
    visit.note("pin_unlocked", person)
    return visit.go("/people", "pin_unlocked")


def set_active(visit: Visit) -> Response:
    """Somebody leaves: his visits end, his code and right are gone. Or comes back, without them."""
    subject, person = _subject(visit)
    realm = visit.named("realm")
    active = visit.field("active") == "yes"
    table = _TABLES[realm]
    visit.book.db.execute(update(table).where(table.c.id == person).values(active=active))
    if not active:
        rights.withdraw(visit.book, subject)
        invitations.revoke(visit.book, subject)
        sessions.end_all(visit.book, subject)
    visit.note("reinstated" if active else "left", person)
    return visit.go("/people", "person_back" if active else "person_left")


def _list(visit: Visit, invited: str = "", code: str = "") -> Response:
    book = visit.book
    lines = []
    for realm, table in _TABLES.items():
        rows = book.db.execute(select(table).where(table.c.account == visit.account).order_by(table.c.id))
        for row in rows:
            subject = f"{realm}:{row.id}"
            lines.append(
                PersonLine(
                    realm,
                    row.id,
                    row.name,
                    row.active,
                    rights.scope_of(book, subject),
                    passwords.is_set(book, subject),
                    pins.is_set(book, subject),
                    pins.is_locked(book, subject),
                )
            )
    lines.sort(key=lambda line: (not line.active, line.realm))
    return visit.page("people.html", lines=lines, scopes=tuple(rights.Scope), invited=invited, code=code)


def _subject(visit: Visit) -> tuple[str, str]:
    """The person in the path, if he is one of this organisation's."""
    realm, person = visit.named("realm"), visit.named("person")
    table = _TABLES.get(realm)
    if table is None:
        raise HTTPException(404)
    row = visit.book.db.execute(select(table).where(table.c.id == person)).one_or_none()
    if row is None or row.account != visit.account:
        raise HTTPException(404)
    return f"{realm}:{person}", person


def _new_id(visit: Visit, realm: str) -> str:
    table = _TABLES[realm]
    while True:
        number = visit.book.dice.randrange(10 ** (_ID_DIGITS - 1), 10**_ID_DIGITS)
        made = f"{_PREFIX[realm]}-{number}"
        if visit.book.db.scalar(select(table.c.id).where(table.c.id == made)) is None:
            return made


ROUTES = (
    get("/people", show, "organisation"),
    post("/people", add, "organisation"),
    post("/people/{realm}/{person}/invite", invite, "organisation"),
    post("/people/{realm}/{person}/right", set_right, "organisation"),
    post("/people/{realm}/{person}/unlock", unlock, "organisation"),
    post("/people/{realm}/{person}/active", set_active, "organisation"),
)
