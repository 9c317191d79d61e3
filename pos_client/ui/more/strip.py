"""The strip over the foot of the home screen: forecourt and head of the sale stay in sight, nothing is modal."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QRegularExpression, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegularExpressionValidator, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_client.ui import figures
from pos_client.ui.more.cell import Cell
from pos_client.ui.more.steps import Ask
from pos_client.ui.more.view_model import MoreView
from pos_client.ui.parts import prose
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import REGULAR, SEMIBOLD, Style

COLUMNS = 8
"""Of the menu, which has no question and two rows."""
FINGER_PX = 64
"""No answer is narrower than a finger, be its word ever so short."""
MONEY = r"\d{1,8}"
LINE_PX = 24
"""Of each line between question and answers."""
LITRES = r"\d{1,4}([.,]\d{0,2})?"
PLATE = r"[0-9A-Za-zĐđ .\-]{0,16}"


class MoreStrip(Painted[MoreView | None]):
    """`chosen(index)` for a touched answer, `key_pressed(Key)` for Enter and Esc. Object name "more-strip"."""

    chosen = Signal(int)
    key_pressed = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, None, parent)
        self.setObjectName("more-strip")
        self._cells: list[Cell] = []
        self.fields = tuple(self._field(name) for name in ("plate-field", "preset-field"))
        self.hide()

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.hide()
        return field

    @property
    def field(self) -> QLineEdit | None:
        """The field of the question at hand."""
        wanted = self.view.field.name if self.view is not None and self.view.field is not None else ""
        return next((f for f in self.fields if f.objectName() == wanted), None)

    def show_view(self, view: MoreView | None) -> bool:
        """Take a view; None closes the strip. A field that comes is empty, and has the cursor if the view says so."""
        before = self.view
        changed = super().show_view(view)
        if not changed:
            return False
        self._show_cells(view)
        self.setVisible(view is not None)
        if (before.field if before is not None else None) != (view.field if view is not None else None):
            self._show_field(view)
        if view is not None:
            self.setAccessibleName(" ".join(part for part in (view.title, view.hint, *view.lines) if part))
            self.raise_()
        self._place()
        return True

    def type_into(self, char: str) -> None:
        """Put the cursor into the field, behind what was typed."""
        field = self.field
        if field is not None:
            field.setText(field.text() + char)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.end(False)

    def lines_height(self) -> int:
        """What the lines between question and answers need."""
        return self.look.px(LINE_PX) * len(self.view.lines) if self.view is not None else 0

    def _show_cells(self, view: MoreView | None) -> None:
        cells = view.cells if view is not None else ()
        for index in range(len(self._cells), len(cells)):
            cell = Cell(self.look, self)
            cell.clicked.connect(lambda *_, index=index: self._touched(index))
            self._cells.append(cell)
        for index, cell in enumerate(self._cells):
            cell.setVisible(index < len(cells))
            if index < len(cells):
                cell.show_view(cells[index])

    def _show_field(self, view: MoreView | None) -> None:
        wanted = view.field if view is not None else None
        for field in self.fields:
            mine = wanted is not None and field.objectName() == wanted.name
            if field.hasFocus() and not mine:
                self.window().setFocus()
            field.setVisible(mine)
            field.clear()
            if mine and wanted is not None and view is not None:
                form = PLATE if view.ask is Ask.PLATE else LITRES if wanted.litres else MONEY
                field.setValidator(QRegularExpressionValidator(QRegularExpression(form), field))
                field.setPlaceholderText(wanted.caption)
                field.setAccessibleName(wanted.caption)
                if wanted.focused:
                    field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _touched(self, index: int) -> None:
        if self.view is None or index >= len(self.view.cells):
            return
        cell = self.view.cells[index]
        if cell.key is not None:
            self.key_pressed.emit(cell.key)
        elif cell.choice is not None:
            self.chosen.emit(cell.choice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """A menu in two rows of equal cells; a question's answers in one row below it, as wide as their words."""
        if self.view is None:
            return
        look, gap, pad = self.look, self.look.space("near"), self.look.space("near")
        shown = self._cells[: len(self.view.cells)]
        room = self.rect().adjusted(pad, pad, -pad, -pad)
        if not self.view.title:
            rows = -(-len(shown) // COLUMNS)
            for index, cell in enumerate(shown):
                row, column = divmod(index, COLUMNS)
                cell.setGeometry(_part(room, COLUMNS, rows, column, row, gap))
            brief = not all(cell.note_fits() for cell in shown)
            for cell in shown:
                cell.brief = brief
            return
        for cell in shown:
            cell.brief = False
        row_top = room.top() + look.px(34) + self.lines_height()
        left, high = room.left(), room.bottom() - row_top + 1
        field = self.field
        if field is not None:
            wide = look.room(230, 190)
            field.setGeometry(left, row_top + (high - look.touch()) // 2, wide, look.touch())
            left += wide + gap
        wanted = [cell.wanted_width() for cell in shown]
        free = room.right() + 1 - left - gap * (len(shown) - 1)
        most = max(look.px(250), 1)
        finger = look.px(FINGER_PX)
        widths = [max(finger, min(w, most)) for w in wanted]
        if sum(widths) > free:
            widths = [max(look.px(44), w * free // sum(widths)) for w in widths]
        for cell, width in zip(shown, widths, strict=True):
            cell.setGeometry(left, row_top, width, high)
            left += width + gap

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and question; answers and fields paint themselves."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        box(painter, area, look.colour("panel"), look.colour("accent"), look.corner, 2.0)
        if view is None or not view.title:
            return
        title, hint = look.font("strong", SEMIBOLD), look.font("small", REGULAR)
        row = QRectF(area.left() + look.px(14), area.top() + look.px(7), area.width() - look.px(28), look.px(32))
        for number, text in enumerate(view.lines):
            line = row.translated(0, look.px(34) + number * look.px(LINE_PX))
            line.setHeight(look.px(LINE_PX))
            figures.line(painter, line, text, look.font("body", REGULAR), look.colour("ink"))
        used = figures.draw(painter, row, view.title, title, look.colour("ink"))
        row.setLeft(row.left() + used + look.px(20))
        if figures.line_width(view.hint, hint) <= row.width():
            figures.line(painter, row, view.hint, hint, look.colour("soft"))
        else:
            prose.draw(
                painter,
                row.adjusted(0, -look.space("hair"), 0, look.space("tight")),
                view.hint,
                hint,
                look.colour("soft"),
            )


def _part(room: QRect, columns: int, rows: int, column: int, row: int, gap: int) -> QRect:
    """One of equal parts of a room, to the pixel."""
    left, right = (c * (room.width() + gap) // columns for c in (column, column + 1))
    upper, lower = (r * (room.height() + gap) // rows for r in (row, row + 1))
    return QRect(room.left() + left, room.top() + upper, right - left - gap, lower - upper - gap)
