"""A plot on the screen: bars about one line, their figures at their ends, what they are counted in above them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.domain.plots import Bar, Plot
from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

CENTRE = Qt.AlignmentFlag.AlignHCenter


class BarPlot(Painted[Plot]):
    """Draws a plot; figures and labels that would lie over each other are left out, for the table has them."""

    def __init__(self, style: Style, name: str, parent: QWidget | None = None) -> None:
        super().__init__(style, Plot("", ""), parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(600, self.look.px(190))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, title and unit, bars, labels."""
        del event
        look, painter, plot = self.look, QPainter(self), self.view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.colour("panel"), look.colour("line"), 10)
        line, pad = look.px(18), look.space("apart")
        area = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        head = QRectF(area.left(), area.top(), area.width(), line)
        used = figures.line(painter, head, plot.title, look.font("small", SEMIBOLD), look.colour("ink"))
        head.setLeft(head.left() + used + (look.px(12) if used else 0))
        figures.line(painter, head, plot.unit, look.font("small", REGULAR), look.colour("soft"))
        if plot.is_empty:
            return
        up, down = plot.reach
        rows = 1 + bool(up) + bool(down)
        room = area.height() - line - line * rows
        zero = area.top() + line + (line if up else 0) + room * up / (up + down)
        wide = area.width() / len(plot.bars)
        for place, bar in enumerate(plot.bars):
            self._bar(painter, bar, QRectF(area.left() + place * wide, zero, wide, room / (up + down)))
            self._label(painter, place, bar, QRectF(area.left() + place * wide, area.bottom() - line, wide, line))
        painter.fillRect(QRectF(area.left(), zero, area.width(), 1), look.colour("edge"))

    def _bar(self, painter: QPainter, bar: Bar, part: QRectF) -> None:
        """`part`: where it stands; its height is that of one unit."""
        look, font, line = self.look, self.look.font("small", MEDIUM), self.look.px(18)
        left, wide = part.left() + part.width() * 0.14, part.width() * 0.72
        high, low = part.height() * bar.up, part.height() * bar.down
        if bar.up:
            painter.fillRect(QRectF(left, part.top() - high, wide, high), look.colour("accent"))
        if bar.down:
            painter.fillRect(QRectF(left, part.top(), wide, low), look.tone(Tone.ATTENTION, "solid"))
        for text, top in ((bar.up_text, part.top() - high - line), (bar.down_text, part.top() + low)):
            if text and figures.width(text, font) <= part.width() * 1.1:
                above = QRectF(part.left(), top, part.width(), line)
                figures.draw(painter, above, text, font, look.colour("ink"), CENTRE)

    def _label(self, painter: QPainter, place: int, bar: Bar, part: QRectF) -> None:
        font = self.look.font("small", REGULAR)
        every = max(1, -(-int(figures.width(bar.label, font) + self.look.px(4)) // max(1, int(part.width()))))
        if place % every == 0:
            part.setWidth(part.width() * every)
            align = CENTRE if every == 1 else Qt.AlignmentFlag.AlignLeft
            figures.draw(painter, part, bar.label, font, self.look.colour("soft"), align)
