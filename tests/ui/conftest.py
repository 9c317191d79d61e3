"""One application for all widget tests, made the way the program makes it; both windows on a list of commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import ScreenSettings
from pos_client.ui.application import TerminalWindows, create_application
from pos_client.ui.bridge import Bridge
from pos_client.ui.technician.desk import TechnicianDesk
from tests.ui import sample
from tests.ui.finding import destroy
from tests.ui.pictures import COUNTER, FORECOURT, SETTINGS_TREE
from tests.ui.workshop import FakeWorkshop
from tests.words import RESOURCES, words


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application with bundled fonts; an earlier test's own one is used as it is."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    return create_application([], RESOURCES, "day")


@dataclass
class Till:
    """Both windows, what they sent, and a clock that a test moves."""

    now: int = sample.NOW
    sent: list[object] = field(default_factory=list)
    workshop: FakeWorkshop = field(default_factory=FakeWorkshop)

    def __post_init__(self) -> None:
        self.bridge = Bridge(self.sent.append)
        self.windows = TerminalWindows(
            self.bridge,
            words("vi"),
            lambda: self.now,
            ScreenSettings(customer_preview=True),
            resources=RESOURCES,
            customer_catalogues={code: words(code) for code in ("vi", "en")},
            technician=TechnicianDesk(SETTINGS_TREE, self.workshop),
            counter=COUNTER,
            forecourt=FORECOURT,
        )
        self.cashier, self.customer = self.windows.cashier, self.windows.customer

    def show(self, snapshot: TerminalSnapshot) -> None:
        """Draw a snapshot in both windows, as the bridge would."""
        self.bridge.publish(snapshot)
        QApplication.processEvents()

    def key(self, *keys: Qt.Key, pause_ms: int = 200) -> None:
        """Press keys as fingers do: one by one, time passing between them."""
        for key in keys:
            QTest.keyClick(self.cashier, key)
            self.now += pause_ms
            self.cashier.keys_waited()

    def text(self, text: str, pause_ms: int) -> None:
        """Type characters with that much time between them."""
        for char in text:
            QTest.keyClicks(self.cashier, char)
            self.now += pause_ms
            if pause_ms > 50:
                self.cashier.keys_waited()


@pytest.fixture
def till(qapp: QApplication) -> Iterator[Till]:
    """Shown, as in a station."""
    del qapp
    made = Till()
    made.windows.show()
    made.sent.clear()  # what is told of the screens at the start
    yield made
    made.windows.close()
    for window in (made.cashier, made.customer):
        destroy(window)
