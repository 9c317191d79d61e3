"""A table of many rows without a widget a row: a model, a painter of cells, and a chosen row that follows its name.

It never takes the focus: the window owns the keyboard and moves the chosen row. Figures have digits of one width and
stand at the right edge; what does not fit is left out by rank, never scrolled sideways.
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_client.ui import figures
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.columns import CellText, Column, TableData, widths
from pos_client.ui.parts.painted import box
from pos_client.ui.style import MEDIUM, SEMIBOLD, Style
from pos_client.ui.tone import Tone

Index = QModelIndex | QPersistentModelIndex
RIGHT, LEFT = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
ROW_PX, HEADER_PX = 44, 34


class TableModel(QAbstractTableModel):
    """The rows as they are; only rows that changed are announced."""

    def __init__(self) -> None:
        super().__init__()
        self.table = TableData(())
        self.announced = 0
        """rows said to have changed, so that a test can hold us to few"""

    def show_table(self, table: TableData) -> None:
        """Take other rows; the same rows with other figures keep their places."""
        before, names = self.table, [row.name for row in table.rows]
        if table.columns != before.columns or names != [row.name for row in before.rows]:
            self.beginResetModel()
            self.table = table
            self.endResetModel()
            return
        self.table = table
        for index, (old, new) in enumerate(zip(before.rows, table.rows, strict=True)):
            if old != new:
                self.announced += 1
                self.dataChanged.emit(self.index(index, 0), self.index(index, len(table.columns) - 1))

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the columns are."""
        return self.table.columns

    def count(self) -> int:
        """How many rows there are."""
        return len(self.table.rows)

    def name(self, row: int) -> Hashable:
        """The name of a row."""
        return self.table.rows[row].name

    def empty(self) -> str:
        """What is said when there are no rows."""
        return self.table.empty

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows."""
        return 0 if parent is not None and parent.isValid() else self.count()

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns, shown or not."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, for readers, and whole under the pointer; painters ask `cell`."""
        wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        return self.cell(index).text if role in wanted else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The caption of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def cell(self, index: Index) -> CellText:
        """What stands in a cell."""
        return self.table.rows[index.row()].cells[index.column()]


class _Painter(QStyledItemDelegate):
    """Draws a cell of the table."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground of the chosen row, sign, text, a thin line below."""
        table, look = self._table, self._table.look
        rect = QRectF(option.rect)
        cell, column = table.rows.cell(index), table.rows.columns[index.column()]
        if index.row() == table.chosen_row:
            painter.fillRect(rect, look.tone(Tone.PROGRESS, "fill"))
            painter.fillRect(QRectF(0, rect.top(), look.px(4), rect.height()), look.colour("accent"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.colour("line"))
        ink = look.colour("ink") if cell.tone is Tone.NEUTRAL else look.tone(cell.tone, "ink")
        weight = SEMIBOLD if cell.strong or cell.tone is not Tone.NEUTRAL else MEDIUM
        font = look.font(table.step, weight)
        room = table.inside(rect, index.column())
        if figures.width(cell.text, font) > room.width():
            font = look.font("small", weight)  # rather than an ellipsis
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sign = look.px(14) if cell.shape is not None else 0
        if cell.shape is not None:
            gap = look.space("near")
            wide = min(figures.width(cell.text, font), room.width() - sign - gap)
            left = room.right() - wide - gap - sign if column.right else room.left()
            shapes.draw(painter, QRectF(left, rect.center().y() - sign / 2, sign, sign), cell.shape, ink)
            if not column.right:
                room.setLeft(left + sign + gap)
            else:
                room.setLeft(left + sign + gap - 1)
        figures.draw(painter, room, cell.text, font, ink, RIGHT if column.right else LEFT)


class _Header(QHeaderView):
    """Captions, aligned as their columns are."""

    def __init__(self, table: Table) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """One soft line of words."""
        look, column = self._table.look, self._table.rows.columns[logicalIndex]
        painter.fillRect(rect, look.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, look.colour("line"))
        room = self._table.inside(QRectF(rect), logicalIndex)
        align = RIGHT if column.right else LEFT
        figures.line(painter, room, column.title, look.font("small", SEMIBOLD), look.colour("soft"), align)


class Table(QTableView):
    """`touched(name)` of a row under the finger, which becomes the chosen one, in a table that `chooses`."""

    touched = Signal(object)

    def __init__(
        self,
        style: Style,
        name: str,
        parent: QWidget | None = None,
        *,
        chooses: bool = True,
        rows: TableModel | None = None,
        row_px: int = ROW_PX,
        step: str = "body",
    ) -> None:
        super().__init__(parent)
        self.look, self._chooses, self.row_px, self.step = style, chooses, row_px, step
        self.rows = rows if rows is not None else TableModel()
        self._chosen: Hashable = None
        self.chosen_row = -1
        self.setObjectName(name)
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(self))
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._touched)
        self._fit()

    @property
    def chosen(self) -> Hashable:
        """The name of the chosen row; None when there is none."""
        return self._chosen

    def show_table(self, table: TableData) -> None:
        """Take rows; the chosen one stays chosen as long as it is there, else the first is."""
        if table == self.rows.table:
            return
        columns = table.columns != self.rows.table.columns
        self.rows.show_table(table)
        names = [row.name for row in table.rows]
        self._choose(names.index(self._chosen) if self._chosen in names else 0)
        if columns:
            self._fit()
        self.viewport().update()

    def move_by(self, rows: int) -> None:
        """Choose another row, so many further down (or up), at most the last (or first)."""
        self._choose(max(0, min(self.chosen_row + rows, self.rows.count() - 1)))
        if self.chosen_row >= 0:
            self.scrollTo(self.rows.index(self.chosen_row, 0))

    def inside(self, cell: QRectF, column: int) -> QRectF:
        """The room for words in a cell; those at the ends stand where the words above the table do."""
        near, last = self.look.space("near"), len(self.rows.columns) - 1
        ends = self.look.space("tight")
        return cell.adjusted(near + (0 if column else ends), 0, -near - (ends if column == last else 0), 0)

    def page(self) -> int:
        """Rows that are in sight at once."""
        return max(1, self.viewport().height() // max(1, self.look.px(self.row_px)) - 1)

    def whole(self, room: int) -> int:
        """The most of a height that shows no row in part; all of it where not one fits."""
        head, row = self.look.px(HEADER_PX), max(1, self.look.px(self.row_px))
        return head + (room - head) // row * row if room >= head + row else room

    def _choose(self, row: int) -> None:
        chooses = self.rows.count() > 0 and self._chooses
        self.chosen_row = row if chooses else -1
        self._chosen = self.rows.name(row) if chooses else None
        self.viewport().update()

    def _touched(self, index: QModelIndex) -> None:
        if not self._chooses:
            return
        self._choose(index.row())
        self.touched.emit(self._chosen)

    def _fit(self) -> None:
        room = self.viewport().width()
        for column, width in enumerate(widths(self.rows.columns, room, self.look.scale_percent)):
            self.setColumnHidden(column, not width)
            self.setColumnWidth(column, width)
        self.verticalHeader().setDefaultSectionSize(self.look.px(self.row_px))
        self.horizontalHeader().setFixedHeight(self.look.px(HEADER_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room among the columns."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """A new scale."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, or why there are none."""
        super().paintEvent(event)
        if self.hasFocus():
            accent = self.look.colour("accent")
            box(QPainter(self.viewport()), QRectF(self.viewport().rect()), None, accent, self.look.key_corner, 2.0)
        if self.rows.count() or not self.rows.empty():
            return
        look, painter = self.look, QPainter(self.viewport())
        area = QRectF(self.viewport().rect()).adjusted(look.space("far"), look.space("far"), -look.space("far"), 0)
        prose.draw(painter, area, self.rows.empty(), look.font("strong", MEDIUM), look.colour("soft"))
