"""Tiles in words, colours and shapes. One snapshot in, plain values out."""

from __future__ import annotations

from dataclasses import replace

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, money
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.domain.sale_type import SaleType
from pos_client.services.snapshots import PointSnapshot, PriceMark, SaleSnapshot, TerminalSnapshot, UnpaidFuelling
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age, said_litres, seconds_left
from pos_client.value import dataclass

_S = FuellingPointState


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile. `filled`: the whole tile takes the tone's ground. `progress_permille`: share of the preset."""

    number: int
    tone: Tone
    shape: Shape
    state: str
    pill: str
    short: str = ""
    grade: str = ""
    amount: str = ""
    litres: str = ""
    foot: str = ""
    foot_tone: Tone = Tone.NEUTRAL
    past: str = ""
    """the last sale's amount, quiet"""
    aside: str = ""
    aside_tone: Tone = Tone.NEUTRAL
    key: str = ""
    explanation: str = ""
    progress_permille: int | None = None
    mark: str = ""
    """what is special about this delivery: points turn into fuel, or the litres go back into the tank"""
    mark_shape: Shape = Shape.GIFT
    filled: bool = False
    selected: bool = False
    rises: bool = False
    spoken: str = ""


_STATES: dict[FuellingPointState, tuple[str, Tone, Shape]] = {
    _S.IDLE: ("idle", Tone.NEUTRAL, Shape.RING),
    _S.CALLING: ("calling", Tone.ATTENTION, Shape.BELL),
    _S.AUTHORISED: ("authorised", Tone.PROGRESS, Shape.KEYHOLE),
    _S.STARTED: ("started", Tone.PROGRESS, Shape.KEYHOLE),
    _S.SUSPENDED_STARTED: ("suspended", Tone.UNKNOWN, Shape.PAUSE),
    _S.FUELLING: ("fuelling", Tone.PROGRESS, Shape.ARROW),
    _S.SUSPENDED_FUELLING: ("suspended", Tone.UNKNOWN, Shape.PAUSE),
    _S.CLOSED: ("closed", Tone.NEUTRAL, Shape.BAR),
    _S.INOPERATIVE: ("inoperative", Tone.DANGER, Shape.BANG),
}


def tile_view(words: Catalogue, point: PointSnapshot, sale: SaleSnapshot | None, now: int) -> TileView:
    """One fuelling point as its tile says it. `sale` is the open one; only the claimed point shows its figures."""
    own_sale = sale if point.claimed and sale is not None and sale.point == point.point else None
    match point.link:
        case LinkState.DOWN:
            said = words.say("tile.lost", age=age(words, now - point.since_ticks_ms))
            return _explained(words, point, "lost", Tone.DANGER, Shape.CROSS, said)
        case LinkState.PROBING:
            return _explained(words, point, "probing", Tone.NEUTRAL, Shape.DOTS, words.say("tile.probing"))
    if point.state in (_S.INOPERATIVE, _S.CLOSED):
        name, tone, shape = _STATES[point.state]
        return _explained(words, point, name, tone, shape, words.say(f"tile.{name}"))
    idle = point.state is _S.IDLE
    if idle and own_sale is not None:
        return _in_hand(words, point, own_sale)
    if idle and point.unpaid:
        return _unpaid(words, point, now) if _free(point) else _held(words, point, point.unpaid[0], now)
    if point.stopped:
        return _stopped(words, point)
    if point.price_mismatch and (idle or point.state is _S.CALLING):
        return _mispriced(words, point, now)
    if point.state is _S.CALLING:
        return _calling(words, point, now)
    return _idle(words, point) if idle else _delivering(words, point)


def _base(words: Catalogue, point: PointSnapshot, name: str, tone: Tone, shape: Shape) -> TileView:
    state = words.say(f"state.{name}")
    test = point.sale_type is SaleType.PUMP_TEST
    return TileView(
        number=int(point.point),
        tone=tone,
        shape=shape,
        state=state,
        pill=state,
        short=words.say(f"state_short.{name}") if words.knows(f"state_short.{name}") else state,
        grade=point.grade_name or (point.unpaid[0].grade_name if point.unpaid else ""),
        mark=words.say("tile.gift") if point.gift else words.say("tile.pump_test") if test else "",
        mark_shape=Shape.GIFT if point.gift else Shape.LOOP,
        selected=point.claimed,
        spoken=words.say("tile.spoken", number=int(point.point), state=state),
    )


def _waiting(words: Catalogue, point: PointSnapshot, view: TileView) -> TileView:
    """With the mark of sales that still wait at a point that is busy with something else."""
    count = len(_free(point))
    if not count:
        return view
    return replace(view, aside=words.say("tile.waiting_sales", count=count), aside_tone=Tone.ATTENTION)


def _free(point: PointSnapshot) -> tuple[UnpaidFuelling, ...]:
    """Fuellings no other till has in hand, oldest first."""
    return tuple(u for u in point.unpaid if not u.holder)


def _explained(
    words: Catalogue, point: PointSnapshot, name: str, tone: Tone, shape: Shape, explanation: str
) -> TileView:
    view = replace(_base(words, point, name, tone, shape), explanation=explanation, filled=tone is Tone.DANGER)
    return _waiting(words, point, view)


def _calling(words: Catalogue, point: PointSnapshot, now: int) -> TileView:
    base = _base(words, point, "calling", Tone.ATTENTION, Shape.BELL)
    view = replace(
        base,
        pill=words.say("tile.calling_age", state=base.state, age=_waited(words, point, now)),
        foot=words.say("tile.rises" if point.rises else "tile.permit"),
        foot_tone=Tone.ATTENTION if point.rises else Tone.NEUTRAL,
        key="F5",
        filled=point.rises,
        rises=point.rises,
    )
    return _waiting(words, point, view)


def _waited(words: Catalogue, point: PointSnapshot, now: int) -> str:
    elapsed = max(0, now - point.since_ticks_ms)
    return age(words, elapsed) if elapsed >= 60_000 else words.say("age.short_seconds", seconds=elapsed // 1000)


def _mispriced(words: Catalogue, point: PointSnapshot, now: int) -> TileView:
    """A price at the pump is not the list's: nobody is permitted here; a customer who calls all the same is said."""
    view = _explained(words, point, "mispriced", Tone.DANGER, Shape.BANG, words.say("tile.mispriced"))
    if point.state is not _S.CALLING:
        return view
    calling = words.say("tile.calling_age", state=words.say("state.calling"), age=_waited(words, point, now))
    return replace(view, aside=calling, aside_tone=Tone.DANGER)


def _stopped(words: Catalogue, point: PointSnapshot) -> TileView:
    """Stopped by us: what has flowed, and how it goes on."""
    view = replace(_base(words, point, "stopped", Tone.ATTENTION, Shape.PAUSE), filled=True)
    if point.volume_ml and point.state in DELIVERING:
        view = replace(
            view,
            amount=money(point.amount_vnd),
            litres=said_litres(words, point.volume_ml),
            foot=words.say("tile.restart"),
            foot_tone=Tone.ATTENTION,
            key="F12 R",
        )
    else:
        view = replace(view, explanation=words.say("tile.stopped"))
    return _waiting(words, point, view)


def _delivering(words: Catalogue, point: PointSnapshot) -> TileView:
    view = _base(words, point, *_STATES[point.state])
    if point.state in DELIVERING:
        view = replace(view, amount=money(point.amount_vnd), litres=said_litres(words, point.volume_ml))
    if point.preset_vnd or point.preset_ml:
        limit = money(point.preset_vnd) if point.preset_vnd else said_litres(words, point.preset_ml or 0)
        view = replace(view, aside=words.say("tile.preset", amount=limit), progress_permille=_progress(point))
    elif point.sale_type is SaleType.SALE:
        view = replace(view, aside=words.say("tile.full_tank"))
    if count := len(_free(point)):
        return replace(view, foot=words.say("tile.waiting_sales", count=count), foot_tone=Tone.ATTENTION)
    return replace(view, foot=_worry(words, point), foot_tone=Tone.UNKNOWN)


def _progress(point: PointSnapshot) -> int:
    """Share of the preset that has flowed, in thousandths."""
    if point.preset_vnd:
        return min(1000, point.amount_vnd * 1000 // point.preset_vnd)
    return min(1000, point.volume_ml * 1000 // (point.preset_ml or 1))


def _worry(words: Catalogue, point: PointSnapshot) -> str:
    """What is wrong at a point that works all the same."""
    if point.price_mismatch:
        return words.say("tile.mispriced_short")
    return words.say("tile.weak") if point.link is LinkState.DEGRADED else ""


def _in_hand(words: Catalogue, point: PointSnapshot, sale: SaleSnapshot) -> TileView:
    view = replace(
        _base(words, point, "claimed", Tone.ATTENTION, Shape.COIN),
        grade=sale.grade_name,
        amount=money(sale.amount_vnd),
        litres=said_litres(words, sale.volume_ml),
        filled=True,
    )
    return _waiting(words, point, view)


def _unpaid(words: Catalogue, point: PointSnapshot, now: int) -> TileView:
    free = _free(point)
    oldest, aside = free[0], age(words, now - free[0].since_ticks_ms)
    if len(free) > 1:
        aside = f"{words.say('tile.waiting_sales', count=len(free))} · {aside}"
    return replace(
        _base(words, point, "unpaid", Tone.ATTENTION, Shape.COIN),
        grade=oldest.grade_name,
        amount=money(oldest.amount_vnd),
        litres=said_litres(words, oldest.volume_ml),
        aside=aside,
        aside_tone=Tone.ATTENTION,
        foot=_doubt(words, point, oldest),
        foot_tone=Tone.UNKNOWN,
        filled=True,
    )


def _doubt(words: Catalogue, point: PointSnapshot, fuelling: UnpaidFuelling) -> str:
    """What must be known of a fuelling before it is sold, the weightiest first."""
    if fuelling.recovered:
        return words.say("tile.recovered")
    if fuelling.price_mark is not PriceMark.NONE:
        return words.say(f"tile.price_{fuelling.price_mark.value}")
    if point.stopped:
        return words.say("tile.stopped_short")
    return _worry(words, point)


def _held(words: Catalogue, point: PointSnapshot, fuelling: UnpaidFuelling, now: int) -> TileView:
    """Another till sells it; nothing for us to do, until its time is over."""
    left = seconds_left(fuelling.held_until_ticks_ms, now)
    until = "" if left is None else words.say("tile.held_until", age=age(words, left * 1000))
    return replace(
        _base(words, point, "held", Tone.NEUTRAL, Shape.LOCK),
        pill=words.say("tile.held", till=fuelling.holder),
        short=words.say("tile.held_short", till=fuelling.holder),
        grade=fuelling.grade_name,
        amount=money(fuelling.amount_vnd),
        litres=said_litres(words, fuelling.volume_ml),
        foot=until,
    )


def _idle(words: Catalogue, point: PointSnapshot) -> TileView:
    view = replace(_base(words, point, "idle", Tone.NEUTRAL, Shape.RING), foot=words.say("tile.nothing_yet"))
    if point.link is LinkState.DEGRADED:
        return replace(view, foot=words.say("tile.weak"), foot_tone=Tone.UNKNOWN)
    if point.reconciled:
        return replace(view, foot=words.say("tile.reconciled"), foot_tone=Tone.DONE)
    if point.last_at is not None and point.last_amount_vnd is not None:
        last = words.say("tile.last", time=clock(point.last_at))
        return replace(view, foot=last, past=money(point.last_amount_vnd))
    return view


def tile_views(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> tuple[TileView, ...]:
    """All tiles, by number."""
    ordered = sorted(snapshot.points, key=lambda p: p.point)
    return tuple(tile_view(words, point, snapshot.sale, now) for point in ordered)
