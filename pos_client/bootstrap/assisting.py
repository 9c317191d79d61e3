"""The assistant's window and its thread, made when somebody asks for it first; and its way into the till's windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.catalogue import Catalogue
from pos_client.ui.application import TerminalWindows
from pos_client.ui.technician.sides import Side

if TYPE_CHECKING:
    from pos_client.bootstrap.first_start import FirstStart
    from pos_client.ui.assistant.window import AssistantWindow


class Assisting(QObject):
    """`show` and `close` in the windows' thread."""

    _wanted = Signal(str)
    _written = Signal(object)
    _asked = Signal()

    def __init__(self, site: Site, words: Catalogue, windows: TerminalWindows) -> None:
        super().__init__(windows.cashier)
        self._site, self._words, self._windows = site, words, windows
        self._hands: FirstStart | None = None
        self._threads: Lifecycle | None = None
        self._window: AssistantWindow | None = None
        self._wanted.connect(self._open_side)
        self._written.connect(self._take)
        self._asked.connect(self._show)

    def show(self) -> None:
        """From any thread."""
        self._asked.emit()

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

    def _show(self) -> None:
        if self._window is None:
            from pos_client.bootstrap.first_start import FirstStart
            from pos_client.ui.assistant.window import AssistantWindow

            self._hands = FirstStart(self._site, self._words, self._wanted.emit, self._written.emit)
            self._threads = Lifecycle(lambda fault: None)
            self._threads.start_again_and_again("first-start", self._hands.run)
            self._window = AssistantWindow(self._windows.cashier.look, self._words, self._hands, resources() / "help")
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

    def _take(self, tree: Mapping[str, Any]) -> None:
        """The technician's page goes on with what is in the file now, unless somebody is typing there."""
        technician = self._windows.cashier.pages.technician
        if technician is None:
            return
        typed = technician.draft.tree() if technician.draft.changed else tree
        technician.retake({**typed, **{name: tree[name] for name in ("station", "central", "screen", "printer")}}, tree)
