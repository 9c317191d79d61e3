"""The red key: it stops every pump on press, without asking. Held for `HOLD_MS` while something is stopped, it asks for
the reason to go on; the bar fills while it is held, so that nobody restarts by leaning on it unawares."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import box
from pos_client.ui.shell.view_model import StopView
from pos_client.ui.style import BOLD, MEDIUM, Style
from pos_client.ui.tone import Tone

HOLD_MS = 2000
LOOK_MS = 40
"""How often the held bar is looked at."""


class StopAllButton(QAbstractButton):
    """DỪNG TẤT CẢ. It acts on press, not on release: a second counts. `held` after it was held for its time."""

    held = Signal()

    def __init__(self, style: Style, clock_ticks: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._clock = style, clock_ticks
        self.view = StopView("", "")
        self._since: int | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look_at_hold)
        self.setObjectName("stop-all")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def permille(self) -> int:
        """How much of the hold is done, in thousandths."""
        return 0 if self._since is None else max(0, min(1000, (self._clock() - self._since) * 1000 // HOLD_MS))

    def show_view(self, view: StopView) -> None:
        """Take a view."""
        if view == self.view:
            return
        self.view = view
        self.setAccessibleName(view.label)
        self.setAccessibleDescription(view.held)
        self.updateGeometry()
        self.update()

    def look_at_hold(self) -> None:
        """Time has passed while it is held."""
        if self._since is None:
            return
        if self.permille >= 1000:
            self._let_go()
            self.held.emit()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stop; and if something was stopped before, begin to count the hold."""
        if event.button() is Qt.MouseButton.LeftButton and self.view.held:
            self._since = self._clock()
            self._timer.start(LOOK_MS)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go too early: nothing restarts."""
        self._let_go()
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The finger slid off."""
        self._let_go()
        super().leaveEvent(event)

    def _let_go(self) -> None:
        self._since = None
        self._timer.stop()
        self.update()

    def sizeHint(self) -> QSize:
        """Wider than any other key; as wide when it can be held as when not, so that no neighbour moves."""
        look = self.look
        wide = figures.line_width(self.view.label, look.font("strong", BOLD)) + look.px(44)
        return QSize(int(wide + figures.line_width(self.view.cap, look.font("small", MEDIUM))), look.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Red ground, white words; the keyboard's key beside them, what holding does below, and how far it is."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, red = QRectF(self.rect()), look.tone(Tone.DANGER, "solid")
        box(painter, area, red.darker(125) if self.isDown() else red, None, look.key_corner)
        ink = look.tone(Tone.DANGER, "on_solid")
        text = area.adjusted(look.space("wide"), 0, -look.space("apart"), 0)
        if view.held or self._since is not None:
            lower = QRectF(text.left(), area.bottom() - look.px(22), text.width(), look.px(18))
            text.setBottom(lower.top() + look.px(3))
            if self._since is None:
                figures.line(painter, lower, view.held, look.font("small", MEDIUM), ink)
            else:
                self._progress(painter, lower)
        used = figures.line(painter, text, view.label, look.font("strong", BOLD), ink)
        text.setLeft(text.left() + used + look.px(10))
        figures.line(painter, text, view.cap, look.font("small", MEDIUM), ink)

    def _progress(self, painter: QPainter, row: QRectF) -> None:
        """How much of the hold is done, in the place of the words that ask for it."""
        look, high = self.look, self.look.px(8)
        track = QRectF(row.left(), row.center().y() - high / 2, row.width(), high)
        box(painter, track, look.tone(Tone.DANGER, "solid").darker(170), None, high / 2)
        track.setWidth(max(high, track.width() * self.permille / 1000))
        box(painter, track, look.tone(Tone.DANGER, "on_solid"), None, high / 2)
