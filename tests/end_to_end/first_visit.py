"""A technician at a till that nobody has set up: its real windows, real keys and taps, the sandbox behind its ports.

The computer's list of serial ports and its key store are stand-ins: there is neither on a build server.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from pos_client.adapters.dispensers.port_identity import PortDescription
from pos_client.adapters.secrets import keyring_store
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.bootstrap import port_list
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.keeping import EXIT_AGAIN
from pos_client.sandbox.keypad.pad import SimulatedPad
from pos_client.settings.model import Settings
from pos_client.ui.application import create_application
from pos_client.ui.assistant.view_model import Step
from pos_client.ui.assistant.window import AssistantWindow
from pos_client.ui.technician.page import TechnicianPage
from tests.fakes import key_rings

PATIENCE_S = 60.0
Key = Qt.Key


@dataclass
class Visit:
    """The hands of the technician. `taps` are counted as the flows' are: a key or a touch is one, a scan none, typed
    letters are counted apart."""

    app: QApplication
    site: Site
    addresses: Addresses
    pad: SimulatedPad
    taps: int = 0
    typed: int = 0
    ended: list[int] = field(default_factory=list)
    till: Windowed | None = None

    def start(self) -> None:
        """As `pos-client` does."""
        settings = read_settings(self.site.settings).settings or Settings()
        self.till = Windowed(self.app, settings, self.site)
        self.till.start()
        self.till.show()
        self.till.assist()
        self.until(lambda: self.till is not None and self.till.snapshot is not None, "the till is there")

    def stop(self) -> None:
        if self.till is not None:
            self.till.stop()
            self.till = None

    def restart(self) -> None:
        """By the assistant's key: the program ends with the code of one to be started again, and is."""
        self.tap(self.assistant, "assistant-restart")
        self.until(lambda: self.ended == [EXIT_AGAIN], "it ends to be started again")
        self.ended.clear()
        self.stop()
        self.start()

    # ── eyes ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def assistant(self) -> AssistantWindow:
        found = self.shown()
        assert found is not None, "the assistant is up"
        return found

    def at(self) -> Step:
        """The step in front."""
        return self.assistant.step

    def shown(self) -> AssistantWindow | None:
        tops = self.app.topLevelWidgets()
        return next((w for w in tops if isinstance(w, AssistantWindow) and w.isVisible()), None)

    @property
    def page(self) -> TechnicianPage:
        assert self.till is not None
        page = self.till.windows.cashier.pages.technician
        assert page is not None
        return page

    def told(self, role: str) -> str:
        """What the assistant says came of a key, when it has come."""
        self.until(lambda: self.assistant.told.property("role") == role, f"it is told: {role}")
        return self.assistant.told.text()

    def until(self, so: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < deadline, f"never: {what}"
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def key_of(self, window: QWidget, name: str) -> QPushButton | None:
        return next((k for k in window.findChildren(QPushButton, name) if k.isVisible() and k.isEnabled()), None)

    # ── hands ──────────────────────────────────────────────────────────────────────────────────────────────────

    def tap(self, window: QWidget, name: str) -> None:
        """By finger, when the key is there."""
        self.until(lambda: self.key_of(window, name), f"the key {name}")
        key = self.key_of(window, name)
        assert key is not None
        self.taps += 1
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)
        self.app.processEvents()

    def press(self, key: Qt.Key, window: QWidget | None = None) -> None:
        """On the keyboard."""
        where = window or self.assistant
        self.taps += 1
        QTest.keyClick(where.focusWidget() or where, key)
        self.app.processEvents()

    def type(self, text: str, field_: QWidget | None = None) -> None:
        """Letters."""
        where = field_ or self.assistant.focusWidget()
        assert isinstance(where, QLineEdit)
        self.typed += len(text)
        QTest.keyClicks(where, text)

    def scan(self, text: str) -> None:
        """A scanner types into the field, and Enter."""
        where = self.assistant.focusWidget()
        QTest.keyClicks(where, text)
        QTest.keyClick(where, Key.Key_Return)
        self.app.processEvents()

    def fill(self, place: str, text: str) -> None:
        """A field of the technician's page: over what stands in it."""
        [found] = [f for f in self.page.findChildren(QWidget, f"option-{place}") if f.isVisibleTo(self.page)]
        line = found if isinstance(found, QLineEdit) else found.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.selectAll()
        self.taps += 1
        self.type(text, line)


@contextmanager
def a_visit(folder: Path, addresses: Addresses, patch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """An empty folder, a key store, the sandbox's lines and a PIN pad at serial ports."""
    key_rings.Sound.kept.clear()
    patch.setitem(keyring_store.BACKENDS, sys.platform, ((key_rings.__name__, "Sound"),))
    pad = SimulatedPad()
    ports = [(line["port"], line["name"]) for line in addresses.dispensers] + [(pad.url, "pad")]
    patch.setattr(port_list, "describe_ports", lambda: [PortDescription(port, name) for port, name in ports])
    app = QApplication.instance() or create_application([], resources(), "day")
    assert isinstance(app, QApplication)
    visit = Visit(app, Site(folder), addresses, pad)
    patch.setattr(QApplication, "exit", visit.ended.append)
    serving = threading.Thread(target=pad.serve, name="pad")
    serving.start()
    try:
        yield visit
    finally:
        visit.stop()
        pad.close()
        serving.join()
