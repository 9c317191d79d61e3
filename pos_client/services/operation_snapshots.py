"""What screens show of finished uses and credits of points, and of a PIN that is being asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_client.domain.quantities import Points
from pos_client.domain.staff import CODE_DIGITS, Deed
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.ports.central import Undone


class OperationState(StrEnum):
    """Where an operation stands for whoever would undo it."""

    WAITING = "waiting"
    """told to central, not answered yet"""
    DONE = "done"
    REFUSED = "refused"
    """central never did it: there is nothing to undo"""
    REVERSING = "reversing"
    REVERSED = "reversed"


REVERSIBLE = frozenset({OperationState.WAITING, OperationState.DONE})


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One use or credit of points. `points` as the customer feels them: earned +, spent -. `problem`: why central
    would not undo it."""

    operation: Undone
    operation_id: str
    at: datetime
    points: Points
    state: OperationState
    receipt_number: str = ""
    masked_customer: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StaffAsk:
    """Somebody is to prove himself: for what, and how much of number and PIN is typed. Never the digits."""

    deed: Deed
    typed: int = 0
    digits: int = CODE_DIGITS
