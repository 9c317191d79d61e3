"""A table on a card, under its caption and a line that says how it stands as a whole."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.columns import TableData
from pos_client.ui.parts.painted import Painted
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.whole_rows import WholeRows
from pos_client.ui.style import MEDIUM, SEMIBOLD, Style
from pos_client.ui.tone import Tone

Caption = tuple[str, str, Tone]
"""Title, note, the note's tone."""


class TableCaption(Painted[Caption]):
    """One line: title left, note right."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, ("", "", Tone.NEUTRAL), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line and air."""
        return QSize(200, self.look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title in ink; the note in its tone."""
        del event
        look, painter = self.look, QPainter(self)
        title, note, tone = self.view
        row = QRectF(self.rect()).adjusted(look.space("apart"), 0, -look.space("apart"), 0)
        font = look.font("strong", SEMIBOLD)
        used = figures.line(painter, row, title, font, look.colour("ink"))
        row.setLeft(row.left() + used + look.px(16))
        quiet = tone is Tone.NEUTRAL
        ink = look.colour("soft") if quiet else look.tone(tone, "ink")
        weight = MEDIUM if quiet else SEMIBOLD
        said = look.font("body", weight)
        if figures.width(note, said) > row.width():
            said = look.font("small", weight)
        figures.draw(painter, row, figures.whole_parts(note, said, row.width()), said, ink, RIGHT)


RIGHT = Qt.AlignmentFlag.AlignRight


class TableCard(QFrame):
    """Caption above table."""

    def __init__(self, style: Style, name: str, parent: QWidget | None = None, *, chooses: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.caption = TableCaption(style, self)
        self.table = Table(style, name, self, chooses=chooses)
        column = QVBoxLayout(self)
        style.lay(column, "none", ("hair", "hair", "hair", "near"))
        column.addWidget(self.caption)
        column.addWidget(WholeRows(self.table, self), 1)

    def show_table(self, title: str, note: str, tone: Tone, table: TableData) -> None:
        """Take a caption and rows."""
        self.caption.show_view((title, note, tone))
        self.table.setAccessibleName(f"{title} {note}".strip())
        self.table.show_table(table)
