"""The queue desk: a table of records, and what is to be known of the chosen one below it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.queue import view_model
from pos_client.ui.style import Style


class QueuePanel(QWidget):
    """Object name of the table "queue"; of the four lines below "queue-title", "-reason", "-means", "-do"."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._card = TableCard(style, "queue", self)
        self._detail = QFrame(self)
        self._detail.setProperty("panel", True)
        self._lines = {
            name: self._line(name, role)
            for name, role in (("title", "soft"), ("reason", "strong"), ("means", ""), ("do", "strong"))
        }
        below = QVBoxLayout(self._detail)
        style.lay(below, "tight", ("apart", "near", "apart", "apart"))
        for line in self._lines.values():
            below.addWidget(line)
        column = QVBoxLayout(self)
        style.lay(column, "near", "none")
        column.addWidget(self._card, 1)
        column.addWidget(self._detail)

    def _line(self, name: str, role: str) -> QLabel:
        line = QLabel(self)
        line.setObjectName(f"queue-{name}")
        line.setWordWrap(True)
        if role:
            line.setProperty("role", role)
        return line

    @property
    def table(self) -> Table:
        """The table the keys move in."""
        return self._card.table

    def show_snapshot(self, snapshot: TerminalSnapshot, now: int) -> None:
        """Draw a snapshot as it reads now."""
        self._card.show_table(*view_model.caption(self._words, snapshot), view_model.table(self._words, snapshot, now))
        shown = view_model.detail(self._words, view_model.chosen(snapshot.queue_page, self.table.chosen))
        for name, text in (
            ("title", shown.title),
            ("reason", shown.reason),
            ("means", shown.means),
            ("do", shown.do),
        ):
            self._lines[name].setText(text)
        self._detail.setVisible(bool(shown.title))
