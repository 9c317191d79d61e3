"""The base of widgets that draw a view: they keep the last one, and repaint only when another one comes."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_client.ui.style import Style

V = TypeVar("V")


class Painted(QWidget, Generic[V]):
    """A widget drawn from one frozen view. `drawn` counts changes of view, so that a test can hold us to few."""

    def __init__(self, style: Style, view: V, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self.view = view
        self.drawn = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: V) -> bool:
        """Take a view; True (and a repaint) only if it differs from the one shown."""
        if view == self.view:
            return False
        self.view = view
        self.drawn += 1
        self.update()
        return True

    def changeEvent(self, event: QEvent) -> None:
        """A new scale: ask for room anew."""
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()
        super().changeEvent(event)


def key_ground(key: QAbstractButton, style: Style, usual: str = "sunken") -> QColor:
    """The ground of a key that paints itself: lighter under a pointer, darker while it is held down."""
    if not key.isEnabled():
        return style.colour(usual)
    return style.colour("line" if key.isDown() else "neutral.solid" if key.underMouse() else usual)


def box(
    painter: QPainter, rect: QRectF, fill: QColor | None, line: QColor | None, corner: float, width: float = 1.0
) -> None:
    """A rounded box; its line lies inside `rect`, so that neighbours stay aligned whatever their border."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, corner, corner)
        return
    pen = QPen(line)
    pen.setWidthF(width)
    painter.setPen(pen)
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner)
