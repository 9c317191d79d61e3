"""What scrolls fades out where it goes on: a line cut in half is no fault then, and no edge looks like the end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from pos_client.ui.style import Style


class Fade(QWidget):
    """Lies over a scroll area and lets every touch through. `ground`: the role of the colour behind the area."""

    def __init__(self, style: Style, area: QAbstractScrollArea, ground: str) -> None:
        super().__init__(area)
        self._look, self._area, self._ground = style, area, ground
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.verticalScrollBar().valueChanged.connect(self.update)
        area.verticalScrollBar().rangeChanged.connect(self.update)
        area.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays over what is in sight."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self.setGeometry(self._area.viewport().geometry())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """At the head when something is above it, at the foot when something is below."""
        del event
        bar, high, painter = self._area.verticalScrollBar(), self._look.space("far"), QPainter(self)
        solid = self._look.colour(self._ground)
        clear = QColor(solid)
        clear.setAlpha(0)
        for shown, top, first, last in (
            (bar.value() > bar.minimum(), 0, solid, clear),
            (bar.value() < bar.maximum(), self.height() - high, clear, solid),
        ):
            if shown:
                shade = QLinearGradient(0, top, 0, top + high)
                shade.setColorAt(0, first)
                shade.setColorAt(1, last)
                painter.fillRect(QRectF(0, top, self.width(), high), shade)
