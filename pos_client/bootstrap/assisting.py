"""The assistant's window and its thread, made when somebody asks for it first; and its way into the till's windows."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from pos_client.bootstrap.first_steps import read_steps
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keeping import EXIT_AGAIN
from pos_client.settings.model import Settings
from pos_client.ui.application import TerminalWindows
from pos_client.ui.technician.sides import Side

if TYPE_CHECKING:
    from pos_client.bootstrap.first_start import FirstStart
    from pos_client.ui.assistant.window import AssistantWindow

WRITTEN = ("station", "central", "grades", "screen", "printer", "keypad")
"""Sections the assistant's own steps write."""


class Assisting(QObject):
    """`show` and `close` in the windows' thread. `runs`: the settings the program was started with; `still`: whether it
    could end now without anybody noticing.

    While a side of the technician's page is open for a step the assistant stands back, and comes again when that page
    is closed: two windows would cover each other where there is one screen and no window manager.
    """

    _wanted = Signal(str)
    _written = Signal(object)
    _asked = Signal()

    def __init__(
        self, site: Site, words: Catalogue, windows: TerminalWindows, runs: Settings, still: Callable[[], bool]
    ) -> None:
        super().__init__(windows.cashier)
        self._site, self._words, self._windows = site, words, windows
        self._runs, self._still = runs, still
        self._hands: FirstStart | None = None
        self._stands_back = False
        self._threads: Lifecycle | None = None
        self._window: AssistantWindow | None = None
        self._wanted.connect(self._open_side)
        self._written.connect(self._take)
        self._asked.connect(self._show)

    def begin(self) -> None:
        """At a start: come up where somebody still has to be led."""
        begun = read_steps(self._site.folder).begun or not os.path.exists(self._site.settings)
        if begun and self._its_hands().begin():
            self._show()

    def show(self) -> None:
        """From any thread."""
        self._asked.emit()

    def _end(self) -> bool:
        if not self._still():
            return False
        QApplication.exit(EXIT_AGAIN)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The technician's page goes away."""
        if event.type() is QEvent.Type.Hide and self._stands_back:
            watched.removeEventFilter(self)
            self._stands_back = False
            self._asked.emit()
        return False

    def close(self) -> None:
        """The window and its thread."""
        if self._window is not None:
            self._window.close()
        if self._threads is not None:
            self._threads.stop()

    def speak(self, words: Catalogue) -> None:
        """In another language."""
        self._words = words
        if self._hands is not None:
            self._hands.speak(words)
        if self._window is not None:
            self._window.speak(words)

    def _its_hands(self) -> FirstStart:
        """Made when they are needed: a till that has been set up imports none of it."""
        from pos_client.bootstrap.first_start import FirstStart

        if self._hands is None:
            told = (self._wanted.emit, self._written.emit, self._end)
            self._hands = FirstStart(self._site, self._words, self._runs, *told)
        return self._hands

    def _show(self) -> None:
        if self._window is None:
            from pos_client.ui.assistant.window import AssistantWindow

            hands = self._its_hands()
            self._threads = Lifecycle(lambda fault: None)
            self._threads.start_again_and_again("first-start", hands.run)
            self._window = AssistantWindow(self._windows.cashier.look, self._words, hands, resources() / "help")
            self._window.language_chosen.connect(self._windows.cashier.speak)
        self._window.show_step(self._window.step)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _open_side(self, side: str) -> None:
        technician = self._windows.cashier.pages.technician
        if technician is None:
            return
        if not technician.isVisible():
            self._windows.cashier.toggle_technician()
        technician = self._windows.cashier.pages.technician
        if technician is not None:
            technician.open(Side(side))
        if technician is not None and technician.isVisible() and self._window is not None:
            self._stands_back = True
            technician.installEventFilter(self)
            self._window.hide()
            self._windows.cashier.activateWindow()

    def _take(self, tree: Mapping[str, Any]) -> None:
        """The technician's page goes on with what is in the file now, unless somebody is typing there."""
        technician = self._windows.cashier.pages.technician
        if technician is None:
            return
        typed = technician.draft.tree() if technician.draft.changed else tree
        technician.retake({**typed, **{name: tree[name] for name in WRITTEN}}, tree)
