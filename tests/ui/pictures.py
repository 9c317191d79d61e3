"""Renders the gallery, to be looked at: `POS_CLIENT_PICTURES=folder python -m tests.ui.pictures [name part]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pos_client.domain.forecourt import Forecourt, FuellingPoint, Grade, Nozzle
from pos_client.domain.identifiers import NozzleId, PointId, StationId
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
from pos_client.ui.application import TerminalWindows, create_application
from pos_client.ui.bridge import Bridge
from pos_client.ui.customer.display_window import CustomerWindow
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.technician.desk import TechnicianDesk
from pos_client.ui.technician.page import TechnicianPage
from tests.ui import sample
from tests.ui.finding import found
from tests.ui.gallery import CASHIER, CUSTOMER, SCENES, Scene
from tests.ui.guidance_gallery import HELP
from tests.ui.records_desk import RECORDS, FakeRecords
from tests.ui.technician_gallery import TECHNICIAN
from tests.ui.workshop import FakeWorkshop
from tests.words import RESOURCES, words

LARGE = frozenset({"sale", "points-32", "idle", "otp", "life", "life-32", "stopped-all", "recovered-sale", "busy"})


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
SIZES = {"1024": (1024, 600), "1920": (1920, 1080)}
"""Beside 1366 x 768."""


def windows(
    language: str = "vi",
    theme: str = "day",
    send: list[object] | None = None,
    workshop: FakeWorkshop | None = None,
    records: FakeRecords | None = None,
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
    )


def render(folder: Path, only: str = "") -> list[Path]:
    """Every picture whose name contains `only`, in both languages and themes."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for language, theme in (("vi", "day"), ("en", "night"), ("vi", "night"), ("en", "day")):
        shown = windows(language, theme)
        for gallery, window, base in (
            (CASHIER, shown.cashier, (1366, 768)),
            (CUSTOMER, shown.customer, (1024, 600)),
        ):
            for name, snapshot in gallery.items():
                title = f"{window.objectName()}-{name}-{language}-{theme}"
                if only not in title:
                    continue
                if snapshot is not None:
                    window.show_snapshot(snapshot)
                made.append(_save(window, base, folder / f"{title}.png"))
                if name in LARGE and theme == "day" and language == "vi":
                    for size, room in {"1280": (1280, 720), **SIZES}.items():
                        made.append(_save(window, room, folder / f"{title}-{size}.png"))
        made += _scenes(shown, folder, f"{language}-{theme}", only)
        shown.close()
        made += _technician(folder, language, theme, only)
        made += _records(folder, language, theme, only)
        made += _help(folder, language, theme, only)
    return made


def _scenes(shown: TerminalWindows, folder: Path, suffix: str, only: str) -> list[Path]:
    """The strip's questions and the shift's page."""
    made, window = [], shown.cashier
    for name, scene in SCENES.items():
        title = f"cashier-{name}-{suffix}"
        if only not in title:
            continue
        play(shown, scene)
        made.append(_save(window, (1366, 768), folder / f"{title}.png"))
        if suffix == "vi-day":
            made += [_save(window, room, folder / f"{title}-{size}.png") for size, room in SIZES.items()]
    window.show_snapshot(sample.terminal())
    window.leave()
    return made


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
    field = window.sales.more.field if scene.step is not None else window.shift.report.task.cash
    if scene.typed and field is not None:
        field.setText(scene.typed)


def _technician(folder: Path, language: str, theme: str, only: str) -> list[Path]:
    """Each state on a page of its own, so that none leans on the one before."""
    made = []
    for name, scene in TECHNICIAN.items():
        title = f"technician-{name}-{language}-{theme}"
        if only not in title:
            continue
        workshop = FakeWorkshop()
        shown = windows(language, theme, workshop=workshop)
        page = found(shown.cashier, TechnicianPage)
        shown.cashier.resize(1366, 768)
        shown.cashier.show()
        shown.cashier.toggle_technician()
        scene(page, workshop)
        made.append(_save(shown.cashier, (1366, 768), folder / f"{title}.png"))
        if (language, theme) == ("vi", "day"):
            made += [_save(shown.cashier, room, folder / f"{title}-{size}.png") for size, room in SIZES.items()]
        shown.close()
    return made


def _records(folder: Path, language: str, theme: str, only: str) -> list[Path]:
    """Each state of the list of sales."""
    made = []
    for name, scene in RECORDS.items():
        title = f"records-{name}-{language}-{theme}"
        if only not in title:
            continue
        desk = FakeRecords()
        shown = windows(language, theme, records=desk)
        shown.cashier.show_snapshot(sample.terminal(status=sample.OFFLINE if name == "found" else sample.status()))
        shown.cashier.show()
        shown.cashier.open_records()
        scene(found(shown.cashier, RecordsPage), desk)
        QApplication.processEvents()
        made.append(_save(shown.cashier, (1366, 768), folder / f"{title}.png"))
        if (language, theme) == ("vi", "day"):
            made += [_save(shown.cashier, room, folder / f"{title}-{size}.png") for size, room in SIZES.items()]
        shown.close()
    return made


def _help(folder: Path, language: str, theme: str, only: str) -> list[Path]:
    """Help over the screens it speaks of."""
    made = []
    for name, scene in HELP.items():
        title = f"help-{name}-{language}-{theme}"
        if only not in title:
            continue
        shown = windows(language, theme)
        shown.cashier.show()
        scene(shown.cashier)
        made.append(_save(shown.cashier, (1366, 768), folder / f"{title}.png"))
        if (language, theme) == ("vi", "day"):
            made += [_save(shown.cashier, room, folder / f"{title}-{size}.png") for size, room in SIZES.items()]
        shown.close()
    return made


def _save(window: CashierWindow | CustomerWindow, size: tuple[int, int], path: Path) -> Path:
    window.resize(*size)
    window.show()
    window.refresh()
    for _ in range(2):
        QApplication.processEvents()
    window.grab().save(str(path))
    return path


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = create_application([], RESOURCES, "day")
    render(Path(os.environ["POS_CLIENT_PICTURES"]), *sys.argv[1:2])
