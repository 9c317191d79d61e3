"""What the rarer keys may do now, and if not, why: a word of the catalogue under `more.why`, "" when they may."""

from __future__ import annotations

from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, FuellingPointState, LinkState
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import PointSnapshot, PointsPhase, TerminalSnapshot
from pos_client.settings.model import CounterSettings
from pos_client.value import dataclass

_SETTLED = frozenset({PointsPhase.OFFER, PointsPhase.REFUSED, PointsPhase.IMPOSSIBLE})
"""Phases of the points panel that leave a sale untouched."""
CLOSING = frozenset({ShiftPhase.READING, ShiftPhase.COUNTING})
IN_HAND = CLOSING | {ShiftPhase.OPENING, ShiftPhase.OPEN}
"""Phases of a shift that somebody works in."""


@dataclass(frozen=True, slots=True)
class Counter:
    """What of the settings the keys need. `technician`: there is a page for him."""

    quick_presets: tuple[int, ...] = CounterSettings().quick_presets
    tills: tuple[str, ...] = ()
    technician: bool = True


def may_authorise(point: PointSnapshot) -> bool:
    """Whether the next delivery may be permitted here, as far as a screen can tell."""
    return (
        point.link is not LinkState.DOWN
        and point.link is not LinkState.PROBING
        and point.state in CAN_AUTHORISE
        and not point.price_mismatch
        and not point.stopped
    )


def calls(point: PointSnapshot) -> bool:
    """Whether a customer holds the nozzle here and may be permitted."""
    return point.state is FuellingPointState.CALLING and may_authorise(point)


def sale_untouched(snapshot: TerminalSnapshot) -> str:
    """Why the open sale cannot be given away, or "": nothing was taken for it and no points are held."""
    sale, panel = snapshot.sale, snapshot.points_panel
    if sale is None:
        return "no_sale"
    if sale.tenders:
        return "has_payments"
    if panel is not None and panel.phase not in _SETTLED:
        return "points_held"
    return ""


def hand_over(snapshot: TerminalSnapshot, counter: Counter) -> str:
    """Why the open sale cannot go to another till."""
    return sale_untouched(snapshot) or ("" if counter.tills else "no_tills")


def pump_test(snapshot: TerminalSnapshot) -> str:
    """Why neither the open sale nor a pump's next delivery can be a test."""
    untouched = sale_untouched(snapshot)
    if not untouched or any(may_authorise(p) for p in snapshot.points):
        return ""
    return untouched if snapshot.sale is not None else "no_pump_ready"


def stopped(snapshot: TerminalSnapshot) -> tuple[PointSnapshot, ...]:
    """Points that were stopped by us and wait to go on."""
    return tuple(p for p in snapshot.points if p.stopped)


def restart(snapshot: TerminalSnapshot) -> str:
    """Why nothing can be let go on."""
    return "" if stopped(snapshot) else "none_stopped"


def authorise_all(snapshot: TerminalSnapshot) -> str:
    """Why nobody can be permitted."""
    return "" if any(calls(p) for p in snapshot.points) else "nobody_calls"


def stop_one(snapshot: TerminalSnapshot) -> str:
    """Why there is no pump to stop."""
    busy = any(p.state in DELIVERING or p.state is FuellingPointState.AUTHORISED for p in snapshot.points)
    return "" if busy else "none_running"


def drive_offs(snapshot: TerminalSnapshot) -> str:
    """Why nobody can have come back."""
    return "" if snapshot.drive_offs else "no_drive_offs"


def shift_open(snapshot: TerminalSnapshot) -> bool:
    """Whether somebody's shift is in hand."""
    return snapshot.shift is not None and snapshot.shift.phase in IN_HAND
