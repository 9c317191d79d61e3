"""Keeps each window on its screen while screens are plugged, unplugged, swapped, turned and scaled.

What is decided is in `screens`; here Qt is listened to and obeyed. When a screen goes, Qt moves its windows to the
primary one in the next breath: the customer's is hidden before that, within the signal, so that it is not over the
cashier's for a single frame. What came of it is told to the terminal, for a keypad on a hidden screen takes no PIN.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from pos_client.services.messages import CustomerScreen
from pos_client.ui.shell.screens import Places, Screen, place

PREVIEW_PERCENT = 75
"""Of its design size: a preview lies on the cashier's own screen."""


class TwoScreens(QObject):
    """Owns the places of both windows. `wanted` names the customer's screen; `preview`: where there is none, his window
    is shown small as a window among others, for training."""

    def __init__(
        self,
        cashier: QWidget,
        customer: QWidget,
        wanted: str,
        tell: Callable[[CustomerScreen], None],
        *,
        preview: bool = False,
    ) -> None:
        super().__init__(cashier)
        self._cashier, self._customer, self._wanted, self._preview = cashier, customer, wanted, preview
        self._tell = tell
        self._told: CustomerScreen | None = None
        self._small = customer.size() * PREVIEW_PERCENT / 100
        self.places = Places()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.settle)

    def follow(self) -> None:
        """Place both windows now and whenever anything about the screens changes; the cashier's has been shown."""
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._added)
        application.screenRemoved.connect(self._changed)
        application.primaryScreenChanged.connect(self._changed)
        for screen in application.screens():
            self._watch(screen)
        window = self._cashier.windowHandle()
        if window is not None:
            window.screenChanged.connect(self._changed)

    def settle(self) -> None:
        """Put each window where it belongs among the screens there are now."""
        screens = screens_there()
        here = _key_of(screens, self._cashier.screen())
        before = Places(here, self.places.customer, self.places.home)
        self.places = place(tuple(described for described, _ in screens.values()), before, self._wanted)
        self._put_customer(screens)
        self._put_cashier(screens, here)

    def _put_customer(self, screens: dict[str, tuple[Screen, QScreen]]) -> None:
        window = self._customer
        if self.places.customer is not None:
            screen = screens[self.places.customer][1]
            if window.screen() is not screen or not window.isFullScreen() or window.geometry() != screen.geometry():
                window.setScreen(screen)
                window.setGeometry(screen.geometry())
            window.setWindowState(Qt.WindowState.WindowFullScreen)  # `showFullScreen` would ask for the keyboard
            window.setVisible(True)
            self._say(CustomerScreen.OWN)
        elif self._preview:
            if window.isFullScreen() or not window.isVisible():
                window.setWindowState(Qt.WindowState.WindowNoState)
                window.resize(self._small)
                window.setVisible(True)
            self._say(CustomerScreen.PREVIEW)
        else:
            window.hide()
            self._say(CustomerScreen.MISSING)

    def _put_cashier(self, screens: dict[str, tuple[Screen, QScreen]], here: str | None) -> None:
        """Only when he has to move, or his screen has another size; a window he placed himself stays as it is."""
        window, key = self._cashier, self.places.cashier
        if key is None or not window.isVisible():
            return
        room = screens[key][1].geometry()
        if window.isFullScreen():
            if key != here or window.geometry() != room:
                window.setScreen(screens[key][1])
                window.setGeometry(room)
                window.showFullScreen()
        elif key != here:
            window.setScreen(screens[key][1])
            window.move(screens[key][1].availableGeometry().topLeft())

    def _say(self, what: CustomerScreen) -> None:
        if what is not self._told:
            self._told = what
            self._tell(what)

    def _added(self, screen: QScreen) -> None:
        self._watch(screen)
        self._changed()

    def _watch(self, screen: QScreen) -> None:
        for signal in (screen.geometryChanged, screen.logicalDotsPerInchChanged, screen.orientationChanged):
            signal.connect(self._changed)

    def _changed(self, *_: object) -> None:
        """At once, and once more when Qt has done what it does with windows of its own accord."""
        self.settle()
        self._again.start()


def screens_there() -> dict[str, tuple[Screen, QScreen]]:
    """Every screen by its key: its name, and a number where several bear it."""
    found: dict[str, tuple[Screen, QScreen]] = {}
    primary = QGuiApplication.primaryScreen()
    for screen in QGuiApplication.screens():
        room, name = screen.geometry(), screen.name()
        number = sum(described.name == name for described, _ in found.values())
        key = f"{name}/{screen.serialNumber()}/{number}"
        found[key] = (
            Screen(
                key,
                room.x(),
                room.y(),
                room.width(),
                room.height(),
                name,
                screen.serialNumber(),
                screen.model(),
                screen.manufacturer(),
                screen is primary,
            ),
            screen,
        )
    return found


def _key_of(screens: dict[str, tuple[Screen, QScreen]], wanted: QScreen | None) -> str | None:
    return next((key for key, (_, screen) in screens.items() if screen is wanted), None)
