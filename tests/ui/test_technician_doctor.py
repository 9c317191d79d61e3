"""From a wire nobody knows to a line that works, in the real windows: found, accepted, tested, saved, and in use."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from pos_client.adapters.dispensers import discovery, probe_line
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.fuelling_point import LinkState
from pos_client.settings.model import GradeSettings, ScreenSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS
from pos_client.ui.technician.page import TechnicianPage
from pos_client.ui.technician.sides import Side
from tests.fakes.dispenser_site import simulator
from tests.ui.finding import destroy, fill_in, found
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals")
LEFT = Qt.MouseButton.LeftButton
SETTINGS = Settings(
    station=StationSettings("CHXD018", "Cửa hàng số 18", "T1", "Nguyễn Thị Ánh"),
    grades=(GradeSettings("E10-95", "Xăng E10 95", 27_080), GradeSettings("DO", "DO 0,05S", 21_580)),
    screen=ScreenSettings("vi", "day"),
    secrets_backend=SANDBOX_SECRETS,
)


@pytest.fixture(autouse=True)
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is on this wire: seconds of silence prove nothing more here."""
    monkeypatch.setattr(discovery, "QUIET_MS", 200)
    monkeypatch.setattr(discovery, "LISTEN_MS", 300)
    monkeypatch.setattr(discovery, "CALM_MS", 50)
    monkeypatch.setattr(probe_line, "PATIENCE_MS", 0)


@pytest.fixture
def at_work(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[Settings], Windowed]]:
    """Terminals that are started, and ended when the test is over."""
    started: list[Windowed] = []

    def start(settings: Settings) -> Windowed:
        windowed = Windowed(qapp, settings, Site(tmp_path))
        started.append(windowed)
        windowed.start()
        windowed.show()
        return windowed

    yield start
    for windowed in started:
        windowed.stop()
        for window in (windowed.windows.cashier, windowed.windows.customer):
            destroy(window)


def until(true: Callable[[], object], seconds: float = 20.0, what: str = "") -> None:
    """While the windows live."""

    def look() -> object:
        QApplication.processEvents()
        return true()

    eventually(look, seconds, what=what)


def tap(parent: QWidget, name: str) -> None:
    key = found(parent, QPushButton, name)
    assert key.isVisible(), name
    assert key.isEnabled(), name
    QTest.mouseClick(key, LEFT)


def test_a_simulated_dispenser_is_found_accepted_tested_saved_and_then_served(
    at_work: Callable[[Settings], Windowed], tmp_path: Path
) -> None:
    with simulator("pty", protocol="dart") as addresses:
        windowed = at_work(SETTINGS)
        windowed.windows.cashier.toggle_technician()
        page = found(windowed.windows.cashier, TechnicianPage)
        tap(page, "side-ports")
        page.ports.address.setText(addresses["port"])
        tap(page, "add-address")
        until(lambda: page.ports.findChild(QPushButton, "accept-0") and page.ports.step.text().startswith("Tìm thấy"))
        tap(page, "accept-0")
        assert page.side is Side.LINES
        fill_in(page, "lines[0].points[0].nozzles", "E10-95")
        tap(page, "test-draft")
        said = found(page.lines, QLabel, "test-outcome")
        until(lambda: "(địa chỉ 80): trả lời" in said.text(), what=said.text())
        tap(page, "technician-save")
        until(lambda: page.status.text().startswith("Đã lưu"), what="saved")
        assert windowed.fault is None
        windowed.stop()
        saved = read_settings(tmp_path / "settings.toml", allow_sandbox_secrets=True)
        assert saved.settings is not None
        (line,) = saved.settings.lines
        assert (line.protocol, line.port, line.baud_rate, line.parity) == ("dart", addresses["port"], 9600, "O")
        assert [(point.point, point.address) for point in line.points] == [(1, 80)]
        again = at_work(saved.settings)
        until(lambda: again.snapshot is not None and again.snapshot.status.lines[0].state is LinkState.UP)
        until(lambda: again.snapshot is not None and again.snapshot.status.lines[0].answered > 0, what="answers")


def test_the_wires_of_a_terminal_at_work_are_seen_tested_and_restarted(
    at_work: Callable[[Settings], Windowed], tmp_path: Path
) -> None:
    from dataclasses import replace

    from pos_client.settings.model import LineSettings, PointSettings

    with simulator("pty", protocol="dart") as addresses:
        line = LineSettings("dart-1", "dart", addresses["port"], points=(PointSettings(1, 80, ("E10-95", "DO")),))
        windowed = at_work(replace(SETTINGS, lines=(line,)))
        until(lambda: windowed.snapshot is not None and windowed.snapshot.points[0].metered, what="metered")
        windowed.windows.cashier.toggle_technician()
        page = found(windowed.windows.cashier, TechnicianPage)
        until(page.lines.card.point_key.isVisible, what="the line's card")
        tap(page, "test-point")
        said = found(page.lines, QLabel, "test-outcome")
        until(lambda: "184.273,65" in said.text() and "97.518,33" in said.text(), what=said.text())
        tap(page, "side-monitor")
        frames = page.monitor.table.frames
        until(lambda: {"poll", "eot", "data"} <= {frame.kind for frame in frames.shown}, what="frames")
        assert all(frame.ok for frame in frames.shown)
        tap(page, "keep-recording")
        until(lambda: list((tmp_path / "logs").glob("wire-*.jsonl")), what="a recording")
        tap(page, "side-lines")
        tap(page, "restart-line")
        until(lambda: page.lines.card.lamp.view.runs and "Đang trả lời" in page.lines.card.lamp.view.state)
        tap(page, "side-support")
        until(lambda: page.support.folders.count() > 0, what="folders")
        page.support.folders.setCurrentIndex(page.support.folders.findText(str(tmp_path)))
        tap(page, "make-bundle")
        until(lambda: list(tmp_path.glob("pos-client-support-*.zip")), what="a bundle")
        tap(page, "check-up")
        until(lambda: "việc cần xem" in page.support.title.text() or "tốt" in page.support.title.text(), what="check")
        assert windowed.fault is None
