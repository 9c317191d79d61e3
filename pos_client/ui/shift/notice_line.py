"""The services' message on the shift's page: two lines beside the title, in room that is always kept."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.shift.view_model import NoticeView
from pos_client.ui.style import REGULAR, SEMIBOLD, Style


class NoticeLine(Painted[NoticeView | None]):
    """Touching it says "read", like Del. Object name "shift-notice"."""

    pressed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, None, parent)
        self.setObjectName("shift-notice")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as the keys beside it."""
        return QSize(200, self.look.touch())

    def show_view(self, view: NoticeView | None) -> bool:
        """Take a view."""
        self.setAccessibleName(f"{view.what} {view.rest}".strip() if view is not None else "")
        self.setToolTip(self.accessibleName())
        return super().show_view(view)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Read."""
        if self.view is not None and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, what happened, and the rest below."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        if view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(look.space("near"), 0, -look.space("tight"), 0)
        box(painter, area, look.tone(view.tone, "fill"), look.tone(view.tone, "line"), look.key_corner, 1.5)
        ink, sign = look.tone(view.tone, "ink"), look.px(18)
        pad = look.space("apart")
        shapes.draw(painter, QRectF(area.left() + pad, area.center().y() - sign / 2, sign, sign), view.shape, ink)
        text = area.adjusted(2 * pad + sign, look.space("hair"), -pad, 0)
        row = QRectF(text.left(), text.top(), text.width(), look.px(22))
        figures.draw(painter, row, view.what, look.font("body", SEMIBOLD), ink)
        row = QRectF(text.left(), row.bottom() - look.px(1), text.width(), look.px(19))
        figures.line(painter, row, view.rest, look.font("small", REGULAR), look.colour("ink"))
