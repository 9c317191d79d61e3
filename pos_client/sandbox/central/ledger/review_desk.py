"""What head office has to look at: fuel without a hold, disputes, sales that do not earn before somebody has looked at
them, sales somebody claimed twice.

Cases are found in the ledger, never made by hand; what is decided of one is appended, and the last decision stands.
Two decisions move points themselves, each once: of a sale under review, that it earns or does not (`accrual_review`);
of a hold a station has long been silent about, that the customer has his points back (`redemption_timers`). From
`TWO_PEOPLE_FROM` points on, the first person's yes is a proposal, and another person's same yes carries it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, not_, or_, select

from pos_client.domain.errors import RuleViolation
from pos_client.protocols.central.shift_messages import SHIFT_MISMATCH
from pos_client.sandbox.central.ledger import accrual_review, redemption_timers, traps
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.portal_tables import case_decisions, disputes
from pos_client.sandbox.central.storage.tables import accruals, idempotency, incidents
from pos_client.value import dataclass

WINDOW_S = 90 * 86_400
MOST_OF_A_KIND = 2_000
LONGEST_NOTE = 1_000
ALREADY_ACCRUED = b'"sale-already-accrued"'


class CaseKind(StrEnum):
    """Why something lies on the desk."""

    SHORTFALL = "shortfall"
    FOREIGN = "foreign"
    """a terminal spoke of a hold that is another one's"""
    SUSPENSE = "suspense"
    """a station that was given consent and has said nothing since"""
    TERMINAL = "terminal"
    """taken from a terminal that was not in good standing, or stood elsewhere"""
    TRAP = "trap"
    """somebody named a customer whom nobody is"""
    DISPUTED = "disputed"
    ACCRUAL = "accrual"
    DUPLICATE = "duplicate"
    SHIFT = "shift"


class Decision(StrEnum):
    """What head office says. Stored by name."""

    POINTS_RETURNED = "points_returned"
    STATION_PAYS = "station_pays"
    PROGRAMME_PAYS = "programme_pays"
    NO_FAULT = "no_fault"
    INVESTIGATE = "investigate"
    CREDITED = "credited"
    REFUSED = "refused"


MOVES_POINTS = {Decision.CREDITED: True, Decision.REFUSED: False}
"""Said of a sale under review alone: whether it earns."""
TWO_PEOPLE_FROM = 100_000
"""Points: more than one tank of fuel earns or is given for."""
PROPOSED = "proposed_"
"""Stands before a decision that waits for a second person."""


def needs_two(book: Book, case: DeskCase, decision: str) -> bool:
    """Whether this decision gives so many points that one person does not decide it alone."""
    if case.kind is CaseKind.ACCRUAL and decision == Decision.CREDITED:
        due = book.db.scalar(select(accruals.c.points_due).where(accruals.c.id == case.who))
        return int(due or 0) >= TWO_PEOPLE_FROM
    gives_back = case.kind is CaseKind.SUSPENSE and decision == Decision.POINTS_RETURNED
    return gives_back and case.amount_vnd >= TWO_PEOPLE_FROM


def choices(case: DeskCase) -> tuple[Decision, ...]:
    """What may be decided of this one."""
    if case.kind is CaseKind.ACCRUAL:
        return (*MOVES_POINTS, Decision.INVESTIGATE)
    return tuple(each for each in Decision if each not in MOVES_POINTS)


@dataclass(frozen=True, slots=True)
class DeskCase:
    """Something to decide. `about` names it for ever; `decision` is the last one."""

    about: str
    kind: CaseKind
    at_ms: int
    place: str
    who: str
    amount_vnd: int
    words: str
    decision: str | None = None

    @property
    def is_open(self) -> bool:
        """Nobody has decided it, or one person has and another has to."""
        return self.decision is None or self.decision.startswith(PROPOSED)


def cases(book: Book, kind: CaseKind | None = None) -> list[DeskCase]:
    """All of the last ninety days, newest first; those nobody decided before the others."""
    decided = _last_decisions(book)
    found = []
    for each, look in _LOOK.items():
        if kind is None or kind is each:
            found += [_with(case, decided.get(case.about)) for case in look(book)]
    return sorted(found, key=lambda case: (not case.is_open, -case.at_ms, case.about))


def find(book: Book, about: str) -> DeskCase | None:
    """One of them."""
    return next((case for case in cases(book) if case.about == about), None)


def decide(book: Book, case: DeskCase, decision: str, note: str, actor: str) -> str:
    """Append a decision; points move with it where it says so. What was recorded: the decision, or its proposal.

    Raises `RuleViolation`: `choice_missing`, `note_missing`, `case_closed`, `second_person`.
    """
    if decision not in choices(case):
        raise RuleViolation("choice_missing", field="decision")
    if not 0 < len(note) <= LONGEST_NOTE:
        raise RuleViolation("note_missing", field="note", most=LONGEST_NOTE)
    said = decision
    if needs_two(book, case, decision):
        _check_not_carried_out(book, case)
        before = _last_on(book, case.about)
        if before is None or before.decision != PROPOSED + decision:
            said = PROPOSED + decision
        elif before.actor == actor:
            raise RuleViolation("second_person", field="decision")
    if said == decision:
        _carry_out(book, case, decision, note)
    book.db.execute(
        insert(case_decisions).values(about=case.about, decision=said, note=note, actor=actor, at_ms=book.now_ms)
    )
    return said


def _carry_out(book: Book, case: DeskCase, decision: str, note: str) -> None:
    if decision in MOVES_POINTS:
        accrual_review.settle(book, case.who, credit=MOVES_POINTS[Decision(decision)])
    elif case.kind is CaseKind.SUSPENSE and decision == Decision.POINTS_RETURNED:
        _check_not_carried_out(book, case)
        redemption_timers.release(book, case.who, note)


def _check_not_carried_out(book: Book, case: DeskCase) -> None:
    """Points move once: by a decision, by the station, or by time. Raises `RuleViolation` (`case_closed`)."""
    if case.kind is CaseKind.ACCRUAL:
        state = book.db.scalar(select(accruals.c.state).where(accruals.c.id == case.who))
        waits = state == accrual_review.REVIEW
    else:
        held = redemption_timers.load(book, case.who)
        waits = held is not None and held.state == State.SUSPENSE
    if not waits:
        raise RuleViolation("case_closed", field="decision")


_KIND_OF_INCIDENT = (
    ("shortfall:", CaseKind.SHORTFALL),
    ("foreign:", CaseKind.FOREIGN),
    ("suspense", CaseKind.SUSPENSE),
    (f"{traps.WORD}:", CaseKind.TRAP),
    (SHIFT_MISMATCH, CaseKind.SHIFT),
    ("", CaseKind.TERMINAL),
)
"""How an incident's word begins; the first that fits."""


def _noted(book: Book, kind: CaseKind) -> Iterator[DeskCase]:
    for row in _recent(book, incidents, _is_of(kind)):
        yield DeskCase(f"incident:{row.id}", kind, row.at_ms, row.station, row.redemption_id, row.amount_vnd, row.kind)


def _is_of(kind: CaseKind) -> ColumnElement[bool]:
    """Incidents of this kind: the database looks, so that many of one kind do not hide another."""
    word = incidents.c.kind
    begins = [word.startswith(start) for start, of in _KIND_OF_INCIDENT if of is kind and start]
    if begins:
        return or_(*begins)
    return and_(*(not_(word.startswith(start)) for start, _ in _KIND_OF_INCIDENT if start))


def _disputes(book: Book) -> Iterator[DeskCase]:
    for row in _recent(book, disputes):
        yield DeskCase(f"dispute:{row.id}", CaseKind.DISPUTED, row.at_ms, "", row.account, 0, row.words)


def _under_review(book: Book) -> Iterator[DeskCase]:
    for row in _recent(book, accruals, accruals.c.review_code.is_not(None)):
        yield DeskCase(
            f"accrual:{row.id}"[:80],
            CaseKind.ACCRUAL,
            row.at_ms,
            row.station,
            row.id,
            row.amount_vnd,
            row.review_code,
        )


def _duplicates(book: Book) -> Iterator[DeskCase]:
    """Refusals central has stored: a sale that earned already was claimed again, under another key."""
    rows = book.db.execute(
        select(idempotency)
        .where(idempotency.c.status == 409, idempotency.c.at_ms > book.now_ms - WINDOW_S * 1000)
        .order_by(idempotency.c.at_ms.desc())
        .limit(MOST_OF_A_KIND)
    )
    for row in rows:
        if ALREADY_ACCRUED in row.body:
            name = hashlib.sha256(f"{row.terminal}\n{row.key}".encode()).hexdigest()[:24]
            yield DeskCase(f"duplicate:{name}", CaseKind.DUPLICATE, row.at_ms, row.terminal, "", 0, row.key)


_INCIDENTS = tuple(kind for _, kind in _KIND_OF_INCIDENT)
_LOOK: dict[CaseKind, Callable[[Book], Iterator[DeskCase]]] = {
    **{kind: partial(_noted, kind=kind) for kind in _INCIDENTS},
    CaseKind.DISPUTED: _disputes,
    CaseKind.ACCRUAL: _under_review,
    CaseKind.DUPLICATE: _duplicates,
}


def _recent(book: Book, table: Any, *which: ColumnElement[bool]) -> Iterator[Row[Any]]:
    since = book.now_ms - WINDOW_S * 1000
    yield from book.db.execute(
        select(table).where(table.c.at_ms > since, *which).order_by(table.c.at_ms.desc()).limit(MOST_OF_A_KIND)
    )


def _last_on(book: Book, about: str) -> Row[Any] | None:
    mine = select(case_decisions).where(case_decisions.c.about == about).order_by(case_decisions.c.id.desc())
    return book.db.execute(mine.limit(1)).one_or_none()


def _last_decisions(book: Book) -> dict[str, str]:
    last = select(func.max(case_decisions.c.id)).group_by(case_decisions.c.about)
    rows = book.db.execute(select(case_decisions).where(case_decisions.c.id.in_(last)))
    return {row.about: row.decision for row in rows}


def _with(case: DeskCase, decision: str | None) -> DeskCase:
    return DeskCase(case.about, case.kind, case.at_ms, case.place, case.who, case.amount_vnd, case.words, decision)
