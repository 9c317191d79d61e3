"""A station to be played at: the production core in memory behind both real windows, and hands whose taps are counted.

Pumps, disk and head office are the simulator's, so nothing waits for a wire and time passes when a test says so. Keys
are real key events to whatever widget has the cursor; touches are real mouse events. Counted as the budgets count:
a key or a touch is one, a scan none ("s").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.bootstrap.simulate.world import SETTINGS, Rig
from pos_client.domain.keypad_pairing import Candidate, PairingProgress, PairingStep
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import ScreenSettings, Settings
from pos_client.settings.writing import as_tree
from pos_client.ui.application import TerminalWindows
from pos_client.ui.bridge import Bridge
from pos_client.ui.shell.stop_button import StopAllButton
from pos_client.ui.technician.desk import TechnicianDesk
from tests.ui.finding import destroy, found
from tests.ui.workshop import FakeWorkshop
from tests.words import RESOURCES, words

FINGER_MS, SCANNER_MS = 200, 5
"""Between two keys of a hand, and of a scanner."""
Key = Qt.Key


@dataclass(frozen=True)
class Taps:
    """What hands did. `scans` cost nobody a tap."""

    cashier: int = 0
    customer: int = 0
    scans: int = 0


@dataclass
class Station:
    """Pumps 1 (two grades) and 2 (diesel), accounts of `bootstrap.simulate.world`."""

    settings: Settings = SETTINGS
    language: str = "vi"
    theme: str = "day"
    preview: bool = True
    """without a screen of its own the customer's window is shown small"""
    rig: Rig = field(init=False)
    taps: Taps = Taps()
    workshop: FakeWorkshop = field(default_factory=FakeWorkshop)
    """what the technician's page asks for"""

    def __post_init__(self) -> None:
        self.rig = Rig(self.settings)
        self.bridge = Bridge(self._post)
        self.windows = TerminalWindows(
            self.bridge,
            words(self.language),
            lambda: self.rig.clock.now().ticks_ms,
            ScreenSettings(self.language, self.theme, customer_preview=self.preview),
            resources=RESOURCES,
            customer_catalogues={code: words(code) for code in ("vi", "en")},
            technician=TechnicianDesk(as_tree(replace(self.settings, lines=())), self.workshop),
            counter=self.settings.counter,
            forecourt=self.settings.forecourt(),
        )
        self.cashier, self.customer = self.windows.cashier, self.windows.customer
        self.windows.show()
        self.rig.settle(5)
        self.draw()

    def close(self) -> None:
        """Nothing stays behind."""
        self.windows.close()
        for window in (self.cashier, self.customer):
            destroy(window)

    @property
    def seen(self) -> TerminalSnapshot:
        """What the screens show."""
        return self.rig.picture

    def _post(self, command: object) -> None:
        self.rig.tell(command)
        self.draw()

    def draw(self) -> None:
        """The newest snapshot reaches both windows."""
        self.bridge.publish(self.rig.picture)
        QApplication.processEvents()

    def wait(self, ms: int) -> None:
        """Time passes; a key that waited for another one has its turn."""
        self.rig.advance(ms)
        self.cashier.keys_waited()
        self.draw()

    def so(self, *commands: object) -> None:
        """What has come about before a flow begins; nobody's taps."""
        self.rig.tell(*commands)
        self.draw()

    # ── the cashier's hands ────────────────────────────────────────────────────────────────────────────────────

    @property
    def cursor(self) -> QWidget:
        """Where a key of the cashier's keyboard goes."""
        return self.cashier.focusWidget() or self.cashier

    def key(self, *keys: Qt.Key) -> None:
        """Keys, as fingers press them."""
        for key in keys:
            self.taps = Taps(self.taps.cashier + 1, self.taps.customer, self.taps.scans)
            QTest.keyClick(self.cursor, key)
            self.wait(FINGER_MS)

    def type(self, text: str) -> None:
        """Characters, each a key."""
        for char in text:
            self.taps = Taps(self.taps.cashier + 1, self.taps.customer, self.taps.scans)
            QTest.keyClicks(self.cursor, char)
            self.wait(FINGER_MS)

    def touch(self, widget: QWidget | str) -> None:
        """A finger on a widget of the cashier's window, or on the one of that name."""
        self.taps = Taps(self.taps.cashier + 1, self.taps.customer, self.taps.scans)
        QTest.mouseClick(self.named(widget) if isinstance(widget, str) else widget, Qt.MouseButton.LeftButton)
        self.wait(FINGER_MS)

    def named(self, name: str) -> QWidget:
        """A visible widget of the cashier's window."""
        return next(w for w in self.cashier.findChildren(QWidget, name) if w.isVisible())

    def hold_red_key(self, ms: int) -> None:
        """A finger that stays on the red key for so long."""
        self.taps = Taps(self.taps.cashier + 1, self.taps.customer, self.taps.scans)
        red = found(self.cashier, StopAllButton)
        QTest.mousePress(red, Qt.MouseButton.LeftButton)
        self.wait(ms)
        red.look_at_hold()
        QTest.mouseRelease(red, Qt.MouseButton.LeftButton)
        self.wait(FINGER_MS)

    def scan(self, code: str) -> None:
        """A keyboard-wedge scanner: a burst of characters, then Enter."""
        self.taps = Taps(self.taps.cashier, self.taps.customer, self.taps.scans + 1)
        for char in code:
            QTest.keyClicks(self.cursor, char)
            self.rig.clock.advance(SCANNER_MS)
        QTest.keyClick(self.cursor, Key.Key_Return)
        self.wait(FINGER_MS)

    # ── the customer's ─────────────────────────────────────────────────────────────────────────────────────────

    def keypad(self, digits: str, *then: KeypadKey) -> None:
        """Keys of the customer's keypad, touched on his screen."""
        keys: tuple[int | KeypadKey, ...] = (*(int(digit) for digit in digits), *then)
        for key in keys:
            self.taps = Taps(self.taps.cashier, self.taps.customer + 1, self.taps.scans)
            pad = self.customer.keypad
            QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.key_rect(key).center().toPoint())
            self.wait(FINGER_MS)

    def key_of_a_device(self, candidate: Candidate) -> None:
        """5, on a keypad that is being paired."""
        self.taps = Taps(self.taps.cashier, self.taps.customer + 1, self.taps.scans)
        assert self.workshop.tell_pairing is not None
        self.workshop.tell_pairing(PairingProgress(PairingStep.PAIRED, (candidate,), candidate))
        self.draw()

    # ── drivers ────────────────────────────────────────────────────────────────────────────────────────────────

    def fuel(self, point: int = 1, millilitres: int = 10_000) -> None:
        """Somebody has fuelled and hung up; that is before a flow begins, and nobody's taps here."""
        self.rig.fuel(point, millilitres)
        self.draw()

    def lift(self, point: int) -> None:
        """A nozzle is lifted."""
        self.rig.act(self.rig.forecourt.lift, point, 1)
        self.draw()

    def flow(self, point: int, millilitres: int) -> None:
        """Fuel flows, then the nozzle is hung up."""
        self.rig.act(self.rig.forecourt.flow, point, millilitres)
        self.rig.act(self.rig.forecourt.hang, point)
        self.draw()


@contextmanager
def open_station(
    settings: Settings = SETTINGS, language: str = "vi", theme: str = "day", *, preview: bool = True
) -> Iterator[Station]:
    """A station for one test."""
    station = Station(settings, language, theme, preview)
    try:
        yield station
    finally:
        station.close()
