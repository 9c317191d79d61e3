"""The bottom bar: keys that are always there, and the red one that stops every pump without asking."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import box
from pos_client.ui.shell.view_model import BarKey
from pos_client.ui.style import BOLD, MEDIUM, Style
from pos_client.ui.tone import Tone


class StopAllButton(QAbstractButton):
    """DỪNG TẤT CẢ. It acts on press, not on release: a second counts."""

    def __init__(self, style: Style, label: str, cap: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._label, self._cap = style, label, cap
        self.setObjectName("stop-all")
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wider than any other key."""
        wide = figures.line_width(self._label, self.look.font("strong", BOLD)) + self.look.px(44)
        return QSize(int(wide + figures.line_width(self._cap, self.look.font("small", MEDIUM))), self.look.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Red ground, white words; the keyboard's key beside them."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        ground = look.tone(Tone.DANGER, "solid").darker(125) if self.isDown() else look.tone(Tone.DANGER, "solid")
        box(painter, area, ground, None, look.px(8))
        ink = look.tone(Tone.DANGER, "on_solid")
        text = area.adjusted(look.px(16), 0, -look.px(14), 0)
        used = figures.line(painter, text, self._label, look.font("strong", BOLD), ink)
        text.setLeft(text.left() + used + look.px(10))
        figures.line(painter, text, self._cap, look.font("small", MEDIUM), ink)


class KeyBar(QWidget):
    """`pressed(name)` for a touched key, `stop_all` for the red one."""

    pressed = Signal(str)
    stop_all = Signal()

    def __init__(self, style: Style, stop_label: str, stop_cap: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self._keys: list[KeyButton] = []
        self._names: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 6, 16, 6)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        stop = StopAllButton(style, stop_label, stop_cap, self)
        stop.pressed.connect(self.stop_all)
        self._row.addWidget(stop)

    def sizeHint(self) -> QSize:
        """Full width, room for a touchable key."""
        return QSize(400, self.look.px(60))

    def show_keys(self, keys: tuple[BarKey, ...]) -> None:
        """Show these keys, in their places."""
        while len(self._keys) < len(keys):
            index = len(self._keys)
            button = KeyButton(self.look, parent=self)
            button.clicked.connect(lambda *_, index=index: self.pressed.emit(self._names[index]))
            self._row.insertWidget(index, button)
            self._keys.append(button)
        self._names = [key.name for key in keys]
        for button, key in zip(self._keys, keys, strict=True):
            button.show_key(key.cap, key.label, enabled=key.enabled)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a line above."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.colour("panel"))
        painter.fillRect(0, 0, self.width(), 1, self.look.colour("line"))
