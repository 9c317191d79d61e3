"""The review desk and the weekly list of signs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.ledger import disputes, evidence, review_desk, signals
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.ledger.review_desk import CaseKind, DeskCase
from pos_client.sandbox.portal import plots
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Paging, Visit

WEEKS = 13


def show(visit: Visit) -> Response:
    """What is to be decided, then what was."""
    asked = visit.field("kind")
    kind = CaseKind(asked) if asked in set(CaseKind) else None
    found = review_desk.cases(visit.book, kind)
    paging = Paging.of(visit, len(found))
    return visit.page(
        "office_review.html",
        cases=found[paging.offset : paging.offset + paging.size],
        paging=paging,
        kinds=tuple(CaseKind),
        undecided=sum(case.is_open for case in found),
    )


def show_case(visit: Visit) -> Response:
    """One case with everything that was decided of it."""
    case, waiting = _case(visit), _open_cases(visit)
    at = next((number for number, other in enumerate(waiting) if other.about == case.about), None)
    others = waiting if at is None else [*waiting[at + 1 :], *waiting[:at]]
    return visit.page(
        "office_case.html",
        case=case,
        kind=visit.field("kind"),
        at=at,
        waiting=len(waiting),
        following=others[0] if others else None,
        preceding=others[-1] if others else None,
        evidence=evidence.of(visit.book, case),
        needs_two=[each for each in review_desk.choices(case) if review_desk.needs_two(visit.book, case, each)],
        history=disputes.decisions_on(visit.book, case.about),
        choices=review_desk.choices(case),
    )


def decide(visit: Visit) -> Response:
    """Appended to what was decided before."""
    case = _case(visit)
    following = _after(visit, case)
    try:
        said = review_desk.decide(visit.book, case, visit.field("decision"), visit.field("note"), visit.person.subject)
    except RuleViolation as rule:
        visit.fault(rule)
        return show_case(visit)
    visit.note("decided", case.about)
    done = "proposed" if said.startswith(review_desk.PROPOSED) else "decided"
    if visit.field("then") != "next":
        return visit.go(f"/office/review/{case.about}", done)
    if following is None:
        return visit.go("/office/review", "desk_clear")
    kind = {"kind": visit.field("kind")} if visit.field("kind") else {}
    return visit.go(f"/office/review/{following.about}", done, **kind)


def show_signals(visit: Visit) -> Response:
    """The signs of a week, this one or an earlier one."""
    begins, number = _week(visit)
    found = signals.of_week(visit.book, to_ms(begins))
    return visit.page(
        "office_signals.html",
        signals=found,
        week=number,
        weeks=[(at, _begin(visit, at).date()) for at in range(WEEKS)],
        begins=begins.date(),
        ends=begins.date() + timedelta(days=6),
        limits=signals.LIMITS,
    )


def plot(visit: Visit) -> Response:
    """How many signs of each kind, week by week."""
    order = range(WEEKS - 1, -1, -1)
    counts = [Counter(each.sign for each in signals.of_week(visit.book, to_ms(_begin(visit, at)))) for at in order]
    drawn = plots.bars(
        [f"{_begin(visit, at):%d/%m}" for at in order],
        {visit.say(f"sign.{sign}.name"): [count[sign] for count in counts] for sign in signals.Sign},
    )
    return Response(drawn, media_type="image/svg+xml", headers={"Content-Security-Policy": plots.POLICY})


def _open_cases(visit: Visit) -> list[DeskCase]:
    """What is still to be decided, of the kind the person goes through."""
    asked = visit.field("kind")
    found = review_desk.cases(visit.book, CaseKind(asked) if asked in set(CaseKind) else None)
    return [case for case in found if case.is_open]


def _after(visit: Visit, case: DeskCase) -> DeskCase | None:
    """The one behind this in the row, or the first when this was the last; None: no other is left."""
    waiting = _open_cases(visit)
    at = next((number for number, other in enumerate(waiting) if other.about == case.about), -1)
    others = [other for other in (*waiting[at + 1 :], *waiting[: max(at, 0)]) if other.about != case.about]
    return others[0] if others else None


def _case(visit: Visit) -> DeskCase:
    case = review_desk.find(visit.book, visit.named("about"))
    if case is None:
        raise HTTPException(404)
    return case


def _week(visit: Visit) -> tuple[datetime, int]:
    asked = visit.field("week")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    number = min(number, WEEKS - 1)
    return _begin(visit, number), number


def _begin(visit: Visit, weeks_ago: int) -> datetime:
    """Monday 0:00 of a week."""
    today = visit.book.today
    monday = today - timedelta(days=today.weekday() + 7 * weeks_ago)
    return datetime(monday.year, monday.month, monday.day, tzinfo=VIETNAM)


ROUTES = (
    get("/office/review", show, "staff"),
    get("/office/review/{about}", show_case, "staff"),
    post("/office/review/{about}", decide, "staff"),
    get("/office/signals", show_signals, "staff"),
    get("/office/signals.svg", plot, "staff"),
)
