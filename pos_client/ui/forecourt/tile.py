"""One fuelling point's tile: a button that draws its view, large where there is room, in three lines where not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_client.ui.forecourt.tile_painters import DESIGN_H, DESIGN_W, LargeTile, SmallTile
from pos_client.ui.forecourt.view_model import TileView
from pos_client.ui.parts.painted import box
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone


class Tile(QAbstractButton):
    """A fuelling point. A click or touch means "this pump", like its digit."""

    def __init__(self, style: Style, view: TileView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self.view = view
        self.drawn = 0
        self.setObjectName(f"tile-{view.number}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._speak()

    def show_view(self, view: TileView) -> None:
        """Take a view; repaint only when it differs."""
        if view != self.view:
            self.view = view
            self.drawn += 1
            self._speak()
            self.update()

    def _speak(self) -> None:
        self.setAccessibleName(self.view.spoken)
        self.setToolTip(self.view.foot)
        self.setAccessibleDescription(" ".join(p for p in (self.view.amount, self.view.litres, self.view.grade) if p))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, border and ring by tone; then the layout that fits."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = self.height() < look.px(140) or self.width() < look.px(176)
        ring = 2 if small else 3
        area = QRectF(self.rect()).adjusted(ring, ring, -ring, -ring)
        quiet = view.tone is Tone.NEUTRAL
        fill = look.tone(view.tone, "fill") if view.filled else look.colour("panel")
        if self.isDown():
            fill = look.colour("line")
        corner = look.corner
        box(painter, area, fill, look.tone(view.tone, "line"), corner, (1.0 if quiet else 2.0) + self.underMouse())
        if view.selected:
            box(painter, area.adjusted(-ring, -ring, ring, ring), None, look.colour("accent"), corner + 2, 4.0)
        percent = min(100 * area.width() / DESIGN_W, 100 * area.height() / DESIGN_H)
        if small:
            SmallTile(painter, look, view, area).draw()
        else:
            LargeTile(painter, look, view, area, min(percent, look.scale_percent * 1.45)).draw()
