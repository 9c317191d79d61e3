"""A whole terminal without windows on real lines: its books in a folder, head office out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId
from pos_client.services import messages as m
from pos_client.services.snapshots import LineSnapshot, Notice, PointSnapshot, TerminalSnapshot
from pos_client.settings.model import (
    CentralSettings,
    GradeSettings,
    LineSettings,
    PrinterSettings,
    Settings,
    StationSettings,
)
from pos_client.settings.options import SANDBOX_SECRETS
from tests.fakes.dispenser_site import GRADES
from tests.waiting import eventually

Fact = TypeVar("Fact")
PATIENCE_S = 20.0
NOBODY = CentralSettings(url="http://127.0.0.1:1")


@dataclass
class Till:
    """The terminal, and what it shows."""

    system: TerminalSystem
    site: Site
    shown: list[TerminalSnapshot] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    @property
    def seen(self) -> TerminalSnapshot:
        return self.shown[-1]

    def point(self, number: int) -> PointSnapshot:
        return next(point for point in self.seen.points if point.point == number)

    def line(self, name: str) -> LineSnapshot:
        return next(line for line in self.seen.status.lines if line.name == name)

    def until(self, so: Callable[[], object], what: str) -> None:
        eventually(so, PATIENCE_S, what=what)
        assert self.faults == []

    def said(self) -> set[str]:
        """Every notice so far."""
        return {shown.notice.code for shown in list(self.shown) if shown.notice is not None}

    def until_said(self, code: str) -> None:
        self.until(lambda: code in self.said(), f"it says {code}")

    def refuses_points(self, code: str) -> None:
        """F6 is answered with the reason, once every message before it was read."""
        while (read := self.seen.notice) is not None:
            self.system.post(m.DismissMessage())
            self.until(partial(self._has_gone, read), "the notice is gone")
        before = len(self.shown)
        self.system.post(m.StartRedemption())
        self.until(lambda: any(one.notice is not None and one.notice.code == code for one in self.shown[before:]), code)

    def _has_gone(self, notice: Notice) -> bool:
        return self.seen.notice is not notice

    def facts(self, kind: type[Fact]) -> list[Fact]:
        """What the journal has of a kind, oldest first."""
        with open_reader(self.site.journal) as reader:
            return [entry.fact for entry in reader.everything() if isinstance(entry.fact, kind)]

    def fuellings(self, point: PointId) -> list[f.FuellingCompleted]:
        """What the journal has of a point."""
        return [fact for fact in self.facts(f.FuellingCompleted) if fact.point == point]


@contextmanager
def running_till(
    folder: Path,
    *lines: LineSettings,
    central: CentralSettings = NOBODY,
    secrets: str = SANDBOX_SECRETS,
    clock: SystemClock | None = None,
    grades: tuple[GradeSettings, ...] = GRADES,
    printer: str = "",
) -> Iterator[Till]:
    """From its start until its end; a fault of a thread fails the test."""
    settings = Settings(
        station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"),
        central=central,
        grades=grades,
        lines=lines,
        printer=PrinterSettings(printer),
        secrets_backend=secrets,
    )
    shown: list[TerminalSnapshot] = []
    faults: list[BaseException] = []
    site = Site(folder)
    system = TerminalSystem(settings, site, shown.append, faults.append, clock=clock or SystemClock())
    system.start()
    try:
        yield Till(system, site, shown, faults)
    finally:
        system.stop()
    assert faults == []
