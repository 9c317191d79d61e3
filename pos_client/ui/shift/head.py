"""Whose shift it is, since when, and where it stands."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.shift.view_model import HeadView
from pos_client.ui.style import REGULAR, SEMIBOLD, Style


class ShiftHead(Painted[HeadView]):
    """Name, times, and a pill with word and sign. Object name "shift-head"."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, HeadView(""), parent)
        self.setObjectName("shift-head")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(280, self.look.px(54))

    def show_view(self, view: HeadView) -> bool:
        """Take a view."""
        changed = super().show_view(view)
        if changed:
            self.setToolTip(view.title)
            self.setAccessibleName(" · ".join(part for part in (view.title, view.detail, view.phase) if part))
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pill keeps its room; a long name gives way, first in size."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(0, 0, self.width(), look.px(28))
        font, sign, pad = look.font("body", SEMIBOLD), look.px(12), look.space("near")
        wide = figures.line_width(view.phase, font)
        pill = QRectF(0, 0, wide + sign + look.px(6) + 2 * pad, look.px(27))
        pill.moveTopRight(row.topRight())
        box(painter, pill, look.tone(view.tone, "solid"), None, pill.height() / 2)
        ink = look.tone(view.tone, "on_solid")
        mark = QRectF(pill.left() + pad, pill.center().y() - sign / 2, sign, sign)
        shapes.draw(painter, mark, view.shape, ink)
        text = QRectF(mark.right() + look.px(6), pill.top(), wide + 2, pill.height())
        figures.line(painter, text, view.phase, font, ink)
        row.setRight(pill.left() - look.px(10))
        name = look.font("title", SEMIBOLD)
        if figures.line_width(view.title, name) > row.width():
            name = look.font("body", SEMIBOLD)
        figures.line(painter, row, view.title, name, look.colour("ink"))
        row = QRectF(0, look.px(30), self.width(), look.px(22))
        figures.draw(painter, row, view.detail, look.font("body", REGULAR), look.colour("soft"))
