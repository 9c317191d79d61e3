"""What the customer's screen says: one question at a time, to one person, with the money in front.

Of a secret only its length is known here. Another customer's name cannot appear: names come from the snapshot of the
sale at hand alone, and nothing is kept between two snapshots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, day
from pos_client.domain.moment import VIETNAM
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.customer import outcomes, questions
from pos_client.ui.customer.view import CustomerView, Page
from pos_client.ui.wording import said_litres

_D = DialogueState

_PAGES: dict[DialogueState, Callable[[Page], CustomerView]] = {
    _D.WELCOME: questions.welcome,
    _D.MIRROR: questions.mirror,
    _D.IDENTIFY: questions.identify,
    _D.LOOKING_UP: outcomes.looking_up,
    _D.PAY: outcomes.pay,
    _D.CONFIRM: questions.confirm,
    _D.AMOUNT: questions.amount,
    _D.AMOUNT_OTHER: questions.amount_other,
    _D.SECRET: questions.secret,
    _D.KEYPAD_LOST: outcomes.keypad_lost,
    _D.WAIT: outcomes.wait,
    _D.CHOOSE_PUMP: outcomes.choose_pump,
    _D.UNKNOWN: outcomes.unknown,
    _D.RESULT: outcomes.result,
    _D.REFUSED: outcomes.refused,
    _D.OFFLINE: outcomes.offline,
}


def customer_view(words: Catalogue, snapshot: TerminalSnapshot | None, now: int, since: int) -> CustomerView:
    """The page for a snapshot. `since`: the ticks at which this dialogue state was first shown."""
    if snapshot is None:
        return CustomerView(title=words.say("customer.welcome.title"), subtitle=words.say("empty.starting"))
    view = _PAGES[snapshot.dialogue.state](Page(words, snapshot, now, since))
    place, detail = _place(words, snapshot)
    wall = snapshot.wall + timedelta(milliseconds=max(0, now - snapshot.ticks_ms))
    return replace(view, state=snapshot.dialogue.state, place=place, place_detail=detail, clock=clock(wall))


def _place(words: Catalogue, snapshot: TerminalSnapshot) -> tuple[str, str]:
    status, sale = snapshot.status, snapshot.sale
    point = snapshot.dialogue.point if snapshot.dialogue.point is not None else sale.point if sale else None
    if point is None:
        return status.station_name or status.station, day(snapshot.wall.astimezone(VIETNAM).date())
    detail = f"{sale.grade_name} · {said_litres(words, sale.volume_ml)}" if sale and sale.point == point else ""
    return words.say("customer.point", point=point), detail
