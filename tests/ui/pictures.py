"""Every screen in every state, brought to its scene: `python -m tests.ui.album` renders them all and looks at each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QWidget

from pos_client.domain.forecourt import Forecourt, FuellingPoint, Grade, Nozzle
from pos_client.domain.identifiers import NozzleId, PointId, StationId
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import (
    CounterSettings,
    GradeSettings,
    LineSettings,
    PointSettings,
    PriceSettings,
    ScreenSettings,
    Settings,
    StaffSettings,
    StationSettings,
)
from pos_client.settings.writing import as_tree
from pos_client.ui.application import TerminalWindows
from pos_client.ui.assets import load_theme
from pos_client.ui.bridge import Bridge
from pos_client.ui.customer.display_window import CustomerWindow
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.style import Style
from pos_client.ui.technician.desk import TechnicianDesk
from pos_client.ui.technician.page import TechnicianPage
from tests.ui import sample
from tests.ui.finding import destroy, found
from tests.ui.gallery import CASHIER, CUSTOMER, SCENES, Scene
from tests.ui.guidance_gallery import ALONE, HELP, Alone
from tests.ui.records_desk import RECORDS, FakeRecords
from tests.ui.technician_gallery import SNAPSHOT, TECHNICIAN
from tests.ui.workshop import FakeWorkshop
from tests.words import RESOURCES, words

SETTINGS = Settings(
    station=StationSettings("CHXD018", "Cửa hàng số 18 Nguyễn Trãi", "T1", "Nguyễn Thị Ánh"),
    grades=(
        GradeSettings("E10-95", sample.E10, 27_080),
        GradeSettings("E5-92", sample.E5, 26_190),
        GradeSettings("DO", sample.DO, 31_090),
    ),
    prices=(PriceSettings("E10-95", 27_450, "2026-11-26T15:00+07:00"),),
    staff=(StaffSettings(9, "Trần Văn Minh", "manager"),),
    lines=(
        LineSettings(
            "dart-1",
            "dart",
            "/dev/ttyUSB0",
            points=(PointSettings(1, 80, ("E10-95", "E5-92")), PointSettings(2, 81, ("DO",))),
        ),
        LineSettings("gilbarco-1", "gilbarco-two-wire", "COM4", 5787, "E", points=(PointSettings(5, 1, ("DO",)),)),
    ),
)


SETTINGS_TREE = as_tree(SETTINGS)
COUNTER = CounterSettings(tills=("T2", "T3"))
FORECOURT = Forecourt(
    StationId("CHXD018"),
    tuple(
        FuellingPoint(
            PointId(n),
            tuple(
                Nozzle(NozzleId(place), Grade(grade.code, grade.name))
                for place, grade in enumerate(SETTINGS.grades[:2] if n < 5 else SETTINGS.grades[2:], start=1)
            ),
        )
        for n in range(1, 7)
    ),
)
SIZES = {"cashier": ((1366, 768), (1920, 1080), (1024, 600)), "customer": ((1024, 600), (1920, 1080), (600, 1024))}
"""By window, the first as it is meant: the customer's also stands upright."""


def windows(
    language: str = "vi",
    theme: str = "day",
    send: list[object] | None = None,
    workshop: FakeWorkshop | None = None,
    records: FakeRecords | None = None,
    *,
    training: bool = False,
) -> TerminalWindows:
    """Both windows with the real words and a clock that stands still."""
    bridge = Bridge((send if send is not None else []).append)
    return TerminalWindows(
        bridge,
        words(language),
        lambda: sample.NOW,
        ScreenSettings(language, theme, customer_preview=True),
        resources=RESOURCES,
        customer_catalogues={code: words(code) for code in ("vi", "en")},
        technician=TechnicianDesk(SETTINGS_TREE, workshop or FakeWorkshop()),
        counter=COUNTER,
        forecourt=FORECOURT,
        records=records or FakeRecords(),
        training=training,
    )


@dataclass(frozen=True, slots=True)
class Shot:
    """A screen in a state: which window to photograph, and how it comes there. Windows are made anew for each."""

    screen: str
    name: str
    scene: Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]
    training: bool = False

    @property
    def title(self) -> str:
        """Screen and state."""
        return f"{self.screen}-{self.name}"

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Those it is photographed at."""
        return SIZES["customer" if self.screen == "customer" else "cashier"]

    @contextmanager
    def open(self, language: str, theme: str) -> Iterator[CashierWindow | CustomerWindow]:
        """The window in that state; `at` gives it its size."""
        workshop, records = FakeWorkshop(language=language), FakeRecords()
        shown = windows(language, theme, workshop=workshop, records=records, training=self.training)
        window = shown.customer if self.screen == "customer" else shown.cashier
        at(window, self.sizes[0])
        self.scene(shown, workshop, records)
        yield window
        shown.close()
        for each in (shown.cashier, shown.customer):
            destroy(each)


@dataclass(frozen=True, slots=True)
class LoneShot:
    """A window that stands by itself: the first start, the exercises."""

    title: str
    alone: Alone
    sizes: tuple[tuple[int, int], ...] = SIZES["cashier"]

    @contextmanager
    def open(self, language: str, theme: str) -> Iterator[QWidget]:
        """The window in that state."""
        window = self.alone(words(language), Style(load_theme(RESOURCES / "styles", theme)))
        at(window, self.sizes[0])
        yield window
        window.close()
        destroy(window)


def at(window: QWidget, size: tuple[int, int]) -> None:
    """Give a window its size, and let it settle."""
    window.resize(*size)
    window.show()
    if isinstance(window, CashierWindow | CustomerWindow):
        window.refresh()
    for _ in range(2):
        QApplication.processEvents()


def shots() -> Iterator[Shot | LoneShot]:
    """All of them."""
    for name, snapshot in CASHIER.items():
        yield Shot("cashier", name, _drawn(snapshot))
    for name, snapshot in CUSTOMER.items():
        yield Shot("customer", name, _drawn(snapshot))
    for name, scene in SCENES.items():
        yield Shot("cashier", name, _played(scene))
    for name, work in TECHNICIAN.items():
        yield Shot("technician", name, _worked(work))
    for name, search in RECORDS.items():
        yield Shot("records", name, _searched(search, offline=name == "found"))
    for name, opened in HELP.items():
        yield Shot("help", name, _helped(opened))
    for screen, snapshot in (("cashier", CASHIER["sale"]), ("customer", CUSTOMER["confirm"])):
        yield Shot(screen, "training", _drawn(snapshot), training=True)
    for name, alone in ALONE.items():
        yield LoneShot(name, alone)


def _drawn(snapshot: TerminalSnapshot | None) -> Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]:
    def scene(shown: TerminalWindows, _: FakeWorkshop, __: FakeRecords) -> None:
        if snapshot is not None:
            shown.cashier.show_snapshot(snapshot)
            shown.customer.show_snapshot(snapshot)

    return scene


def _played(scene: Scene) -> Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]:
    return lambda shown, _, __: play(shown, scene)


def _worked(
    work: Callable[[TechnicianPage, FakeWorkshop], None],
) -> Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]:
    def scene(shown: TerminalWindows, workshop: FakeWorkshop, _: FakeRecords) -> None:
        shown.cashier.show_snapshot(SNAPSHOT)
        shown.cashier.toggle_technician()
        work(found(shown.cashier, TechnicianPage), workshop)

    return scene


def _searched(
    search: Callable[[RecordsPage, FakeRecords], None], *, offline: bool
) -> Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]:
    def scene(shown: TerminalWindows, _: FakeWorkshop, records: FakeRecords) -> None:
        shown.cashier.show_snapshot(sample.terminal(status=sample.OFFLINE if offline else sample.status()))
        shown.cashier.open_records()
        search(found(shown.cashier, RecordsPage), records)

    return scene


def _helped(opened: Callable[[CashierWindow], None]) -> Callable[[TerminalWindows, FakeWorkshop, FakeRecords], None]:
    return lambda shown, _, __: opened(shown.cashier)


def play(shown: TerminalWindows, scene: Scene) -> None:
    """Bring the cashier's window to a scene."""
    window = shown.cashier
    window.show()
    window.leave()
    if scene.snapshot is not None:
        window.show_snapshot(scene.snapshot)
    if scene.step is not None:
        window.ask(scene.step)
    if scene.snapshot is not None and scene.snapshot.operations is not None:
        window.open_operations()
    if scene.tab is not None:
        window.open_shift(scene.tab)
    field = window.sales.more.field if scene.step is not None else window.pages.shift.report.task.cash
    if scene.typed and field is not None:
        field.setText(scene.typed)
