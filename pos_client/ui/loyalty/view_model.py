"""The points panel in words. What is open, impossible or unknown is said before anybody asks."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.customer import ConsentMethod
from pos_client.domain.formatting import clock, day, money, plate, points
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.quantities import Points
from pos_client.domain.redemption import Flow
from pos_client.services.snapshots import (
    CustomerState,
    PointsPhase,
    PointsSnapshot,
    SaleSnapshot,
    TerminalSnapshot,
)
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age, notice_text, said_points, seconds_left
from pos_client.value import dataclass

_P = PointsPhase

IN_FLIGHT = frozenset({_P.HOLDING, _P.WAITING_SECRET, _P.VERIFYING, _P.UNKNOWN})
"""Points are between hold and answer: the sale's other tenders wait for it."""
AMOUNT_PHASES = frozenset({_P.HOLDING, _P.WAITING_SECRET})
"""A digit now means another number of points, not a pump."""
DYING_KEY = "E"
"""As on the panel: use exactly what dies next."""
CANCELLABLE = IN_FLIGHT | {
    _P.CONFIRM_PLATE,
    _P.SPENT_OFFLINE,
    _P.PERMIT,
    _P.ARMING,
    _P.ARMED,
    _P.REFUSED,
    _P.DONE,
    _P.GIVING_BACK,
}
"""Esc gives points back or closes the panel; not while fuel flows or a capture is under way."""
STARTABLE = frozenset({_P.OFFER, _P.SPENT_OFFLINE, _P.REFUSED, _P.IMPOSSIBLE, _P.DONE, _P.GIVING_BACK})


def can_cancel(panel: PointsSnapshot | None) -> bool:
    """Whether Esc speaks to the points panel rather than to the sale."""
    return panel is not None and panel.phase in CANCELLABLE


def can_start(snapshot: TerminalSnapshot) -> bool:
    """Whether F6 may ask for points; why it fails, if it fails, is the services' to say."""
    panel = snapshot.points_panel
    return panel is None or panel.phase in STARTABLE


def can_resend(panel: PointsSnapshot | None, now: int) -> bool:
    """Whether another OTP may be asked for at `now` (ticks)."""
    return (
        panel is not None
        and panel.phase is _P.WAITING_SECRET
        and panel.method is ConsentMethod.OTP
        and panel.resends_left > 0
        and (panel.resend_from_ticks_ms is None or now >= panel.resend_from_ticks_ms)
    )


def dying_alone(snapshot: TerminalSnapshot | None) -> Points | None:
    """The points that die next, where they are a part of what could be used: one key uses exactly them (idea 8)."""
    panel = snapshot.points_panel if snapshot is not None and snapshot.ready else None
    if panel is None or panel.phase is not _P.OFFER or not 0 < panel.dying_points < panel.points:
        return None
    return panel.dying_points


class PanelVerb(StrEnum):
    """What a key on the panel does."""

    START = "start"
    CANCEL = "cancel"
    RESEND = "resend"
    CONFIRM = "confirm"
    DYING = "dying"
    """exactly the points that die next"""


@dataclass(frozen=True, slots=True)
class PanelAction:
    """A key on the panel: what it says and does."""

    key: str
    label: str
    verb: PanelVerb
    enabled: bool = True
    primary: bool = False


@dataclass(frozen=True, slots=True)
class PanelView:
    """The points panel as drawn. `counter` is the running time or the countdown; `countdown_permille` its bar."""

    tone: Tone = Tone.NEUTRAL
    shape: Shape = Shape.GIFT
    title: str = ""
    value: str = ""
    body: str = ""
    counter: str = ""
    countdown_permille: int | None = None
    actions: tuple[PanelAction, ...] = ()


_LOOK: dict[PointsPhase, tuple[Tone, Shape]] = {
    _P.OFFER: (Tone.PROGRESS, Shape.GIFT),
    _P.HOLDING: (Tone.PROGRESS, Shape.DOTS),
    _P.WAITING_SECRET: (Tone.PROGRESS, Shape.KEYHOLE),
    _P.VERIFYING: (Tone.PROGRESS, Shape.DOTS),
    _P.UNKNOWN: (Tone.UNKNOWN, Shape.QUESTION),
    _P.CONFIRM_PLATE: (Tone.ATTENTION, Shape.QUESTION),
    _P.SPENT_OFFLINE: (Tone.UNKNOWN, Shape.TICK),
    _P.PERMIT: (Tone.ATTENTION, Shape.BELL),
    _P.ARMING: (Tone.PROGRESS, Shape.DOTS),
    _P.ARMED: (Tone.PROGRESS, Shape.KEYHOLE),
    _P.FUELLING: (Tone.PROGRESS, Shape.ARROW),
    _P.CAPTURING: (Tone.PROGRESS, Shape.DOTS),
    _P.DONE: (Tone.DONE, Shape.TICK),
    _P.GIVING_BACK: (Tone.UNKNOWN, Shape.DOTS),
    _P.REFUSED: (Tone.DANGER, Shape.CROSS),
    _P.IMPOSSIBLE: (Tone.UNKNOWN, Shape.BAR),
}
_COUNTED = frozenset({_P.HOLDING, _P.VERIFYING, _P.UNKNOWN, _P.ARMING, _P.CAPTURING, _P.GIVING_BACK})
"""Phases that wait for a machine: they show how long already."""


def panel_view(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> PanelView:
    """The panel of the sale or the gift; without one, what F6 would do or why it cannot. Nothing while nobody is named:
    the card says how somebody is."""
    panel = snapshot.points_panel
    if panel is None or panel.phase is _P.OFFER:
        return _offer(words, snapshot, panel)
    tone, shape = _LOOK[panel.phase]
    title, body = _phase_words(words, snapshot, panel)
    counter, permille = _counter(words, panel, now)
    return PanelView(
        tone,
        shape,
        title,
        words.say("panel.spend", amount=money(panel.points)) if panel.points and panel.phase is not _P.REFUSED else "",
        body,
        counter,
        permille,
        _actions(words, snapshot, panel, now),
    )


def method_words(words: Catalogue, method: ConsentMethod | None) -> str:
    """'mã OTP', 'mã PIN lái xe'."""
    return words.say(f"method.{method.value if method else 'none'}")


def _offer(words: Catalogue, snapshot: TerminalSnapshot, panel: PointsSnapshot | None) -> PanelView:
    customer, sale = snapshot.customer, snapshot.sale
    start = PanelAction("F6", words.say("panel.start"), PanelVerb.START)
    if customer is None:
        return PanelView()
    if customer.state is CustomerState.LOOKING_UP:
        return _plain(words, "looking_up", Shape.DOTS)
    if customer.state is CustomerState.UNVERIFIED:
        return _plain(words, "impossible", Shape.BAR, Tone.UNKNOWN)
    if not customer.methods:
        return _plain(words, "unusable", Shape.BAR)
    method = method_words(words, panel.method if panel and panel.method else customer.methods[0])
    if customer.by_voucher:
        return _voucher_offer(words, sale, panel, start)
    limits = [n for n in (customer.points_available, sale.due_vnd if sale else None) if n is not None]
    amount = panel.points if panel is not None and panel.points else min(limits, default=0)
    rest = sale.due_vnd - amount if sale is not None else 0
    if sale is None:
        title, body = words.say("panel.gift_offer.title"), words.say("panel.gift_offer.body", method=method)
    else:
        title = words.say("panel.offer.title")
        form = "panel.offer.body_rest" if rest > 0 else "panel.offer.body"
        body = f"{words.say(form, method=method, rest=money(rest))} {_order(words, panel)}"
    value = words.say("panel.spend", amount=money(amount)) if sale is not None and amount else ""
    enabled = sale is None or sale.due_vnd > 0
    tone = Tone.PROGRESS if enabled else Tone.NEUTRAL
    dying = dying_alone(snapshot)
    exactly = () if dying is None else (_use_exactly(words, dying),)
    return PanelView(tone, Shape.GIFT, title, value, body, actions=(start, *exactly) if enabled else ())


def _use_exactly(words: Catalogue, dying: Points) -> PanelAction:
    return PanelAction(DYING_KEY, words.say("panel.use_exactly", points=points(dying)), PanelVerb.DYING)


def _voucher_offer(
    words: Catalogue, sale: SaleSnapshot | None, panel: PointsSnapshot | None, start: PanelAction
) -> PanelView:
    """A signed voucher while central is away: what F6 will do, and that no PIN is asked for."""
    amount = panel.points if panel is not None else 0
    rest = max(0, sale.due_vnd - amount) if sale is not None else 0
    form = "body_gift" if sale is None else "body_rest" if rest else "body"
    body = words.say(f"panel.offer_voucher.{form}", rest=money(rest), amount=money(amount))
    value = words.say("panel.spend", amount=money(amount)) if sale is not None and amount else ""
    enabled = sale is None or sale.due_vnd > 0
    title = words.say("panel.offer_voucher.title")
    return PanelView(Tone.PROGRESS, Shape.GIFT, title, value, body, actions=(start,) if enabled else ())


def _order(words: Catalogue, panel: PointsSnapshot | None) -> str:
    """Which points would go first: those that die next, by their number and day when they are known (B04)."""
    if panel is None or not panel.dying_points or panel.dying_on is None:
        return words.say("panel.offer.order")
    return words.say("panel.offer.order_dying", points=points(panel.dying_points), date=day(panel.dying_on))


def _plain(words: Catalogue, name: str, shape: Shape = Shape.GIFT, tone: Tone = Tone.NEUTRAL) -> PanelView:
    return PanelView(tone, shape, words.say(f"panel.{name}.title"), "", words.say(f"panel.{name}.body"))


def _phase_words(words: Catalogue, snapshot: TerminalSnapshot, panel: PointsSnapshot) -> tuple[str, str]:
    name = panel.phase.value
    places = {
        "method": method_words(words, panel.method),
        "amount": money(panel.points),
        "plate": plate(panel.plate) if panel.plate else "",
        "point": panel.point or "",
        "time": clock(panel.confirmed_at or snapshot.wall),
        "balance": said_points(words, panel.balance_after or 0),
    }
    title = words.say(f"panel.{name}.title", **places)
    plain = panel.phase is _P.DONE and panel.balance_after is None
    body = words.say(f"panel.{name}.body_plain" if plain else f"panel.{name}.body", **places)
    if panel.reason is not None and panel.phase is _P.IMPOSSIBLE and panel.reason.code == "voucher_not_activated":
        said = notice_text(words, panel.reason)
        return said.what, said.means
    if panel.reason is not None and panel.phase is _P.WAITING_SECRET:
        return title, notice_text(words, panel.reason).what
    if panel.reason is not None and panel.phase is _P.REFUSED:
        said = notice_text(words, panel.reason)
        return said.what, said.means or body
    return title, body


def _counter(words: Catalogue, panel: PointsSnapshot, now: int) -> tuple[str, int | None]:
    left = seconds_left(panel.deadline_ticks_ms, now)
    if (
        panel.phase in (_P.WAITING_SECRET, _P.CONFIRM_PLATE, _P.PERMIT, _P.ARMED)
        and left is not None
        and panel.deadline_ticks_ms
    ):
        whole = max(1, panel.deadline_ticks_ms - panel.since_ticks_ms)
        counter = age(words, left * 1000)
        if panel.attempts_left is not None and panel.phase is _P.WAITING_SECRET:
            counter += " · " + words.say("panel.attempts", left=panel.attempts_left)
        return counter, max(0, min(1000, (panel.deadline_ticks_ms - now) * 1000 // whole))
    if panel.phase in _COUNTED:
        return age(words, now - panel.since_ticks_ms), None
    return "", None


def _actions(words: Catalogue, snapshot: TerminalSnapshot, panel: PointsSnapshot, now: int) -> tuple[PanelAction, ...]:
    phase, actions = panel.phase, []
    if phase is _P.UNKNOWN:
        due = snapshot.sale.due_vnd if snapshot.sale is not None else 0
        label = words.say("panel.continue", amount=money(due)) if due else words.say("panel.continue_plain")
        return (PanelAction("Enter", label, PanelVerb.CANCEL, primary=True),)
    if phase is _P.CONFIRM_PLATE:
        label = words.say("panel.plate_right", plate=plate(panel.plate))
        actions.append(PanelAction("Enter", label, PanelVerb.CONFIRM, primary=True))
        actions.append(PanelAction("Esc", words.say("panel.plate_wrong"), PanelVerb.CANCEL))
        return tuple(actions)
    if phase is _P.REFUSED:
        offline = snapshot.status.central is LinkState.DOWN
        actions.append(PanelAction("F6", words.say("panel.retry"), PanelVerb.START, enabled=not offline))
    if phase is _P.WAITING_SECRET and panel.method is ConsentMethod.OTP and panel.resends_left > 0:
        wait = seconds_left(panel.resend_from_ticks_ms, now) or 0
        label = words.say("panel.resend_in", seconds=wait) if wait else words.say("panel.resend")
        actions.append(PanelAction("F6", label, PanelVerb.RESEND, enabled=not wait))
    if phase in CANCELLABLE:
        held = phase in IN_FLIGHT or phase in (_P.PERMIT, _P.ARMING, _P.ARMED)
        label = words.say("panel.cancel") if held else words.say("panel.close")
        actions.append(PanelAction("Esc", label, PanelVerb.CANCEL))
    return tuple(actions)


def gift_in_hand(snapshot: TerminalSnapshot) -> bool:
    """Whether the next chosen pump is armed for gift fuel."""
    panel = snapshot.points_panel
    return panel is not None and panel.phase is _P.PERMIT and panel.flow is Flow.GIFT
