"""Who stands in front and how tiles share the room. Tiles themselves never change places."""

from __future__ import annotations

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.forecourt.view_model import TileView
from pos_client.ui.tone import Shape, Tone
from pos_client.value import dataclass

DENSE_ABOVE = 12
"""With more points than this the tiles show number, state and amount, and those that need us get a row in front."""


@dataclass(frozen=True, slots=True)
class NeedView:
    """A point that needs us, in the row above a dense forecourt."""

    number: int
    tone: Tone
    shape: Shape
    text: str


def needs(tiles: tuple[TileView, ...], snapshot: TerminalSnapshot) -> tuple[NeedView, ...]:
    """Points that wait for us: customers who have been calling too long, then whoever waits longest, broken ones last.
    Tiles stay in their place."""
    since = {
        int(p.point): p.unpaid[0].since_ticks_ms if p.unpaid and not p.claimed else p.since_ticks_ms
        for p in snapshot.points
    }
    waiting = [t for t in tiles if t.tone in (Tone.ATTENTION, Tone.DANGER)]
    waiting.sort(key=lambda t: (not t.rises, t.tone is Tone.DANGER, since[t.number], t.number))
    return tuple(NeedView(t.number, t.tone, t.shape, t.amount or t.pill) for t in waiting)


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
