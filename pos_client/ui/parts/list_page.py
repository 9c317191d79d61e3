"""The frame of a page that holds one list: its title, what a page puts between, and the list on its card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pos_client.ui.keys import MoveRow
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.style import Style


class ListPage(QWidget):
    """Object name "NAME-page"; the table is NAME. What keys do on it is a table beside the page."""

    def __init__(self, style: Style, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QLabel(title, self)
        head.setProperty("role", "title")
        self.card = TableCard(style, name, self)
        self._column = QVBoxLayout(self)
        style.lay(self._column, "near", ("wide", "apart"))
        self._column.addWidget(head)
        self._column.addWidget(self.card, 1)

    def put_above(self, widget: QWidget) -> None:
        """Between the title and the list."""
        self._column.insertWidget(1, widget)

    @property
    def table(self) -> Table:
        """The table the keys move in."""
        return self.card.table

    def move_rows(self, action: MoveRow) -> None:
        """Another row is chosen."""
        self.table.move_by(action.rows)
