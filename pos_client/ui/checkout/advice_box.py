"""The amber box on the sale card: what is special about these litres, and what to do before taking the money."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui.checkout.view_model import Advice
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Shape, Tone


class AdviceBox(Painted[Advice | None]):
    """A title that wraps, and what to do. Object name "sale-advice"."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, None, parent)
        self.setObjectName("sale-advice")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """Two lines each."""
        return QSize(300, self.look.room(98, 96))

    def minimumSizeHint(self) -> QSize:
        """A line each."""
        return QSize(100, self.look.room(54, 44))

    def show_view(self, view: Advice | None) -> bool:
        """Take a view."""
        changed = super().show_view(view)
        if changed and view is not None:
            self.setAccessibleName(f"{view.title} {view.body}")
            self.setToolTip(f"{view.title} {view.body}")
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, title, what to do."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        if view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), look.tone(Tone.UNKNOWN, "fill"), look.tone(Tone.UNKNOWN, "line"), look.corner)
        ink, sign = look.tone(Tone.UNKNOWN, "ink"), look.px(18)
        size = "small" if look.compact else "body"
        pad, above = look.space("apart"), look.space("hair" if look.compact else "near")
        text = QRectF(self.rect()).adjusted(2 * pad + sign, above, -pad, -look.space("hair"))
        mark = QRectF(pad, text.top() + look.px(2), sign, sign)
        shapes.draw(painter, mark, Shape.BANG, ink)
        used = prose.draw(painter, text, view.title, look.font(size, SEMIBOLD), ink)
        rest = text.adjusted(0, used, 0, 0)
        if rest.height() >= prose.line_height(look.font(size, REGULAR)) * 0.8:
            prose.draw(painter, rest, view.body, look.font(size, REGULAR), look.colour("ink"))
