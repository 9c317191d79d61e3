"""The page of the list of points. Draws; what keys do here is the table in `keys`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import BarKey, MoveRow
from pos_client.ui.operations import keys, view_model
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.shift.keys import Place, Tab
from pos_client.ui.style import Style


class OperationsPage(QWidget):
    """Object name "operations-page"; the table is "operations"."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._snapshot: TerminalSnapshot | None = None
        self.setObjectName("operations-page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(words.say("operations.title"), self)
        title.setProperty("role", "title")
        self._card = TableCard(style, "operations", self)
        column = QVBoxLayout(self)
        style.lay(column, "near", ("wide", "apart"))
        column.addWidget(title)
        column.addWidget(self._card, 1)

    @property
    def table(self) -> Table:
        """The table the keys move in."""
        return self._card.table

    @property
    def place(self) -> Place:
        """Where the page stands, for the table of keys."""
        return Place(Tab.SHIFT, self.table.chosen, self.table.page())

    def show_snapshot(self, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw a snapshot."""
        del now
        self._snapshot = snapshot
        rows = snapshot.operations if snapshot is not None else None
        self._card.show_table(*view_model.caption(self._words, rows), view_model.table(self._words, rows))

    def move_rows(self, action: MoveRow) -> None:
        """Another row is chosen."""
        self.table.move_by(action.rows)

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar while this page is in front."""
        return keys.bar(self._words, self.table.chosen, self._snapshot)
