"""What is practised, and when it is done: read off the snapshots the screens show, as a trainer would. No Qt.

An exercise is begun, sees snapshots until it is done, and keeps its tick from then on. Stages that have to come one
after the other are a tuple of conditions; what was met stays met.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.domain.tender import TenderKind
from pos_client.services.snapshots import PointsPhase, TerminalSnapshot
from pos_client.value import dataclass

Seen = Callable[[TerminalSnapshot, TerminalSnapshot], bool]
"""(what was on the screen when the exercise began, what is there now)."""


def _sold(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    if now.receipt is None:
        return False
    return began.receipt is None or began.receipt.receipt_number != now.receipt.receipt_number


def _sold_by(kind: TenderKind) -> Seen:
    def sold(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
        return _sold(began, now) and now.receipt is not None and any(t.kind is kind for t in now.receipt.tenders)

    return sold


def _earned(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return _sold(began, now) and now.receipt is not None and now.receipt.earned is not None


def _offline(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return now.status.central is LinkState.DOWN


def _sold_offline(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return _sold(began, now) and _offline(began, now)


def _unknown(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return now.points_panel is not None and now.points_panel.phase is PointsPhase.UNKNOWN


def _wrong_code(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return now.points_panel is not None and now.points_panel.attempts_left in (1, 2)


def _no_paper(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return now.status.printer_trouble is PrinterTrouble.PAPER_OUT


def _paper(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return now.status.printer_trouble is None


def _stopped(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return any(point.stopped for point in now.points)


def _going_on(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return not _stopped(began, now)


def _driven_off(began: TerminalSnapshot, now: TerminalSnapshot) -> bool:
    return len(now.drive_offs) > len(began.drive_offs)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is let go wrong when an exercise begins: of central, with what it takes; or the paper."""

    central: str = ""
    times: int = 0
    match: str = ""
    seconds: int = 3
    paper: bool = False


EXERCISES: dict[str, tuple[Seen, ...]] = {
    "cash": (_sold_by(TenderKind.CASH),),
    "earn": (_earned,),
    "points": (_sold_by(TenderKind.POINTS),),
    "wrong_code": (_wrong_code, _sold),
    "late_answer": (_unknown, _sold),
    "offline": (_offline, _sold_offline),
    "no_paper": (_no_paper, _paper),
    "stop": (_stopped, _going_on),
    "drive_off": (_driven_off,),
}
"""Name (its words are under `training.exercise`) -> what has to be seen, one after the other."""
FAULTS: dict[str, Fault] = {
    "late_answer": Fault("slow", 1, "/verify", 30),
    "offline": Fault("down"),
    "no_paper": Fault(paper=True),
}


@dataclass(slots=True)
class Drill:
    """One person's exercises: which one is being done, and which have their tick."""

    done: set[str] = field(default_factory=set)
    current: str = ""
    _began: TerminalSnapshot | None = None
    _stage: int = 0

    def begin(self, name: str, now: TerminalSnapshot | None) -> None:
        """Start an exercise, or start it again."""
        self.current, self._began, self._stage = name, now, 0

    def see(self, now: TerminalSnapshot) -> bool:
        """Look at what is on the screen; whether the exercise at hand was finished by it."""
        if not self.current:
            return False
        if self._began is None:
            self._began = now
        stages = EXERCISES[self.current]
        while self._stage < len(stages) and stages[self._stage](self._began, now):
            self._stage += 1
        if self._stage < len(stages):
            return False
        self.done.add(self.current)
        self.current = ""
        return True
