"""What closing the till means now, a line for each thing under way: what becomes of it, and of its money."""

from __future__ import annotations

from collections.abc import Sequence

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import money
from pos_client.domain.fuelling_point import DELIVERING
from pos_client.services.snapshots import PointSnapshot, PointsPhase, TerminalSnapshot
from pos_client.ui.more.availability import CLOSING, shift_open, stopped

_UNUSED = frozenset(
    {
        *(PointsPhase.HOLDING, PointsPhase.WAITING_SECRET, PointsPhase.VERIFYING, PointsPhase.UNKNOWN),
        *(PointsPhase.CONFIRM_PLATE, PointsPhase.PERMIT, PointsPhase.GIVING_BACK),
    }
)
"""Points are asked for and no fuel has flowed for them: the next start gives them back (reliability 2.6)."""


def closing_lines(words: Catalogue, snapshot: TerminalSnapshot | None) -> tuple[str, ...]:
    """Pumps first, for they go on while nobody looks; then what is in hand, then what waits."""
    if snapshot is None:
        return ()
    lines = [line for say in (_pumps, _points, _sale, _unpaid, _shift, _queue) for line in say(words, snapshot)]
    return tuple(lines) or (words.say("more.closing.nothing"),)


def _pumps(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    running = [p for p in snapshot.points if p.state in DELIVERING and not p.gift and not p.stopped]
    gifts = [p for p in snapshot.points if p.gift]
    said = (("running", running), ("stopped", stopped(snapshot)), ("gift", gifts))
    return [words.say(f"more.closing.{name}", points=_numbers(points)) for name, points in said if points]


def _points(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    panel = snapshot.points_panel
    return [words.say("more.closing.points")] if panel is not None and panel.phase in _UNUSED else []


def _sale(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    """With money taken for it, it stays in hand; else it is given back to the forecourt (`services.recovery`)."""
    sale = snapshot.sale
    if sale is None:
        return []
    paid = sale.amount_vnd - sale.due_vnd
    name = "paying" if sale.tenders else "sale"
    return [words.say(f"more.closing.{name}", point=sale.point, amount=money(sale.amount_vnd), paid=money(paid))]


def _unpaid(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    count = sum(len(point.unpaid) for point in snapshot.points)
    return [words.say("more.closing.unpaid", count=count)] if count else []


def _shift(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    shift = snapshot.shift
    if shift is None or not shift_open(snapshot):
        return []
    name = "shift_closing" if shift.phase in CLOSING else "shift"
    return [words.say(f"more.closing.{name}", cashier=shift.cashier)]


def _queue(words: Catalogue, snapshot: TerminalSnapshot) -> list[str]:
    queue = snapshot.status.queue
    count = max(queue.waiting + queue.in_doubt, queue.tail.records)
    return [words.say("more.closing.queue", count=count)] if count else []


def _numbers(points: Sequence[PointSnapshot]) -> str:
    return ", ".join(str(point.point) for point in points)
