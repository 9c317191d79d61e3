"""The bottom bar: the keys of the page in front, and the red one that is on every page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_client.ui.keys import BarKey
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.shell.stop_button import StopAllButton
from pos_client.ui.shell.view_model import StopView
from pos_client.ui.style import Style


class KeyBar(QWidget):
    """`pressed(name)` for a touched key, `stop_all` for the red one, `restart` when it was held for its time."""

    pressed = Signal(str)
    stop_all = Signal()
    restart = Signal()

    def __init__(self, style: Style, clock_ticks: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self._keys: list[KeyButton] = []
        self._names: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        style.lay(self._row, "near", ("wide", "near"))
        self._row.addStretch(1)
        self._stop = StopAllButton(style, clock_ticks, self)
        self._stop.pressed.connect(self.stop_all)
        self._stop.held.connect(self.restart)
        self._row.addWidget(self._stop)

    def sizeHint(self) -> QSize:
        """Full width, room for a touchable key."""
        return QSize(400, self.look.px(60))

    def show_keys(self, keys: tuple[BarKey, ...]) -> None:
        """Show these keys, in their places."""
        while len(self._keys) < len(keys):
            index = len(self._keys)
            button = KeyButton(self.look, parent=self)
            button.show()
            button.clicked.connect(lambda *_, index=index: self.pressed.emit(self._names[index]))
            self._row.insertWidget(index, button)
            self._keys.append(button)
        self._names = [key.name for key in keys]
        for button, key in zip_longest(self._keys, keys):
            if button.isHidden() == (key is not None):
                button.setVisible(key is not None)
            if key is not None:
                button.show_key(key.cap, key.label, enabled=key.enabled)
        self._stack()

    def _stack(self) -> None:
        """All keys in one line each, or none: a row of both reads badly."""
        shown = [key.sizeHint().width() for key in self._keys if not key.isHidden()]
        around, gap = 2 * self.look.space("wide"), self.look.space("near")
        wanted = sum(shown) + gap * (len(shown) + 1) + self._stop.sizeHint().width() + around
        for key in self._keys:
            key.stack(wanted > self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._stack()

    def show_stop(self, view: StopView) -> None:
        """Say what the red key does."""
        self._stop.show_view(view)
        self._stack()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a line above."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.colour("panel"))
        painter.fillRect(0, 0, self.width(), 1, self.look.colour("line"))
