"""A table's place on a card: as high as whole rows take, so that none is cut; what is left over stays empty below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui.parts.table import Table


class WholeRows(QWidget):
    """Holds one table."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        table.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """The table's."""
        return self._table.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The table's."""
        return self._table.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows fit."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """A new scale has rows of another height."""
        if event.type() == QEvent.Type.StyleChange:
            self._place()
        super().changeEvent(event)

    def _place(self) -> None:
        self._table.setGeometry(0, 0, self.width(), self._table.whole(self.height()))
