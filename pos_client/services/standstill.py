"""Whether the program could be exchanged now without anybody noticing: between shifts, with nothing under way."""

from __future__ import annotations

from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.shift import ShiftPhase
from pos_client.services.snapshots import DialogueState, TerminalSnapshot

AT_REST = frozenset({FuellingPointState.IDLE, FuellingPointState.CLOSED, FuellingPointState.INOPERATIVE})


def stands_still(snapshot: TerminalSnapshot) -> bool:
    """No shift, no sale in hand, no customer asked anything, no hose out that we hear of, nobody proving himself.

    Fuellings that wait to be paid do not matter: they are in the books, and the next start shows them again.
    """
    return (
        snapshot.ready
        and (snapshot.shift is None or snapshot.shift.phase is ShiftPhase.CLOSED)
        and snapshot.sale is None
        and snapshot.points_panel is None
        and snapshot.dialogue.state is DialogueState.WELCOME
        and snapshot.staff_ask is None
        and snapshot.point_test is None
        and all(point.state in AT_REST and not point.gift for point in snapshot.points)
    )
