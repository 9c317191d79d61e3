"""A whole terminal without windows on real lines: its books in a folder, head office out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId
from pos_client.services.snapshots import LineSnapshot, PointSnapshot, TerminalSnapshot
from pos_client.settings.model import CentralSettings, LineSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS
from tests.fakes.dispenser_site import GRADES
from tests.waiting import eventually

PATIENCE_S = 20.0


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

    def fuellings(self, point: PointId) -> list[f.FuellingCompleted]:
        """What the journal has of a point."""
        with open_reader(self.site.journal) as reader:
            facts = [entry.fact for entry in reader.everything()]
        return [fact for fact in facts if isinstance(fact, f.FuellingCompleted) and fact.point == point]


@contextmanager
def running_till(folder: Path, *lines: LineSettings) -> Iterator[Till]:
    """From its start until its end; a fault of a thread fails the test."""
    settings = Settings(
        station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"),
        central=CentralSettings(url="http://127.0.0.1:1"),
        grades=GRADES,
        lines=lines,
        secrets_backend=SANDBOX_SECRETS,
    )
    shown: list[TerminalSnapshot] = []
    faults: list[BaseException] = []
    site = Site(folder)
    system = TerminalSystem(settings, site, shown.append, faults.append)
    system.start()
    try:
        yield Till(system, site, shown, faults)
    finally:
        system.stop()
    assert faults == []
