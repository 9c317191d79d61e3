"""The side of a page that waits: how long already, in words, and whom to call. Never a wheel that only turns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Shape, Tone


class Counter(Painted[tuple[str, str, str]]):
    """(label, time, note): at most so long, and how long already. Without a time there is nothing to wait for: a tick
    says that all is well."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, ("", "", ""), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Fills the right side."""
        return QSize(self.look.px(420), self.look.px(500))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three dots, what the time means, the time, the note, in the middle."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label, time, note = self.view
        centre, middle = Qt.AlignmentFlag.AlignHCenter, self.height() / 2
        sign = look.px(64)
        mark = QRectF((self.width() - sign) / 2, middle - look.px(126), sign, sign)
        if not time:
            shapes.draw(painter, mark, Shape.TICK, look.tone(Tone.DONE, "ink"))
        else:
            shapes.draw(painter, mark, Shape.DOTS, look.colour("edge"))
        small, body = look.font("customer_small", REGULAR), look.font("customer_body", REGULAR)
        row = QRectF(0, middle - look.px(54), self.width(), look.px(32))
        figures.line(painter, row, label, body, look.colour("soft"), centre)
        row = QRectF(0, middle - look.px(22), self.width(), look.px(64))
        figures.draw(painter, row, time, look.font("customer_figure", SEMIBOLD), look.colour("ink"), centre)
        row = QRectF(0, middle + look.px(44), self.width(), look.px(30))
        figures.line(painter, row, note, small, look.colour("soft"), centre)
