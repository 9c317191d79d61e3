"""The head of the sale card: where the fuel came from, how much money, how many litres; huge, for it is read first."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.checkout.view_model import SaleView
from pos_client.ui.parts import prose
from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight


class SaleHead(Painted[SaleView]):
    """Two rows and a note."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, SaleView(), parent)
        self.setObjectName("sale-head")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for all three whether the note is there or not."""
        return QSize(300, self.look.room(112, 90))

    def show_view(self, view: SaleView) -> bool:
        """Take a view."""
        changed = super().show_view(view)
        if changed:
            self.setToolTip(view.where)
            self.setAccessibleName(" ".join(p for p in (view.where, view.amount, view.litres, view.empty_title) if p))
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """The empty card says how to begin, in the same place."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(0, 0, self.width(), look.px(26))
        if view.empty_title:
            row.setHeight(look.px(36))
            figures.line(painter, row, view.empty_title, look.font("title", SEMIBOLD), look.colour("ink"))
            row.translate(0, look.px(36))
            hint = row.adjusted(0, 0, 0, self.height() - row.bottom())
            prose.draw(painter, hint, view.empty_hint, look.font("body", REGULAR), look.colour("soft"))
            return
        used = figures.draw(painter, row, view.aside, look.font("body", REGULAR), look.colour("soft"), RIGHT)
        row.setRight(row.right() - used - look.px(12))
        ink = look.colour("ink") if view.has_sale else look.tone(Tone.DONE, "ink")
        where = look.font("strong", SEMIBOLD)
        if figures.line_width(view.where, where) > row.width():
            where = look.font("small", SEMIBOLD)
        figures.line(painter, row, view.where, where, ink)
        row = QRectF(0, look.px(26), self.width(), look.room(64, 42))
        used = figures.draw(painter, row, view.litres, look.font("figure", MEDIUM), look.colour("ink"), RIGHT)
        row.setRight(row.right() - used - look.px(12))
        size = look.size("amount" if look.compact else "huge")
        while size > look.size("figure") and figures.width(view.amount, look.font_px(size, BOLD)) > row.width():
            size -= 1
        figures.draw(painter, row, view.amount, look.font_px(size, BOLD), look.colour("ink"))
        row = QRectF(0, row.bottom(), self.width(), look.px(22))
        quiet = view.note_tone is Tone.NEUTRAL
        note = look.font("small", MEDIUM if quiet else SEMIBOLD)
        said = figures.whole_parts(view.note, note, row.width())
        figures.draw(painter, row, said, note, look.colour("soft") if quiet else look.tone(view.note_tone, "ink"))
