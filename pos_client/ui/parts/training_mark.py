"""Says on a whole window that nothing in it is real: a band at its head, and faint words across it, over everything.

A child of the window that lets every touch through. The band has a margin of its own, so it covers nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_client.ui.style import BOLD, Style
from pos_client.ui.tone import Tone

BAND_PX, FAINT_PERCENT = 26, 9
SLOPE_DEGREES = -24


class TrainingMark(QWidget):
    """Object name "training-mark". `say` changes its words, for a window that changes its language."""

    def __init__(self, window: QWidget, style: Style, text: str) -> None:
        super().__init__(window)
        self.look = style
        self.setObjectName("training-mark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.say(text)
        window.installEventFilter(self)
        self._cover()

    def say(self, text: str) -> None:
        """In other words."""
        self.text = text
        self.setAccessibleName(text)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the window's size, and stays above what is added to it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded, QEvent.Type.LayoutRequest):
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        band = self.look.px(BAND_PX)
        column = window.layout()
        if column is not None and column.contentsMargins().top() != band:
            column.setContentsMargins(0, band, 0, 0)
        self.setGeometry(window.rect())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The band solid, the words across faint enough to read what is under them."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        band = QRectF(0, 0, self.width(), look.px(BAND_PX))
        painter.fillRect(band, look.tone(Tone.ATTENTION, "solid"))
        painter.setPen(look.tone(Tone.ATTENTION, "on_solid"))
        painter.setFont(look.font_px(look.px(15), BOLD))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.setOpacity(FAINT_PERCENT / 100)
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font_px(max(20, self.width() // 16), BOLD))
        painter.translate(self.width() / 2, self.height() / 2)
        painter.rotate(SLOPE_DEGREES)
        across = QRectF(-self.width(), -self.height() / 2, 2 * self.width(), self.height())
        painter.drawText(across, Qt.AlignmentFlag.AlignCenter, self.text)
