"""One answer of the strip: its key, what it does, and a small line that says on what, or why not now."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_client.ui import figures
from pos_client.ui.more.view_model import CellView
from pos_client.ui.parts.painted import box, key_ground
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style


class Cell(QAbstractButton):
    """Two lines beside a cap. An answer that cannot be given is dimmed and says why; it is not hidden."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self.view = CellView("", "")
        self.brief = False
        """the menu has no room for notes: they are left to the tooltip, of all its answers alike"""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_view(self, view: CellView) -> None:
        """Take a view."""
        if view == self.view:
            return
        self.view = view
        self.setObjectName(f"more-{view.cap}")
        self.setEnabled(view.enabled)
        self.setAccessibleName(" · ".join(p for p in (f"{view.cap} {view.label}", view.note) if p))
        self.setToolTip(view.note)
        self.update()

    def wanted_width(self) -> int:
        """Room for the longer of both lines."""
        look, view = self.look, self.view
        words = max(
            figures.width(view.label, look.font("body", SEMIBOLD)),
            figures.width(view.note, look.font("small", REGULAR)),
        )
        return int(words + self._cap_width()) + look.px(26)

    def sizeHint(self) -> QSize:
        """Touchable."""
        return QSize(self.wanted_width(), self.look.px(48))

    def _cap_width(self) -> float:
        if not self.view.cap:
            return 0
        return figures.line_width(self.view.cap, self.look.font("strong", BOLD)) + self.look.px(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cap left, label above its note."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = view.enabled
        ground = key_ground(self, look, "sunken" if live else "panel")
        box(painter, QRectF(self.rect()), ground, look.colour("edge" if live else "line"), look.key_corner)
        if view.cap and (self.brief or (not view.note and self.width() < self.wanted_width())):
            self._stacked(painter)
            return
        left, right = (look.space(step) for step in (("near", "tight") if look.compact else ("apart", "near")))
        area = QRectF(self.rect()).adjusted(left, 0, -right, 0)
        figures.line(painter, area, view.cap, look.font("strong", BOLD), look.colour("accent" if live else "soft"))
        area.setLeft(area.left() + self._cap_width())
        label, note = look.font("body", SEMIBOLD if live else MEDIUM), look.font("small", REGULAR)
        upper = QRectF(area)
        if view.note:
            middle = area.center().y()
            upper.setRect(area.left(), middle - look.px(21), area.width(), look.px(22))
            lower = QRectF(area.left(), middle + look.px(1), area.width(), look.px(19))
            figures.draw(painter, lower, view.note, note, look.colour("soft"))
        said = view.label
        if view.note and figures.width(said, label) > area.width():
            label = look.font("small", SEMIBOLD if live else MEDIUM)  # a menu in a low window: no word is cut
        if figures.width(said, label) > area.width():
            said = said.removesuffix(" đ")  # every digit before the sign
        figures.draw(painter, upper, said, label, look.colour("ink" if live else "soft"))

    def note_fits(self) -> bool:
        """Whether there is room for label and note, both small, beside the cap."""
        look, view = self.look, self.view
        room = self.width() - look.space("apart") - (0 if look.compact else look.space("near")) - self._cap_width()
        words = figures.width(view.label, look.font("small", SEMIBOLD)), figures.width(view.note, look.font("small"))
        return max(words) <= room

    def _stacked(self, painter: QPainter) -> None:
        """Cap above label, where one line has no room for both."""
        look, view, live = self.look, self.view, self.view.enabled
        area = QRectF(self.rect()).adjusted(look.space("tight"), 0, -look.space("tight"), 0)
        centre = Qt.AlignmentFlag.AlignHCenter
        row = QRectF(area.left(), area.center().y() - look.px(21), area.width(), look.px(20))
        accent = look.colour("accent" if live else "soft")
        figures.line(painter, row, view.cap, look.font("body", BOLD), accent, centre)
        row.translate(0, look.px(21))
        label, said = look.font("small", SEMIBOLD), view.label
        if figures.width(said, label) > row.width():
            said = said.removesuffix(" đ")
        figures.draw(painter, row, said, label, look.colour("ink" if live else "soft"), centre)
