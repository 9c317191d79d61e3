"""Tiles in words, colours and shapes, and how they share the room. One snapshot in, plain values out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, money
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.services.snapshots import PointSnapshot, SaleSnapshot, TerminalSnapshot
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age, said_litres

_S = FuellingPointState
DENSE_ABOVE = 12
"""With more points than this the tiles show number, state and amount, and those that need us get a row in front."""


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
    gift: str = ""
    filled: bool = False
    selected: bool = False
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
    if point.state is _S.CALLING:
        return _calling(words, point, now)
    if point.state in DELIVERING or point.state is _S.AUTHORISED:
        return _delivering(words, point)
    if own_sale is not None:
        return _in_hand(words, point, own_sale)
    return _unpaid(words, point, now) if point.unpaid else _idle(words, point)


def _base(words: Catalogue, point: PointSnapshot, name: str, tone: Tone, shape: Shape) -> TileView:
    state = words.say(f"state.{name}")
    return TileView(
        number=int(point.point),
        tone=tone,
        shape=shape,
        state=state,
        pill=state,
        short=words.say(f"state_short.{name}") if words.knows(f"state_short.{name}") else state,
        grade=point.grade_name or (point.unpaid[0].grade_name if point.unpaid else ""),
        gift=words.say("tile.gift") if point.gift else "",
        selected=point.claimed,
        spoken=words.say("tile.spoken", number=int(point.point), state=state),
    )


def _waiting(words: Catalogue, point: PointSnapshot, view: TileView) -> TileView:
    """With the mark of sales that still wait at a point that is busy with something else."""
    if not point.unpaid:
        return view
    return replace(view, aside=words.say("tile.waiting_sales", count=len(point.unpaid)), aside_tone=Tone.ATTENTION)


def _explained(
    words: Catalogue, point: PointSnapshot, name: str, tone: Tone, shape: Shape, explanation: str
) -> TileView:
    view = replace(_base(words, point, name, tone, shape), explanation=explanation, filled=tone is Tone.DANGER)
    return _waiting(words, point, view)


def _calling(words: Catalogue, point: PointSnapshot, now: int) -> TileView:
    base = _base(words, point, "calling", Tone.ATTENTION, Shape.BELL)
    elapsed = max(0, now - point.since_ticks_ms)
    waited = age(words, elapsed) if elapsed >= 60_000 else words.say("age.short_seconds", seconds=elapsed // 1000)
    view = replace(
        base,
        pill=words.say("tile.calling_age", state=base.state, age=waited),
        foot=words.say("tile.permit"),
        key="F5",
    )
    return _waiting(words, point, view)


def _delivering(words: Catalogue, point: PointSnapshot) -> TileView:
    view = _base(words, point, *_STATES[point.state])
    if point.state in DELIVERING:
        view = replace(view, amount=money(point.amount_vnd), litres=said_litres(words, point.volume_ml))
    if point.preset_vnd:
        view = replace(
            view,
            aside=words.say("tile.preset", amount=money(point.preset_vnd)),
            progress_permille=min(1000, point.amount_vnd * 1000 // point.preset_vnd),
        )
    else:
        view = replace(view, aside=words.say("tile.full_tank"))
    if point.unpaid:
        view = replace(view, foot=words.say("tile.waiting_sales", count=len(point.unpaid)), foot_tone=Tone.ATTENTION)
    elif point.link is LinkState.DEGRADED:
        view = replace(view, foot=words.say("tile.weak"), foot_tone=Tone.UNKNOWN)
    return view


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
    oldest = point.unpaid[0]
    aside = age(words, now - oldest.since_ticks_ms)
    if len(point.unpaid) > 1:
        aside = f"{words.say('tile.waiting_sales', count=len(point.unpaid))} · {aside}"
    return replace(
        _base(words, point, "unpaid", Tone.ATTENTION, Shape.COIN),
        grade=oldest.grade_name,
        amount=money(oldest.amount_vnd),
        litres=said_litres(words, oldest.volume_ml),
        aside=aside,
        aside_tone=Tone.ATTENTION,
        foot=words.say("tile.recovered") if oldest.recovered else _weak(words, point),
        foot_tone=Tone.UNKNOWN,
        filled=True,
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


def _weak(words: Catalogue, point: PointSnapshot) -> str:
    return words.say("tile.weak") if point.link is LinkState.DEGRADED else ""


@dataclass(frozen=True, slots=True)
class NeedView:
    """A point that needs us, in the row above a dense forecourt."""

    number: int
    tone: Tone
    shape: Shape
    text: str


def needs(tiles: tuple[TileView, ...], snapshot: TerminalSnapshot) -> tuple[NeedView, ...]:
    """Points that wait for us, those that wait longest first; broken ones last. Tiles stay in their place."""
    since = {
        int(p.point): p.unpaid[0].since_ticks_ms if p.unpaid and not p.claimed else p.since_ticks_ms
        for p in snapshot.points
    }
    waiting = [t for t in tiles if t.tone in (Tone.ATTENTION, Tone.DANGER)]
    waiting.sort(key=lambda t: (t.tone is Tone.DANGER, since[t.number], t.number))
    return tuple(NeedView(t.number, t.tone, t.shape, t.amount or t.state) for t in waiting)


def grid_shape(count: int, width: int, height: int) -> tuple[int, int]:
    """(columns, rows) for `count` tiles in a room: the largest tiles of about 4:3, little left over."""
    best, best_score = (1, max(1, count)), -1
    for columns in range(1, min(count, 8) + 1):
        rows = -(-count // columns)
        tile_w, tile_h = width // columns, height // rows
        fit = min(tile_w * 3, tile_h * 4)
        score = fit * 10 - (columns * rows - count) * 60
        if score > best_score:
            best, best_score = (columns, rows), score
    return best


def tile_views(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> tuple[TileView, ...]:
    """All tiles, by number."""
    ordered = sorted(snapshot.points, key=lambda p: p.point)
    return tuple(tile_view(words, point, snapshot.sale, now) for point in ordered)
