"""What is on the screen of the cashier's window, as help has to know it."""

from __future__ import annotations

from dataclasses import field

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Step
from pos_client.ui.shell.hands import Front
from pos_client.ui.shift.keys import Tab
from pos_client.ui.technician.sides import Side
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Looking:
    """What is on the screen. `identifying`: the field for a customer is open."""

    front: Front = Front.SALES
    snapshot: TerminalSnapshot | None = None
    counter: Counter = field(default_factory=Counter)
    step: Step | None = None
    identifying: bool = False
    tab: Tab = Tab.SHIFT
    side: Side = Side.LINES
    now_ms: int = 0
