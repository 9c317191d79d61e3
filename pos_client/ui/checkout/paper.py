"""The receipt as text on the screen: the very lines the printer gets, drawn as a strip of paper.

When the strip is longer than its room the lines nobody asks about go first: gaps, the QR, thanks, then the header.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.domain.paper import Align, Line
from pos_client.domain.paper import Style as LineStyle
from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, MEDIUM, SEMIBOLD, Style

RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter
LEFT = Qt.AlignmentFlag.AlignLeft
_WEIGHTS = {LineStyle.STRONG: SEMIBOLD, LineStyle.LARGE: BOLD}


class Paper(Painted[tuple[Line, ...]]):
    """Object name "receipt-text"; its accessible name is the receipt's text."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, (), parent)
        self.setObjectName("receipt-text")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """What the layout leaves."""
        return QSize(300, self.look.px(120))

    def minimumSizeHint(self) -> QSize:
        """A few lines."""
        return QSize(100, self.look.px(60))

    def show_view(self, view: tuple[Line, ...]) -> bool:
        """Take the lines of a receipt; none: no receipt."""
        changed = super().show_view(view)
        if changed:
            self.setAccessibleName("\n".join(f"{line.left} {line.right}".strip() for line in view))
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """Left and right parts on one line, rules across."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin, step = look.space("apart"), look.px(20)
        lines = _fitting(self.view, int(self.height() - 2 * look.px(10)) // step)
        if not lines:
            return
        strip = QRectF(0, 0, self.width(), min(self.height(), len(lines) * step + 2 * look.px(10)))
        box(painter, strip, look.colour("sunken"), look.colour("line"), look.key_corner)
        top = float(look.px(10))
        for line in lines:
            area = QRectF(margin, top, self.width() - 2 * margin, step)
            top += step
            if line.style is LineStyle.RULE:
                painter.fillRect(QRectF(area.left(), area.center().y(), area.width(), 1), look.colour("line"))
                continue
            font = look.font("small", _WEIGHTS.get(line.style, MEDIUM))
            ink = look.colour("ink")
            used = figures.draw(painter, area, line.right, font, ink, RIGHT) if line.right else 0.0
            area.setRight(area.right() - used)
            figures.draw(painter, area, line.left, font, ink, CENTRE if line.align is Align.CENTRE else LEFT)


def _fitting(lines: tuple[Line, ...], room: int) -> tuple[Line, ...]:
    """The lines there is room for, the least asked about left out first."""
    kept = [line for line in lines if line.style not in (LineStyle.GAP, LineStyle.QR)]
    while kept and kept[-1].align is Align.CENTRE and kept[-1].style is LineStyle.PLAIN and len(kept) > room:
        kept.pop()
    while len(kept) > room and kept:
        kept.pop(0)
    return tuple(kept)
