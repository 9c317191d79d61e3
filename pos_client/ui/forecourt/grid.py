"""The forecourt: tiles in their places, a row for those that need us when there are many, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui.forecourt.arrangement import DENSE_ABOVE, NeedView, grid_shape
from pos_client.ui.forecourt.attention_row import AttentionRow
from pos_client.ui.forecourt.tile import Tile
from pos_client.ui.forecourt.view_model import TileView
from pos_client.ui.parts import prose
from pos_client.ui.parts.painted import box
from pos_client.ui.style import REGULAR, SEMIBOLD, Style


class TileGrid(QWidget):
    """All fuelling points. `chosen(number)` when one is touched. Tiles never move while the set of points stays."""

    chosen = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self._tiles: dict[int, Tile] = {}
        self._empty = ("", "")
        self._row = AttentionRow(style, self)
        self._row.chosen.connect(self.chosen)
        self._row.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Whatever is left."""
        return QSize(400, 300)

    def tile(self, number: int) -> Tile | None:
        """The tile of a point."""
        return self._tiles.get(number)

    def show_views(self, views: tuple[TileView, ...], needs: tuple[NeedView, ...], empty: tuple[str, str]) -> None:
        """Show these tiles; `empty` (title, hint) is said when there is none."""
        numbers = {view.number for view in views}
        changed = numbers != set(self._tiles)
        for number in set(self._tiles) - numbers:
            tile = self._tiles.pop(number)
            tile.hide()
            tile.deleteLater()
        for view in views:
            tile = self._tiles.get(view.number) or self._new(view)
            tile.show_view(view)
        self._row.show_view(needs)
        if empty != self._empty:
            self._empty = empty
            self.update()
        if changed:
            self._arrange()
            self.update()

    def _new(self, view: TileView) -> Tile:
        tile = Tile(self.look, view, self)
        self._tiles[view.number] = tile
        tile.clicked.connect(lambda *_, number=view.number: self.chosen.emit(number))
        tile.show()
        return tile

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        numbers = sorted(self._tiles)
        dense = len(numbers) > DENSE_ABOVE
        self._row.setVisible(dense)
        top = 0
        if dense:
            row = self._row.sizeHint().height()
            top = row + self.look.space("near")
            self._row.setGeometry(0, 0, self.width(), row)
        if not numbers:
            return
        gap = self.look.space("hair" if dense else "near")
        columns, rows = grid_shape(len(numbers), self.width(), self.height() - top)
        for index, number in enumerate(numbers):
            row, column = divmod(index, columns)
            left, right = (self._edge(self.width(), columns, c, gap) for c in (column, column + 1))
            upper, lower = (self._edge(self.height() - top, rows, r, gap) for r in (row, row + 1))
            self._tiles[number].setGeometry(QRect(left, top + upper, right - left - gap, lower - upper - gap))

    @staticmethod
    def _edge(room: int, parts: int, index: int, gap: int) -> int:
        """Left or upper edge of part `index`, spread so that all parts differ by a pixel at most."""
        return index * (room + gap) // parts

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the empty forecourt is drawn here."""
        del event
        if self._tiles:
            return
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        box(painter, area, look.colour("panel"), look.colour("line"), look.corner)
        pad = look.space("vast")
        text = area.adjusted(pad, area.height() * 0.36, -pad, -pad)
        used = prose.draw(painter, text, self._empty[0], look.font("figure", SEMIBOLD), look.colour("ink"))
        prose.draw(
            painter,
            text.adjusted(0, used + look.space("near"), 0, 0),
            self._empty[1],
            look.font("strong", REGULAR),
            look.colour("soft"),
        )
