"""The row above a dense forecourt: points that need us, longest waiting first. Tiles stay where they stand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.forecourt.arrangement import NeedView
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, MEDIUM, Style


class AttentionRow(Painted[tuple[NeedView, ...]]):
    """As many as fit; the rest is a number. A touch means "this pump"."""

    chosen = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, (), parent)
        self._rects: list[tuple[QRectF, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row of touchable height."""
        return QSize(200, self.look.touch())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A touch on a chip."""
        number = next((n for rect, n in self._rects if rect.contains(event.position())), None)
        if number is not None:
            self.chosen.emit(number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chips from the left."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number_font, text_font = look.font("strong", BOLD), look.font("body", MEDIUM)
        self._rects.clear()
        left, height, sign = 0.0, float(self.height()), look.px(14)
        for index, need in enumerate(self.view):
            first, rest = figures.width(str(need.number), number_font), figures.width(need.text, text_font)
            wide = first + rest + sign + look.px(40)
            more = len(self.view) - index
            if left + wide > self.width() - (look.px(52) if more > 1 else 0):
                room = QRectF(left + look.px(4), 0, look.px(48), height)
                figures.draw(painter, room, f"+{more}", number_font, look.colour("soft"))
                break
            rect = QRectF(left, 0, wide, height)
            box(painter, rect, look.tone(need.tone, "fill"), look.tone(need.tone, "line"), look.key_corner, 1.5)
            ink = look.tone(need.tone, "ink")
            at = rect.left() + look.px(12)
            shapes.draw(
                painter,
                QRectF(QPointF(at, (height - sign) / 2), QPointF(at + sign, (height + sign) / 2)),
                need.shape,
                ink,
            )
            at += sign + look.px(7)
            figures.draw(painter, QRectF(at, 0, wide, height), str(need.number), number_font, look.colour("ink"))
            at += first + look.px(8)
            figures.draw(
                painter, QRectF(at, 0, rest + 2, height), need.text, text_font, ink, Qt.AlignmentFlag.AlignLeft
            )
            self._rects.append((rect, need.number))
            left += wide + look.px(8)
