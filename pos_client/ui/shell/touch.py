"""What a touched tile means. No Qt: the snapshot decides, as it does for keys."""

from __future__ import annotations

from pos_client.domain.identifiers import PointId
from pos_client.services import messages as m
from pos_client.services.snapshots import PointSnapshot, TerminalSnapshot
from pos_client.ui.keys import Action
from pos_client.ui.loyalty.view_model import gift_in_hand
from pos_client.ui.more.availability import calls
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shell.keyboard import Keyboard


def point_touched(number: int, snapshot: TerminalSnapshot | None, keyboard: Keyboard) -> list[Action]:
    """A touched tile answers the strip's question; else it is its digit, except that a calling point without sales is
    permitted at once, and a stopped one asks why it may go on."""
    if snapshot is None or not snapshot.ready:
        return []
    answer = keyboard.point_touched(PointId(number))
    if answer is not None:
        return answer
    keyboard.step = None
    point = next((p for p in snapshot.points if p.point == number), None)
    if point is not None and not _sells(point) and not gift_in_hand(snapshot):
        if calls(point):
            return [m.AuthorisePoint(PointId(number))]
        if point.stopped:
            keyboard.ask(Step(Ask.REASON, point=PointId(number)), snapshot)
            return []
    return [m.SelectPoint(PointId(number))]


def _sells(point: PointSnapshot) -> bool:
    return bool(point.unpaid) or point.claimed
